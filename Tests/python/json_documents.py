#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares generated JSON texts with what `ingest` reads of them, value for value, as Python's json module reads them.

    json_documents.py [--ingest PATH] [--keep DIRECTORY] N [SEED]

Each text is lines, a list of objects, such a list within an object, a list of lists, or lists that are columns. Lists,
and objects without members, are compared as what their text means. Prints `N documents, F failures`; exits with 1 where
there are any.
"""

import argparse
import datetime
import decimal
import json
import random
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.ipc

MEMBERS = 250  # of one archive, of which one worker reads all
LETTERS = "abcxyzäößñ中文字日本語한국어😀👩‍🚀e\u0301 \"\\/\b\f\n\r\t\u0000\u007f\u2028,:{}[]'"
ROOT = Path(__file__).resolve().parents[2]


class Document:
    """A generated text, and the rows that must come out: a value for each column, by its path."""

    def __init__(self, number, seed):
        self.number, self.random = number, random.Random(f"{seed}/{number}")
        self.shape = self.random.choice(["lines", "list", "inside", "rows", "columns"])
        self.kinds = {}
        self.text = {"lines": self.lines, "list": self.list, "inside": self.inside, "rows": self.rows,
                     "columns": self.columns}[self.shape]()

    @property
    def member(self):
        return f"d{self.number:06}." + ("ndjson" if self.shape == "lines" else "json")

    # Values

    def string(self):
        r = self.random
        return "".join(r.choices(LETTERS, k=r.choice([0, 1, 3, 8, 40])))

    def value(self, kind):
        r = self.random
        if r.random() < 0.15:
            return None
        if r.random() < 0.01:
            kind = r.choice(["int", "text", "float", "bool", "list"])
        return {
            "int": lambda: r.choice([0, -1, r.randint(-10**6, 10**6), r.randint(-2**63, 2**63 - 1)]),
            "huge": lambda: r.choice([r.randint(2**63, 2**64 - 1), 10**r.randint(19, 60) + r.randint(0, 9)]),
            "float": lambda: r.choice([r.random(), r.uniform(-1e9, 1e9), r.random() * 10**r.randint(-300, 300), 1e22, -0.0]),
            "exact": lambda: decimal.Decimal(r.randint(-10**25, 10**25)).scaleb(-r.randint(1, 6)),
            "bool": lambda: r.random() < 0.5,
            "text": self.string,
            "digits": lambda: str(r.randint(0, 10**6)),
            "date": lambda: (datetime.date(1970, 1, 1) + datetime.timedelta(r.randint(0, 40000))).isoformat(),
            "time": lambda: datetime.datetime.fromtimestamp(r.randint(0, 2**31), datetime.timezone.utc)
            .strftime("%Y-%m-%dT%H:%M:%SZ"),
            "list": lambda: [self.value(r.choice(["int", "text", "list"])) for _ in range(r.randint(0, 3))],
            "none": lambda: None,
        }[kind]()

    def object(self, depth, prefix=""):
        """An object with some of its keys, in their order or not; values of one key are mostly of one kind."""
        r = self.random
        names = [f"{prefix}k{n}" + r"é\ "[n % 4:n % 4 + 1].strip() for n in range(6)]
        record = {}
        for name in names if r.random() < 0.8 else r.sample(names, 6):
            if name not in self.kinds:
                self.kinds[name] = r.choice(
                    ["int", "huge", "float", "exact", "bool", "text", "digits", "date", "time", "list", "none", "object"])
            if r.random() < 0.1:
                continue
            kind = self.kinds[name]
            if kind == "object":
                record[name] = self.object(depth - 1, f"{prefix}{name}_") if depth and r.random() < 0.9 else {}
            else:
                record[name] = self.value(kind)
        return record

    def dumps(self, value, indent=None):
        r = self.random
        if isinstance(value, decimal.Decimal):
            return format(value, "f")
        between, colon = r.choice([(",", ":"), (", ", ": "), (" , ", " : ")])
        if indent:
            between = ",\n" + indent
        if isinstance(value, dict):
            return "{" + between.join(f"{self.dumps(k)}{colon}{self.dumps(v)}" for k, v in value.items()) + "}"
        if isinstance(value, list):
            return "[" + between.join(self.dumps(v) for v in value) + "]"
        return json.dumps(value, ensure_ascii=r.random() < 0.5)

    # Shapes

    def records(self):
        return [self.object(2) for _ in range(self.random.randint(2, 30))]

    def lines(self):
        newline = self.random.choice(["\n", "\r\n", "\n\n"])
        return newline.join(self.dumps(record) for record in self.records()) + self.random.choice(["", newline])

    def list(self):
        if self.random.random() < 0.5:
            return "[" + ",\n ".join(self.dumps(record, "  ") for record in self.records()) + "\n]"
        return self.dumps(self.records())

    def inside(self):
        return self.dumps({"count": 3, "about": {"tags": ["x"]}, "rows": self.records(), "end": None})

    def rows(self):
        kinds = self.random.choices(["int", "float", "text", "bool", "date", "list"], k=self.random.randint(1, 6))
        rows = [[self.value(kind) for kind in kinds] for _ in range(self.random.randint(2, 20))]
        return self.dumps([[f"c{n}" for n in range(len(kinds))], [7] * len(kinds)] + rows)

    def columns(self):
        kinds = self.random.choices(["int", "float", "text", "bool", "date"], k=self.random.randint(1, 6))
        count = self.random.randint(1, 20)
        # A list that begins with a list would be a list of records.
        cells = lambda kind: [None] + [self.value(kind) for _ in range(count)]  # noqa: E731
        return self.dumps({f"c{n}": cells(kind) for n, kind in enumerate(kinds)})

    # What Python reads

    def expected(self):
        """The columns' names, and the rows as a value for each name."""
        parse = lambda text: json.loads(text, parse_float=decimal.Decimal)  # noqa: E731
        if self.shape == "lines":
            return united([parse(line) for line in self.text.splitlines_of_json()])
        whole = parse(self.text)
        if self.shape == "rows":
            return whole[0], [dict(zip(whole[0], row)) for row in whole[1:]]
        if self.shape == "columns":
            names = list(whole)
            return names, [dict(zip(names, cells)) for cells in zip(*whole.values())]
        return united(whole["rows"] if self.shape == "inside" else whole)


