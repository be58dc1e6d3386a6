#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare the whole job of `ingest batch` with that of the peers and with their bare parse, side by side in one run.

usage: compare.py [--runs N] [--json FILE] [NAME…]
NAME: taxi, text, floats, strings (all unless given) or the path of a CSV file. Prints, for each file, the median
seconds and MB/s (10^6 bytes of input) of each tool after one discarded turn, and at the end a line for each bar. The
discarded run of `ingest` is the one whose memory is sampled. N is 5 unless given.
"""
import argparse
import pathlib
import re
import subprocess
import sys

import bars
from bars import Bar
from ingest_batch import publish, root
from other_load import OtherLoad
from turns import in_turns

peers = ["duckdb", "polars", "pyarrow", "pandas"]
# The whole job over the fastest peer's, at least and at best; any other file is asked what taxi is.
asked = {"floats": (1.4, 2.0)}


def run_peer(tool, path, *options):
    """The seconds that a peer states for itself: without its start and its imports."""
    command = [sys.executable, root / "bench/peers.py", tool, path, *options]
    output = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root / "bench").stdout
    return float(re.search(r"([\d.]+) s ", output).group(1))


def compare(path, runs):
    """The figures of one file."""
    sampled = []
    contestants = {"ingest": lambda: publish(path).seconds}
    for tool in peers:
        contestants[f"{tool} job"] = lambda tool=tool: run_peer(tool, path, "--job")
        contestants[f"{tool} bare"] = lambda tool=tool: run_peer(tool, path)
    medians, times = in_turns(contestants, runs, {"ingest": lambda: sampled.append(publish(path, sampled=True))})
    first = sampled[0]
    return {
        "file": path.stem, "bytes": path.stat().st_size, "table_bytes": first.table_bytes, "median_seconds": medians,
        "seconds": times, "private_bytes": first.private_bytes,
        "worker_private_bytes": first.answer["report"].get("worker_private_bytes", 0)}


def fastest(figures, kind):
    """The fastest peer at a kind of work, and its seconds over ours."""
    medians = figures["median_seconds"]
    tool = min(peers, key=lambda tool: medians[f"{tool} {kind}"])
    return tool, medians[f"{tool} {kind}"] / medians["ingest"]


def bars_of(figures):
    name = figures["file"]
    (job, over_job), (bare, over_bare) = fastest(figures, "job"), fastest(figures, "bare")
    return [
        Bar(f"{name}: whole job over the fastest whole job ({job})", over_job, *asked.get(name, (1.7, 2.0))),
        Bar(f"{name}: whole job over the fastest bare parse ({bare})", over_bare, 0.8, 1.0),
        Bar(f"{name}: peak private memory over the input", figures["private_bytes"] / figures["bytes"], 0.5,
            at_most=True)]


def show(figures, runs):
    size, medians = figures["bytes"] / 1e6, figures["median_seconds"]
    print(f"{figures['file']} ({size:.0f} MB), median of {runs}: whole job | bare parse")
    print(f"  {'ingest':8s} {medians['ingest']:6.2f} s {size / medians['ingest']:5.0f} MB/s")
    for tool in peers:
        job, bare = medians[f"{tool} job"], medians[f"{tool} bare"]
        print(f"  {tool:8s} {job:6.2f} s {size / job:5.0f} MB/s | {bare:6.2f} s {size / bare:5.0f} MB/s")
    print(f"  peak RssAnon + RssShmem {figures['private_bytes'] / 1e6:.0f} MB in service and workers, "
          f"{figures['worker_private_bytes'] / 1e6:.0f} MB as the service saw the worker", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("names", nargs="*", default=["taxi", "text", "floats", "strings"])
    arguments = parser.parse_args()
    load = OtherLoad()
    results = []
    for name in arguments.names:
        path = pathlib.Path(name)
        results.append(compare(path.resolve() if path.suffix else root / f"bench/data/{name}.csv", arguments.runs))
        show(results[-1], arguments.runs)
    met = [bar for figures in results for bar in bars_of(figures)]
    bars.show(met, load.share())
    if arguments.json:
        bars.write(arguments.json, results, met, load.share())


if __name__ == "__main__":
    main()
