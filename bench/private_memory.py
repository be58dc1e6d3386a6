# SPDX-License-Identifier: Apache-2.0
"""The memory that a process and all that it started have for themselves, sampled while they run."""
import pathlib
import threading
import time


class PeakPrivateMemory:
    """Samples the sum of RssAnon + RssShmem over a process and its descendants, until `stop`.

    What forked processes still share is counted once for each, so the sum is rather too large. Looking costs a few per
    cent of one core: a run that is sampled is not one that is timed.
    """

    def __init__(self, process, interval=0.002):
        self.process = process
        self.interval = interval
        self.bytes = 0
        self.samples = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self):
        """Ends the sampling; returns the largest sum, in bytes."""
        self._ended.set()
        self._thread.join()
        return self.bytes

    def _watch(self):
        while not self._ended.is_set():
            self.bytes = max(self.bytes, sum(private_bytes(process) for process in family(self.process)))
            self.samples += 1
            time.sleep(self.interval)


def family(process):
    """The numbers of a process and all its descendants; a process that ends meanwhile is left out."""
    members = [process]
    for member in members:
        try:
            threads = list(pathlib.Path(f"/proc/{member}/task").iterdir())
        except OSError:
            continue
        for thread in threads:
            try:
                members += map(int, (thread / "children").read_text().split())
            except OSError:
                pass
    return members


def private_bytes(process):
    """RssAnon + RssShmem in bytes; 0 where the process is gone."""
    try:
        lines = pathlib.Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith(("RssAnon:", "RssShmem:")))
