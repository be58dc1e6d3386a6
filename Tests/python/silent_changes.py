#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the cells that say something else once they are typed; none may.

    silent_changes.py [--ingest PATH] [--samples DIRECTORY] [--rounds N] [--peers] [SEED]

Generated columns of what people mean in one way only (codes, phone numbers, dates of every order, …), and every sample.
What a cell said is known for generated ones; of samples it is what text mode reads. `saying.py` knows what is
documented. `--peers` also prints what pandas and DuckDB change.
Prints the rates; exits with 1 where an undocumented change was found.
"""

import argparse
import collections
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

import pyarrow.ipc

import saying_cases
from saying import changed

ROOT = Path(__file__).resolve().parents[2]
SIZES = (2, 3, 5, 20, 60)
MEMBERS = 250


def digits(r, count):
    return "".join(r.choices("0123456789", k=count))


def pick(*texts):
    return lambda r: r.choice(texts)


def form(pattern):
    """`9` a digit, `8` one that is not zero, `M` a month, `D` a day, `H` hours, `S` minutes or seconds, `Y` a year."""
    makers = {"9": lambda r: digits(r, 1), "8": lambda r: str(r.randint(1, 9)), "M": lambda r: f"{r.randint(1, 12):02}",
              "D": lambda r: f"{r.randint(1, 28):02}", "H": lambda r: f"{r.randint(0, 23):02}",
              "S": lambda r: f"{r.randint(0, 59):02}", "Y": lambda r: str(r.randint(1900, 2099)),
              "m": lambda r: str(r.randint(1, 12)), "d": lambda r: str(r.randint(1, 28))}
    return lambda r: "".join(makers[sign](r) if sign in makers else sign for sign in pattern)


def any_of(*makers):
    return lambda r: r.choice(makers)(r)


def number(low, high):
    return lambda r: str(r.randint(low, high))


FORMS = {
    "postcode": "09999", "five digits": "99999", "phone": "+89 9999999", "long phone": "00899999999999",
    "local phone": "9999-999999", "part number": "8E99", "long part number": "99E999", "version": "8.9.9",
    "short version": "8.99", "address": "10.0.9.89", "card number": "4999999999999999", "account": "8999999999999999999999",
    "19 digits": "8999999999999999999", "20 digits": "89999999999999999999", "38 digits": "8" + "9" * 37,
    "39 digits": "8" + "9" * 38, "hexadecimal": "0x9999", "fraction": "8/8", "range": "8-89", "plus": "+899",
    "leading point": ".999", "ending point": "899.", "plus and point": "+8.99", "leading zero and point": "08.99",
    "price": "899.99", "many zeros": "8.9000", "16 digits with point": "8.999999999999999",
    "17 digits with point": "8.9999999999999999", "18 digits with point": "8.99999999999999998",
    "30 digits with point": "8" + "9" * 14 + "." + "9" * 14 + "8", "scientific": "8.99e-89", "scientific, capital": "8.9E+09",
    "scientific, bare": "8e8", "huge exponent": "8.9e+999", "tiny exponent": "8.9e-399",
    "one group": "899,999", "two groups": "8,999,999", "group and point": "8,999.99", "German number": "8.999,99",
    "one German group": "899.999", "two German groups": "8.999.999", "Swiss number": "8'999.99", "blank groups": "8 999 999",
    "blank group": "8 999", "no-break groups": "8\u00a0999\u00a0999,9", "narrow groups": "8\u202f999\u202f999",
    "decimal comma": "89,99", "decimal comma of three": "8,999", "decimal comma below one": "0,999",
    "decimal comma of four": "8,9999", "misgrouped": "89,99,999", "currency": "$899.99", "currency behind": "89.99 €",
    "percent": "89.9%", "negative in brackets": "(89.99)", "minus behind": "899-",
    "ISO date": "Y-M-D", "ISO date, unpadded": "Y-m-d", "basic date": "YMD", "date with slashes": "Y/M/D",
    "date with dots": "Y.M.D", "day first": "D/M/Y", "day first with dots": "D.M.Y", "day first with dashes": "D-M-Y",
    "month first": "M/D/Y", "month first with dashes": "M-D-Y", "unpadded day first": "d/m/Y", "unpadded month first": "m/d/Y",
    "two-digit year": "D/M/99", "two-digit year first": "99-M-D", "month name": "8 Mar 2024", "month only": "Y-M",
    "impossible date": "2023-M-38", "week": "2024-W89", "quarter": "YQ8",
    "time": "H:S", "time of seconds": "H:S:S", "time of milliseconds": "H:S:S.999", "time of nanoseconds": "H:S:S.999999999",
    "unpadded time": "8:S", "duration": "89:S:S", "12 hours": "08:S PM", "24 hours": "24:00",
    "timestamp": "Y-M-D H:S:S", "timestamp of minutes": "Y-M-DTH:S", "timestamp of microseconds": "Y-M-DTH:S:S.999999",
    "timestamp of 100 ns": "Y-M-DTH:S:S.9999999", "timestamp of nanoseconds": "Y-M-DTH:S:S.999999999",
    "timestamp of picoseconds": "Y-M-DTH:S:S.999999999999", "timestamp with comma": "Y-M-DTH:S:S,999",
    "UTC": "Y-M-DTH:S:SZ", "offset": "Y-M-DTH:S:S+0H:00", "offset without colon": "Y-M-DTH:S:S-0800",
    "offset of hours": "Y-M-DTH:S:S+08", "day first and time": "D/M/Y H:S", "dots and time": "D.M.Y H:S:S",
    "month first and time": "M/D/Y H:S:S", "leap second": "2016-12-31T23:59:60Z", "hour 24": "Y-M-DT24:00:00",
    "old timestamp": "0099-M-D H:S:S", "far timestamp": "8999-M-DTH:S:S.999999999",
}

MAKERS = {name: form(pattern) for name, pattern in FORMS.items()} | {
    "countries": pick("NA", "NO", "DE", "FR"), "yes and no": pick("YES", "NO"), "y and n": pick("Y", "N"),
    "sexes": pick("F", "M"), "t and f": pick("T", "F", "t", "f"), "on and off": pick("on", "off"),
    "booleans": pick("true", "FALSE", "True", "false", "tRuE"), "booleans with gaps": pick("true", "false", "NA", ""),
    "booleans and digits": pick("true", "false", "1", "0"), "zero and one": pick("0", "1"),
    "booleans with blanks": pick(" true", "false "), "names": pick("Nan", "Inf", "None", "True", "Anna"),
    "null words": pick("NA", "N/A", "null", "-", ""), "one null word": pick("NULL"), "not finite": pick("NaN", "inf", "-inf"),
    "readings": pick("1.5", "NaN", "-inf", "7", "2e-3", "1E3"), "texts with blanks": pick(" a", "b ", "  ", "c"),
    "marks": pick("+", "-", "±", "0"), "signed zeros": pick("-0", "0", "-0.0", "0.0"), "minus zero": pick("-0", "1", "2"),
    "integers": number(-1000, 1000), "64 bits": number(-2**63, 2**63 - 1), "unsigned": number(2**63, 2**64 - 1),
    "beyond 64 bits": number(-2**63, 2**64 - 1), "near 2^53": number(2**53 - 3, 2**53 + 3),
    "near 2^53 among floats": any_of(number(2**53 - 3, 2**53 + 3), pick("0.5")),
    "beyond 2^53 with point": any_of(form("9007199254740999.8"), form("8.9")),
    "near 2^63": number(2**63 - 2, 2**63 + 2), "integers with gaps": pick("1", "-5", "NA", "", "-", "N/A", "null"),
    "integers with blanks": pick(" 1", "2 ", "\t3", "4"), "integers and quoted": pick("1", "2", " 3 "),
    "integers and floats": any_of(number(0, 99), form("8.95")), "integers and codes": any_of(number(1, 99), form("0999")),
    "floats": lambda r: repr(r.uniform(-1e6, 1e6)), "floats of any size": lambda r: repr(r.uniform(1, 10)) + f"e-{r.randint(1, 280)}",
    "part numbers among floats": any_of(form("8E99"), form("8.9")), "exponents among integers": pick("1E10", "2E05", "17", "3e7"),
    "long and short decimals": any_of(form("8.99"), form("8.99999999999999999998")),
    "money with gaps": any_of(form("8,999.99"), pick("", "-", "12.50", "NA")),
    "groups and plain": any_of(form("8,999,999"), number(0, 999)), "groups and commas": any_of(form("8,999"), form("8,99")),
    "both conventions": any_of(form("8,999.99"), form("8.999,99")), "decimal comma and point": any_of(form("8,99"), form("8.99")),
    "decimal comma and integers": any_of(form("8,99"), number(0, 99)), "dates of two orders": any_of(form("Y-M-D"), form("D/M/Y")),
    "dates of two marks": any_of(form("D/M/Y"), form("D-M-Y")), "ambiguous dates": form("0809/M/Y".replace("0809", "08")),
    "same day and month": pick("01/01/2024", "02/02/2024"), "dates with gaps": any_of(form("Y-M-D"), pick("", "NA", "-")),
    "dates and timestamps": any_of(form("Y-M-D"), form("Y-M-DTH:S")), "zones and none": any_of(form("Y-M-DTH:S:SZ"), form("Y-M-DTH:S:S")),
    "offsets": any_of(form("Y-M-DTH:S:S+0H:S"), form("Y-M-DTH:S:SZ"), form("Y-M-DTH:S:S-0800")),
    "times with gaps": any_of(form("H:S"), pick("", "NA")), "times of mixed digits": any_of(form("H:S"), form("H:S:S"), form("H:S:S.9")),
    "zero dates": pick("0000-00-00", "2024-01-01"), "hashes": lambda r: f"{r.getrandbits(32):x}",
    "exponent hashes": lambda r: f"{r.randint(1, 9)}e{digits(r, 6)}", "airports": pick("00M", "0E0", "1E1", "ZZ1"),
    "Unicode digits": pick("١٢٣", "１２", "۵", "4"), "Unicode minus": pick("−5", "3"), "underscores": pick("1_000", "2_000"),
    "texts": pick("a", "b,c", 'd "e"', "f\ng", "", "h"), "everything": lambda r: r.choice(list(FORMS_MADE))(r),
}
FORMS_MADE = [form(pattern) for pattern in FORMS.values()]


def generated(rounds, seed):
    """Tables as (name, bytes, rows of text): an id and one column of each kind."""
    for kind, make in MAKERS.items():
        for at in range(rounds):
            for size in SIZES:
                r = random.Random(f"{seed}/{kind}/{at}/{size}")
                rows = [[f"x{row}", make(r)] for row in range(size)]
                text = io.StringIO()
                csv.writer(text, lineterminator="\n").writerows([["id", "cell"], *rows])
                yield f"{kind.replace('/', ' ')} {at} {size}.csv", text.getvalue().encode(), rows


def run(command):
    return subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, timeout=300)


def published(program, paths, store, options=()):
    """The tables of a batch as (file, member, Arrow table, its report)."""
    ended = run([program, "batch", *paths, "--json", "--store", store, *options])
    files = {file.stem: file for file in Path(store).rglob("*.arrow")}
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    # Of two files with one content only the one that was read says how.
    reports = {}
    for answer in (line.get("answer") or {} for line in lines):
        read = {report.get("member"): report for report in answer.get("report", {}).get("tables", [])}
        reports |= {table["id"]: read[table.get("member")] for table in answer.get("tables") or [] if read}
    for line in lines:
        for table in (line.get("answer") or {}).get("tables") or []:
            with pyarrow.ipc.open_file(str(files[table["id"]])) as reader:
                yield Path(line["file"]), table.get("member"), reader.read_all(), reports[table["id"]]


class Count:
    """Cells, normalised and changed ones, with examples of the last."""

    def __init__(self):
        self.cells = self.normalised = self.changed = 0
        self.examples = []
        self.by_kind = collections.Counter()

    def add(self, where, table, rows, report=None):
        """Compares a table with the rows of text that it came from."""
        names = table.column_names
        width = len(names) - (names[-1:] == ["_extra"] and pyarrow.types.is_list(table.schema[-1].type))
        if table.num_rows != len(rows):
            table, rows = without_blank_lines(table), [row for row in rows if any(row)]
        if table.num_rows != len(rows):
            return self.fail(where, [(None, f"{table.num_rows} rows", f"{len(rows)} rows")])
        words = collections.Counter()
        for note in (report or {}).get("notes", []):
            if note["kind"] == "null_words":
                words[note["column"]] += note["count"]
        for at in range(width):
            texts = [row[at] if at < len(row) else "" for row in rows]
            noted = None if report is None else words[names[at]]
            found, normalised = changed(table.schema[at], table.column(at), texts, noted)
            self.normalised += normalised
            self.fail(f"{where}: `{names[at]}` as {table.schema[at].type}", found)
        if width < len(names):
            self.add_surplus(where, table.column(width).to_pylist(), [row[width:] for row in rows])
        self.cells += sum(map(len, rows))

    def add_surplus(self, where, values, rows):
        for at, (value, cells) in enumerate(zip(values, rows)):
            expected = [cell or None for cell in cells]
            while expected and expected[-1] is None:
                expected.pop()
            if [cell or None for cell in value or []] != expected:
                self.fail(f"{where}: _extra", [(at, value, cells)])

    def fail(self, where, found):
        self.changed += len(found)
        self.by_kind[where.rpartition(" ")[0]] += len(found)
        self.examples += [f"{where}: row {row}: {text!r} became {value!r}" for row, value, text in found[:1]]

    def line(self, name):
        rate = self.changed / self.cells if self.cells else 0
        return (f"{name}: {self.cells} cells, {self.normalised} written otherwise as documented, "
                f"{self.changed} undocumented changes ({100 * rate:.4f} %)")


def without_blank_lines(table):
    """A table without its rows of nulls: a blank line may be a null record of a typed table and none of its text."""
    valid = [any(cell is not None for cell in row) for row in zip(*(column.to_pylist() for column in table.columns))]
    return table.filter(pyarrow.array(valid, pyarrow.bool_()))


def archives(tables, directory):
    """The tables in archives, from which one process reads many."""
    for first in range(0, len(tables), MEMBERS):
        path = directory / f"{first}.zip"
        with zipfile.ZipFile(path, "w") as file:
            for name, data, _ in tables[first:first + MEMBERS]:
                file.writestr(zipfile.ZipInfo(name), data)
        yield path


def count_generated(program, tables, directory):
    count = Count()
    rows = {name: rows for name, _, rows in tables}
    batches = list(archives(tables, directory))
    read = lambda path: list(published(program, [path], path.with_suffix(".store"), ("--header", "always")))  # noqa: E731
    with ThreadPoolExecutor(2) as pool:
        for batch in pool.map(read, batches):
            for _, member, table, report in batch:
                count.add(member, table, rows.pop(member), report)
    for name in rows:
        count.fail(name, [(None, "nothing", "a table")])
    return count


def texts(table):
    """The rows of a table of text: its cells, and those of records that were longer."""
    columns = [column.to_pylist() for column in table.columns]
    extra = columns.pop() if table.column_names[-1:] == ["_extra"] else [None] * table.num_rows
    return [[cell or "" for cell in cells] + [cell or "" for cell in more or []]
            for cells, more in zip(zip(*columns), extra)]


def count_samples(program, samples, directory):
    count = Count()
    reads = [("typed.store", ()), ("text.store", ("--all-text",))]
    with ThreadPoolExecutor(2) as pool:
        typed, text = pool.map(
            lambda read: {item[:2]: item[2:] for item in published(program, [samples], directory / read[0], read[1])},
            reads)
    for (path, member), (table, report) in typed.items():
        # What JSON says is no line of text: json_documents.py compares it with Python's reader.
        if not report["dialect"].get("json"):
            where = f"{path.name}{'#' + member if member else ''}"
            count.add(where, table, texts(text[path, member][0]), report)
    return count


def count_peer(name, tables):
    """What another tool makes of the generated tables, with its own settings."""
    import duckdb
    import pandas
    count = Count()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "t.csv"
        for table_name, data, rows in tables:
            path.write_bytes(data)
            try:
                if name == "pandas":
                    table = pyarrow.Table.from_pandas(pandas.read_csv(path), preserve_index=False)
                else:
                    table = duckdb.sql(f"set timezone = 'UTC'; from read_csv('{path}')").to_arrow_table()
            except Exception as error:  # noqa: BLE001 (a refusal changes nothing)
                print(f"{name} refuses {table_name}: {str(error)[:80]!r}", file=sys.stderr)
                continue
            count.add(table_name, table, rows)
    return count


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed", nargs="?", default="1")
    parser.add_argument("--ingest", default=str(ROOT / ".build/debug/ingest"))
    parser.add_argument("--samples", type=Path, default=ROOT / "samples/accept")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--peers", action="store_true")
    return parser.parse_args()


def main():
    options = arguments()
    saying_cases.check()
    tables = list(generated(options.rounds, options.seed))
    with tempfile.TemporaryDirectory(prefix="silent-") as directory:
        counts = {"generated columns": count_generated(options.ingest, tables, Path(directory)),
                  "samples": count_samples(options.ingest, options.samples, Path(directory))}
    for name, count in counts.items():
        print("\n".join([*(example[:300] for example in count.examples[:50]), count.line(name)]))
    for peer in ("pandas", "duckdb") if options.peers else ():
        print("for comparison, " + count_peer(peer, tables).line(peer))
    return 1 if any(count.changed or not count.cells for count in counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
