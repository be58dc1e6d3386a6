# SPDX-License-Identifier: Apache-2.0
"""Clean tables with one fault each, in every row and column where it makes a difference.

The faults are those of "Pollock: A Data Loading Benchmark" (Vitagliano and others, 2023). The truth is what a careful
person would read: a fault in one row leaves all other rows alone.
"""

import dataclasses

from base_tables import bases



def generate(corpus):
    for base in bases(corpus.seed):
        for part in (files, forms, headers, surroundings, stacked, shapes, delimiters_of_rows, quotes_of_rows, lines):
            part(corpus, base)


def spots(rows):
    """The rows in which a fault is put: at both ends and in the middle."""
    count = len(rows)
    return sorted({0, 1, count // 3, count // 2, count - 2, count - 1} & set(range(count)))


def columns(base, random_):
    """At most seven columns of a table, the first and the last among them."""
    width = len(base.names)
    inner = list(range(1, width - 1))
    return sorted({0, width - 1} | set(random_.sample(inner, min(5, len(inner)))))


def alter(base, **changes):
    return dataclasses.replace(base.form, **changes)


# Whole files

def files(corpus, base):
    add = lambda label, rows, form=base.form, **others: corpus.add(  # noqa: E731
        "file", f"{base.name}_{label}", base.names, rows, form, **others)
    add("clean", base.rows)
    add("header_only", [])
    add("one_row", base.rows[:1])
    add("two_rows", base.rows[:2])
    add("no_final_newline", base.rows, alter(base, final_newline=False))
    add("one_row_no_final_newline", base.rows[:1], alter(base, final_newline=False))
    for count in (1, 2, 10):
        if len(base.names) > 1:
            add(f"blank_end_{count}", base.rows, foot=[""] * count, footnote_rows=0)
            add(f"blank_start_{count}", base.rows, head=[""] * count)


def forms(corpus, base):
    """The same table in other forms."""
    add = lambda label, form: corpus.add("form", f"{base.name}_{label}", base.names, base.rows, form)  # noqa: E731
    for newline in ("lf", "cr", "crlf", "mixed"):
        add(f"newline_{newline}", alter(base, newline=newline))
    add("mark", alter(base, mark=True))
    add("utf16le", alter(base, encoding="utf-16-le", mark=True))
    add("cp1252", alter(base, encoding="cp1252"))
    if len(base.names) == 1:
        return
    for delimiter, label in ((",", "comma"), (";", "semicolon"), ("\t", "tab"), (", ", "comma_blank"), ("|", "pipe"),
                             ("^", "caret"), ("~", "tilde"), ("||", "pipes")):
        for quoting in ("minimal", "all"):
            add(f"{label}_{quoting}", alter(base, delimiter=delimiter, quoting=quoting))
        add(f"{label}_apostrophe", alter(base, delimiter=delimiter, quote="'", quoting="all"))
        add(f"{label}_bare", alter(base, delimiter=delimiter, quote=None))
        add(f"{label}_backslash", alter(base, delimiter=delimiter, escape="backslash", quoting="all"))
    unescaped_quotes(corpus, base)


def unescaped_quotes(corpus, base):
    """Quotes within quoted cells that nothing escapes."""
    form = alter(base, quoting="all")
    replaced = {}
    for at, row in enumerate(base.rows):
        if any('"' in cell for cell in row):
            if any(f'"{base.form.delimiter}' in cell for cell in row):
                row = [cell.replace(f'"{base.form.delimiter}', '"') for cell in row]
            replaced[at] = (base.form.delimiter.join(f'"{cell}"' for cell in row), row)
    if replaced:
        corpus.add("form", f"{base.name}_unescaped", base.names, base.rows, form, replaced=replaced)


# Headers

def headers(corpus, base):
    width = len(base.names)
    if base.name != "words":  # Two words in each line are a table as well.
        corpus.add("header", f"{base.name}_none", None, base.rows, base.form)
    if width == 1:
        return
    add = lambda label, names, **others: corpus.add(  # noqa: E731
        "header", f"{base.name}_{label}", names, base.rows, base.form, **others)
    groups = [f"group {at // 3 + 1}" if at % 3 == 0 else "" for at in range(width)]
    spread = [f"group {at // 3 + 1}" for at in range(width)]
    units = [f"[u{at}]" for at in range(width)]
    if sum(any(character.isdigit() for character in cell) for cell in base.rows[0]) >= 2:
        add("double_units", [f"{a} {b}" for a, b in zip(base.names, units)], header=[base.names, units])
        add("double_groups", [f"{a} {b}" for a, b in zip(spread, base.names)], header=[groups, base.names])
        add("triple", [f"{a} {b} {c}" for a, b, c in zip(spread, base.names, units)],
            header=[groups, base.names, units])
    add("all_same", ["name"] * width)
    add("some_same", base.names[:-1] + base.names[:1])
    add("last_empty", base.names[:-1] + [""])
    add("first_empty", [""] + base.names[1:])
    add("long", [name + " of the thing that was measured here" * 8 for name in base.names])
    add("blanks", [f" {name} " for name in base.names],
        header_line=base.form.delimiter.join(f" {name} " for name in base.names))
    add("less", base.names[:-1] + [""], header_line=base.form.delimiter.join(base.names[:-1])) if width > 2 else None
    add("upper", [name.upper().replace(" ", "_") for name in base.names])


# Around the table

TITLES = [["Report of the second quarter"], ["Stock list", "printed on 3 May 2023"], ["Title", ""], ["Title", "", ""],
          ["Institute of Weather", "Station: 12", "Period: 2019 to 2023", "Contact: info@weather.example", ""]]
WITH_DELIMITERS = [["Report{d}second quarter"], ["Station{d}Nord", "Height{d}312", ""], ["Title{e}", "Date{d}2023{e}", "{e}"],
                   ["This report lists all items, prices and dates, as known to us."]]
FOOTNOTES = [["", "Source: own survey"], ["Source: own survey"], ["", "* provisional", "** estimated"],
             ["", "All figures are provisional, and may change without notice."]]


def surroundings(corpus, base):
    width = len(base.names)
    if width < 3:
        return
    add = lambda label, **others: corpus.add(  # noqa: E731
        "surroundings", f"{base.name}_{label}", base.names, base.rows, base.form, **others)
    delimiter = base.form.delimiter
    for at, head in enumerate(TITLES):
        add(f"title_{at}", head=head)
    for at, head in enumerate(WITH_DELIMITERS):
        add(f"title_delimiters_{at}",
            head=[line.format(d=delimiter, e=delimiter * (width - 1 - line.count("{d}"))) for line in head])
    for at, foot in enumerate(FOOTNOTES):
        add(f"footnote_{at}", foot=foot, footnote_rows=sum(map(bool, foot)))
    add("comments_above", head=["# made by export 2.1", "# 2023-05-01"])
    add("both", head=["Stock list", ""], foot=["", "Source: own survey"], footnote_rows=1)


def stacked(corpus, base):
    """A second table below the first."""
    width = len(base.names)
    if width < 3:
        return
    line = lambda cells: base.form.line(cells)[0]  # noqa: E731
    tables = {
        "same": [line([f"x{name}" for name in base.names])] + [line(row) for row in base.rows[:8]],
        "less": [line(["part", "sum"]), line(["north", "12"]), line(["south", "31"]), line(["east", "8"])],
        "more": [line([f"y{at}" for at in range(width + 2)])] + [line([str(at * k) for at in range(width + 2)]) for k in range(2, 9)],
    }
    for label, table in tables.items():
        for blanks in (1, 2):
            corpus.add("stacked", f"{base.name}_{label}_{blanks}", base.names, base.rows, base.form,
                       further=[""] * blanks + table)
        corpus.add("stacked", f"{base.name}_{label}_title", base.names, base.rows, base.form,
                   further=["", "Second table"] + table)


# Single rows

def with_row(corpus, group, base, label, at, line, cells, form=None):
    corpus.add(group, f"{base.name}_{label}_row{at}", base.names, base.rows, form or base.form, replaced={at: (line, cells)})


def shapes(corpus, base):
    """Rows of other lengths, blank rows, comments, and records that run into each other."""
    width = len(base.names)
    if width == 1:
        return
    form, rows = base.form, base.rows
    line = lambda cells: form.line(cells)[0]  # noqa: E731
    for at in spots(rows):
        row = rows[at]
        for less in {1, width // 2} - {0}:
            if width - less > 1 or width == 2:
                with_row(corpus, "row_length", base, f"less{less}", at, line(row[:-less]), row[:-less])
        for more in (1, 2, 5):
            extra = [f"more {number}" for number in range(more)]
            with_row(corpus, "row_length", base, f"more{more}", at, line(row + extra), row + extra)
        with_row(corpus, "row_length", base, "trailing", at, line(row) + form.delimiter, row)
        with_row(corpus, "row_length", base, "empty_cells", at, form.delimiter * (width - 1), [""] * width)
        if at > 0:
            corpus.add("row_between", f"{base.name}_blank_row{at}", base.names, rows, form, between={at: ""})
            corpus.add("row_between", f"{base.name}_blanks_row{at}", base.names, rows, form, between={at: "   "})
            corpus.add("row_between", f"{base.name}_comment_row{at}", base.names, rows, form,
                       comments={at: "# checked by hand"})
        if at + 1 < len(rows):
            merged = row + rows[at + 1]
            both = rows[:at] + [merged] + rows[at + 2:]
            corpus.add("row_merged", f"{base.name}_delimiter_row{at}", base.names, both, form)
            glued = row[:-1] + [row[-1] + rows[at + 1][0]] + rows[at + 1][1:]
            text = line(row) + line(rows[at + 1])
            if '"' not in line(row[-1:]) + line(rows[at + 1][:1]):
                corpus.add("row_merged", f"{base.name}_glued_row{at}", base.names, rows[:at] + [glued] + rows[at + 2:], form,
                           replaced={at: (text, glued)})
            split(corpus, base, at)


def split(corpus, base, at):
    """A record that a line end cuts in two."""
    cut = len(base.names) // 2
    first, second = base.rows[at][:cut], base.rows[at][cut:]
    if cut > 1 or len(base.names) == 2:
        corpus.add("row_split", f"{base.name}_row{at}", base.names,
                   base.rows[:at] + [first, second] + base.rows[at + 1:], base.form)


def delimiters_of_rows(corpus, base):
    """A row in which one delimiter is missing or too many, or all are others."""
    form = base.form
    random_ = corpus.random("delimiters", base.name)
    for at in spots(base.rows):
        row = base.rows[at]
        written = [form.cell(text, number == 0)[0] for number, text in enumerate(row)]
        for column in columns(base, random_):
            if column + 1 < len(row):
                missing_delimiter(corpus, base, at, column, written)
            if base.name == "words":
                continue  # A text may end with a comma.
            line = form.delimiter.join(written[:column + 1] + [""] + written[column + 1:])
            with_row(corpus, "extra_delimiter", base, f"col{column}", at, line, row[:column + 1] + [""] + row[column + 1:])
        for other in {",", ";", "\t", "|"} - {form.delimiter}:
            if len(row) > 1 and not any(set(",;|\t") & set(cell) for cell in row) and form.quoting != "all":
                label = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}[other]
                with_row(corpus, "other_delimiter", base, label, at, other.join(row), [other.join(row)])


def missing_delimiter(corpus, base, at, column, written):
    """Two cells run into each other; quotes between them make no difference."""
    row = base.rows[at]
    first, second = written[column], written[column + 1]
    if second[:1] == '"' and first[:1] != '"':
        return  # A quote within a bare cell is text, and what stands behind it can be read in several ways.
    glue = '"' if first[-1:] == '"' and second[:1] == '"' else ""
    line = base.form.delimiter.join(written[:column] + [first + second] + written[column + 2:])
    cells = row[:column] + [row[column] + glue + row[column + 1]] + row[column + 2:]
    with_row(corpus, "missing_delimiter", base, f"col{column}", at, line, cells)


def quotes_of_rows(corpus, base):
    """A row with one quote too many, or one that is not closed."""
    form = base.form
    random_ = corpus.random("quotes", base.name)
    for at in spots(base.rows):
        row = base.rows[at]
        written = [form.cell(text, number == 0)[0] for number, text in enumerate(row)]
        for column in columns(base, random_):
            text = written[column]
            is_quoted = text[:1] == '"'
            inner = text[1:-1] if is_quoted else text
            if len(inner) < 3 or '"' in inner:
                continue
            middle = len(inner) // 2
            for place, faulty in (("start", '"' + inner), ("middle", inner[:middle] + '"' + inner[middle:]), ("end", inner + '"')):
                line = form.delimiter.join(written[:column] + [f'"{faulty}"' if is_quoted else faulty] + written[column + 1:])
                with_row(corpus, f"stray_quote_{place}", base, f"col{column}", at, line, row[:column] + [faulty] + row[column + 1:])
            if is_quoted and form.delimiter not in inner:
                line = form.delimiter.join(written[:column] + ['"' + inner] + written[column + 1:])
                with_row(corpus, "unclosed_quote", base, f"col{column}", at, line,
                         row[:column] + ['"' + inner] + row[column + 1:])
                line = form.delimiter.join(written[:column] + [inner + '"'] + written[column + 1:])
                with_row(corpus, "unopened_quote", base, f"col{column}", at, line,
                         row[:column] + [inner + '"'] + row[column + 1:])


def lines(corpus, base):
    """Cells of several lines, and quoted cells that hold what else has a meaning."""
    form, width = base.form, len(base.names)
    texts = {"newline": "first line\nsecond line", "blank_line": "above\n\nbelow", "delimiters": "a,b;c\td|e",
             "quotes": 'so "quoted" here', "only_quotes": '""', "hash": "# no comment"}
    for at in spots(base.rows):
        for label, text in texts.items():
            row = list(base.rows[at])
            row[min(at, width - 1) if at < width else width - 1] = text
            if width == 1 and label == "hash":
                continue
            with_row(corpus, "content", base, label, at, form.line(row)[0], row)
