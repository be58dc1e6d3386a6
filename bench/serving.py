#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A table's JSON to 500 connections: `ingest serve` from its cache, nginx with the same bytes as a file, and roapi.

usage: serving.py [--runs N] [--seconds S] [--json FILE]
Servers have one core, wrk the other; turns alternate. The first turn finds the cache empty, and does not count. What is
compared is answers for each second of processor time that the server took: wrk is no faster than nginx, and others may
use the cores too, so that a server that waits would seem slow.
"""
import argparse
import contextlib
import pathlib
import resource
import socket
import subprocess
import sys
import tempfile
import time

import bars
from other_load import OtherLoad
from service import Server, Service, free_port, ingest, root
from turns import in_turns
from web_load import WebLoad

server_core, client_core = 0, 1
connections = 500
# Connections that the service accepts at a time (ServiceConfiguration), more that wait in the system's queue (256 at
# most), and descriptors that the service has open beside them.
accepted, waiting, other_descriptors = 1_024, 128, 100
sizes = {"2 KB": 2_000, "20 KB": 20_000, "200 KB": 200_000}


def table(size):
    """A CSV text whose JSON has about `size` bytes."""
    rows = [f"{row},name of {row},{row * 1.37:.2f},2024-0{row % 9 + 1}-1{row % 10}" for row in range(size // 68)]
    return "\n".join(["id,name,amount,day", *rows, ""]).encode()


def start_nginx(folder, static):
    """Serves the files of `static`: one process, sendfile, open files kept, nothing logged."""
    port = free_port()
    temporary = "".join(f"{kind}_temp_path {folder}/{kind}; "
                        for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
    pathlib.Path(folder, "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;\n"
        "events { worker_connections 2048; }\n"
        f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; {temporary}\n"
        "open_file_cache max=100; default_type application/json;\n"
        f"server {{ listen 127.0.0.1:{port} backlog=2048; root {static}; }} }}\n")
    return Server(["nginx", "-c", f"{folder}/nginx.conf", "-e", f"{folder}/nginx.log"], port, server_core)


def start_roapi(folder, names):
    """Serves the CSV files of these tables, which it reads into memory."""
    port = free_port()
    tables = [argument for name in names for argument in ["--table", f"{name}={folder}/{name}.csv"]]
    return Server([root / ".venv/bin/roapi", "--addr-http", f"127.0.0.1:{port}", *tables], port, server_core)


def crowd(service):
    """What the service does with more connections than it accepts, each of which asks once and stays."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (4_096, hard))
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_connection(("127.0.0.1", service.port), 5))
                   for _ in range(accepted + waiting)]
        for each in sockets:
            each.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(2)
        answered = [each for each in sockets if is_answered(each)]
        descriptors = service.descriptors()
        for each in answered:
            each.close()
        time.sleep(2)
        later = sum(is_answered(each) for each in sockets if each not in answered)
        return {"opened": len(sockets), "answered": len(answered), "answered_later": later, "descriptors": descriptors}


def is_answered(connection):
    connection.setblocking(False)
    try:
        return connection.recv(12) == b"HTTP/1.1 200"
    except BlockingIOError:
        return False


def compare(name, service, nginx, roapi, options):
    """The size of the answer, and what each contestant did, by name."""
    def load(server, path, fields=None):
        return WebLoad(server, path, connections, options.seconds, client_core, fields)

    ours, file, theirs = f"/v1/tables/{name}.json", f"/{name}.json", f"/api/tables/{name}"
    loads = {"ingest": load(service, ours), "nginx": load(nginx, file), "roapi": load(roapi, theirs)}
    loads["ingest"].run()
    status, fields, body = service.request("GET", ours)
    _, file_fields, file_body = nginx.request("GET", file)
    if status != 200 or body != file_body:
        sys.exit(f"{name}: the service and nginx answer differently")
    loads["ingest 304"] = load(service, ours, {"If-None-Match": fields["ETag"]})
    loads["nginx 304"] = load(nginx, file, {"If-None-Match": file_fields["ETag"]})
    in_turns({name: each.run for name, each in loads.items()}, options.runs)
    return {"bytes": len(body), "roapi_bytes": len(roapi.request("GET", theirs)[2]),
            **{name: each.figures(options.runs) for name, each in loads.items()}}


