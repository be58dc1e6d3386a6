#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare the whole job of `ingest batch` with that of the peers, side by side in one run.

usage: compare.py [RUNS] [FILE…]
Prints, for each file, the median seconds and MB/s (10^6 bytes of input) of each tool after one discarded run, the ratio
to the fastest peer, and the peak private memory of service and worker. RUNS is 3 unless given.
"""
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent
ingest = root / ".build/release/ingest"
runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
files = [pathlib.Path(f).resolve() for f in sys.argv[2:]] or sorted((root / "bench/data").glob("*.csv"))
peers = ["duckdb", "polars", "pyarrow", "pandas"]


def run_ingest(path):
    """Seconds, peak VmHWM of the service and private memory of the worker in MiB."""
    with tempfile.TemporaryDirectory(dir=root / "bench") as store:
        start = time.perf_counter()
        process = subprocess.Popen(
            [ingest, "batch", path, "--store", f"{store}/s", "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        peak = 0
        while process.poll() is None:
            try:
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
                peak = max(peak, *(int(k) for k in re.findall(r"VmHWM:\s+(\d+)", status)), 0)
            except OSError:
                pass
            time.sleep(0.005)
        seconds = time.perf_counter() - start
        answer = json.loads(process.stdout.read())
        assert answer["status"] == "published", answer
        return seconds, peak / 1024, answer["answer"]["report"].get("worker_private_bytes", 0) / 2**20


def run_peer(tool, path):
    output = subprocess.run(
        [sys.executable, root / "bench/peers.py", tool, path, "--job"], capture_output=True, text=True, check=True,
        cwd=root / "bench").stdout
    return float(re.search(r"([\d.]+) s ", output).group(1))


for path in files:
    size = path.stat().st_size / 1e6
    seconds = {tool: [] for tool in ["ingest", *peers]}
    memory = []
    for turn in range(runs + 1):
        for tool in seconds:
            if tool == "ingest":
                elapsed, service, worker = run_ingest(path)
                memory.append((service, worker))
            else:
                elapsed = run_peer(tool, path)
            if turn > 0:
                seconds[tool].append(elapsed)
    medians = {tool: statistics.median(times) for tool, times in seconds.items()}
    fastest = min(peers, key=medians.get)
    print(f"{path.name} ({size:.0f} MB), median of {runs}")
    for tool, median in medians.items():
        print(f"  {tool:8s} {median:6.2f} s {size / median:6.0f} MB/s")
    print(f"  ingest is {medians[fastest] / medians['ingest']:.2f} times as fast as {fastest}, the fastest peer")
    print(f"  service VmHWM {max(m[0] for m in memory):.0f} MiB, worker RssAnon + RssShmem {max(m[1] for m in memory):.0f} MiB")
