#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What this machine takes for what no reader can avoid, and what follows for the whole job of each compared file.

usage: limits.py [--turns N] [--json FILE] [RESULT.json…]
Runs the built `limits-bench` in bench/data/ with 250 MB, and publishes one tiny file a few times. For each file of the
given results of compare.py it then prints the floor of the whole job: the fixed cost, and on both cores the time to map
and read the input once, to read and hash it, to write the table and to read it for verification. Nothing is converted.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile

import bars
from ingest_batch import publish, root
from other_load import OtherLoad

megabytes = 250
cores = 2


def measure(turns):
    command = [root / ".build/release/limits-bench", root / "bench/data", str(megabytes), str(turns)]
    figures = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    with tempfile.TemporaryDirectory() as folder:
        tiny = pathlib.Path(folder, "tiny.csv")
        tiny.write_text("id,name\n1,a\n2,b\n")
        figures["fixed"] = statistics.median(publish(tiny).seconds for _ in range(turns))
    return figures


def show(figures):
    def line(what, seconds, detail=""):
        print(f"  {what:42s} {figures['bytes'] / seconds / 1e9:6.2f} GB/s  {detail}".rstrip())

    print(f"limits, medians of {figures['turns']} with {megabytes} MB")
    for threads in [1, 2]:
        on = f"{threads} thread{'s' if threads > 1 else ''}"
        line(f"memory copied, {on}", figures[f"copy_{threads}"])
        line(f"memory read, {on}", figures[f"sum_{threads}"])
        line(f"cached file read by map, {on}", figures[f"map_{threads}"])
        line(f"cached file read by calls of 128 KiB, {on}", figures[f"read_{threads}"])
        synced = f"then fsync {figures[f'sync_{threads}']:.3f} s"
        line(f"written to the page cache, {on}", figures[f"write_{threads}"], synced)
    line("cached file read by map, mapped at once", figures["map_populated"])
    line("SHA-256 of a cached file, 1 thread", figures["hash"])
    pages = figures["bytes"] / 4096
    touched = f"{figures['touch_small'] / pages * 1e9:.0f} ns a page"
    line("fresh memory touched, pages of 4 KiB", figures["touch_small"], touched)
    line("fresh memory touched, huge pages", figures["touch_huge"])
    faults = (figures["map_1"] - figures["sum_1"]) / pages
    print(f"  a mapped page of a cached file costs {faults * 1e9:.0f} ns beside reading it")
    print(f"  a tiny file takes {figures['fixed']:.3f} s from start to end of the process")


def floor(figures, compared):
    """Seconds that the whole job of a file takes without any conversion, and what they consist of."""
    def seconds(key, size):
        return figures[key] / figures["bytes"] * size

    size, table = compared["bytes"], compared["table_bytes"]
    parts = {
        "map": seconds("map_1", size), "hash": seconds("hash", size), "write": seconds("write_1", table),
        "verify": seconds("map_1", table)}
    return figures["fixed"] + sum(parts.values()) / cores, parts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("results", nargs="*")
    arguments = parser.parse_args()
    load = OtherLoad()
    figures = measure(arguments.turns)
    show(figures)
    figures["floors"] = {}
    for path in arguments.results:
        for compared in json.loads(pathlib.Path(path).read_text())["figures"]:
            least, parts = floor(figures, compared)
            took = compared["median_seconds"]["ingest"]
            figures["floors"][compared["file"]] = {"seconds": least, "parts": parts, "took": took}
            print(f"  {compared['file']}: floor {least:.2f} s on {cores} cores ("
                  + ", ".join(f"{part} {each:.2f}" for part, each in parts.items())
                  + f" s of one core), the whole job {took:.2f} s, {took / least:.2f} ×")
    if arguments.json:
        bars.write(arguments.json, figures, [], load.share())


if __name__ == "__main__":
    main()
