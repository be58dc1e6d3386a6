#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole job of a peer on one of the shapes of shapes.py, with the options that the peer needs for it.

usage: shape_peers.py TOOL SHAPE FILE
TOOL: duckdb | polars | pyarrow | pandas
SHAPE: as in shapes.py, or contradiction-told: the type of the column that ends in a word is stated.
The same work as `peers.py --job`, on 2 threads. Prints a JSON object: seconds (without imports), rows, types by column.

What each is given, beyond `peers.py`'s way:
- wide: Polars looks at 100 records for types, its own default; at 10,000 it takes several times as long.
- contradiction: nothing is known of the cells beforehand, so DuckDB and Polars look at all records for types (without,
  they fail), pandas decides a column at once (without, it holds numbers and text, which no table can). PyArrow needs
  nothing. With contradiction-told all four get the column's type.
- commas: the delimiter and the decimal comma are stated to all four. `ingest` finds them out.
Quoted cells and CRLF need nothing. pandas leaves days as text, in all of them.
"""
import hashlib
import json
import os
import shutil
import sys
import tempfile
import threading
import time

os.environ.setdefault("POLARS_MAX_THREADS", "2")
import magic  # noqa: E402
import pyarrow as pa  # noqa: E402
from pyarrow import feather  # noqa: E402

pa.set_cpu_count(2)


def digest(path):
    sha = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            sha.update(chunk)


def duckdb(shape, path):
    import duckdb
    connection = duckdb.connect()
    connection.execute("SET threads=2")
    options = {
        "contradiction": ", sample_size = -1", "contradiction-told": ", types = {'count': 'VARCHAR'}",
        "commas": ", delim = ';', decimal_separator = ','"}.get(shape, "")

    def write(out):
        reader = connection.execute(f"from read_csv('{path}'{options})").to_arrow_reader(65536)
        with pa.OSFile(out, "wb") as sink, pa.ipc.new_file(sink, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
    return write


def polars(shape, path):
    import polars
    options = {
        "wide": {"infer_schema_length": 100}, "contradiction": {"infer_schema_length": None},
        "contradiction-told": {"schema_overrides": {"count": polars.String}},
        "commas": {"separator": ";", "decimal_comma": True}}.get(shape, {})
    options = {"infer_schema_length": 10_000, **options}

    def write(out):
        polars.scan_csv(path, try_parse_dates=True, **options).sink_ipc(out, compression="uncompressed")
    return write


def pyarrow(shape, path):
    from pyarrow import csv
    parse = csv.ParseOptions(delimiter=";" if shape == "commas" else ",")
    convert = csv.ConvertOptions(decimal_point="," if shape == "commas" else ".")
    if shape == "contradiction-told":
        convert.column_types = {"count": pa.string()}

    def write(out):
        table = csv.read_csv(path, parse_options=parse, convert_options=convert)
        feather.write_feather(table, out, compression="uncompressed")
    return write


def pandas(shape, path):
    import pandas
    options = {
        "contradiction": {"low_memory": False}, "contradiction-told": {"dtype": {"count": "str"}},
        "commas": {"sep": ";", "decimal": ","}}.get(shape, {})

    def write(out):
        table = pa.Table.from_pandas(pandas.read_csv(path, **options), preserve_index=False)
        feather.write_feather(table, out, compression="uncompressed")
    return write


def whole_job(path, write, out):
    """Seconds of hashing, looking at the media type, writing, syncing and publishing."""
    start = time.perf_counter()
    hashing = threading.Thread(target=digest, args=[path])
    hashing.start()
    with open(path, "rb") as file:
        magic.from_buffer(file.read(65536), mime=True)
    write(out)
    hashing.join()
    descriptor = os.open(out, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    os.rename(out, out + ".published")
    return time.perf_counter() - start


def main(tool, shape, path):
    write = {"duckdb": duckdb, "polars": polars, "pyarrow": pyarrow, "pandas": pandas}[tool](shape, path)
    directory = tempfile.mkdtemp(dir=os.environ.get("BENCH_DIR", "."))
    try:
        seconds = whole_job(path, write, f"{directory}/table")
        with pa.memory_map(f"{directory}/table.published") as file, pa.ipc.open_file(file) as table:
            rows = sum(table.get_batch(at).num_rows for at in range(table.num_record_batches))
            types = {field.name: str(field.type) for field in table.schema}
    finally:
        shutil.rmtree(directory)
    print(json.dumps({"seconds": seconds, "rows": rows, "types": types}))


if __name__ == "__main__":
    main(*sys.argv[1:])
