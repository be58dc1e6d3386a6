# SPDX-License-Identifier: Apache-2.0
"""Well-known kinds of files that mislead: time series with dates as names, logs, paths, inches, blanks around quotes."""

from dialects import SIZES, some
from domains import COUNT
from structures import TYPED
from values import *  # noqa: F403
from writing import Form


def inches(r):
    return r.choice([f'{r.randint(7, 65)}" {r.choice(NOUNS)}', f'{r.choice(NOUNS)} {r.randint(7, 65)}"', f"{r.randint(4, 7)}'{r.randint(0, 11)}\""])


def folder(r):
    return "C:\\" + "\\".join(r.sample(NOUNS, 2)) + "\\"


def clipped(r):
    return r.choice(["'tis the season", "'90s music", "rock 'n' roll", "the '68 tour", "'s-Hertogenbosch", "plain words"])


def request(r):
    return f"{r.choice(['GET', 'POST'])} /{r.choice(NOUNS)}/{r.randrange(99)}?a={r.choice(WORDS)} HTTP/1.1"


KINDS = {
    "paths_in_quotes": ([("id", COUNT), ("folder", folder), ("size", integer(0, 10**6)), ("owner", surname_first)], ",;\t|", "all"),
    "clipped_words": ([("id", COUNT), ("title", clipped), ("place", clipped), ("year", integer(1950, 2024))], ",;\t|", "minimal"),
    "inches_escaped": ([("sku", code("A-999")), ("item", inches), ("price", decimal(1, 900, 2))], ",;\t|", "minimal"),
}


def generate(corpus):
    for part in (kinds, bare_inches, series, access_logs, numbers_alone, blanks_around_quotes, leading_blank_lines, late_types):
        part(corpus)


def rows_of(columns, count, r):
    return [[str(at + 1) if make is COUNT else make(r) for _, make in columns] for at in range(count)]


def kinds(corpus):
    for kind, (columns, delimiters, quoting) in KINDS.items():
        for number in range(10):
            r = corpus.random(kind, number)
            corpus.add(kind, str(number), [name for name, _ in columns], rows_of(columns, SIZES[1 + number % 4], r),
                       Form(delimiters[number % 4], quoting=quoting))


def bare_inches(corpus):
    """Inches that nobody escaped, in files without quotes."""
    columns = KINDS["inches_escaped"][0]
    for number in range(12):
        r, delimiter = corpus.random("inches", number), ";\t|,"[number % 4]
        rows = rows_of(columns, SIZES[1 + number % 4], r)
        corpus.add("inches", str(number), [name for name, _ in columns], rows, Form(delimiter),
                   replaced={at: (delimiter.join(row), row) for at, row in enumerate(rows)})


def series(corpus):
    """A column for each day, month or hour, with the time as its name."""
    names = {"days": lambda at: f"{1 + at // 28}/{1 + at % 28}/20", "months": lambda at: f"{2015 + at // 12}-{1 + at % 12:02}",
             "iso": lambda at: f"2024-03-{1 + at:02}", "hours": lambda at: f"{at:02}:00", "quarters": lambda at: f"Q{1 + at % 4} {2010 + at // 4}"}
    for kind, name_of in names.items():
        for number in range(4):
            r = corpus.random("series", kind, number)
            width = r.randint(5, 24)
            rows = [[r.choice(CITIES), r.choice(COUNTRIES)] + [integer(0, 9999)(r) for _ in range(width)]
                    for _ in range(SIZES[1 + number])]
            corpus.add("series", f"{kind}_{number}", ["Place", "Country"] + [name_of(at) for at in range(width)], rows,
                       Form(",;"[number % 2]))


def access_logs(corpus):
    """The lines of a web server: blanks, quotes, brackets, no header."""
    for number in range(8):
        r = corpus.random("access_log", number)
        rows = [[ip(r), "-", "-", moment(r, "[%d/%b/%Y:%H:%M:%S"), "+0000]", request(r), r.choice(["200", "404"]), integer(0, 99999)(r)]
                for _ in range(SIZES[1 + number % 5])]
        corpus.add("access_log", str(number), None, rows, Form(" "))


def numbers_alone(corpus):
    """One column of numbers or codes, without a name."""
    makers = [integer(0, 10**6), decimal(0, 100, 3), date, ip]
    for number in range(12):
        r = corpus.random("numbers_alone", number)
        rows = [[makers[number % 4](r)] for _ in range(SIZES[1 + number % 5])]
        corpus.add("numbers_alone", str(number), None, rows, Form(",", newline=("lf", "crlf")[number % 2]))


def blanks_around_quotes(corpus):
    """A blank behind a closing quote."""
    for number in range(8):
        label, delimiter = str(number), ",;\t|"[number % 4]
        names, rows, r = some(corpus, "blank_after_quote", label, SIZES[1 + number % 4], "contacts")
        form = Form(delimiter, quoting="all")
        corpus.add("blank_after_quote", label, names, rows, form, replaced={
            at: (delimiter.join(form.quoted(cell) + " " * (at % 3 == 1) for cell in row), row) for at, row in enumerate(rows)})


def leading_blank_lines(corpus):
    for number in range(8):
        label = str(number)
        names, rows, r = some(corpus, "leading_blank", label, SIZES[1 + number % 4], TYPED[number])
        corpus.add("leading_blank", label, names, rows, Form(",;\t|"[number % 4], mark=number % 3 == 0), head=[""] * (1 + number % 3))


def late_types(corpus):
    """Columns that change their mind far below: a word, a longer number, a decimal, in the last row."""
    last = {"count": ["n/a", "7.5", "99999999999999999999", "007"], "day": ["unknown", "2024-13-45", "03/04/2024", ""]}
    for number in range(16):
        r = corpus.random("late_types", number)
        rows = [[f"x{at}", integer(0, 999)(r), date(r), decimal(0, 9, 2)(r)] for at in range((400, 2000)[number % 2])]
        key = ("count", "day")[number // 4 % 2]
        rows[-1][1 if key == "count" else 2] = last[key][number % 4]
        corpus.add("late_types", str(number), ["id", "count", "day", "share"], rows, Form(",;"[number // 8]))
