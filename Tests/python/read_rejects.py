# SPDX-License-Identifier: Apache-2.0
"""Reads rejects as an Arrow IPC file or stream from standard input: python3 read_rejects.py file|stream

Prints their columns, by name and type, and their rows as JSON.
"""

import json
import sys

import pyarrow as pa

data = sys.stdin.buffer.read()
reader = pa.ipc.open_file(data) if sys.argv[1] == "file" else pa.ipc.open_stream(data)
table = reader.read_all()
table.validate(full=True)
json.dump({"columns": {field.name: str(field.type) for field in table.schema}, "rows": table.to_pylist()}, sys.stdout)
