# SPDX-License-Identifier: Apache-2.0
"""Contestants that run in turns on one machine, so that what disturbs it disturbs all of them."""
import statistics


def in_turns(contestants, runs, warm_up=None):
    """The median seconds of each contestant, and all its times.

    Contestants are functions that return seconds, by name. The first turn is discarded; in it `warm_up` runs instead of
    the contestant of the same name, where there is one.
    """
    times = {name: [] for name in contestants}
    for turn in range(runs + 1):
        for name, run in contestants.items():
            if turn == 0:
                (warm_up or {}).get(name, run)()
            else:
                times[name].append(run())
    return {name: statistics.median(each) for name, each in times.items()}, times
