# SPDX-License-Identifier: Apache-2.0
"""How much of the processors others used meanwhile: a measurement beside a busy neighbour says little."""
import os
import resource


class OtherLoad:
    """The processor time of everybody else since this was made, as a share of all cores' time."""

    def __init__(self):
        self._start = self._clocks()

    def share(self):
        """From 0 to 1. Processes that were started and have not ended count as others."""
        others, whole = (now - then for now, then in zip(self._clocks(), self._start))
        return max(0.0, others / whole) if whole > 0 else 0.0

    @staticmethod
    def _clocks():
        with open("/proc/stat") as file:
            ticks = [int(number) for number in file.readline().split()[1:9]]
        tick = os.sysconf("SC_CLK_TCK")
        # User, nice, system, idle, waiting, interrupts (two), stolen by other machines.
        whole = sum(ticks) / tick
        idle = (ticks[3] + ticks[4]) / tick
        own = sum(
            usage.ru_utime + usage.ru_stime
            for usage in map(resource.getrusage, [resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN]))
        return whole - idle - own, whole
