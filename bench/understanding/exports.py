# SPDX-License-Identifier: Apache-2.0
"""Files as programs and offices export them, with several peculiarities at once."""

from contents import comma, grouped_german, grouped_point
from dialects import SIZES, some
from structures import KEYS, NOTES, TITLES, TYPED
from values import *  # noqa: F403
from writing import Form

GERMAN = [("Gemeinde", choice(*CITIES)), ("Stichtag", date_as("%d.%m.%Y")), ("Einwohner", integer(100, 90000)),
          ("Fläche", comma(1, 300, 2)), ("Anteil", comma(0, 1, 4)), ("Bemerkung", sometimes(product, 0.6))]
FRENCH = [("Département", choice(*CITIES)), ("Année", integer(2000, 2024)), ("Dépenses", grouped_german), ("Taux", comma(0, 99, 1)),
          ("Libellé", apostrophes)]
ENGLISH = [("Council", choice(*CITIES)), ("Payment date", date_as("%d/%m/%Y")), ("Supplier", surname_first),
           ("Amount", grouped_point), ("Purpose", sentence), ("Ref", code("99999999"))]
AMERICAN = [("State", choice(*CITIES)), ("Reported", date_as("%m/%d/%Y")), ("Cases", integer(0, 90000)), ("Rate", percent),
            ("Spent", money), ("Contact", email)]
OFFICES = {"german": (GERMAN, ";"), "french": (FRENCH, ";"), "english": (ENGLISH, ","), "american": (AMERICAN, ",")}


def generate(corpus):
    for part in (offices, excel_hint, index_column, blank_lines, padded, quoted_header, spaced_delimiter, reports):
        part(corpus)


def rows_of(columns, count, r):
    return [[make(r) for _, make in columns] for _ in range(count)]


def offices(corpus):
    """An office's export: its language's numbers and dates, often a title, notes, a mark, Windows line ends."""
    for office, (columns, delimiter) in OFFICES.items():
        for number in range(24):
            label = f"{office}_{number}"
            r = corpus.random("office", label)
            form = Form(delimiter, newline=r.choice(["lf", "crlf"]), mark=r.random() < 0.3,
                        encoding="utf-8", quoting=r.choice(["minimal", "minimal", "all"]), final_newline=r.random() < 0.8)
            if number % 6 == 5:
                form = Form(delimiter, newline="crlf", encoding="cp1252")
            head = r.sample([title for title in TITLES if delimiter not in title] + KEYS, r.randint(1, 3)) if r.random() < 0.5 else []
            head += [""] if head and r.random() < 0.5 else []
            notes = [note for note in NOTES if delimiter not in note]
            foot = r.sample(notes, r.randint(1, 2)) if r.random() < 0.4 else []
            blank = [""] if foot and r.random() < 0.6 else []
            corpus.add("office", label, [name for name, _ in columns], rows_of(columns, r.choice(SIZES[1:]), r), form,
                       head=head, foot=blank + foot, footnote_rows=len(foot))


def excel_hint(corpus):
    """The first line that tells a spreadsheet the delimiter."""
    for number in range(16):
        label, delimiter = str(number), ";,\t|"[number % 4]
        names, rows, r = some(corpus, "excel_hint", label, SIZES[1 + number % 4], TYPED[number % 12])
        corpus.add("excel_hint", label, names, rows, Form(delimiter, newline="crlf"), head=["sep=" + delimiter])


def index_column(corpus):
    """A running number without a name, as data frames are exported."""
    for number in range(20):
        label = str(number)
        names, rows, r = some(corpus, "index_column", label, SIZES[1 + number % 5], TYPED[number % 12])
        rows = [[str(at), *row] for at, row in enumerate(rows)]
        corpus.add("index_column", label, ["", *names], rows, Form(",;\t"[number % 3], quoting=("minimal", "text")[number % 2]))


def blank_lines(corpus):
    """Blank lines between records, or several at the end."""
    for number in range(24):
        label = str(number)
        names, rows, r = some(corpus, "blank_lines", label, SIZES[2 + number % 3], TYPED[number % 12])
        form = Form(",;\t|"[number % 4], newline=("lf", "crlf")[number % 2])
        if number % 3 == 0:
            corpus.add("blank_lines", label, names, rows, form, further=[""] * r.randint(1, 4))
        else:
            share = 1 if number % 3 == 1 else 0.15
            between = {at: "" for at in range(len(rows)) if r.random() < share}
            corpus.add("blank_lines", label, names, rows, form, between=between)


def padded(corpus):
    """Cells padded with blanks to one width, as reports are printed."""
    for number in range(20):
        label, delimiter = str(number), ";,|\t"[number % 4]
        names, rows, r = some(corpus, "padded", label, SIZES[1 + number % 4], TYPED[number % 12])
        widths = [max(map(len, column)) + 1 for column in zip(names, *rows)]
        pad = lambda row: delimiter.join(  # noqa: E731
            text.rjust(width) if at else text.ljust(width) for at, (text, width) in enumerate(zip(row, widths)))
        corpus.add("padded", label, names, rows, Form(delimiter), header_line=pad(names),
                   replaced={at: (pad(row), row) for at, row in enumerate(rows)})


def quoted_header(corpus):
    """Names in quotes, data without, or the other way round."""
    for number in range(16):
        label, delimiter = str(number), ",;\t|"[number % 4]
        names, rows, r = some(corpus, "quoted_header", label, SIZES[1 + number % 4], TYPED[number % 12])
        form = Form(delimiter)
        if number % 2:
            corpus.add("quoted_header", label, names, rows, form, header_line=delimiter.join(map(form.quoted, names)))
        else:
            corpus.add("quoted_header", label, names, rows, Form(delimiter, quoting="all"), header_line=delimiter.join(names))


def spaced_delimiter(corpus):
    """A blank behind every delimiter, and cells in quotes that hold both."""
    for number in range(16):
        label, delimiter = str(number), (", ", "; ")[number % 2]
        domain = ("contacts", "bank", "movies", "spending")[number % 4]
        names, rows, r = some(corpus, "spaced_delimiter", label, SIZES[1 + number % 4], domain)
        corpus.add("spaced_delimiter", label, names, rows, Form(delimiter, quoting=("minimal", "all")[number // 2 % 2]))


def reports(corpus):
    """A title, perhaps two header rows, perhaps notes below."""
    for number in range(24):
        label = str(number)
        names, rows, r = some(corpus, "report", label, SIZES[2 + number % 3], TYPED[number % 12])
        delimiter = ",;\t"[number % 3]
        form = Form(delimiter, newline=("lf", "crlf")[number % 2], mark=number % 5 == 0)
        head = [*r.sample(TITLES + KEYS, 2), ""]
        groups = ["Site"] + ["Measured"] * (len(names) - 1)
        top = ["Site", "Measured"] + [""] * (len(names) - 2)
        header = [top, names] if number % 2 else None
        joined = [" ".join(pair) for pair in zip(groups, names)] if number % 2 else names
        foot = ["", *r.sample(NOTES, 2)] if number % 4 < 2 else []
        corpus.add("report", label, joined, rows, form, header=header, head=head, foot=foot,
                   footnote_rows=max(0, len(foot) - 1))
