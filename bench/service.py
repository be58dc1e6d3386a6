# SPDX-License-Identifier: Apache-2.0
"""`ingest serve` and other servers as processes that a benchmark starts, watches and ends."""
import http.client
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time

from private_memory import family

root = pathlib.Path(__file__).resolve().parent.parent
ingest = root / ".build/release/ingest"


def on_core(core, command):
    """The command, kept to one core where `core` is not None."""
    return command if core is None else ["taskset", "--cpu-list", str(core), *map(str, command)]


def free_port():
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process that listens on `port`; ended with the block."""

    def __init__(self, command, port, core=None, environment=None, log=None):
        self.port = port
        self.log = open(log, "w") if log else subprocess.DEVNULL
        self.process = subprocess.Popen(
            on_core(core, command), stdout=self.log, stderr=self.log, env={**os.environ, **(environment or {})})
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    sys.exit(f"{command[0]} does not listen")
                time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """SIGTERM, and SIGKILL where that does nothing for 20 s."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def request(self, method, path, body=None, headers=None):
        """Status, fields and body of one answer, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def descriptors(self):
        """How many descriptors the process has open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def processor_seconds(self):
        """User and system seconds of the process alone, not of what it started."""
        return self._ticks(self.process.pid)[0] / os.sysconf("SC_CLK_TCK")

    def all_processor_seconds(self):
        """The same with every process that it started, those included that have ended and were waited for."""
        return sum(sum(self._ticks(process)) for process in family(self.process.pid)) / os.sysconf("SC_CLK_TCK")

    @staticmethod
    def _ticks(process):
        """A process's own ticks, and those of children that it waited for; zeros where it is gone."""
        try:
            text = pathlib.Path(f"/proc/{process}/stat").read_text()
        except OSError:
            return 0, 0
        fields = list(map(int, text.rpartition(")")[2].split()[11:15]))
        return fields[0] + fields[1], fields[2] + fields[3]


class Service(Server):
    """`ingest serve` on a store."""

    def __init__(self, store, core=None, environment=None, log=None):
        port = free_port()
        super().__init__(
            [ingest, "serve", "--store", store, "--listen", f"127.0.0.1:{port}"], port, core, environment, log)

    def metrics(self):
        """The value of each series, by its name with labels."""
        text = self.request("GET", "/metrics")[2].decode()
        return {name: float(value) for name, value in re.findall(r"^([^#\s]\S*) (\S+)$", text, re.MULTILINE)}

    def upload(self, name, content):
        """Publishes a file; the answer's first table. Ends the program where it is not published."""
        status, _, body = self.request("PUT", f"/v1/uploads/{name}", content)
        if status != 201:
            sys.exit(f"{name}: {status} {body[:300].decode(errors='replace')}")
        return json.loads(body)["tables"][0]


def growth(before, after, prefix=""):
    """How much each series whose name starts with `prefix` grew, where it did."""
    return {name: after[name] - before.get(name, 0) for name in after
            if name.startswith(prefix) and after[name] != before.get(name, 0)}
