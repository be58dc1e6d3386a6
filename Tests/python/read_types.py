#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the types and values that pyarrow reads of an Arrow file (`file`) or stream (`stream`) on standard input.

    read_types.py file|stream

Values are written as texts by pyarrow's own casts, so that none is rounded by Python.
"""

import json
import sys

import pyarrow
import pyarrow.ipc

data = pyarrow.BufferReader(sys.stdin.buffer.read())
with (pyarrow.ipc.open_file if sys.argv[1] == "file" else pyarrow.ipc.open_stream)(data) as reader:
    table = reader.read_all()
table.validate(full=True)
columns = {}
for field in table.schema:
    column = table[field.name]
    if pyarrow.types.is_timestamp(field.type) or pyarrow.types.is_time(field.type):
        column = column.cast("int64")
    columns[field.name] = {"type": str(field.type), "values": column.cast("string").to_pylist()}
print(json.dumps(columns))
