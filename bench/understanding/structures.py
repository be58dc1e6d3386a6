# SPDX-License-Identifier: Apache-2.0
"""Files that differ in what stands around the table: headers, preambles, footnotes, comments, further tables."""

from dialects import COMMON, DELIMITERS, SIZES, some
from values import code, email, integer, decimal, date, sentence, url, CITIES, COUNTRIES
from writing import Form

TITLES = ["Quarterly report", "Export of 2024-03-01", "Table 4. Results by region", "Prepared by the statistics office",
          "All figures are preliminary", "Confidential", "Monthly overview, all regions"]
KEYS = ["Source: national registry", "Created: 2024-03-01 10:22", "Author: J. Smith", "Version: 1.4", "Unit: kWh"]
NOTES = ["Source: own survey.", "* preliminary figures", "Note: values are rounded.", "(c) 2024 Statistics Office",
         "1) without islands", "Last updated 2024-05-02"]
TYPED = ["spending", "stock_prices", "weather", "matches", "coordinates", "sensors", "energy", "flights", "census",
         "lab_plate", "spectra", "tide"]


def generate(corpus):
    for part in (headers, no_header, several_header_rows, preambles, footnotes, stacked, tiny, trailing, ragged, comments):
        part(corpus)


def headers(corpus):
    """Headers that look like data, and data that looks like headers."""
    for number in range(16):
        label, r = f"years_{number}", corpus.random("header", "years", number)
        years = [str(year) for year in range(1990 + number, 1990 + number + r.randint(3, 12))]
        rows = [[country] + [decimal(0, 100, 1)(r) for _ in years] for country in COUNTRIES]
        corpus.add("header", label, ["country"] + years, rows, Form(",;"[number % 2]))
    for number in range(12):
        label, r = f"integers_{number}", corpus.random("header", "integers", number)
        width = r.randint(3, 9)
        rows = [[decimal(-1, 1, 4)(r) for _ in range(width)] for _ in range(r.choice(SIZES[1:]))]
        corpus.add("header", label, [str(column) for column in range(width)], rows, Form(",;\t|"[number % 4]))
    for number in range(12):
        label, r = f"all_text_{number}", corpus.random("header", "text", number)
        rows = [[r.choice(CITIES), r.choice(COUNTRIES), r.choice(["yes", "no"]), email(r)] for _ in range(r.choice(SIZES))]
        corpus.add("header", label, ["city", "country", "member", "contact"], rows, Form(",;\t|"[number % 4]))
    for number in range(8):
        label = f"duplicates_{number}"
        names, rows, r = some(corpus, "header", label, domain=TYPED[number])
        names = [names[0]] + [names[1]] * (len(names) - 1) if number % 2 else names[:1] + [""] + names[2:]
        corpus.add("header", label, names, rows)
    for number in range(4):
        label = f"two_lines_in_a_name_{number}"
        names, rows, r = some(corpus, "header", label, domain=TYPED[number])
        corpus.add("header", label, names[:-1] + [names[-1] + "\nin units"], rows)


