# SPDX-License-Identifier: Apache-2.0
"""How each tool reads many files. Every function takes paths and gives (path, Reading) as they come."""

import csv
import itertools
import json
import subprocess
import tempfile
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from reading import Reading

SAMPLE = 64 * 1024
CHUNK = 128


def ingest(paths, program="ingest"):
    """`ingest batch` publishes the files into a store, from which pyarrow reads the tables."""
    chunks = [list(chunk) for chunk in itertools.batched(paths, CHUNK)] if hasattr(itertools, "batched") else [
        paths[at:at + CHUNK] for at in range(0, len(paths), CHUNK)]
    with ThreadPoolExecutor(2) as pool:
        for readings in pool.map(lambda chunk: batch(chunk, program), chunks):
            yield from readings


def batch(paths, program):
    """The readings of one process's files."""
    with tempfile.TemporaryDirectory(prefix="understanding-") as store:
        command = [program, "batch", *map(str, paths), "--json", "--store", store]
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
        files = {file.stem: file for file in Path(store).rglob("*.arrow")}
        lines = [json.loads(line) for line in ended.stdout.splitlines()]
        reports = {}
        for line in lines:
            answer = line.get("answer") or {}
            reports |= dict(zip((table["id"] for table in answer.get("tables") or []),
                                answer.get("report", {}).get("tables", [])))
        found = {line["file"]: published(line, files, reports) for line in lines}
        missing = Reading(error="no answer: " + ended.stderr.decode(errors="replace")[:100])
        return [(path, found.get(str(path), missing)) for path in paths]


def published(line, files, reports):
    """The reading that one line of the batch tells of. Equal contents are read, and reported, once."""
    answer = line.get("answer") or {}
    tables = answer.get("tables") or []
    if not tables:
        return Reading(error="refused: " + str(line.get("code") or answer.get("verdict") or line)[:120])
    identity = tables[0]["id"]
    return from_arrow(files[identity], reports[identity]["dialect"])


def from_arrow(file, dialect):
    """The table of an Arrow file with the dialect in which it was read."""
    import pyarrow.ipc
    with pyarrow.ipc.open_file(str(file)) as reader:
        table = reader.read_all()
    names, kinds = table.column_names, [kind(field.type) for field in table.schema]
    values = [column.to_pylist() for column in table.columns]
    surplus = values.pop() if names and names[-1] == "_extra" and kinds[-1] == "list<utf8>" else None
    if surplus is not None:
        names, kinds = names[:-1], kinds[:-1]
    # A report that knows of quotes leaves out the key where there are none.
    quote = dialect.get("quote", None if "confidence" in dialect else '"')
    return Reading(
        delimiter=dialect.get("delimiter"), quote=quote, escape=dialect.get("escape"),
        newline=dialect.get("newline"), encoding=dialect.get("encoding"), comment=dialect.get("comment"), header_rows=dialect.get("header_rows", int(dialect.get("header") != "absent")),
        preamble_rows=dialect.get("preamble_rows", 0), footnote_rows=dialect.get("footnote_rows", 0),
        names=names, types=kinds, columns=list(zip(kinds, values)), surplus=surplus)


def kind(type_):
    """An Arrow type by the name that the rules give it, without its parameters."""
    text = str(type_)
    known = {"string": "utf8", "double": "float64", "date32[day]": "date", "list<item: string>": "list<utf8>"}
    return known.get(text, "list<utf8>" if text.startswith("list") else "time" if text.startswith("time")
                     and not text.startswith("timestamp") else text.partition("(")[0].partition("[")[0])


def in_processes(read):
    """Reads each file by itself on two cores."""
    def readings(paths, **_):
        with ProcessPoolExecutor(2) as pool:
            yield from zip(paths, pool.map(_guarded, itertools.repeat(read), paths, chunksize=16))
    return readings


def _guarded(read, path):
    warnings.simplefilter("ignore")
    csv.field_size_limit(1 << 30)
    try:
        return read(path)
    except Exception as error:  # noqa: BLE001 (whatever a tool throws is its answer)
        return Reading(error=f"{type(error).__name__}: {' '.join(str(error).split())[:100]}")


def text_of(path):
    """The text, as a careful script would decode it."""
    data = Path(path).read_bytes()
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    raise ValueError("not UTF-8")


def _sniffer(path):
    text = text_of(path)
    sniffer = csv.Sniffer()
    dialect = sniffer.sniff(text[:SAMPLE])
    has_header = sniffer.has_header(text[:SAMPLE])
    return csv_rows(csv.reader(text.splitlines(keepends=True), dialect), dialect, has_header)


