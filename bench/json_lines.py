#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole job on JSON Lines, side by side: `ingest batch` against DuckDB, Polars and PyArrow on two threads.

usage: json_lines.py INGEST [MEGABYTES [ROUNDS]]
Each does the same: SHA-256 of the input, libmagic on its start, all records typed, an Arrow IPC file written, synced and
renamed into place. Rounds take turns; imports of the peers are not timed, the start of `ingest` is. Prints medians.
"""

import hashlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

PEERS = ["duckdb", "polars", "pyarrow"]


def generate(path, size):
    """Records of an integer, texts, a float, a timestamp, a word of truth and a gap; the same ones every time."""
    draw = random.Random(1)
    names = ["Ann", "Bob", "Éva", "Dmitri"]
    with open(path, "w") as file:
        number = 0
        while file.tell() < size:
            lines = []
            for number in range(number, number + 10_000):
                lines.append(json.dumps({
                    "id": number, "name": f"{draw.choice(names)} {number % 977}", "amount": round(draw.random() * 1000, 2),
                    "at": "2024-01-%02dT%02d:%02d:%02d" % (number % 28 + 1, number % 24, number % 60, number % 59),
                    "flag": number % 3 == 0, "note": None if number % 7 else 'text "q" ' + "x" * (number % 30),
                    "share": draw.random()}, separators=(",", ":"), ensure_ascii=False))
            number += 1
            file.write("\n".join(lines) + "\n")


def peer(tool, path, out):
    """One peer's whole job; prints its seconds."""
    os.environ["POLARS_MAX_THREADS"] = "2"
    import magic
    import pyarrow as pa
    import pyarrow.feather as feather
    import pyarrow.json
    pa.set_cpu_count(2)
    if tool == "duckdb":
        import duckdb
    if tool == "polars":
        import polars

    def digest():
        with open(path, "rb") as file:
            hashlib.file_digest(file, "sha256")

    start = time.perf_counter()
    hashing = threading.Thread(target=digest)
    hashing.start()
    with open(path, "rb") as file:
        magic.from_buffer(file.read(65536), mime=True)
    part = out + ".part"
    if tool == "duckdb":
        reader = duckdb.connect(config={"threads": 2}).execute(f"from read_ndjson('{path}')").to_arrow_reader(65536)
        with pa.OSFile(part, "wb") as sink, pa.ipc.new_file(sink, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
    elif tool == "polars":
        polars.scan_ndjson(path).sink_ipc(part, compression="uncompressed")
    else:
        feather.write_feather(pyarrow.json.read_json(path), part, compression="uncompressed")
    with open(part, "rb+") as file:
        os.fsync(file.fileno())
    os.rename(part, out)
    hashing.join()
    print(time.perf_counter() - start)


def timed(command):
    start = time.perf_counter()
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode:
        sys.exit(f"{command}: {ended.stdout[-300:]}{ended.stderr[-300:]}")
    return time.perf_counter() - start, ended.stdout


def main():
    if sys.argv[1] == "--peer":
        return peer(*sys.argv[2:5])
    ingest = sys.argv[1]
    size, rounds = (int(given) if given else usual for given, usual in zip((sys.argv + ["", ""])[2:4], (200, 5)))
    seconds = {tool: [] for tool in ["ingest"] + PEERS}
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as directory:
        path = f"{directory}/lines.ndjson"
        generate(path, size * 10**6)
        megabytes = os.path.getsize(path) / 1e6
        for _ in range(rounds):
            store = f"{directory}/store"
            seconds["ingest"].append(timed([ingest, "batch", path, "--store", store, "--json"])[0])
            shutil.rmtree(store)
            for tool in PEERS:
                command = [sys.executable, __file__, "--peer", tool, path, f"{directory}/out.arrow"]
                seconds[tool].append(float(timed(command)[1]))
    medians = {tool: statistics.median(times) for tool, times in seconds.items()}
    for tool, median in medians.items():
        print(f"{tool:8} {median:.3f} s  {megabytes / median:.0f} MB/s  (best {min(seconds[tool]):.3f})")
    print(f"{min(medians[tool] for tool in PEERS) / medians['ingest']:.2f} times the fastest peer on {megabytes:.0f} MB")


if __name__ == "__main__":
    main()
