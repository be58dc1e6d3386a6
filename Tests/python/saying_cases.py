#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cases that `saying.py` must tell apart, so that a count of no changes means something."""

import datetime
from decimal import Decimal

import pyarrow as pa

from saying import changed

DAY = datetime.date
UTC = pa.timestamp("us", "UTC")

CHANGES = [
    (pa.int64(), [7], ["007"]), (pa.int64(), [7], ["+7"]), (pa.int64(), [1234], ["1,234"]), (pa.int64(), [None], ["x"]),
    (pa.float64(), [1e10], ["1E11"]), (pa.float64(), [1e10], ["1E10"]), (pa.float64(), [0.1], ["0.10000000000000002"]),
    (pa.float64(), [float("inf")], ["1e999"]), (pa.float64(), [float("nan")], ["nan"]),
    (pa.float64(), [9007199254740992.0], ["9007199254740993"]), (pa.decimal128(10, 1), [Decimal("1.2")], ["1.25"]),
    (pa.bool_(), [False], ["NO"]), (pa.bool_(), [True], ["1"]), (pa.string(), [None], ["NA"]), (pa.string(), ["a"], [" a"]),
    (pa.date32(), [DAY(1970, 1, 1)], ["1970-01-02"]), (pa.date32(), [DAY(2024, 3, 4)], ["03/04/2024"]),
    (pa.date32(), [DAY(2024, 3, 14), DAY(2024, 3, 15)], ["14/03/2024", "14/03/2024"]),
    (UTC, [0], ["1970-01-01T01:00:00Z"]), (UTC, [0], ["1970-01-01T00:00:00"]),
    (pa.time64("us"), [1], ["00:00:00.0000011"]), (pa.null(), [None], ["NA"]),
]

NO_CHANGES = [
    (pa.int64(), [7], [" 7"]), (pa.int64(), [1234567], ["1,234,567"]), (pa.float64(), [1.5], ["1.50"]),
    (pa.float64(), [1e10, 1.5], ["1E10", "1.5"]), (pa.float64(), [1234.5], ["1.234,5"]), (pa.float64(), [0.1], ["0.1"]),
    (pa.bool_(), [True], ["TRUE"]), (pa.date32(), [DAY(2024, 3, 14), DAY(2024, 4, 3)], ["14/03/2024", "03/04/2024"]),
    (UTC, [-3600 * 10**6], ["1970-01-01T00:00:00+01:00"]), (pa.decimal128(10, 2), [Decimal("1.50")], ["1.5"]),
    (pa.timestamp("ns"), [1], ["1970-01-01T00:00:00.000000001"]), (pa.string(), [None, ""], ["", ""]),
    (pa.null(), [None], [""]),
]


def check():
    """Raises where the checker misses a change, or sees one where there is none."""
    for cases, is_change in ((CHANGES, True), (NO_CHANGES, False)):
        for type_, values, texts in cases:
            found, _ = changed(pa.field("cell", type_), pa.array(values, type_), texts, 0)
            if bool(found) != is_change:
                raise SystemExit(f"saying.py is wrong about {texts} as {type_} {values}: {found}")
    integers, cells = pa.array([None, 1], pa.int64()), ["NA", "1"]
    if changed(pa.field("cell", integers.type), integers, cells, 1)[0] or not changed(
            pa.field("cell", integers.type), integers, cells, 0)[0]:
        raise SystemExit("saying.py is wrong about null words that are not reported")


if __name__ == "__main__":
    check()
    print(f"{len(CHANGES) + len(NO_CHANGES) + 2} cases")