def _clevercsv(path):
    import clevercsv
    text = text_of(path)
    sniffer = clevercsv.Sniffer()
    dialect = sniffer.sniff(text[:10_000])
    try:
        has_header = sniffer.has_header(text[:10_000])
    except Exception:  # noqa: BLE001 (it gives up on some tables; its command line then takes the first row)
        has_header = True
    return csv_rows(clevercsv.reader(text.splitlines(keepends=True), dialect), dialect, has_header)


def csv_rows(reader, dialect, has_header):
    """The reading of a reader in the manner of Python's `csv`."""
    escape = "doubled" if getattr(dialect, "doublequote", True) or not dialect.escapechar else "backslash"
    return Reading.of_rows([list(row) for row in reader], int(has_header), delimiter=dialect.delimiter or None,
                           quote=dialect.quotechar or None, escape=escape)


DUCKDB_TYPES = {"BOOLEAN": "bool", "BIGINT": "int64", "UBIGINT": "uint64", "DOUBLE": "float64", "DATE": "date",
                "TIME": "time", "TIMESTAMP": "timestamp", "TIMESTAMP WITH TIME ZONE": "timestamp", "VARCHAR": "utf8",
                "HUGEINT": "decimal128"}


def _duckdb(path):
    import duckdb
    con = duckdb.connect(config={"threads": 1})
    quoted = "'" + str(path).replace("'", "''") + "'"
    cursor = con.execute(f"from sniff_csv({quoted})")
    sniffed = dict(zip([column[0] for column in cursor.description], cursor.fetchone()))
    clean = lambda text: "" if text in ("(empty)", None) else text  # noqa: E731
    delimiter, quote, escape = (clean(sniffed[key]) for key in ("Delimiter", "Quote", "Escape"))
    literal = lambda text: "'" + text.replace("'", "''") + "'"  # noqa: E731
    options = (f"delim={literal(delimiter)}, quote={literal(quote)}, escape={literal(escape)}, "
               f"skip={sniffed['SkipRows']}, header={str(sniffed['HasHeader']).lower()}, all_varchar=true")
    try:
        relation = con.execute(f"from read_csv({quoted}, {options})")
    except duckdb.Error:
        relation = con.execute(f"from read_csv({quoted}, {options}, null_padding=true, strict_mode=false)")
    names = [column[0] for column in relation.description]
    rows = relation.fetchall()
    types = [DUCKDB_TYPES.get(column["type"], column["type"].partition("(")[0].lower()) for column in sniffed["Columns"]]
    return Reading(delimiter=delimiter, quote=quote or None, escape="backslash" if escape == "\\" else "doubled",
                   header_rows=int(sniffed["HasHeader"]), names=names, types=types,
                   columns=[("utf8", [row[at] for row in rows]) for at in range(len(names))])


PANDAS_TYPES = {"int64": "int64", "uint64": "uint64", "float64": "float64", "bool": "bool"}


def _pandas(path):
    import pandas
    options = {"sep": None, "engine": "python"}
    try:
        frame = pandas.read_csv(path, dtype=str, keep_default_na=False, **options)
    except Exception:  # noqa: BLE001 (its other engine may still read the file)
        options = {}
        frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
    typed = pandas.read_csv(path, **options)
    if not isinstance(frame.index, pandas.RangeIndex):
        frame = frame.reset_index()
    names = [str(name) for name in frame.columns]
    columns = [("utf8", [None if value != value else value for value in frame.iloc[:, at]]) for at in range(len(names))]
    types = [PANDAS_TYPES.get(str(dtype), "utf8") for dtype in typed.dtypes]
    return Reading(delimiter=pandas_delimiter(path, options), quote='"', header_rows=1, names=names, types=types,
                   columns=columns)


def pandas_delimiter(path, options):
    """What pandas takes as delimiter: with its Python engine it asks `csv.Sniffer` about the first line."""
    if not options:
        return ","
    return csv.Sniffer().sniff(text_of(path).partition("\n")[0]).delimiter


TOOLS = {"ingest": ingest, "sniffer": in_processes(_sniffer), "clevercsv": in_processes(_clevercsv),
         "duckdb": in_processes(_duckdb), "pandas": in_processes(_pandas)}

# What a tool says of a file besides the table, the delimiter, the quote and the header.
SAYS = {"ingest": {"form", "structure", "types"}, "duckdb": {"types"}, "pandas": {"types"}}
