# SPDX-License-Identifier: Apache-2.0
"""What a tool made of a file, and how far that is the truth."""

import dataclasses
import datetime
import decimal

from rules import DATE_FORMATS, NULL_WORDS, column_names

UTC = datetime.timezone.utc
ASPECTS = ("exact", "delimiter", "quote", "header", "form", "structure", "types")
ENCODINGS = {"cp1252": "windows-1252", "utf-16-le": "utf-16le", "utf-16-be": "utf-16be"}


@dataclasses.dataclass
class Reading:
    """A tool's reading. `columns` are (kind, values); what does not fit them stands in `surplus`, a list for each row."""

    error: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    newline: str | None = None
    encoding: str | None = None
    comment: str | None = None
    header_rows: int = 0
    preamble_rows: int | None = None
    footnote_rows: int | None = None
    names: list | None = None
    types: list | None = None
    columns: list = dataclasses.field(default_factory=list)
    surplus: list | None = None

    @staticmethod
    def of_rows(rows, header_rows, **others):
        """A reading of rows of text, the first of which may be names."""
        names = rows[0] if header_rows and rows else None
        body = rows[1:] if names is not None else rows
        body = [row for row in body if row]
        width = len(names) if names is not None else max(map(len, body), default=0)
        columns = [("utf8", [row[at] if at < len(row) else "" for row in body]) for at in range(width)]
        return Reading(header_rows=header_rows, names=names, columns=columns,
                       surplus=[row[width:] for row in body], **others)

    @property
    def rows(self):
        return len(self.columns[0][1]) if self.columns else 0


def judge(truth, reading):
    """The marks of a reading: what each aspect scores from 0 to 1, None where the file says nothing of it, and why."""
    if truth.get("empty"):
        return {"exact": float(reading.rows == 0)}, None if reading.rows == 0 else f"{reading.rows} rows of nothing"
    if reading.error:
        return dict.fromkeys(ASPECTS, 0.0), reading.error
    difference = table_difference(truth, reading)
    marks = {
        "exact": float(difference is None),
        "delimiter": None if truth["delimiter"] is None else
        float((reading.delimiter or "").strip(" ") == truth["delimiter"].strip(" ")),
        "quote": float(same_quote(truth, reading)),
        "header": float(reading.header_rows == truth["header_rows"]),
        "form": form_mark(truth, reading),
        "structure": structure_mark(truth, reading),
        "types": type_mark(truth, reading),
    }
    return marks, difference or type_difference(truth, reading)


def same_quote(truth, reading):
    """Whether the quote is right. Where no cell is quoted, the usual one is right as well."""
    if truth["quote"] is None:
        return reading.quote in (None, "", '"')
    escape = reading.escape in (None, truth["escape"]) or truth["escape"] == "doubled"
    return reading.quote == truth["quote"] and (escape or not uses_escape(truth))


def uses_escape(truth):
    return any(truth["quote"] in cell for row in truth["cells"] for cell in row)


def form_mark(truth, reading):
    """Whether line ends, encoding and comments are right; comments above the table may be a preamble."""
    encoding = ENCODINGS.get(truth["encoding"], truth["encoding"])
    comments = {truth["comment"]} | ({None, "#"} if truth["group"] == "comment" and truth["preamble_rows"] else set())
    return float(reading.newline == truth["newline"] and (reading.encoding or "").lower() == encoding
                 and reading.comment in comments)


def structure_mark(truth, reading):
    """Whether the numbers of lines above and below are right; comments and blank lines above count as either."""
    if reading.preamble_rows is None:
        return None
    above = {truth["preamble_rows"], truth["preamble_rows"] - truth.get("preamble_blank_rows", 0)} | ({0} if truth["group"] == "comment" else set())
    return float(reading.preamble_rows in above and reading.footnote_rows == truth["footnote_rows"])


def type_mark(truth, reading):
    """The share of columns whose type is what the rules say, of those for which they say one."""
    if reading.types is None:
        return None
    known = [at for at, kind in enumerate(truth["types"]) if kind]
    if not known or not truth["cells"]:
        return None
    if len(reading.types) != len(truth["types"]):
        return 0.0
    return sum(reading.types[at] == truth["types"][at] for at in known) / len(known)


def type_difference(truth, reading):
    """The first column of another type."""
    if reading.types is None or not truth["cells"]:
        return None
    for at, (expected, actual) in enumerate(zip(truth["types"], reading.types)):
        if expected and expected != actual:
            example = next((row[at] for row in truth["cells"] if at < len(row) and row[at]), "")
            return f"type of column {at + 1} is {actual}, expected {expected} (such as {example!r})"
    return None


