#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the shapes of files that are known to be slow somewhere, each of about the same size.

    shapes.py DIRECTORY [MEGABYTES] [SHAPE…]

wide: 1,000 columns · quoted: every cell in quotes · crlf: Windows line ends · contradiction: an integer column whose last
cell is a word · commas: semicolons and decimal commas. The same arguments give the same bytes.
"""

import sys
from pathlib import Path

import numpy as np

BLOCK = 20_000
CITIES = np.array(["Aarhus", "Bern", "Córdoba", "Durban", "Essen", "Florence", "Göteborg", "Hanoi"])


def integers(rng, rows, high=10**6):
    return rng.integers(0, high, rows).astype(str)


def decimals(rng, rows, digits=2):
    return np.char.mod(f"%.{digits}f", rng.gamma(3, 400, rows))


def days(rng, rows):
    return (np.datetime64("2015-01-01") + rng.integers(0, 3600, rows)).astype(str)


def mixed(rng, first, rows):
    """The columns of an ordinary table."""
    return [np.arange(first, first + rows).astype(str), rng.choice(CITIES, rows), days(rng, rows), integers(rng, rows),
            decimals(rng, rows), decimals(rng, rows, 4), rng.choice(["true", "false"], rows)]


MIXED = ["id", "city", "day", "count", "amount", "share", "open"]


def joined(columns, delimiter, newline):
    """The records of these columns."""
    return "".join(delimiter.join(record) + newline for record in zip(*columns))


def wide(rng, first, rows):
    makers = [integers, decimals, lambda rng, rows: rng.choice(CITIES, rows), days]
    return joined([makers[at % 4](rng, rows) for at in range(1000)], ",", "\n")


def quoted(rng, first, rows):
    return joined([np.char.add(np.char.add('"', column), '"') for column in mixed(rng, first, rows)], ",", "\n")


def crlf(rng, first, rows):
    return joined(mixed(rng, first, rows), ",", "\r\n")


def plain(rng, first, rows):
    return joined(mixed(rng, first, rows), ",", "\n")


def commas(rng, first, rows):
    columns = mixed(rng, first, rows)
    columns[4:6] = [np.char.replace(column, ".", ",") for column in columns[4:6]]
    return joined(columns, ";", "\n")


# The header, the records of a block, the rows of a block, and the last record.
SHAPES = {
    "wide": (",".join(f"v{at:03}" for at in range(1000)) + "\n", wide, 200, ""),
    "quoted": (",".join(f'"{name}"' for name in MIXED) + "\n", quoted, BLOCK, ""),
    "crlf": (",".join(MIXED) + "\r\n", crlf, BLOCK, ""),
    "contradiction": (",".join(MIXED) + "\n", plain, BLOCK, "0,Bern,2024-01-01,none,1.50,0.2500,true\n"),
    "commas": (";".join(MIXED) + "\n", commas, BLOCK, ""),
}


def write(path, shape, size):
    """Writes one file of at least this size; whole blocks are repeated only in form, never in content."""
    header, make, rows, last = SHAPES[shape]
    rng = np.random.default_rng(list(shape.encode()))
    with open(path, "wb") as file:
        file.write(header.encode())
        first = 1
        while file.tell() < size:
            file.write(make(rng, first, rows).encode())
            first += rows
        file.write(last.encode())
    print(f"{path}: {path.stat().st_size / 1e6:.0f} MB, {first - 1 + bool(last)} rows")


def main(directory, megabytes="250", *shapes):
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    for shape in shapes or SHAPES:
        write(directory / f"{shape}.csv", shape, int(megabytes) * 10**6)


if __name__ == "__main__":
    main(*sys.argv[1:])
