#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""1,000 small uploads by 16 clients: how many a second, beside a handler that isolates and stores nothing, and how
often the catalog waits for the disk.

usage: uploads.py [--runs N] [--json FILE]
Both get the same forms over connections that stay open, by `uploads.c`, whose share of a core is shown. Then the same
with each sync 10 ms longer, by the tests' shim (docs/faults.md). "One sync an upload" is the bound of 100 a second for who commits each
upload by itself, since a catalog has one writer; one client that sends one after the other is shown beside it.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import bars
from other_load import OtherLoad
from service import Server, Service, free_port, growth, root
from turns import in_turns

sys.path.append(str(root / "Tests/python"))
from disk_model import events

uploads, clients = 1_000, 16
delay = 0.010


def compile_sender(folder):
    """Compiles `uploads.c`; its path."""
    path = f"{folder}/uploads"
    subprocess.run(["cc", "-O2", "-pthread", "-o", path, root / "bench/uploads.c"], check=True)
    return path


def fault_shim():
    """The path of the library for LD_PRELOAD that slows syncs and writes down what happens."""
    return subprocess.run([root / "tools/fault-shim"], check=True, capture_output=True, text=True).stdout.strip()


def form(draw, number):
    """One upload as a form: a CSV file of about 1 KB that no other upload has."""
    rows = [f"{draw.randrange(10**9)},item {draw.randrange(1000)},{draw.uniform(0, 100):.2f},2024-0{row % 9 + 1}-11"
            for row in range(27)]
    body = (f'--cut\r\nContent-Disposition: form-data; name="file"; filename="u{number}.csv"\r\n'
            "Content-Type: text/csv\r\n\r\n" + "\n".join(["id,name,amount,day", *rows]) + "\n\r\n--cut--\r\n")
    head = ("POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=cut\r\n"
            f"Content-Length: {len(body)}\r\n\r\n")
    return (head + body).encode()


class Sender:
    """Sends new uploads to a server, some at each call."""

    def __init__(self, folder, program, server, seed):
        self.folder, self.program, self.server = folder, program, server
        self.draw, self.number = random.Random(seed), 0
        self.answers = []

    def send(self, count=uploads, connections=clients):
        """What came of `count` uploads. Ends the program where one is not accepted."""
        path = pathlib.Path(self.folder, f"requests-{self.server.port}")
        with open(path, "wb") as file:
            for _ in range(count):
                self.number += 1
                request = form(self.draw, self.number)
                file.write(struct.pack("<I", len(request)) + request)
        before = self._metrics()
        own, whole = self.server.processor_seconds(), self.server.all_processor_seconds()
        answer = json.loads(subprocess.run(
            [self.program, str(self.server.port), str(connections), path], check=True, capture_output=True).stdout)
        grown = growth(before, self._metrics())
        answer["commits"] = grown.get("ingest_catalog_commits_total", 0) / count
        answer["changes"] = grown.get("ingest_catalog_changes_total", 0) / count
        answer["service_ms"] = (self.server.processor_seconds() - own) / count * 1e3
        answer["processor_ms"] = (self.server.all_processor_seconds() - whole) / count * 1e3
        if answer["statuses"] != {"201": count}:
            sys.exit(f"not all uploads were accepted: {answer['statuses']}")
        self.answers.append(answer)
        return answer

    def _metrics(self):
        return self.server.metrics() if isinstance(self.server, Service) else {}

    def run(self):
        """The seconds of one turn."""
        return self.send()["seconds"]


def side_by_side(folder, program, runs):
    """Rates of both, in turns."""
    port = free_port()
    fastapi = Server(
        [root / ".venv/bin/python", "-m", "uvicorn", "--app-dir", root / "bench", "fastapi_handler:app",
         "--port", str(port), "--loop", "uvloop", "--http", "httptools", "--no-access-log",
         "--log-level", "error"], port)
    with fastapi, Service(f"{folder}/store") as service:
        senders = {"ingest": Sender(folder, program, service, 1), "FastAPI": Sender(folder, program, fastapi, 1)}
        in_turns({name: sender.run for name, sender in senders.items()}, runs)
    return {name: of_turns(sender.answers[1:]) for name, sender in senders.items()}


def of_turns(answers):
    """Medians over some turns."""
    rates = [answer["requests"] / answer["seconds"] for answer in answers]
    return {"rate": statistics.median(rates), "rates": [round(rate, 1) for rate in rates],
            **{name: statistics.median(answer[name] for answer in answers)
               for name in ["p50_ms", "p99_ms", "service_ms", "processor_ms", "commits"]},
            "client_core": statistics.median(answer["client_seconds"] / answer["seconds"] for answer in answers)}


