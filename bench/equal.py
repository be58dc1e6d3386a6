#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare a published table with what pyarrow's own CSV reader gives for the same types.

usage: equal.py FILE.csv TABLE.arrow
Prints one line and exits 0 where every value is the same, else 1.
"""
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.ipc as ipc

source, table = sys.argv[1], sys.argv[2]
ours = ipc.open_file(pa.memory_map(table)).read_all()
ours.validate(full=True)
theirs = csv.read_csv(
    source,
    parse_options=csv.ParseOptions(newlines_in_values=True),
    convert_options=csv.ConvertOptions(
        column_types={f.name: f.type for f in ours.schema},
        null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
        timestamp_parsers=[csv.ISO8601]))
if ours.schema.names != theirs.schema.names or ours.num_rows != theirs.num_rows:
    sys.exit(f"{source}: shape differs: {ours.shape} and {theirs.shape}")
for name in ours.schema.names:
    left, right = ours[name], theirs[name]
    if left.null_count != right.null_count:
        sys.exit(f"{source}: {name}: {left.null_count} and {right.null_count} nulls")
    if not pc.all(pc.fill_null(pc.equal(left, right), True)).as_py():
        sys.exit(f"{source}: {name}: values differ")
print(f"{source}: {ours.num_rows} rows × {ours.num_columns} columns equal")
