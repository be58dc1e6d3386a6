#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare the whole job of `ingest batch` with that of the peers on unusual shapes, side by side in one run.

usage: compare_shapes.py [--runs N] [--megabytes N] [--json FILE] [SHAPE…]
SHAPE: wide, quoted, crlf, contradiction, commas (all unless given); files of 250 MB (10^6 bytes) unless said otherwise
are made in bench/data/shapes/. Prints the median seconds of each tool after one discarded turn, how its types differ
from those of `ingest`, and at the end a line for each bar. shape_peers.py says which options the peers get, and why.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import bars
import shapes
from bars import Bar
from ingest_batch import publish, root
from other_load import OtherLoad
from turns import in_turns

peers = ["duckdb", "polars", "pyarrow", "pandas"]
# A peer that takes longer is stopped and takes part no more: it is not the fastest.
patience = 30
# Names of one type in different memory layouts.
same_types = {"string_view": "string", "large_string": "string", "date32[day]": "date", "large_utf8": "string"}


def file_of(shape, megabytes):
    """The shape's file, made where it is missing."""
    path = root / f"bench/data/shapes/{shape}-{megabytes}.csv"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        shapes.write(part, shape, megabytes * 10**6)
        part.rename(path)
    return path


def run_peer(tool, shape, path):
    """What a peer says of itself; None where it takes too long or fails."""
    command = [sys.executable, root / "bench/shape_peers.py", tool, shape, path]
    with tempfile.TemporaryDirectory(dir=root / "bench") as directory:
        environment = {**os.environ, "BENCH_DIR": directory}
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=patience, env=environment)
        except subprocess.TimeoutExpired:
            return None
    if ended.returncode != 0:
        print(f"  {tool} fails: {ended.stderr.strip().splitlines()[-1][:160]}")
        return None
    return json.loads(ended.stdout)


def compare(shape, path, runs):
    """The figures of one shape."""
    first = publish(path, sampled=True)
    variants = [shape, "contradiction-told"] if shape == "contradiction" else [shape]
    contestants, said = {}, {}
    for variant in variants:
        for tool in peers:
            name = tool + variant.removeprefix(shape).replace("-", " ")
            # This is its discarded run.
            said[name] = run_peer(tool, variant, path)
            if said[name]:
                contestants[name] = lambda tool=tool, variant=variant: run_peer(tool, variant, path)["seconds"]
    contestants["ingest"] = lambda: publish(path).seconds
    medians, times = in_turns(contestants, runs, {name: lambda: None for name in contestants})
    return {
        "shape": shape, "bytes": path.stat().st_size, "rows": first.rows, "median_seconds": medians, "seconds": times,
        "private_bytes": first.private_bytes, "table_bytes": first.table_bytes, "types": first.types,
        "differences": {name: differences(first, answer) for name, answer in said.items()}}


def differences(ours, theirs):
    """How a peer's table differs from ours, in short texts: row counts, and types by how many columns have them."""
    if not theirs:
        return [f"failed or took more than {patience} s"]
    found = [] if theirs["rows"] == ours.rows else [f"{theirs['rows']} rows, not {ours.rows}"]
    kinds = {}
    for name, kind in ours.types.items():
        other = theirs["types"].get(name, "none")
        if same_types.get(kind, kind) != same_types.get(other, other):
            kinds[kind, other] = kinds.get((kind, other), 0) + 1
    return found + [f"{count} × {other} for {kind}" for (kind, other), count in kinds.items()]


def fastest(figures, told):
    """The fastest peer, of those that were told a column's type or of the others, and its seconds over ours."""
    medians = figures["median_seconds"]
    names = [name for name in medians if name != "ingest" and name.endswith(" told") == told]
    tool = min(names, key=medians.get)
    return tool, medians[tool] / medians["ingest"]


def bar_of(figures):
    tool, ratio = fastest(figures, told=False)
    return Bar(f"{figures['shape']}: whole job over the fastest whole job ({tool})", ratio, 1, 1.5)


def show(figures, runs):
    size, medians = figures["bytes"] / 1e6, figures["median_seconds"]
    print(f"{figures['shape']} ({size:.0f} MB, {figures['rows']} rows), median of {runs}, whole job")
    for name in ["ingest", *figures["differences"]]:
        time = f"{medians[name]:6.2f} s {size / medians[name]:5.0f} MB/s" if name in medians else " " * 18
        print(f"  {name:12s} {time}  {', '.join(figures['differences'].get(name, []))}".rstrip())
    if any(name.endswith(" told") for name in medians):
        print(f"  beside the fastest that is told the type of the column: {fastest(figures, told=True)[1]:.2f} ×")
    print(f"  peak RssAnon + RssShmem {figures['private_bytes'] / 1e6:.0f} MB", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=250)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("shapes", nargs="*", default=list(shapes.SHAPES))
    arguments = parser.parse_args()
    load = OtherLoad()
    results = []
    for shape in arguments.shapes:
        results.append(compare(shape, file_of(shape, arguments.megabytes), arguments.runs))
        show(results[-1], arguments.runs)
    met = [bar_of(figures) for figures in results]
    bars.show(met, load.share())
    if arguments.json:
        bars.write(arguments.json, results, met, load.share())


if __name__ == "__main__":
    main()