def counted(folder, program, shim):
    """Syncs an upload, by what was synced: a witness beside the service's own count."""
    store, log = f"{folder}/counted", pathlib.Path(folder, "log")
    with Service(store, environment={"LD_PRELOAD": shim, "SHIM_ROOT": store, "SHIM_LOG": str(log)}) as service:
        sender = Sender(folder, program, service, 2)
        sender.send()
        skipped = synced(log)
        answer = sender.send()
        named = {path.stat().st_ino: kind(path.relative_to(store)) for path in pathlib.Path(store).rglob("*")}
        counts = collections.Counter(named.get(inode, "other") for inode in synced(log)[len(skipped):])
    return {"commits": answer["commits"], "changes": answer["changes"],
            "syncs": {name: count / uploads for name, count in sorted(counts.items())}}


def synced(log):
    """The inodes of the syncs that began, in their order."""
    return [numbers[0] for letter, numbers, _ in events(log) if letter == "B"]


def kind(path):
    """What a path of the store is."""
    if path.name.startswith("catalog.sqlite"):
        return "catalog's log" if path.name.endswith("-wal") else "catalog"
    return {1: "directory of the folders", 2: f"folder of {path.parts[0]}", 3: path.parts[0]}.get(len(path.parts))


def slowed(folder, program, shim, runs):
    """Rates with slow syncs: 16 clients, and one client, in turns."""
    store = f"{folder}/slow"
    environment = {"LD_PRELOAD": shim, "SHIM_ROOT": store, "SHIM_FSYNC_DELAY_MS": str(round(delay * 1e3))}
    with Service(store, environment=environment) as service:
        many, one = (Sender(folder, program, service, seed) for seed in (3, 4))
        one.number = 10**6
        in_turns({"many": many.run, "one": lambda: one.send(50, 1)["seconds"]}, runs)
    return {"16 clients": of_turns(many.answers[1:]), "1 client": of_turns(one.answers[1:])}


def sync_seconds(folder):
    """The median of what one small write and its sync take on this disk."""
    times = []
    with open(f"{folder}/probe", "wb", buffering=0) as file:
        for _ in range(200):
            file.write(b"x" * 4096)
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def judge(figures):
    rate, slow = figures["side_by_side"], figures["slowed"]
    catalog = sum(figures["counted"]["syncs"].get(name, 0) for name in ["catalog's log", "catalog"])
    return [
        bars.Bar("uploads a second, of FastAPI with pandas", rate["ingest"]["rate"] / rate["FastAPI"]["rate"], 0.6),
        bars.Bar("commits of the catalog an upload, by /metrics", rate["ingest"]["commits"], 0.33, unit="",
                 at_most=True),
        bars.Bar("syncs of the catalog an upload, by the shim", catalog, 0.33, unit="", at_most=True),
        bars.Bar("syncs of 10 ms: 16 clients, of one sync an upload", slow["16 clients"]["rate"] * delay, 3)]


def show(figures):
    print(f"{'':18}{'uploads/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'client core':>13}{'commits':>9}"
          f"{'processor ms an upload: all':>29}{'service':>9}")
    slowed = {f"slow, {name}": of for name, of in figures["slowed"].items()}
    for label, of in {**figures["side_by_side"], **slowed}.items():
        print(f"{label:18}{of['rate']:10.0f}{of['p50_ms']:9.1f}{of['p99_ms']:9.1f}{of['client_core']:13.2f}"
              f"{of['commits']:9.2f}{of['processor_ms']:29.2f}{of['service_ms']:9.2f}")
    print(f"syncs an upload: {figures['counted']}\na sync of this disk: {figures['sync_seconds'] * 1e3:.2f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", default=root / "bench/results/uploads.json")
    options = parser.parse_args()
    load = OtherLoad()
    with tempfile.TemporaryDirectory(dir=root / "bench") as folder:
        program, shim = compile_sender(folder), fault_shim()
        figures = {
            "sync_seconds": sync_seconds(folder), "side_by_side": side_by_side(folder, program, options.runs),
            "counted": counted(folder, program, shim), "slowed": slowed(folder, program, shim, options.runs)}
    verdicts = judge(figures)
    show(figures)
    bars.write(options.json, figures, verdicts, load.share())
    bars.show(verdicts, load.share())


if __name__ == "__main__":
    main()
