#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares every value that pyarrow, polars and DuckDB read of our tables with other readings of the source.

    compare_tables.py INGEST SAMPLES STORE LINES [--all] [OPTION…]

STORE holds SAMPLES/accept as `ingest batch --json` published it, and LINES is what that printed. Some files of each
kind of up to 100 KB, with `--all` each, are also converted with `ingest convert`, and their streams are exported. The
other streams are the bytes of the published files that they must be.
The readings to compare with:
- the small one of `source_records.py`, for every table;
- pyarrow's own CSV reader with the same types, wherever it reads the same kind of file (see PYARROW_CANNOT).
DuckDB has no reader of Arrow files of its own here, so it scans the stream through the Arrow C interface of pyarrow.
Prints one JSON object; exits with 1 where anything differs. OPTIONs are passed to `ingest`.
"""

import io
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars
import pyarrow
import pyarrow.csv
import pyarrow.ipc

from source_records import NULL_WORDS, utf8_contents, expected_columns, same, same_values
from structured_samples import as_table

# Where pyarrow's CSV reader reads something else by design; the other comparison still holds for them.
PYARROW_CANNOT = {
    "accept/csv/ambiguous_dates.csv": "dates in other than ISO order",
    "accept/csv/lymph_node.csv": "dates in other than ISO order",
    "accept/csv/seattle-weather.csv": "dates with slashes",
    "accept/csv/ragged_long_rows.csv": "refuses rows of another length",
    "accept/csv/ragged_short_rows.csv": "refuses rows of another length",
    "accept/csv/one_column_blank_lines.csv": "skips blank lines",
    "accept/csv/decimal_comma.csv": "decimal commas",
    "accept/csv/thousands.csv": "thousands in groups",
    "accept/csv/times_and_nanoseconds.csv": "dates in other than ISO order",
    "accept/csv/FY09_EDU_Recipients_by_State.csv": "keeps the empty last column",
    "accept/csv/trailing_empty_column.csv": "keeps the empty last column",
    "accept/csv/unemp.csv": "refuses rows of another length",
    "accept/tsv/iso3166.tab": "refuses rows of another length",
    "accept/tsv/zone1970.tab": "refuses rows of another length",
    "accept/csv/unclosed_quote.csv": "a quote that never closes takes the rest of the file",
}

# How many tables of each folder of samples are converted and exported: to start the program takes longer than all else.
CONVERTED_PER_KIND = 2

FAILURES = []


def fail(where, what):
    FAILURES.append(f"{where}: {what}")


def run(ingest, *arguments):
    command = [ingest, *map(str, arguments)]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    if ended.returncode != 0:
        raise SystemExit(f"{command}: {ended.returncode}: {ended.stderr.decode(errors='replace')}")
    return ended.stdout


def with_pyarrow(data, is_file):
    open_ipc = pyarrow.ipc.open_file if is_file else pyarrow.ipc.open_stream
    with open_ipc(io.BytesIO(data)) as reader:
        table = reader.read_all()
    table.validate(full=True)
    return table


def values(table):
    """The columns of an Arrow table; nanoseconds as numbers, since Python's timestamps are coarser."""
    for index, field in enumerate(table.schema):
        if field.type == pyarrow.timestamp("ns"):
            table = table.set_column(index, field.name, table.column(index).cast("int64"))
    return table.to_pydict()


def with_polars(data, is_file):
    frame = (polars.read_ipc if is_file else polars.read_ipc_stream)(io.BytesIO(data))
    return frame.with_columns(polars.selectors.datetime("ns").to_physical()).to_dict(as_series=False)


def with_duckdb(connection, data):
    connection.register("stream", pyarrow.ipc.open_stream(io.BytesIO(data)))
    table = values(connection.sql("from stream").to_arrow_table())
    connection.unregister("stream")
    return table


def with_pyarrow_csv(text, schema, dialect):
    """pyarrow's own CSV reader, once for text columns and once for all others: their nulls are spelled differently."""
    extra = {"_extra"} & set(schema.names)
    columns = {}
    for is_text in (True, False):
        names = [f.name for f in schema if pyarrow.types.is_string(f.type) == is_text and f.name not in extra]
        if not names:
            continue
        table = pyarrow.csv.read_csv(
            io.BytesIO(text),
            read_options=pyarrow.csv.ReadOptions(
                column_names=schema.names, skip_rows_after_names=0 if dialect["header"] == "absent" else 1),
            parse_options=pyarrow.csv.ParseOptions(delimiter=dialect["delimiter"], newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={name: schema.field(name).type for name in names}, include_columns=names,
                strings_can_be_null=True, quoted_strings_can_be_null=False,
                null_values=[""] + ([] if is_text else NULL_WORDS),
                true_values=["true", "True", "TRUE"], false_values=["false", "False", "FALSE"]))
        columns |= table.to_pydict()
    return columns


def compare(where, reader, columns, expected):
    """Whether each column has the same values; says what differs first."""
    if list(columns) != list(expected):
        return fail(where, f"{reader}: columns {list(columns)} instead of {list(expected)}")
    for name, values in expected.items():
        if same_values(columns[name], values):
            continue
        if len(columns[name]) != len(values):
            return fail(where, f"{reader}: {len(columns[name])} rows instead of {len(values)}")
        for row, (left, right) in enumerate(zip(columns[name], values)):
            if not same(left, right):
                return fail(where, f"{reader}: row {row}, column {name!r}: {left!r} instead of {right!r}")


