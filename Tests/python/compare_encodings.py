#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares what we read of files in every encoding with what pyarrow and Python read of the same bytes.

    compare_encodings.py INGEST [OPTION…]

Each file holds every character of its encoding. It is converted by `ingest convert --encoding`, and read by pyarrow's CSV
reader with Python's codec of that name; a byte that stands for nothing must be refused where it stands, and become U+FFFD
where that is asked for: of one encoding in DAMAGED_SHARE, of each with --all. Prints one JSON object; exits with 1 where anything differs. OPTIONs are passed to `ingest`.
"""

import base64
import io
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pyarrow
import pyarrow.csv
import pyarrow.ipc

from codec_tables import MULTIPLE, OTHERWISE, SINGLE, tables

WIDE = {"utf-8": "utf-8", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "utf-32le": "utf-32-le", "utf-32be": "utf-32-be"}
CODECS = {**SINGLE, **MULTIPLE, **WIDE}
PER_ROW = 8
DAMAGED_SHARE = 4
HEADER = "id,text\n"


def run(ingest, data, *arguments):
    command = [ingest, *arguments, "-"]
    return subprocess.run(command, input=data, capture_output=True, timeout=60, check=False)


def file_of(table):
    """The file, and its rows: characters in quotes, some together."""
    characters = table["text"].split("\n")[:-1]
    sequences = base64.b64decode(table["encoded"]).split(b"\n")[:-1]
    rows = [characters[start : start + PER_ROW] for start in range(0, len(characters), PER_ROW)]
    data = HEADER.encode()
    for number, start in enumerate(range(0, len(sequences), PER_ROW)):
        data += b'%d,"%s"\n' % (number, b"".join(sequences[start : start + PER_ROW]))
    return data, ["".join(row) for row in rows]


def wide_file(name):
    text = "".join(map(chr, [*range(0xA0, 0xD800), *range(0xE000, 0x11000), *range(0x1F300, 0x1F700)]))
    rows = [text[start : start + 200] for start in range(0, len(text), 200)]
    lines = [HEADER, *(f'{number},"{row}"\n' for number, row in enumerate(rows))]
    return "".join(lines).encode(WIDE[name]), rows


def ours(ingest, name, data, options):
    ended = run(ingest, data, "convert", "--format", "csv", "--to", "arrows", "--encoding", name.upper(), *options)
    if ended.returncode != 0:
        return ended.stderr.decode(errors="replace")
    return pyarrow.ipc.open_stream(io.BytesIO(ended.stdout)).read_all()


def compare(ingest, name, data, rows, undefined, options):
    failures = []
    table = ours(ingest, name, data, options)
    if isinstance(table, str):
        return [f"{name}: {table}"]
    if table.column("text").to_pylist() != rows or table.column("id").to_pylist() != list(range(len(rows))):
        failures.append(f"{name}: other characters than Python's")
    if name not in OTHERWISE:
        types = {field.name: field.type for field in table.schema}
        theirs = pyarrow.csv.read_csv(
            io.BytesIO(data), pyarrow.csv.ReadOptions(encoding=CODECS[name]),
            convert_options=pyarrow.csv.ConvertOptions(column_types=types, strings_can_be_null=False))
        if theirs.to_pydict() != table.to_pydict():
            failures.append(f"{name}: other cells than pyarrow's")
    if undefined:
        failures += compare_damage(ingest, name, bytes.fromhex(undefined[0]), options)
    return failures


def compare_damage(ingest, name, sequence, options):
    """A file with one sequence that stands for nothing, behind others that do."""
    failures = []
    data = HEADER.encode() + b"1,ab" + sequence + b"\n2,c\n"
    place = data.index(sequence)
    checked = json.loads(
        run(ingest, data, "check", "--format", "csv", "--json", "--encoding", name, *options).stdout)
    if (checked["code"], checked.get("byte_offset")) != ("invalid_encoding", place):
        failures.append(f"{name}: {sequence.hex()} is {checked['code']} at {checked.get('byte_offset')}, not at {place}")
    table = ours(ingest, name, data, ["--encoding-errors", "replace", *options])
    if isinstance(table, str) or table.column("text").to_pylist() != ["ab\ufffd", "c"]:
        failures.append(f"{name}: {sequence.hex()} was not replaced")
    return failures


def main(ingest, options):
    share = 1 if "--all" in options else DAMAGED_SHARE
    options = [option for option in options if option != "--all"]
    jobs = [(table["encoding"], *file_of(table), table["undefined"] if number % share == 0 else [])
            for number, table in enumerate(tables())]
    jobs += [(name, *wide_file(name), []) for name in WIDE]
    with ThreadPoolExecutor(2) as pool:
        failures = [
            failure for found in pool.map(lambda job: compare(ingest, *job, options), jobs) for failure in found]
    print(json.dumps({"encodings": len(jobs), "failures": failures}, indent=1, ensure_ascii=False))
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
