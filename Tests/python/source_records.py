# SPDX-License-Identifier: Apache-2.0
"""A second reading of delimited text, slow and simple, to compare `ingest` with. Standard library only.

It knows what a cell becomes once the delimiter, the header and the types are given, and nothing of how they are found.
"""

import array
import datetime
import decimal
import re

from source_containers import contents
from source_text import decoded, is_utf8

NULL_WORDS = ["NA", "N/A", "#N/A", "null", "NULL", "None", "-"]
DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"] + [
    pattern.replace("-", separator) for pattern in ("%d-%m-%Y", "%m-%d-%Y") for separator in "-/."
]


def utf8_contents(path):
    """The texts of a file in UTF-8, whatever they are written in; members that are no text as they are."""
    return {name: _utf8(data) for name, data in contents(path).items()}


def _utf8(data):
    try:
        return data if is_utf8(data) else decoded(data).encode()
    except UnicodeDecodeError:
        return data


def records(data, delimiter):
    """The records of a text (RFC 4180): lists of (cell, whether it was quoted). A quote that never closes is text."""
    text = decoded(data)
    found, record, position = [], [], 0
    end_of_cell = re.compile(f"[{re.escape(delimiter)}\n]|\r\n" if "\n" in text else f"[{re.escape(delimiter)}\r]")
    while position < len(text):
        cell, quoted, position = _quoted(text, position) if text[position] == '"' else (None, False, position)
        match = end_of_cell.search(text, position)
        end = match.start() if match else len(text)
        record.append(((cell or "") + text[position:end], quoted))
        position = end
        if position < len(text) and text[position] == delimiter:
            position += 1
            if position < len(text):
                continue
            record.append(("", False))
        found.append(record)
        record = []
        position += 2 if text.startswith("\r\n", position) else 1
    return found


def _quoted(text, start):
    """A quoted cell up to its closing quote: (cell, True, position behind it)."""
    position = start + 1
    while (end := text.find('"', position)) >= 0:
        if not text.startswith('""', end):
            return text[start + 1:end].replace('""', '"'), True, end + 1
        position = end + 2
    return None, False, start


def expected_columns(data, dialect, schema):
    """The values of each column of a table with this schema (pyarrow's)."""
    names = schema.names
    has_extra = names[-1] == "_extra" and str(schema.field("_extra").type).startswith("list")
    width = len(names) - has_extra
    rows = [record for record in records(data, dialect["delimiter"])]
    is_one_column = width == 1
    while rows and rows[0] == [("", False)] and dialect["header"] != "absent":
        rows.pop(0)
    rows = rows[0 if dialect["header"] == "absent" else 1:]
    rows = [row for row in rows if is_one_column or row != [("", False)]]
    columns = {}
    for index, name in enumerate(names[:width]):
        cells = [row[index] if index < len(row) else ("", False) for row in rows]
        columns[name] = converted(cells, str(schema.field(name).type))
    if has_extra:
        columns["_extra"] = [surplus(row[width:]) for row in rows]
    return columns


def surplus(cells):
    while cells and cells[-1] == ("", False):
        cells = cells[:-1]
    return [None if cell == ("", False) else cell[0] for cell in cells] or None


def converted(cells, kind):
    """The values of a column's cells under its type."""
    if kind == "string":
        return [None if cell == ("", False) else cell[0] for cell in cells]
    texts = [None if not quoted and (not text.strip() or text.strip() in NULL_WORDS) else text.strip()
             for text, quoted in cells]
    if kind == "date32[day]":
        return dates(texts)
    if kind == "timestamp[ns]":
        return [None if text is None else nanoseconds(text) for text in texts]
    if kind.startswith("timestamp[us") and any(text and not ISO_START.match(text) for text in texts):
        return moments(texts)
    if kind in ("int64", "uint64", "double") or kind.startswith("decimal"):
        texts = plain_numbers(texts)
    if kind.startswith("decimal"):
        scale = decimal.Decimal(1).scaleb(-int(re.search(r", (\d+)\)", kind)[1]))
        return [None if text is None else decimal.Decimal(text).quantize(scale, context=DIGITS) for text in texts]
    convert = {"time64[us]": datetime.time.fromisoformat, "null": str, "int64": int, "uint64": int, "double": float, "bool": boolean,
               "timestamp[us]": datetime.datetime.fromisoformat, "timestamp[us, tz=UTC]": utc}[kind]
    return [None if text is None else convert(text) for text in texts]


ISO_START = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:")
DIGITS = decimal.Context(prec=60)


def nanoseconds(text):
    """The nanoseconds since 1970 of an ISO timestamp without a zone."""
    seconds, _, fraction = text.partition(".")
    since = datetime.datetime.fromisoformat(seconds) - datetime.datetime(1970, 1, 1)
    return (since.days * 86400 + since.seconds) * 10**9 + int((fraction + "0" * 9)[:9])


def moments(texts):
    """Numeric dates with times, in the one order of the column."""
    parts = [(None, None) if text is None else text.split(" ") for text in texts]
    days = dates([day if day is None else re.sub(r"\b(\d)\b", r"0\1", day) for day, _ in parts])
    times = [None if time is None else datetime.time.fromisoformat(time.zfill(8) if time.count(":") == 2 and "." not in
             time else time.zfill(5)) for _, time in parts]
    return [None if day is None else datetime.datetime.combine(day, time) for day, time in zip(days, times)]


def plain_numbers(texts):
    """Without marks between thousands, and with a decimal point, as the one format of the column has them."""
    cells = [text for text in texts if text is not None]
    if not any(re.search(r"[,' \u00a0\u202f]", text) for text in cells) and not any(t.count(".") > 1 for t in cells):
        return texts
    for group, point in [("", ","), (",", "."), (".", ","), ("'", "."), (" \u00a0\u202f", ","), (" \u00a0\u202f", ".")]:
        groups = rf"\d{{1,3}}([{group}]\d{{3}})*|" if group else ""
        if all(re.fullmatch(rf"-?({groups}\d+)([{point}]\d+)?", text) for text in cells):
            table = str.maketrans(point, ".", group)
            return [None if text is None else text.translate(table) for text in texts]
    return texts


def boolean(text):
    return {"true": True, "false": False}[text.lower()]


def utc(text):
    return datetime.datetime.fromisoformat(text).astimezone(datetime.timezone.utc)


def dates(texts):
    """Dates in the one format that reads them all."""
    readings = []
    for pattern in DATE_FORMATS:
        try:
            readings.append([None if text is None else datetime.datetime.strptime(text, pattern).date()
                             for text in texts])
        except ValueError:
            pass
    if len(readings) != 1:
        raise ValueError(f"{len(readings)} formats read all of {texts[:3]}…")
    return readings[0]


def same(left, right):
    """Whether two values are the same: floats bit for bit, but any NaN is as good as another."""
    if isinstance(left, float) and isinstance(right, float):
        return left != left and right != right or bits([left]) == bits([right])
    return type(left) is type(right) and left == right


def same_values(left, right):
    """Whether two columns are surely the same: as `same` for each, but fast. False also where there are NaNs."""
    if left != right or list(map(type, left)) != list(map(type, right)):
        return False
    return bits(left) == bits(right) if float in map(type, left) else True


def bits(values):
    return array.array("d", (value for value in values if value is not None)).tobytes()
