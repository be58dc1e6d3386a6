#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares generated well-formed tables with what `ingest` reads of them, cell for cell.

    differential_tables.py [--ingest PATH] [--keep DIRECTORY] N [SEED]

Every table is known to its generator; Python's csv module must read the same of it (or the generator is wrong), and
what DuckDB reads is told as information. Peers are given the dialect, `ingest` finds it. What no sniffer could know is
excluded by construction, see `Generator`. Empty and quoted empty cells are told apart.
Prints `N tables, F failures`; exits with 1 where there are any.
"""

import argparse
import csv
import io
import json
import random
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow.ipc

DELIMITERS = ",;\t|"
MEMBERS = 250  # of one archive, of which one worker reads all
VERBATIM = 40  # tables that are compared in text mode too, one process each
LETTERS = "abcdefghijklmnopqrstuvwxyzABCXYZäöüßéñçøåžșłğıабвгдייא中文字日本語한국어ไทยα∑€😀👩‍🚀e\u0301"
SIGNS = " .-_/()+*%&!?:=<>@#$~^'`[]{}0123456789\u00a0\u2028"
SPECIAL = [",", ";", "\t", "|", '"', '""', "\n", "\r\n", "\n\n", ", ", "\\n", "''"]
ROOT = Path(__file__).resolve().parents[2]


class Table:
    """A generated table: its bytes, and the cells that must come out (None is null)."""

    def __init__(self, number, names, kinds, rows, delimiter, newline, data):
        self.number, self.names, self.kinds, self.rows = number, names, kinds, rows
        self.delimiter, self.newline, self.data = delimiter, newline, data

    @property
    def member(self):
        return f"t{self.number:06}.csv"


class Generator:
    """Makes tables of random cells that can be known for what they are.

    So that they can: names are words, the first and the last row have no empty cell, one column is of integers, a text
    column begins and ends with a word, a cell with any delimiter in it is quoted whichever the table's is, a first cell
    that begins with `#` as well, and no backslash stands before a quote.
    """

    def __init__(self, number, seed):
        self.number, self.random = number, random.Random(f"{seed}/{number}")

    def table(self):
        r = self.random
        width = r.randint(2, 8)
        height = r.choice([2000, 5000]) if r.random() < 0.004 else r.randint(3, 30)
        delimiter, newline = r.choice(DELIMITERS), r.choice(["\n", "\r\n"])
        kinds = [r.choice(["utf8", "utf8", "utf8", "int64"]) for _ in range(width)]
        kinds[r.randrange(width)] = "int64"
        names = [self.word(4) + str(at) for at in range(width)]
        rows, lines = [], [delimiter.join(names)]
        for at in range(height):
            cells = [self.cell(kind, at in (0, height - 1)) for kind in kinds]
            lines.append(delimiter.join(self.written(cell, column == 0) for column, cell in enumerate(cells)))
            rows.append([text if text or quoted else None for text, quoted in cells])
        data = newline.join(lines) + (newline if r.random() < 0.8 else "")
        return Table(self.number, names, kinds, rows, delimiter, newline, data.encode())

    def word(self, length):
        return "".join(self.random.choices("abcdefghijklmnopqrstuvwxyz", k=length))

    def cell(self, kind, is_filled):
        """A cell's text, and whether it must be quoted though it need not be."""
        r = self.random
        if kind == "int64":
            text = "" if not is_filled and r.random() < 0.1 else str(r.randint(-10**r.randint(1, 18), 10**9))
            return text, bool(text) and r.random() < 0.1
        if is_filled:
            return self.word(r.randint(2, 9)), r.random() < 0.3
        if r.random() < 0.2:
            return "", r.random() < 0.5
        return self.text(), r.random() < 0.2

    def text(self):
        """Letters, with signs among them, with delimiters, quotes and line ends among those; or blanks alone."""
        r = self.random
        if r.random() < 0.03:
            return " " * r.randint(1, 3)
        parts = r.choices(LETTERS, k=r.randint(1, 12))
        if r.random() < 0.5:
            parts += r.choices(SIGNS, k=r.randint(1, 4))
        if r.random() < 0.3:
            parts += r.choices(SPECIAL, k=r.randint(1, 4))
        r.shuffle(parts)
        return "".join(parts if r.random() < 0.99 else parts * 200)

    @staticmethod
    def written(cell, is_first):
        text, quoted = cell
        needs = any(character in text for character in ',;\t|"\r\n') or text.startswith("'") or \
            is_first and text.startswith("#")
        return '"' + text.replace('"', '""') + '"' if quoted or needs else text


def archive(path, tables):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for table in tables:
            file.writestr(zipfile.ZipInfo(table.member), table.data)