def compare_table(connection, where, path, data, stream, source, report, expected_shape):
    """Compares one table, as a file and as a stream, in every reader."""
    table = with_pyarrow(data, is_file=True)
    is_json = bool(report["dialect"].get("json"))
    if is_json:
        # json_documents.py compares values with Python's json; here all readers must read the same.
        expected = values(table)
    else:
        source, dialect = as_table(path, source, report["dialect"])
        expected = expected_columns(source, dialect, table.schema)
    compare(where, "pyarrow.ipc.open_file", values(table), expected)
    compare(where, "pyarrow.ipc.open_stream", values(with_pyarrow(stream, is_file=False)), expected)
    compare(where, "polars.read_ipc", with_polars(data, is_file=True), expected)
    compare(where, "polars.read_ipc_stream", with_polars(stream, is_file=False), expected)
    compare(where, "duckdb", with_duckdb(connection, stream), expected)
    if data[8:8 + len(stream)] != stream:
        fail(where, "the stream is no byte range of the file")
    if report["rows"] + report["set_aside"] != report["records"]:
        fail(where, "rows and set-aside lines are not the records")
    compare_shape(where, table, expected_shape)
    if is_json or path in PYARROW_CANNOT:
        return False
    try:
        columns = with_pyarrow_csv(source, table.schema, dialect)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError) as error:
        fail(where, f"pyarrow.csv: {error}")
    else:
        compare(where, "pyarrow.csv", {name: columns[name] for name in table.column_names}, expected)
    return True


def compare_shape(where, table, expected):
    """samples/expected.json: rows, columns and types that another program found."""
    names = {"date": "date32[day]", "utf8": "string", "float64": "double", "time": "time64[us]"}
    if expected.get("rows", table.num_rows) != table.num_rows:
        fail(where, f"{table.num_rows} rows, expected.json says {expected['rows']}")
    if expected.get("columns", table.num_columns) != table.num_columns:
        fail(where, f"{table.num_columns} columns, expected.json says {expected['columns']}")
    for name, kind in expected.get("types", {}).items():
        actual = str(table.schema.field(name).type)
        kind = kind.replace("decimal(", "decimal128(").replace(",", ", ")
        if not actual.startswith(names.get(kind, kind)):
            fail(where, f"{name!r} is {actual}, expected.json says {kind}")


def published(samples, store, lines):
    """Every table of the batch: (path, member, its file, its source, how it was read, what expected.json says)."""
    expected = json.loads((samples / "expected.json").read_text())
    files = {path.stem: path for path in store.rglob("*.arrow")}
    lines = [json.loads(line) for line in lines.read_text().splitlines()]
    # Of two files with one content only the one that was read says how.
    reports = {}
    for answer in (line["answer"] for line in lines):
        read = {report.get("member"): report for report in answer["report"]["tables"]}
        reports |= {table["id"]: read[table.get("member")] for table in answer["tables"] if read}
    for line in lines:
        path = str(Path(line["file"]).relative_to(samples))
        sources = utf8_contents(samples / path)
        shapes = expected.get(path, {})
        for table in line["answer"]["tables"]:
            member = table.get("member")
            shape = shapes.get("tables", {}).get(member, {}) if member else shapes
            yield path, member, files[table["id"]], sources[member], reports[table["id"]], shape


def stream_within(data):
    """The stream that an Arrow file holds: from behind its magic and padding up to its footer."""
    return data[8:len(data) - 10 - int.from_bytes(data[-10:-6], "little")]


def main(ingest, samples, store, lines, *options):
    samples, store = Path(samples), Path(store)
    work = list(published(samples, store, Path(lines)))
    per_kind = len(work) if "--all" in options else CONVERTED_PER_KIND
    options = [option for option in options if option != "--all"]

    def convert(item, is_chosen):
        path, member, file, source = item[:4]
        data = file.read_bytes()
        if not is_chosen:
            return data, stream_within(data)
        choice = ["--member", member] if member else []
        exported = run(ingest, "table", "export", file.stem, "--to", "arrows", "--store", store)
        if len(source) > 100_000:
            return data, exported
        arrow, arrows = (run(ingest, "convert", samples / path, "--to", to, *choice, *options)
                         for to in ("arrow", "arrows"))
        if arrows != exported:
            fail(path, "convert and export write different streams")
        return arrow, arrows

    kinds = [str(Path(item[0]).parent) for item in work]
    chosen = [kinds[:number].count(kind) < per_kind for number, kind in enumerate(kinds)]
    with ThreadPoolExecutor(2) as pool:
        converted = list(pool.map(convert, work, chosen))
    compared = 0
    # A connection starts threads: one for all tables.
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    for (path, member, file, source, report, shape), (arrow, arrows) in zip(work, converted):
        where = path + (f"#{member}" if member else "")
        if arrow != file.read_bytes():
            fail(where, "convert writes another file than batch publishes")
        compared += compare_table(connection, where, path, arrow, arrows, source, report, shape)
    print(json.dumps({"tables": len(work), "with_pyarrow_csv": compared, "failures": FAILURES}, ensure_ascii=False))
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