def no_header(corpus):
    for number, domain in enumerate(TYPED * 3):
        label = f"typed_{number}"
        names, rows, r = some(corpus, "no_header", label, domain=domain)
        corpus.add("no_header", label, None, rows, Form(",;\t|"[number // 12 + number % 2]))
    for number in range(12):
        label, r = f"all_text_{number}", corpus.random("no_header", "text", number)
        rows = [[code("AB-9999")(r), r.choice(["yes", "no"]), email(r), url(r)] for _ in range(r.choice(SIZES[1:]))]
        corpus.add("no_header", label, None, rows, Form(",;\t|"[number % 4]))
    for number in range(8):
        label, r = f"numbers_{number}", corpus.random("no_header", "numbers", number)
        width = r.randint(2, 12)
        rows = [[integer(0, 999)(r) if column % 2 else decimal(0, 9, 3)(r) for column in range(width)]
                for _ in range(r.choice(SIZES[1:]))]
        corpus.add("no_header", label, None, rows, Form(",;\t "[number % 4]))


def several_header_rows(corpus):
    """Names in two or three rows; a group's name stands over its first column and empty cells follow."""
    for depth in (2, 3):
        for number, domain in enumerate((TYPED * 2)[:20]):
            label = f"{depth}_rows_{number}"
            names, rows, r = some(corpus, "header_rows", label, r_size(corpus, label), domain)
            groups = ["Site"] + ["Measured"] * (len(names) - 1) if number % 2 else ["Key"] * 2 + ["Value"] * (len(names) - 2)
            top = [text if at == 0 or groups[at - 1] != text else "" for at, text in enumerate(groups)]
            units = [("unit", "count", "text")[at % 3] for at in range(len(names))]
            header = [top, names] + ([units] if depth == 3 else [])
            joined = [" ".join(parts) for parts in zip(groups, *header[1:])]
            corpus.add("header_rows", label, joined, rows, Form(",;"[number % 2]), header=header)


def r_size(corpus, label):
    return corpus.random("size", label).choice(SIZES[1:])


def lines_above(r, count, delimiter):
    """A preamble: titles, notes, `key: value`, perhaps with a blank line at its end, perhaps padded with delimiters."""
    lines = [r.choice(TITLES)] + [r.choice(TITLES + KEYS) for _ in range(count - 1)]
    if count > 1 and r.random() < 0.5:
        lines[-1] = ""
    return lines


def preambles(corpus):
    for count in (1, 2, 3, 4, 5):
        for number in range(18):
            label = f"{count}_lines_{number}"
            names, rows, r = some(corpus, "preamble", label, r_size(corpus, label), TYPED[number % 12])
            delimiter = ",;\t"[number % 3]
            head = lines_above(r, count, delimiter)
            if number % 6 == 5:
                head = [line + delimiter * (len(names) - 1) for line in head]
            corpus.add("preamble", label, names, rows, Form(delimiter), head=head)


def footnotes(corpus):
    for count in (1, 2, 3):
        for number in range(18):
            label = f"{count}_lines_{number}"
            names, rows, r = some(corpus, "footnote", label, r_size(corpus, label), TYPED[number % 12])
            foot = r.sample(NOTES, count)
            if number % 2:
                foot = ["", *foot]
            head = lines_above(r, 2, ",") if number % 3 == 2 else []
            corpus.add("footnote", label, names, rows, Form(",;\t"[number % 3]), head=head, foot=foot,
                       footnote_rows=count)


def stacked(corpus):
    for number in range(48):
        label = f"{number}"
        names, rows, r = some(corpus, "stacked", label, r_size(corpus, label), TYPED[number % 12])
        form = Form(",;\t|"[number % 4])
        second = some(corpus, "stacked", label + "b", r.choice((3, 10, 40)), r.choice(["addresses", "payroll", "proteins"]))
        further = [""] * r.randint(1, 3) + [form.line([form.writable(text) for text in row])[0]
                                            for row in [second[0] + ["more"]] + [row + ["1"] for row in second[1]]]
        corpus.add("stacked", label, names, rows, form, further=further)


def tiny(corpus):
    for name, delimiter in COMMON.items():
        for number in range(3):
            label = f"header_only_{name}_{number}"
            names, _, r = some(corpus, "tiny", label, 1)
            corpus.add("tiny", label, names, [], Form(delimiter, newline=("lf", "crlf", "lf")[number],
                                                      final_newline=number != 2))
        for size in (1, 2):
            for number in range(10):
                label = f"{size}_rows_{name}_{number}"
                names, rows, r = some(corpus, "tiny", label, size, (TYPED + ["addresses", "contacts"])[number])
                corpus.add("tiny", label, names, rows, Form(delimiter, final_newline=number % 3 > 0))
    for label, data in (("empty", b""), ("newline", b"\n"), ("blanks", b"  \n\n"), ("bom", b"\xef\xbb\xbf")):
        corpus.write({"name": f"tiny/{label}.csv", "group": "tiny", "half": "tuning", "delimiter": None, "quote": None,
                      "escape": None, "newline": None, "encoding": None, "header_rows": 0, "preamble_rows": 0,
                      "footnote_rows": 0, "comment": None, "names": [], "types": [], "cells": [], "empty": True}, data)


def trailing(corpus):
    """A delimiter more at the end of each line, with or without one in the header."""
    for name, delimiter in COMMON.items():
        for number in range(10):
            label = f"{name}_{number}"
            names, rows, r = some(corpus, "trailing", label, r_size(corpus, label), TYPED[number])
            extra = 1 + number % 3
            form = Form(delimiter)
            replaced = {at: (form.line(row)[0] + delimiter * extra, row) for at, row in enumerate(rows)}
            names_line = names if number % 2 else names + [""] * extra
            corpus.add("trailing", label, names, rows, form, header=[names_line], replaced=replaced)


def ragged(corpus):
    for number in range(48):
        label = f"{('short', 'long', 'both')[number % 3]}_{number}"
        names, rows, r = some(corpus, "ragged", label, r_size(corpus, label), TYPED[number % 12])
        for at in range(len(rows)):
            if r.random() < 0.2:
                if number % 3 == 0 or number % 3 == 2 and r.random() < 0.5:
                    rows[at] = rows[at][:r.randint(2, len(names) - 1)]
                else:
                    rows[at] = rows[at] + ["extra", "more"][:r.randint(1, 2)]
        corpus.add("ragged", label, names, rows, Form(",;\t|"[number % 4]))


def comments(corpus):
    for number in range(36):
        label = f"{number}"
        names, rows, r = some(corpus, "comment", label, r_size(corpus, label), TYPED[number % 12])
        head = ["# " + r.choice(TITLES + KEYS) for _ in range(1 + number % 3)]
        inside = {} if number % 2 else {at: "# " + r.choice(NOTES) for at in r.sample(range(1, len(rows)), 2)}
        if number % 2 == 0 and number % 4 == 0:
            head = []
        corpus.add("comment", label, names, rows, Form(",;\t"[number % 3]), head=head, comments=inside)
