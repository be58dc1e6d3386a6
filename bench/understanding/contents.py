# SPDX-License-Identifier: Apache-2.0
"""Files whose cells mislead: decimal commas, times, prose, lists, JSON, sparse and wide tables."""

from dialects import COMMON, SIZES, some
from domains import COUNT
from values import *  # noqa: F403
from writing import Form


def comma(low, high, digits):
    return lambda r: f"{r.uniform(low, high):.{digits}f}".replace(".", ",")


def grouped(r):
    return f"{r.randrange(10**6, 10**9):,}"


def grouped_point(r):
    return f"{r.uniform(10**3, 10**7):,.2f}"


def grouped_german(r):
    return grouped_point(r).translate(str.maketrans(",.", ".,"))


def lot_of_text(r):
    return " ".join(sentence(r) for _ in range(r.randint(2, 6)))


def paragraph(r):
    return sentence(r) + "\n" + sentence(r)


TRAPS = {
    "decimal_comma": [("Ort", choice(*CITIES)), ("Wert", comma(0, 100, 2)), ("Anteil", comma(0, 1, 4)), ("Anzahl", integer(0, 99))],
    "decimal_comma_numbers": [("x", comma(0, 100, 2)), ("y", comma(-50, 50, 3)), ("z", comma(0, 9, 1))],
    "grouped_numbers": [("country", choice(*COUNTRIES)), ("population", grouped), ("income", grouped_point)],
    "german_numbers": [("Land", choice(*COUNTRIES)), ("Umsatz", grouped_german), ("Datum", date_as("%d.%m.%Y"))],
    "dates_with_blanks": [("from", moment_as("%Y-%m-%d %H:%M:%S")), ("to", moment_as("%Y-%m-%d %H:%M:%S")), ("note", product)],
    "times": [("start", clock), ("end", clock), ("lap", clock_seconds)],
    "month_names": [("when", date_as("%d %b %Y")), ("what", product), ("hour", clock)],
    "day_first": [("day", date_as("%d/%m/%Y")), ("amount", decimal(0, 100, 2))],
    "month_first": [("day", date_as("%m/%d/%Y")), ("amount", decimal(0, 100, 2))],
    "prose": [("id", COUNT), ("answer", lot_of_text), ("score", integer(0, 9))],
    "paragraphs": [("id", COUNT), ("text", paragraph), ("by", name)],
    "lists": [("film", product), ("genres", words_list), ("actors", words_list), ("year", integer(1950, 2020))],
    "apostrophes": [("id", COUNT), ("remark", apostrophes), ("owner", apostrophes), ("city", choice(*CITIES))],
    "colours": [("name", choice("red", "green", "blue")), ("hex", colour), ("dark", colour), ("uses", integer(0, 99))],
    "colours_first": [("hex", colour), ("name", choice("red", "green", "blue")), ("uses", integer(0, 99))],
    "json": [("id", COUNT), ("payload", json_text), ("at", moment_as("%Y-%m-%dT%H:%M:%SZ"))],
    "urls": [("link", url), ("clicks", integer(0, 999)), ("referrer", sometimes(url, 0.3))],
    "emails": [("email", email), ("name", surname_first), ("joined", date)],
    "money": [("item", product), ("price", money), ("total", money_thousands), ("rate", percent)],
    "codes": [("zip", code("09999")), ("phone", code("+99 999 999")), ("part", code("9E99")), ("batch", leading_zeros)],
    "unicode": [("名前", name), ("città", choice(*CITIES)), ("страна", choice("Россия", "日本", "España")), ("値", decimal(0, 9, 2))],
    "namibia": [("code", choice(*ISO2)), ("country", choice(*COUNTRIES)), ("gdp", sometimes(decimal(0, 9, 2), 0.2, "NA"))],
    "null_words": [("id", COUNT), ("a", sometimes(integer(0, 99), 0.3, "N/A")), ("b", sometimes(decimal(0, 9, 2), 0.3, "null")),
                   ("c", sometimes(date, 0.3, "-"))],
    "versions": [("package", choice("left", "right")), ("version", code("9.9.9")), ("released", date), ("size", integer(0, 10**6))],
    "paths": [("path", lambda r: "C:\\data\\" + r.choice(NOUNS)), ("size", integer(0, 10**6)), ("kept", choice("true", "false"))],
    "pairs": [("setting", lambda r: r.choice(NOUNS) + "=" + r.choice(WORDS)), ("weight", integer(0, 9)), ("by", email)],
    "big_integers": [("id", code("19999999999999999999")), ("hash", integer(2**63, 2**64 - 1)), ("n", integer(0, 9))],
    "stars": [("product", product), ("stars", choice("*", "**", "***")), ("rating", decimal(1, 5, 1))],
}


def generate(corpus):
    for part in (traps, one_column, sparse, wide):
        part(corpus)


def traps(corpus):
    for trap, columns in TRAPS.items():
        for number in range(9):
            r = corpus.random("trap", trap, number)
            rows = [[str(at + 1) if make is COUNT else make(r) for _, make in columns]
                    for at in range(SIZES[1 + number % 5])]
            semicolons = trap.startswith(("decimal_comma", "german"))
            delimiter = ";" if semicolons and number % 3 < 2 else ",;\t|"[number % 4]
            form = Form(delimiter, newline=("lf", "crlf")[number % 2], quoting="all" if number == 5 else "minimal")
            corpus.add(trap, str(number), [name for name, _ in columns], rows, form)


def one_column(corpus):
    """One column is a table too; where its cells hold commas they stand in quotes."""
    kinds = {"name": name, "city": choice(*CITIES), "amount": decimal(0, 99, 2), "count": integer(0, 999), "day": date,
             "at": moment_as("%Y-%m-%d %H:%M:%S"), "time": clock, "email": email, "url": url, "code": code("AA-9999"),
             "quoted": surname_first, "text": lambda r: sentence(r, 0)}
    for kind, make in kinds.items():
        for number in range(3):
            r = corpus.random("one_column", kind, number)
            rows = [[make(r)] for _ in range(SIZES[1 + number])]
            corpus.add("one_column", f"{kind}_{number}", [kind], rows, Form(",", newline=("lf", "crlf", "lf")[number]))
    for number in range(12):
        r = corpus.random("one_column", "prose", number)
        rows = [[sentence(r, 0.5, 4, 14)] for _ in range(SIZES[2 + number % 3])]
        corpus.add("one_column", f"bare_prose_{number}", ["comment"], rows, Form("\t"))


def sparse(corpus):
    for number in range(24):
        label = str(number)
        names, rows, r = some(corpus, "sparse", label, SIZES[1 + number % 5])
        rows = [[text if at == 0 or r.random() < 0.2 else "" for at, text in enumerate(row)] for row in rows]
        corpus.add("sparse", label, names, rows, Form(",;\t|"[number % 4]))


def wide(corpus):
    for number in range(12):
        r = corpus.random("wide", number)
        makes = [r.choice([integer(0, 99), decimal(0, 1, 3), date, choice("low", "high"), name]) for _ in range(300)]
        rows = [[make(r) for make in makes] for _ in range((5, 20, 60)[number % 3])]
        corpus.add("wide", str(number), [f"v{at:03}" for at in range(300)], rows, Form(",;\t|"[number % 4]))
