#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Long runs: the large files value for value against pyarrow, and a batch that is killed again and again.

usage: soak.py [KILLS [CORRUPTIONS]]
Exits 0 where every table is equal, no kill loses or half-publishes anything, and no corrupted result is published that is
no table. KILLS is 50 and CORRUPTIONS 10,000 unless given.
"""
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent
ingest = root / ".build/release/ingest"
kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
corruptions = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000


def large_files():
    for path in sorted((root / "bench/data").glob("*.csv")):
        with tempfile.TemporaryDirectory(dir=root / "bench") as store:
            subprocess.run([ingest, "batch", path, "--store", f"{store}/s", "--json"], check=True, stdout=subprocess.DEVNULL)
            table = next(pathlib.Path(store).glob("s/tables/*/*.arrow"))
            subprocess.run([sys.executable, root / "bench/equal.py", path, table], check=True)


def understanding():
    scripts = root / "Tests/python"
    scripted = [
        ["differential_tables.py", "10000"], ["json_documents.py", "10000"],
        ["json_mutations.py", "10000"], ["silent_changes.py", "--rounds", "5"],
        ["honest_archives.py", "400"],
    ]
    for command in scripted:
        subprocess.run([sys.executable, "-B", scripts / command[0], "--ingest", ingest, *command[1:]], check=True)


def tables(store):
    listing = subprocess.run([ingest, "table", "list", "--store", store, "--json"], capture_output=True, check=True)
    return {t["name"]: t for t in json.loads(listing.stdout)["tables"]}


def killed_batches():
    samples = root / "samples/accept"
    with tempfile.TemporaryDirectory(dir=root / "bench") as directory:
        store = f"{directory}/s"
        whole = f"{directory}/whole"
        subprocess.run([ingest, "batch", samples, "--store", whole, "--json"], check=True, stdout=subprocess.DEVNULL)
        expected = {name: t["id"] for name, t in tables(whole).items()}
        seen = {}
        draw = random.Random(1)
        for turn in range(kills):
            batch = subprocess.Popen([ingest, "batch", samples, "--store", store], stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL)
            time.sleep(draw.uniform(0.01, 0.6))
            batch.send_signal(signal.SIGKILL)
            batch.wait()
            try:
                now = {name: t["id"] for name, t in tables(store).items()}
            except subprocess.CalledProcessError:
                assert not seen, "a store that had tables cannot be read"
                continue
            for name, table in seen.items():
                assert now.get(name) == table, f"kill {turn}: {name} was lost"
            for name, table in now.items():
                assert expected[name] == table, f"kill {turn}: {name} is another table"
                rows = subprocess.run([ingest, "table", "export", name, "--to", "arrow", "--store", store],
                                      capture_output=True, check=True).stdout
                assert rows[:6] == rows[-6:] == b"ARROW1", f"kill {turn}: {name} is cut off"
            seen = now
        subprocess.run([ingest, "batch", samples, "--store", store], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        assert {name: t["id"] for name, t in tables(store).items()} == expected, "the last batch did not complete"
        left = list(pathlib.Path(store).glob("scratch/*"))
        assert not left, f"scratch is left: {left}"
        print(f"{kills} kills: nothing lost, nothing half published, {len(expected)} tables at the end")


def corrupted_results():
    """Workers that tamper with their own results; the misbehaving worker is built for the tests only."""
    worker = root / ".build/debug/misbehaving-worker"
    for start in range(1, corruptions + 1, 1000):
        count = min(1000, corruptions + 1 - start)
        ended = subprocess.run([sys.executable, root / "Tests/python/tampered_results.py", ingest, worker, str(count),
                                str(start)], capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr[-2000:]
        print(f"corruptions {start} to {start + count - 1}: {ended.stdout.strip()}", flush=True)


understanding()
corrupted_results()
large_files()
killed_batches()
