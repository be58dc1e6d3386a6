# SPDX-License-Identifier: Apache-2.0
"""The same for a table that is quoted throughout, with Windows line ends: how Pollock writes its own base table.

Where a quote stands inside of a quoted cell, people see the end of the cell in a quote before a delimiter or a line end
only; so is the truth.
"""

from values import *  # noqa: F403
from writing import Form

ROWS = 84
FORM = Form(newline="crlf", quoting="all")
COLUMNS = [("DATE", date_as("%d/%m/%Y")), ("TIME", clock), ("Qty", integer(0, 40)), ("PRODUCTID", code("AA-9999")),
           ("Price", money), ("ProductType", apostrophes), ("ProductDescription", sentence), ("URL", url), ("Comments", None)]


def base(corpus):
    r = corpus.random("quoted pollution")
    rows = [[make(r) if make else "" for _, make in COLUMNS] for _ in range(ROWS)]
    for at in range(0, ROWS, 7):
        rows[at][5] += ', 10"'
    return [name for name, _ in COLUMNS], rows


def line(cells):
    """A record with every cell in quotes, the empty ones too."""
    return ",".join(FORM.quoted(cell) for cell in cells)


def generate(corpus):
    names, rows = base(corpus)
    lines = {at: (line(row), row) for at, row in enumerate(rows)}
    add = lambda group, label, form=FORM, **others: corpus.add(  # noqa: E731
        group, label, names, rows, form, **{"replaced": lines} | others)
    add("quoted_clean", "base")
    for at, row in enumerate(rows):
        for group, pollute in POLLUTIONS.items():
            add(group, f"row_{at:02}", replaced=lines | {at: pollute(row, at % (len(row) - 1))})
        if at % 4 == 0:
            add("quoted_stray_quote", f"row_{at:02}_empty", replaced=lines | {at: stray_quote(row, 8)})
    for depth in (2, 3):
        joined = [" ".join([name] * depth) for name in names]
        corpus.add("header_rows", f"repeated_{depth}", joined, rows, FORM, header=[names] * depth, replaced=lines)
    preamble = [line(["PREAMBLE"] + [""] * (len(names) - 1)), line([""] * len(names))]
    add("preamble", "quoted_delimited", head=preamble)
    add("preamble", "quoted_delimited_without_blank", head=preamble[:1])
    add("preamble", "quoted_one_cell", head=[line(["PREAMBLE"]), ""])
    for name, delimiter in (("semicolon", ";"), ("tab", "\t"), ("blank", " "), ("comma_blank", ", "), ("pipe", "|")):
        for sign, quote in (("double", '"'), ("single", "'")):
            for escape in ("doubled", "backslash"):
                other = Form(delimiter, quote, escape, "crlf", quoting="all")
                replaced = {at: (delimiter.join(other.quoted(cell) for cell in row), row) for at, row in enumerate(rows)}
                add("quoted_dialect", f"{name}_{sign}_{escape}", other, replaced=replaced)
    for newline in ("lf", "cr"):
        add("quoted_dialect", f"newline_{newline}", Form(newline=newline, quoting="all"))
    bare = {at: (",".join(f'"{cell}"' for cell in row), row) for at, row in enumerate(rows)}
    add("quoted_dialect", "without_escapes", replaced=bare)


def missing_delimiter(row, column):
    """`"a""b"` is one cell, in which a quote stands."""
    cells = row[:column] + [row[column] + '"' + row[column + 1]] + row[column + 2:]
    return line(cells), cells


def extra_delimiter(row, column):
    written = [FORM.quoted(cell) for cell in row]
    return ",".join(written[:column + 1] + [""] + written[column + 1:]), row[:column + 1] + [""] + row[column + 1:]


def stray_quote(row, column):
    """A quote too many at the start of a quoted cell."""
    written = [FORM.quoted(cell) for cell in row]
    written[column] = '"' + written[column]
    return ",".join(written), row[:column] + ['"' + row[column]] + row[column + 1:]


def stray_quote_inside(row, column):
    """A quote in the middle of a quoted cell."""
    text = row[column]
    at = len(text) // 2
    written = [FORM.quoted(cell) for cell in row]
    written[column] = FORM.quoted("\0").replace("\0", text[:at].replace('"', '""') + '"' + text[at:].replace('"', '""'))
    return ",".join(written), row[:column] + [text[:at] + '"' + text[at:]] + row[column + 1:]


POLLUTIONS = {"quoted_missing_delimiter": missing_delimiter, "quoted_extra_delimiter": extra_delimiter,
              "quoted_stray_quote": stray_quote, "quoted_stray_quote_inside": stray_quote_inside}
