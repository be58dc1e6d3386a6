#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many small files a second `ingest batch` publishes, each in an isolated worker of its own.

usage: small.py [FILES]
Writes FILES (1,000 unless given) different CSV files of 4 KiB, publishes them three times into new stores, and prints the
median rate and the level.
"""
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent
ingest = root / ".build/release/ingest"
files = int(sys.argv[1]) if len(sys.argv) > 1 else 1000

with tempfile.TemporaryDirectory(dir=root / "bench") as directory:
    folder = pathlib.Path(directory, "in")
    folder.mkdir()
    draw = random.Random(1)
    for number in range(files):
        lines = ["id,name,amount,day"]
        while sum(len(line) + 1 for line in lines) < 4060:
            lines.append(f"{number * 1000 + len(lines)},item {draw.randrange(1000)},{draw.uniform(0, 100):.2f},"
                         f"2024-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}")
        (folder / f"f{number:05}.csv").write_text("\n".join(lines) + "\n")
    rates, levels = [], set()
    for turn in range(4):
        start = time.perf_counter()
        output = subprocess.run([ingest, "batch", folder, "--store", f"{directory}/s{turn}", "--json"], check=True,
                                capture_output=True).stdout
        rates.append(files / (time.perf_counter() - start))
        lines = [json.loads(line) for line in output.splitlines()]
        assert len(lines) == files and all(line["status"] == "published" for line in lines)
    doctor = json.loads(subprocess.run([ingest, "doctor", "--json"], check=True, capture_output=True).stdout)
    # The first run warms the page cache.
    print(f"small files: {statistics.median(rates[1:]):.0f} of 4 KiB a second, level {doctor['sandbox']['level']}")
