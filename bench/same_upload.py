#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""50 who send the same CSV file of 100 MB at the same moment: how often it is read, and what the service's memory does.

usage: same_upload.py [--megabytes N] [--clients N] [--json FILE]
One upload of another file of the same size comes first, for comparison; the whole comes twice, with two files, to see
whether memory stays where it was. Needs 6 GB of disk for the uploads' spools.
"""
import argparse
import collections
import json
import pathlib
import random
import socket
import sys
import tempfile
import threading
import time

import bars
from other_load import OtherLoad
from private_memory import private_bytes
from service import Service, growth, root

# How much more memory the crowd may take than one upload.
allowed = 64 << 20


def write_table(path, megabytes, seed):
    """A CSV file of mixed columns."""
    draw = random.Random(seed)
    block = "".join(
        f"{draw.randrange(10**9)},some text {draw.randrange(1000)},{draw.random():.6f},2024-0{row % 9 + 1}-11\n"
        for row in range(20_000))
    with open(path, "w") as file:
        file.write("id,text,share,day\n")
        while file.tell() < megabytes * 10**6:
            file.write(block)


class PrivateMemory:
    """Samples RssAnon + RssShmem of one process, without what it started, every 5 ms until the block ends."""

    def __init__(self, process):
        self.process, self.peak = process, 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _watch(self):
        while not self._ended.wait(0.005):
            self.peak = max(self.peak, private_bytes(self.process))


def send(service, path, start, answers):
    """One client: connects, waits for the others, sends the file, reads the answer."""
    with open(path, "rb") as file, socket.create_connection(("127.0.0.1", service.port)) as connection:
        size = pathlib.Path(path).stat().st_size
        start.wait()
        began = time.perf_counter()
        connection.sendall(f"PUT /v1/uploads/same.csv HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                           f"Content-Length: {size}\r\n\r\n".encode())
        connection.sendfile(file)
        text = b""
        while got := connection.recv(65536):
            text += got
    head, _, body = text.partition(b"\r\n\r\n")
    table = (json.loads(body).get("tables") or [{}])[0].get("id") if head else None
    answers.append((head[9:12].decode(), table, time.perf_counter() - began))


def crowd(service, path, clients):
    """What `clients` who start together get, and the largest private memory of the service meanwhile."""
    start, answers = threading.Barrier(clients), []
    threads = [threading.Thread(target=send, args=(service, path, start, answers)) for _ in range(clients)]
    before = service.metrics()
    with PrivateMemory(service.process.pid) as memory:
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - began
    grown = growth(before, service.metrics())
    return {"seconds": seconds, "slowest": max((each[2] for each in answers), default=0),
            "statuses": collections.Counter(status for status, _, _ in answers),
            "tables": len({table for _, table, _ in answers}), "peak_bytes": memory.peak,
            "read": grown.get('ingest_contents_total{state="read"}', 0),
            "known": grown.get('ingest_contents_total{state="known"}', 0)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--json", default=root / "bench/results/same.json")
    options = parser.parse_args()
    load = OtherLoad()
    with tempfile.TemporaryDirectory(dir=root / "bench") as folder:
        for seed, name in enumerate(["other", "same", "next"]):
            write_table(f"{folder}/{name}.csv", options.megabytes, seed)
        with Service(f"{folder}/store") as service:
            idle = private_bytes(service.process.pid)
            one = crowd(service, f"{folder}/other.csv", 1)
            many = crowd(service, f"{folder}/same.csv", options.clients)
            time.sleep(2)
            left = list(pathlib.Path(folder, "store/scratch").glob("*/*"))
            after = private_bytes(service.process.pid)
            again = crowd(service, f"{folder}/next.csv", options.clients)
    figures = {"megabytes": options.megabytes, "idle_bytes": idle, "one": one, "many": many, "again": again,
               "after_bytes": after, "left_in_scratch": len(left)}
    if one["read"] != 1:
        sys.exit(f"the first upload was not read: {one}")
    accepted = min(sum(each["statuses"].get(status, 0) for status in ["200", "201"]) for each in [many, again])
    peak = max(many["peak_bytes"], again["peak_bytes"])
    verdicts = [
        bars.Bar(f"{options.clients} same uploads: answers with the table",
                 accepted if many["tables"] == 1 == again["tables"] else 0, options.clients, unit=""),
        bars.Bar(f"{options.clients} same uploads: readings", max(many["read"], again["read"]), 1, unit="",
                 at_most=True),
        bars.Bar(f"{options.clients} same uploads: memory beyond one upload's",
                 (peak - one["peak_bytes"]) / 2**20, allowed / 2**20, unit="MiB", at_most=True)]
    for label, of in [("one", one), (f"{options.clients} at once", many), ("once more", again)]:
        print(f"{label:12} {of['seconds']:7.2f} s  statuses {dict(of['statuses'])}  read {of['read']:.0f}"
              f"  known {of['known']:.0f}  peak private memory {of['peak_bytes'] / 2**20:.0f} MiB")
    print(f"idle {idle / 2**20:.0f} MiB, 2 s after {after / 2**20:.0f} MiB, left in the scratch: {len(left)}")
    bars.write(options.json, figures, verdicts, load.share())
    bars.show(verdicts, load.share())


if __name__ == "__main__":
    main()