def measure(options):
    with tempfile.TemporaryDirectory(dir=root / "bench") as folder, contextlib.ExitStack() as stack:
        static = pathlib.Path(folder, "static")
        static.mkdir()
        names = dict(zip(sizes, ["small", "medium", "large"]))
        for label, name in names.items():
            source = pathlib.Path(folder, f"{name}.csv")
            source.write_bytes(table(sizes[label]))
            static.joinpath(f"{name}.json").write_bytes(subprocess.run(
                [ingest, "convert", source, "--to", "json"], check=True, capture_output=True).stdout)
        for path, mode in [(folder, 0o755), *((each, 0o644) for each in static.iterdir())]:
            pathlib.Path(path).chmod(mode)
        service = stack.enter_context(Service(f"{folder}/store", server_core))
        nginx = stack.enter_context(start_nginx(folder, static))
        roapi = stack.enter_context(start_roapi(folder, names.values()))
        for label, name in names.items():
            service.upload(f"{name}.csv", table(sizes[label]))
        figures = {"connections": connections, "sizes": {
            label: compare(name, service, nginx, roapi, options) for label, name in names.items()}}
        figures["crowd"] = crowd(service)
        metrics = service.metrics()
        figures["encodings"] = {
            outcome: metrics[f'ingest_cache_requests_total{{cache="encodings",outcome="{outcome}"}}']
            for outcome in ["hit", "miss", "coalesced", "declined"]}
        figures["5xx"] = metrics['ingest_http_responses_total{class="5xx"}']
    return figures


def judge(figures):
    def at_most(name, value, bar):
        return bars.Bar(name, value, bar, unit="", at_most=True)

    verdicts, ours = [], []
    for label, of in figures["sizes"].items():
        rate = {name: each["per_core_second"] for name, each in of.items() if isinstance(each, dict)}
        ours += [of["ingest"], of["ingest 304"]]
        verdicts += [
            bars.Bar(f"JSON of {label}: answers of a core's second, of nginx", rate["ingest"] / rate["nginx"], 0.5),
            bars.Bar(f"JSON of {label}: answers of a core's second, of roapi", rate["ingest"] / rate["roapi"], 1),
            bars.Bar(f"JSON of {label}: a 304, of the full answer", rate["ingest 304"] / rate["ingest"], 1)]
    return verdicts + [
        at_most("renderings of a table", figures["encodings"]["miss"] / len(sizes), 1),
        at_most("answers of 400 and more, and connections that broke",
                figures["5xx"] + sum(each["refused"] + each["broken"] for each in ours), 0),
        at_most(f"descriptors with {connections} connections", max(each["descriptors"] for each in ours),
                connections + other_descriptors),
        at_most(f"descriptors with {figures['crowd']['opened']} connections", figures["crowd"]["descriptors"],
                accepted + other_descriptors)]


def show(figures):
    print(f"{'size':8}{'server':12}{'answers/s':>10}{'p99 ms':>9}{'server core':>13}{'wrk core':>10}"
          f"{'a core second':>15}")
    for label, of in figures["sizes"].items():
        for name, each in of.items():
            if isinstance(each, dict):
                print(f"{label:8}{name:12}{each['rates']:10.0f}{each['p99_ms']:9.1f}{each['server_core']:13.2f}"
                      f"{each['client_core']:10.2f}{each['per_core_second']:15.0f}")
    print(f"renderings: {figures['encodings']}\ncrowd: {figures['crowd']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--json", default=root / "bench/results/serving.json")
    options = parser.parse_args()
    load = OtherLoad()
    figures = measure(options)
    verdicts = judge(figures)
    show(figures)
    bars.write(options.json, figures, verdicts, load.share())
    bars.show(verdicts, load.share())


if __name__ == "__main__":
    main()
