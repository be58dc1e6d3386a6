#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a part of the benchmark must reach, and the table that says whether it does.

usage: bars.py RESULT.json…
Prints one line for each bar of these results, and which of them were disturbed. Exits 0 whether they are met or not: a
slow machine is no failure.
"""
import datetime
import json
import os
import pathlib
import platform
import sys
from dataclasses import asdict, dataclass


@dataclass
class Bar:
    """A figure, what it must be, and what would be better still."""

    name: str
    value: float
    bar: float
    stretch: float | None = None
    unit: str = "×"
    # Whether the value must be at most the bar, rather than at least.
    at_most: bool = False

    def reaches(self, mark):
        return self.value <= mark if self.at_most else self.value >= mark

    @property
    def verdict(self):
        if not self.reaches(self.bar):
            return "NOT MET"
        return "met, stretch too" if self.stretch is not None and self.reaches(self.stretch) else "met"

    @property
    def cells(self):
        asked = ("≤ " if self.at_most else "≥ ") + f"{self.bar:g}"
        stretch = f", stretch {self.stretch:g}" if self.stretch is not None else ""
        return [self.name, f"{self.value:.2f} {self.unit}", asked + stretch, self.verdict]


# What others may take of the processors until a measurement counts as disturbed.
quiet = 0.1


def write(path, figures, bars, load):
    """Writes what a part measured, with its bars, the date, the machine, and what others took of it."""
    result = {
        "date": datetime.date.today().isoformat(), "cores": os.cpu_count(), "kernel": platform.release(),
        "other_load": round(load, 3),
        "figures": figures, "bars": [{**asdict(bar), "verdict": bar.verdict} for bar in bars]}
    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(path).write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")


def read(path):
    """The bars of a result."""
    stored = json.loads(pathlib.Path(path).read_text())["bars"]
    return [Bar(**{key: value for key, value in bar.items() if key != "verdict"}) for bar in stored]


def show(bars, load=0.0):
    """Prints the table of some bars, which were measured while others took a share `load` of the processors."""
    rows = [["bar", "value", "asked", "verdict"], *(bar.cells for bar in bars)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    if load > quiet:
        print(f"disturbed: other processes took {load:.0%} of the processors meanwhile")


if __name__ == "__main__":
    show([bar for path in sys.argv[1:] for bar in read(path)])
    for path in sys.argv[1:]:
        load = json.loads(pathlib.Path(path).read_text())["other_load"]
        if load > quiet:
            print(f"{pathlib.Path(path).stem} was disturbed: other processes took {load:.0%} of the processors")
