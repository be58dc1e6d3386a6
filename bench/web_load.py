# SPDX-License-Identifier: Apache-2.0
"""wrk on one address of a server."""
import re
import resource
import statistics
import subprocess
import time

from service import on_core


class WebLoad:
    """Asks for one address over many connections, one turn after the other, and keeps what each turn gave."""

    def __init__(self, server, path, connections, seconds, core, fields=None):
        self.server = server
        self.command = on_core(core, [
            "wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--latency",
            *(f"--header={name}: {value}" for name, value in (fields or {}).items()),
            f"http://127.0.0.1:{server.port}{path}"])
        # Of each turn: answers a second, milliseconds within which 99 in 100 came, use of wrk's and the server's cores.
        self.rates, self.p99, self.client, self.used = [], [], [], []
        # Of all turns: answers of 400 and more, sockets that failed, the most descriptors of the server.
        self.refused, self.broken, self.descriptors = 0, 0, 0

    def run(self):
        """One turn; returns the seconds that an answer took of it."""
        client, server, start = self._client_seconds(), self.server.processor_seconds(), time.perf_counter()
        process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        time.sleep(1)
        self.descriptors = max(self.descriptors, self.server.descriptors())
        text = process.communicate()[0]
        wall = time.perf_counter() - start
        self.client.append((self._client_seconds() - client) / wall)
        self.used.append((self.server.processor_seconds() - server) / wall)
        self.refused += sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", text)))
        for line in re.findall(r"Socket errors: (.*)", text):
            # Time-outs are answers that took longer than 2 s, which no bar is about.
            self.broken += sum(map(int, re.findall(r"(?:connect|read|write) (\d+)", line)))
        value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
        self.p99.append(float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit])
        self.rates.append(float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]))
        return 1 / max(self.rates[-1], 0.001)

    def figures(self, runs):
        """The medians of the last turns, and what went wrong in any."""
        last = {name: [round(value, 3) for value in values[-runs:]] for name, values in [
            ("rates", self.rates), ("p99_ms", self.p99), ("client_core", self.client), ("server_core", self.used)]}
        # What a second of the server's core gave, whether others or wrk took some of the time away from it or not.
        of_core = statistics.median(rate / used for rate, used in zip(last["rates"], last["server_core"]))
        return {**{name: statistics.median(values) for name, values in last.items()}, "all_rates": last["rates"],
                "per_core_second": of_core,
                "refused": self.refused, "broken": self.broken, "descriptors": self.descriptors}

    @staticmethod
    def _client_seconds():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