def table_difference(truth, reading):
    """Where the table differs first, or None."""
    expected = [trimmed(row) for row in truth["cells"]]
    width = len(truth["types"])
    if reading.rows != len(expected) and width > 0 and (expected or reading.rows):
        return f"{reading.rows} rows, expected {len(expected)}{shape(truth, reading)}"
    if truth["names"] is not None:
        found = names_without_trailing(reading)
        if len(found) != width or any(not same_name(*pair) for pair in zip(found, truth["names"])):
            return f"names {short(found)}, expected {short(truth['names'])}{shape(truth, reading)}"
    for at, row in enumerate(expected):
        found = row_values(reading, at)
        if len(row) > len(found):
            found += [("utf8", None)] * (len(row) - len(found))
        for column, (kind, value) in enumerate(found):
            text = row[column] if column < len(row) else ""
            if not agree(kind, value, text):
                return f"row {at + 1}, column {column + 1}: {value!r} as {kind}, expected {text!r}{shape(truth, reading)}"
    return None


def shape(truth, reading):
    """What else is wrong in a word."""
    wrong = []
    if truth["delimiter"] and (reading.delimiter or "").strip(" ") != truth["delimiter"].strip(" "):
        wrong.append(f"delimiter {reading.delimiter!r} for {truth['delimiter']!r}")
    if not same_quote(truth, reading):
        wrong.append(f"quote {reading.quote!r}/{reading.escape} for {truth['quote']!r}/{truth['escape']}")
    if reading.header_rows != truth["header_rows"]:
        wrong.append(f"header rows {reading.header_rows} for {truth['header_rows']}")
    return f" ({', '.join(wrong)})" if wrong else ""


def row_values(reading, at):
    cells = [(kind, values[at]) for kind, values in reading.columns]
    return cells + [("utf8", text) for text in (reading.surplus[at] or [] if reading.surplus else [])]


def names_without_trailing(reading):
    """The names, less those of empty columns at the end, which some tools keep."""
    names = list(reading.names or [])
    while len(names) > 1 and is_generated(names[-1]) and len(names) <= len(reading.columns) and not any(
            reading.columns[len(names) - 1][1]):
        names.pop()
    return names


def is_generated(name):
    return not name.strip() or name.startswith(("column", "Unnamed:"))


def same_name(found, expected):
    """Whether a name is right, however a tool makes up names for empty and repeated ones."""
    if found is None:
        return False
    plain = column_names([found])[0]
    return plain == expected or expected.startswith("column_") and is_generated(found) or \
        expected.rpartition("_")[2].isdigit() and plain.startswith(expected.rpartition("_")[0])


def trimmed(row):
    row = list(row)
    while row and not row[-1].strip():
        row.pop()
    return row


def short(items):
    text = repr(items)
    return text if len(text) <= 120 else text[:117] + "…"


def agree(kind, value, text):
    """Whether a value of a typed column is what the text says."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if value is None or value == "":
        return not text or kind != "utf8" and text in NULL_WORDS
    if kind == "utf8":
        return value.replace("\r\n", "\n").replace("\r", "\n").strip() == text
    try:
        return value in READ[kind](text)
    except (KeyError, ValueError, ArithmeticError):
        return False


def numbers(convert):
    def read(text):
        for plain in (text, text.replace(",", ""), text.replace(".", "").replace(",", "."), text.replace(" ", ""),
                      text.replace("'", ""), text.replace("\u202f", "").replace(",", ".")):
            try:
                yield convert(plain)
            except (ValueError, ArithmeticError):
                pass
    return read


def dates(text):
    for pattern in DATE_FORMATS:
        try:
            yield datetime.datetime.strptime(text, pattern).date()
        except ValueError:
            pass


def moments(text):
    for pattern in ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M"):
        try:
            yield datetime.datetime.strptime(text, pattern)
        except ValueError:
            pass
    moment = datetime.datetime.fromisoformat(text)
    yield moment.astimezone(UTC) if moment.tzinfo else moment
    if not moment.tzinfo:
        yield moment.replace(tzinfo=UTC)


READ = {
    "int64": numbers(int), "uint64": numbers(int), "float64": numbers(float), "decimal128": numbers(decimal.Decimal),
    "bool": lambda text: [{"true": True, "false": False}[text.lower()]], "date": dates, "timestamp": moments,
    "time": lambda text: [datetime.time.fromisoformat(text)],
}
