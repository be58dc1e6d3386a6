#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Have workers tamper with their own honest results, at random, and see that nothing wrong is published.

usage: tampered_results.py INGEST MISBEHAVING_WORKER COUNT [SEED] [OPTIONS…]
Prints one JSON object: how many files were refused, by code, and how many were published unchanged, and with other values
in a table that is sound all the same (which nobody but the worker could tell). Exits 1 where a published table is not
sound, differs in shape from what was reported, or a file ended in anything but a table or a worker's code.
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

import pyarrow.ipc

ingest, worker, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
options = sys.argv[5:]


def text(number):
    rows = [f"{n},name {n % 5},{n * 1.5},{n % 2 == 0},2024-01-{1 + n % 28:02},{'' if n % 4 else 'é'}" for n in range(40)]
    return f"tamper:random,{number},c,d,e,f\n" + "\n".join(rows) + "\n"


def main():
    with tempfile.TemporaryDirectory() as directory:
        files = pathlib.Path(directory, "in")
        files.mkdir()
        for number in range(seed, seed + count):
            (files / f"f{number}.csv").write_text(text(number))
        store = pathlib.Path(directory, "s")
        batch = subprocess.run(
            [ingest, "batch", files, "--store", store, "--json", "--worker", worker, "--worker-seconds", "1", *options],
            capture_output=True)
        assert batch.returncode in (0, 1), (batch.returncode, batch.stderr[-2000:])
        lines = [json.loads(line) for line in batch.stdout.splitlines()]
        assert len(lines) == count, len(lines)
        outcomes, tables = collections.Counter(), []
        for line in lines:
            if line["status"] == "refused":
                code = line["answer"]["verdict"]["code"]
                assert code.startswith("worker_") or code == "output_too_large", line
                outcomes[code] += 1
            else:
                assert line["status"] == "published", line
                tables.append(line["answer"]["tables"][0])
        for table in tables:
            path = next(store.glob(f"tables/*/{table['id']}.arrow"))
            found = pyarrow.ipc.open_file(path).read_all()
            found.validate(full=True)
            assert (found.num_rows, found.num_columns) == (table["rows"], table["columns"]), table
            # The first column's name holds the number, which differs from file to file.
            honest = found.num_rows == 40 and found.column(0).to_pylist() == list(range(40)) and (
                found.column(1).to_pylist() == [f"name {n % 5}" for n in range(40)]) and (
                found.column(2).to_pylist() == [n * 1.5 for n in range(40)])
            outcomes["published unchanged" if honest else "published with other values"] += 1
        print(json.dumps(outcomes))


main()