class Text(str):
    """A text whose lines end with LF alone: a string may hold other line ends."""

    def splitlines_of_json(self):
        return [line for line in self.split("\n") if line.strip(" \t\r")]


def leaves(record, prefix=""):
    """Every path in the order of the text: those of values, and those of objects with members as None."""
    for name, value in record.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict) and value:
            yield path, "members", None
            yield from leaves(value, path + ".")
        else:
            yield path, "null" if value is None else "value", value


def united(records):
    kinds, rows = {}, []
    for record in records:
        row = {}
        for path, kind, value in leaves(record):
            kinds.setdefault(path, set()).add(kind)
            if kind != "members":
                row[path] = value
        rows.append(row)
    names = [path for path, found in kinds.items() if "value" in found or "members" not in found]
    return names, rows


def same(cell, value):
    """Whether a cell of the table says what a JSON value does."""
    if value is None or cell is None:
        return cell is None and value is None
    if isinstance(cell, bool) or isinstance(value, bool):
        return cell is value or isinstance(cell, str) and json.loads(cell) is value
    if isinstance(cell, str):
        return cell == value if isinstance(value, str) else json.loads(cell, parse_float=decimal.Decimal) == value
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%Y-%m-%dT%H:%M:%SZ") == value
    if isinstance(cell, datetime.date):
        return cell.isoformat() == value
    if isinstance(cell, float):
        return not isinstance(value, str) and cell == float(value) and str(cell)[0] == str(float(value))[0]
    return not isinstance(value, str) and cell == value


def difference(document, arrow):
    """Where the published table differs first, or None."""
    names, rows = document.expected()
    if arrow.column_names != names:
        return f"names {arrow.column_names} for {names}"
    if arrow.num_rows != len(rows):
        return f"{arrow.num_rows} rows for {len(rows)}"
    for name in names:
        for row, (cell, record) in enumerate(zip(arrow.column(name).to_pylist(), rows)):
            if not same(cell, record.get(name)):
                return f"row {row + 1}, {name}: {cell!r} for {record.get(name)!r}"
    return None


def published(program, documents, directory, number):
    """The tables that `ingest batch` makes of the texts, by member, and what it says."""
    path, store = directory / f"{number}.zip", directory / f"{number}.store"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for document in documents:
            file.writestr(zipfile.ZipInfo(document.member), document.text.encode())
    command = [program, "batch", str(path), "--json", "--store", str(store)]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
    answer = next(map(json.loads, ended.stdout.splitlines()), {}).get("answer") or {}
    files = {file.stem: file for file in store.rglob("*.arrow")}
    found = {}
    for table in answer.get("tables") or []:
        with pyarrow.ipc.open_file(str(files[table["id"]])) as reader:
            found[table["member"]] = reader.read_all()
    return found, (ended.stdout[-300:] + ended.stderr[-300:]).decode(errors="replace")


def compare(options, directory, first):
    """The texts from `first` on that one archive holds: failures as (text, why)."""
    documents = [Document(number, options.seed) for number in range(first, min(options.count, first + MEMBERS))]
    for document in documents:
        document.text = Text(document.text)
    found, words = published(options.ingest, documents, directory, first)
    failures = []
    for document in documents:
        table = found.get(document.member)
        why = difference(document, table) if table is not None else f"not published: {words}"
        if why:
            failures.append((document, why))
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("seed", nargs="?", default="1")
    parser.add_argument("--ingest", default=str(ROOT / ".build/debug/ingest"))
    parser.add_argument("--keep", type=Path, help="put the texts that failed here")
    options = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="json-documents-") as directory, ThreadPoolExecutor(2) as pool:
        work = lambda first: compare(options, Path(directory), first)  # noqa: E731
        for failures in pool.map(work, range(0, options.count, MEMBERS)):
            for document, why in failures:
                failed += 1
                print(f"seed {options.seed}, document {document.number} ({document.shape}): {why}"[:400])
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / document.member).write_bytes(document.text.encode())
    print(f"{options.count} documents, {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
