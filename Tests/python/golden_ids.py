#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes golden_ids.json: python3 Tests/python/golden_ids.py INGEST > Tests/EndToEndTests/golden_ids.json

Publishes every accepted sample with the built `ingest` and prints, for each table, its id and the SHA-256 of its file.
To be run only together with a higher `Recipe.version`, or when samples come or go.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def recipe_version():
    for line in (ROOT / "Sources/WorkerProtocol/Recipe.swift").read_text().splitlines():
        if "static let version = " in line:
            return int(line.split("=")[1])
    sys.exit("no version in Recipe.swift")


def main(ingest):
    samples = ROOT / "samples"
    tables = {}
    with tempfile.TemporaryDirectory() as directory:
        store = Path(directory) / "store"
        command = [ingest, "batch", samples / "accept", "--store", store, "--json"]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        for line in map(json.loads, lines):
            path = str(Path(line["file"]).relative_to(samples))
            for table in line["answer"]["tables"]:
                member = table.get("member")
                file = next(store.rglob(table["id"] + ".arrow"))
                digest = hashlib.sha256(file.read_bytes()).hexdigest()
                tables[path + (f"#{member}" if member else "")] = {"id": table["id"], "sha256": digest}
    json.dump({"recipe": recipe_version(), "tables": tables}, sys.stdout, indent=1, sort_keys=True, ensure_ascii=False)
    print()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 Tests/python/golden_ids.py INGEST > Tests/EndToEndTests/golden_ids.json")
    main(sys.argv[1])