def published(program, tables, directory, number):
    """What `ingest batch` makes of the tables: columns of values and the dialect by member, or why there are none."""
    path, store = directory / f"{number}.zip", directory / f"{number}.store"
    archive(path, tables)
    command = [program, "batch", str(path), "--json", "--store", str(store)]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
    answer = next(map(json.loads, ended.stdout.splitlines()), {}).get("answer") or {}
    files = {file.stem: file for file in store.rglob("*.arrow")}
    dialects = {report.get("member"): report["dialect"] for report in answer.get("report", {}).get("tables", [])}
    found = {}
    for table in answer.get("tables") or []:
        with pyarrow.ipc.open_file(str(files[table["id"]])) as reader:
            found[table["member"]] = (reader.read_all(), dialects[table["member"]])
    return found, (ended.stdout[-200:] + ended.stderr[-200:]).decode(errors="replace")


def difference(table, found):
    """Where the published table differs first, or None."""
    arrow, dialect = found
    if dialect["delimiter"] != table.delimiter:
        return f"delimiter {dialect['delimiter']!r} for {table.delimiter!r}"
    if arrow.column_names != table.names:
        return f"names {arrow.column_names} for {table.names}"
    if arrow.num_rows != len(table.rows):
        return f"{arrow.num_rows} rows for {len(table.rows)}"
    for at, kind in enumerate(table.kinds):
        expected = [row[at] for row in table.rows]
        if kind == "int64":
            expected = [None if text is None else int(text) for text in expected]
        actual = arrow.column(at).to_pylist()
        for row, (left, right) in enumerate(zip(actual, expected)):
            if left != right or type(left) is not type(right):
                return f"row {row + 1}, column {at + 1}: {left!r} for {right!r}"
    return None


def verbatim_difference(table, program, directory):
    """Where text mode differs first, or None."""
    path = directory / table.member
    path.write_bytes(table.data)
    ended = subprocess.run([program, "convert", str(path), "--to", "csv", "--text"], stdin=subprocess.DEVNULL,
                           capture_output=True, timeout=60)
    rows = list(csv.reader(io.StringIO(ended.stdout.decode(), newline=""), strict=True))
    expected = [table.names] + [[text or "" for text in row] for row in table.rows]
    if rows == expected:
        return None
    at = next((at for at, (left, right) in enumerate(zip(rows, expected)) if left != right), min(len(rows), len(expected)))
    return f"text mode: record {at + 1} of {len(rows)}: {rows[at:at + 1]} for {expected[at:at + 1]}"


def check_with_csv(table):
    """The generator and Python's csv module must agree, or this program is wrong."""
    reader = csv.reader(io.StringIO(table.data.decode(), newline=""), delimiter=table.delimiter, strict=True)
    if list(reader) != [table.names] + [[text or "" for text in row] for row in table.rows]:
        raise SystemExit(f"table {table.number}: the generator and the csv module differ")


def duckdb_agrees(connection, table, directory):
    """Whether DuckDB reads the same with the dialect given."""
    path = directory / "duckdb.csv"
    path.write_bytes(table.data)
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in table.names)
    newline = "\\r\\n" if table.newline == "\r\n" else "\\n"
    try:
        rows = connection.execute(
            f"from read_csv('{path}', auto_detect=false, header=true, delim='{table.delimiter}', quote='\"', escape='\"', "
            f"new_line='{newline}', allow_quoted_nulls=false, columns={{{columns}}})").fetchall()
    except duckdb.Error:
        return False
    return rows == list(map(tuple, table.rows))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("seed", nargs="?", default="1")
    parser.add_argument("--ingest", default=str(ROOT / ".build/debug/ingest"))
    parser.add_argument("--keep", type=Path, help="put the files that failed here")
    return parser.parse_args()


def compare(options, directory, first):
    """The tables from `first` on that one archive holds: failures as (table, why), and those that DuckDB reads alike."""
    tables = [Generator(number, options.seed).table() for number in range(first, min(options.count, first + MEMBERS))]
    found, words = published(options.ingest, tables, directory, first)
    failures = []
    for table in tables:
        check_with_csv(table)
        why = difference(table, found[table.member]) if table.member in found else f"not published: {words}"
        if not why and table.number < VERBATIM:
            why = verbatim_difference(table, options.ingest, directory)
        if why:
            failures.append((table, why))
    own = directory / f"{first}.duckdb"
    own.mkdir()
    with duckdb.connect(config={"threads": 1}) as connection:
        return failures, sum(duckdb_agrees(connection, table, own) for table in tables)


def main():
    options = arguments()
    failed = agreed = 0
    with tempfile.TemporaryDirectory(prefix="differential-") as directory, ThreadPoolExecutor(2) as pool:
        work = lambda first: compare(options, Path(directory), first)  # noqa: E731
        for failures, alike in pool.map(work, range(0, options.count, MEMBERS)):
            agreed += alike
            for table, why in failures:
                failed += 1
                print(f"seed {options.seed}, table {table.number}: {why}"[:400])
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / table.member).write_bytes(table.data)
    print(f"DuckDB reads {agreed} of {options.count} alike", file=sys.stderr)
    print(f"{options.count} tables, {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
