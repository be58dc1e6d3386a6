#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a worker needs to find out a text's dialect and where its table lies.

usage: dialect.py [--turns N] [--json FILE] [FILE…]
Runs the built `dialect-bench` on typical texts of nine kinds, 1 KiB to 16 MiB, or on the given files. Prints medians
in milliseconds: in a process newly forked for it, as a worker is, and in one that did the same before.
"""
import argparse
import pathlib
import subprocess

import bars
from bars import Bar
from ingest_batch import root
from other_load import OtherLoad


def read(output):
    cases = [line.split("\t") for line in output.splitlines()]
    return [{"name": pathlib.Path(name).name, "bytes": int(size), "worker_ms": float(worker), "warm_ms": float(warm)}
            for name, size, worker, warm in cases]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=51)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    load = OtherLoad()
    command = [root / ".build/release/dialect-bench", str(arguments.turns), *arguments.files]
    cases = read(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    print(f"dialect, medians of {arguments.turns} in ms: newly forked | warm")
    for case in cases:
        print(f"  {case['name']:18s} {case['bytes'] / 1024:9.0f} KiB {case['worker_ms']:6.2f} | {case['warm_ms']:6.2f}")
    slowest = max(cases, key=lambda case: case["worker_ms"])
    name = f"dialect in a worker, the slowest of {len(cases)} texts ({slowest['name']}, {slowest['bytes'] >> 10} KiB)"
    met = [Bar(name, slowest["worker_ms"], 2, unit="ms", at_most=True)]
    bars.show(met, load.share())
    if arguments.json:
        bars.write(arguments.json, cases, met, load.share())


if __name__ == "__main__":
    main()
