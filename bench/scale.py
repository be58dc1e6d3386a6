#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether the work of `ingest batch` grows with its input and no faster: 16 times a file beside the file itself.

usage: scale.py [--runs N] [--json FILE] [NAME]
NAME: taxi (unless given), text, floats, strings, or the path of a CSV file of about 256 MB. Its body is repeated 16
times under one header, in bench/data/; that file is deleted again. Prints the user and system CPU seconds of service
and workers (the least of N runs, 5 unless given), the wall seconds of the best run, and the peak private memory of one
more run, at both sizes. Needs about three times the large file on the disk.
"""
import argparse
import pathlib
import shutil

import bars
from bars import Bar
from ingest_batch import publish, root
from other_load import OtherLoad

times = 16
options = ["--max-upload", "8GiB"]


def repeat(path, out):
    """Writes the header once and the body 16 times; the header is one line, and the body ends with a line end."""
    with open(path, "rb") as source, open(out, "wb") as target:
        target.write(source.readline())
        body = source.tell()
        for _ in range(times):
            source.seek(body)
            shutil.copyfileobj(source, target, 16 << 20)


def measure(path, runs):
    sampled = publish(path, *options, sampled=True)
    timed = [publish(path, *options) for _ in range(runs)]
    return {
        "bytes": path.stat().st_size, "rows": sampled.rows, "table_bytes": sampled.table_bytes,
        "private_bytes": sampled.private_bytes, "user_seconds": min(run.user_seconds for run in timed),
        "system_seconds": min(run.system_seconds for run in timed), "best_seconds": min(run.seconds for run in timed),
        "runs": [[run.seconds, run.user_seconds, run.system_seconds] for run in timed]}


def show(name, figures):
    size = figures["bytes"]
    user, system, wall = (figures[f"{kind}_seconds"] for kind in ["user", "system", "best"])
    memory = figures["private_bytes"]
    print(f"  {name:8s} {size / 1e6:6.0f} MB: user {user:6.2f} s, system {system:5.2f} s, wall {wall:6.2f} s, "
          f"{size / 1e6 / wall:4.0f} MB/s, private memory {memory / 1e6:4.0f} MB ({memory / size:.3f} of the input)")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("name", nargs="?", default="taxi")
    arguments = parser.parse_args()
    load = OtherLoad()
    path = pathlib.Path(arguments.name)
    path = path.resolve() if path.suffix else root / f"bench/data/{arguments.name}.csv"
    large = root / f"bench/data/{path.stem}-{times}-times.csv"
    needed = 3 * times * path.stat().st_size
    if shutil.disk_usage(root / "bench/data").free < needed:
        raise SystemExit(f"scale.py needs {needed >> 30} GiB of free disk")
    try:
        repeat(path, large)
        one, many = measure(path, arguments.runs), measure(large, arguments.runs)
    finally:
        large.unlink(missing_ok=True)
    assert many["rows"] == times * one["rows"]
    print(f"scale, best of {arguments.runs}")
    show(path.stem, one)
    show(f"{times} ×", many)
    growth = many["user_seconds"] / one["user_seconds"] / times
    memory = many["private_bytes"] / many["bytes"]
    met = [
        Bar(f"{path.stem} {times} times: user CPU over {times} × that of one", growth, 1.1, at_most=True),
        Bar(f"{path.stem} {times} times: peak private memory over the input", memory, 0.5, at_most=True)]
    bars.show(met, load.share())
    if arguments.json:
        bars.write(arguments.json, {"one": one, "many": many}, met, load.share())


if __name__ == "__main__":
    main()
