# SPDX-License-Identifier: Apache-2.0
"""Tables in a chosen form with something above, something below and a fault within, all drawn by lot."""

import dataclasses

from base_tables import bases
from single_faults import FOOTNOTES, TITLES

COUNT = 900


def generate(corpus):
    tables = [base for base in bases(corpus.seed) if len(base.names) > 2]
    for at in range(COUNT):
        compound(corpus, at, corpus.random("compound", at), tables)


def compound(corpus, at, random_, tables):
    base = random_.choice(tables)
    form = dataclasses.replace(
        base.form, delimiter=random_.choice([",", ";", "\t", "|", ",", ";"]), newline=random_.choice(["lf", "crlf", "lf", "cr"]),
        quoting=random_.choice(["minimal", "minimal", "all", "text"]), mark=random_.random() < 0.1,
        final_newline=random_.random() < 0.8, escape=random_.choice(["doubled"] * 5 + ["backslash"]))
    rows = base.rows[:random_.choice([len(base.rows)] * 3 + [4, 9, 20])]
    header = header_of(base, rows, random_)
    head = list(random_.choice([()] * 3 + [head_of(kind, random_) for kind in range(5)]))
    if not header[0]:
        head = []  # Nothing tells a title from a first row of text.
    foot = random_.choice([[], [], []] + FOOTNOTES)
    replaced = fault(form, rows, random_) if random_.random() < 0.5 else None
    corpus.add("compound", f"{at:03}_{base.name}", header[0], rows, form, header=header[1], head=head, foot=foot,
               footnote_rows=sum(map(bool, foot)), replaced=replaced)


def header_of(base, rows, random_):
    """The names, and the rows in which they are written."""
    draw = random_.random()
    figures = sum(any(character.isdigit() for character in cell) for cell in rows[0])
    if draw < 0.15 and figures > 2:
        return None, None
    if draw < 0.3 and figures > 2 and len(rows) > 5:
        units = [f"[u{at}]" for at in range(len(base.names))]
        return [f"{name} {unit}" for name, unit in zip(base.names, units)], [base.names, units]
    return base.names, None


def head_of(kind, random_):
    """Lines above a table."""
    return [TITLES[0], TITLES[2], TITLES[4], ["Exported: 2024-03-01 10:22", ""], ["# comment one", "# comment two"]][kind]


def fault(form, rows, random_):
    """One row with a fault: the line, and the cells that are in it."""
    at = random_.randrange(len(rows))
    row = [form.writable(text) for text in rows[at]]
    written = [form.cell(text, number == 0)[0] for number, text in enumerate(row)]
    column = random_.randrange(len(row) - 1)
    kind = random_.choice(["less", "more", "extra", "quote_middle", "quote_start", "quote_end"])
    if kind == "less":
        return {at: (form.delimiter.join(written[:-1]), row[:-1])}
    if kind == "more":
        return {at: (form.delimiter.join(written + ["more"]), row + ["more"])}
    if kind == "extra":
        return {at: (form.delimiter.join(written[:column] + [""] + written[column:]), row[:column] + [""] + row[column:])}
    text = row[column]
    if len(text) < 3 or '"' in text or written[column] != text or form.escape == "backslash":
        return None
    middle = len(text) // 2
    faulty = {"quote_middle": text[:middle] + '"' + text[middle:], "quote_start": '"' + text, "quote_end": text + '"'}[kind]
    return {at: (form.delimiter.join(written[:column] + [faulty] + written[column + 1:]), row[:column] + [faulty] + row[column + 1:])}
