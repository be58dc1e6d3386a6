# SPDX-License-Identifier: Apache-2.0
"""One table, polluted in one place for each file, in the manner of Vitagliano et al., "Pollock" (VLDB 2023)."""

from domains import COUNT
from values import *  # noqa: F403
from writing import Form

ROWS = 84
COLUMNS = [("Date", date_as("%d/%m/%Y")), ("Time", clock_seconds), ("Qty", integer(1, 40)), ("Product", code("AA99-999")),
           ("Price", decimal(1, 90, 2)), ("Company", choice("Acme Ltd", "Globex", "Initech", "Umbrella")),
           ("Customer", name), ("City", choice(*CITIES)), ("Email", email)]


def base(corpus):
    r = corpus.random("pollution")
    return [name for name, _ in COLUMNS], [[str(at + 1) if make is COUNT else make(r) for _, make in COLUMNS]
                                           for at in range(ROWS)]


def generate(corpus):
    names, rows = base(corpus)
    corpus.add("pollution_clean", "base", names, rows)
    for at in range(ROWS):
        column = at % (len(names) - 1)
        for group, make in POLLUTIONS.items():
            line, cells = make(list(rows[at]), column)
            corpus.add(group, f"row_{at:02}", names, rows, Form(), replaced={at: (line, cells)})
    for at in range(ROWS):
        column = at % (len(names) - 1)
        line, cells = stray_start(list(rows[at]), 3 + column % 6)
        corpus.add("stray_quote_start", f"row_{at:02}", names, rows, Form(), replaced={at: (line, cells)})


def missing_delimiter(row, column):
    row[column:column + 2] = [row[column] + row[column + 1]]
    return ",".join(row), row


def extra_delimiter(row, column):
    row.insert(column + 1, "")
    return ",".join(row), row


def stray_quote(row, column):
    text = row[3 + column % 6]
    row[3 + column % 6] = text[:2] + '"' + text[2:]
    return ",".join(row), row


def stray_start(row, column):
    """An opening quote that nothing closes: the file has no other."""
    row[column] = '"' + row[column]
    return ",".join(row), row


POLLUTIONS = {"missing_delimiter": missing_delimiter, "extra_delimiter": extra_delimiter, "stray_quote": stray_quote}
