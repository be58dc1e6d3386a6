#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares `ingest convert --text` with Python's csv module: compare_text.py INGEST SAMPLES [OPTION…]

Record by record; standard library only. OPTIONs are passed to `ingest`; --all is every sample rather than one in
SHARE. Prints what differs; exits with 1 where anything does.
"""

import csv
import io
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from source_records import records
from source_text import decoded
from structured_samples import QUOTES, RECORDS, as_table

# The csv module lets a quote that never closes swallow the rest; for this one our own second reading stands in.
UNCLOSED = "unclosed_quote.csv"
SHARE = 4

HOSTILE = {
    "ragged.csv": b'a,b,c\n1\n1,2,3,4,5\n,,\n"",""\n1,2,3\n,\n',
    "empty_cells.csv": b'a,b\n,\n"",\n,""\n',
    "quotes.csv": b'a,b\n"x""y","""\"\n"a,b","c\nd"\n',
    "blanks.csv": b"a,b\n  x ,\ty \n\n\n1,2\n",
    "numbers_stay_text.csv": b"a,b,c\n007,1.50,1E5\n+1,-0,NA\n",
    "no_header.csv": b"1,2\n3,4\n5,6\n",
    "formulas.csv": b"a,b\n=1+1,@x\n-5,+6\n",
    "tabs.tsv": b'a\tb\n"1\t2"\t3\n4\n',
    "semicolons.csv": b'a;b\n"1;2";3,5\n4;5,5\n',
    "only_record.csv": b"a,b,c\n",
    "long_last.csv": b"a,b\n1,2\n3,4,5",
}


def converted(ingest, options, path, form, header):
    command = [ingest, "convert", str(path), "--text", "--to", form, "--header", header, "--json", *options]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    if ended.returncode != 0:
        raise SystemExit(f"{path}: {ended.returncode}: {ended.stderr.decode()}")
    dialect = json.loads(ended.stderr)["tables"][0]["dialect"]
    if form == "ndjson":
        return dialect, [json.loads(line) for line in ended.stdout.decode().splitlines()]
    return dialect, list(csv.reader(io.StringIO(ended.stdout.decode(), newline="")))


def expected(path, delimiter):
    data = path.read_bytes()
    data, dialect = as_table(path, data, {"delimiter": delimiter}, RECORDS)
    delimiter = dialect["delimiter"]
    if path.name == UNCLOSED:
        return [[cell for cell, _ in record] for record in records(data, delimiter)]
    quote = QUOTES.get(path.name, '"')
    found = list(csv.reader(io.StringIO(decoded(data), newline=""), delimiter=delimiter, quotechar=quote))
    # A blank line is a record of one empty cell in a table of one column, and no record elsewhere.
    is_one_column = all(len(record) <= 1 for record in found)
    return [record or [""] for record in found if record or is_one_column]


def compare(ingest, options, path, form, header):
    dialect, actual = converted(ingest, options, path, form, header)
    wanted = expected(path, dialect["delimiter"])
    if actual == wanted:
        return None
    for number, (left, right) in enumerate(zip(actual, wanted)):
        if left != right:
            return f"{path.name} --to {form} --header {header}: record {number}: {left} instead of {right}"
    return f"{path.name} --to {form} --header {header}: {len(actual)} records instead of {len(wanted)}"


def main(ingest, samples, *options):
    csv.field_size_limit(1 << 30)
    share = 1 if "--all" in options else SHARE
    options = [option for option in options if option != "--all"]
    with tempfile.TemporaryDirectory() as directory:
        work = []
        for name, data in HOSTILE.items():
            path = Path(directory) / name
            path.write_bytes(data)
            work += [(path, "csv", header) for header in ("auto", "always", "never")] + [(path, "ndjson", "auto")]
        for folder in ("csv", "tsv"):
            work += [(path, "ndjson", "auto") for path in sorted((Path(samples) / "accept" / folder).iterdir())[::share]
                     if path.stat().st_size < 100_000]
        with ThreadPoolExecutor(2) as pool:
            failures = [failure for failure in pool.map(lambda item: compare(ingest, options, *item), work) if failure]
    print(f"{len(work)} compared", *failures, sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
