#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a published table takes to open, and its first 100 rows to come, for tables of 1,000, 1 and 10 million rows.

usage: first_rows.py [--times N] [--json FILE]
Over one connection that stays open: the table's description, which opens it, the start of its Arrow file by `Range`, the
first 100 rows by `?limit=100`, and the same once the service has forgotten all texts and answers. Over a new connection
each, which is made before: the start of the whole `.ndjson`, from the request to the newline that ends the 100th row, after
which the client leaves. Sizes take turns; the first ask of each is not counted.
"""
import argparse
import pathlib
import socket
import statistics
import subprocess
import tempfile
import time

import bars
from other_load import OtherLoad
from service import Service, ingest, root

rows = {"1e3": 10**3, "1e6": 10**6, "1e7": 10**7}
wanted = 100


def write_table(path, count):
    """A CSV file of `count` rows in four columns."""
    with open(path, "w") as file:
        file.write("id,name,amount,day\n")
        for start in range(0, count, 10_000):
            file.write("".join(f"{row},name {row % 977},{row % 1000}.25,2024-0{row % 9 + 1}-11\n"
                               for row in range(start, min(count, start + 10_000))))


def connect(service):
    connection = socket.create_connection(("127.0.0.1", service.port), 10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def ask(connection, path, fields="", method="GET"):
    connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode())


def first_rows(service, name):
    """Seconds until the 100th row is here."""
    with connect(service) as connection:
        # Accepted, and asked once, so that only the answer is measured.
        ask(connection, "/livez")
        whole_answer(connection)
        start = time.perf_counter()
        ask(connection, f"/v1/tables/{name}.ndjson")
        text, body = b"", -1
        while body < 0 or text.count(b"\n", body) < wanted + chunk_lines(text, body):
            got = connection.recv(65536)
            if not got:
                raise SystemExit(f"{name}: {text[:200]!r}")
            text += got
            if body < 0 and (end := text.find(b"\r\n\r\n")) >= 0:
                body = end + 4
        return time.perf_counter() - start


def chunk_lines(text, body):
    """Newlines before the first row that are no row's: the one that ends a chunk's size."""
    return 1 if b"transfer-encoding: chunked" in text[:body].lower() else 0


def whole_answer(connection):
    """One answer with a Content-Length."""
    text = b""
    while (end := text.find(b"\r\n\r\n")) < 0:
        text += connection.recv(65536)
    head = text[:end].lower()
    if not head.startswith((b"http/1.1 200", b"http/1.1 206")):
        raise SystemExit(head.decode())
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    while len(text) < end + 4 + length:
        text += connection.recv(65536)


def kept_open(connection, path, fields=""):
    """Seconds to the end of an answer."""
    start = time.perf_counter()
    ask(connection, path, fields)
    whole_answer(connection)
    return time.perf_counter() - start


def forgotten(connection, path):
    """The same where neither the text nor the answer is kept."""
    for cache in ["encodings", "answers"]:
        ask(connection, f"/v1/caches/{cache}", method="DELETE")
        whole_answer(connection)
    return kept_open(connection, path)


def measure(service, times):
    """Milliseconds by what is asked for and size, the first of each left out."""
    with connect(service) as connection:
        asked = {
            "answer of no table": lambda name: kept_open(connection, "/livez"),
            "description": lambda name: kept_open(connection, f"/v1/tables/{name}"),
            "64 KiB of Arrow": lambda name: kept_open(
                connection, f"/v1/tables/{name}.arrow", "Range: bytes=0-65535\r\n"),
            "first 100 rows": lambda name: kept_open(connection, f"/v1/tables/{name}.ndjson?limit={wanted}"),
            "of which none is kept": lambda name: forgotten(connection, f"/v1/tables/{name}.ndjson?limit={wanted}"),
            "start of all rows": lambda name: first_rows(service, name)}
        seconds = {what: {name: [] for name in rows} for what in asked}
        for what, ask_for in asked.items():
            for turn in range(times + 1):
                for name in rows:
                    each = ask_for(f"t{name}")
                    if turn > 0:
                        seconds[what][name].append(each)
    return {what: {name: {"p50_ms": statistics.median(each) * 1e3, "p99_ms": sorted(each)[len(each) * 99 // 100] * 1e3}
                   for name, each in of.items()} for what, of in seconds.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--json", default=root / "bench/results/first-rows.json")
    options = parser.parse_args()
    load = OtherLoad()
    with tempfile.TemporaryDirectory(dir=root / "bench") as folder:
        sources = []
        for name, count in rows.items():
            sources.append(pathlib.Path(folder, f"t{name}.csv"))
            write_table(sources[-1], count)
        subprocess.run([ingest, "batch", *sources, "--store", f"{folder}/store"], check=True, capture_output=True)
        with Service(f"{folder}/store") as service:
            # What another process published is kept once it is known to be committed (docs/caches.md).
            time.sleep(7)
            figures = measure(service, options.times)
    slowest = {what: max(each["p50_ms"] for each in of.values()) for what, of in figures.items()}
    verdicts = [bars.Bar(f"{what}, median, slowest size", slowest[what], 1, unit="ms", at_most=True)
                for what in slowest if what != "answer of no table"]
    print(f"{'':24}" + "".join(f"{name + ' rows':>24}" for name in rows))
    for what, of in figures.items():
        print(f"{what:24}" + "".join(f"{each['p50_ms']:12.2f} (p99 {each['p99_ms']:.2f})" for each in of.values()))
    bars.write(options.json, figures, verdicts, load.share())
    bars.show(verdicts, load.share())


if __name__ == "__main__":
    main()
