# SPDX-License-Identifier: Apache-2.0
"""Generators of single cells. Each takes a `random.Random` and gives text."""

import datetime

FIRST = ["Anna", "Björn", "Chloé", "Dmitri", "Émile", "Fatima", "Grace", "Hiroshi", "Ines", "Jürgen", "Kwame", "Léa",
         "Marek", "Noor", "Olga", "Paulo", "Qing", "Rosa", "Søren", "Tomás", "Uma", "Víctor", "Wei", "Yuki", "Zoë"]
LAST = ["Andersen", "Bauer", "Costa", "Dubois", "Eriksson", "Ferrari", "García", "Horváth", "Ivanov", "Jansen",
        "Kowalski", "López", "Müller", "Nguyen", "Okafor", "Petrov", "Rossi", "Şahin", "Tanaka", "Weiß", "Zhang"]
CITIES = ["Aarhus", "Bern", "Córdoba", "Durban", "Essen", "Florence", "Göteborg", "Hanoi", "Izmir", "Jena", "Kyiv",
          "Lyon", "Málaga", "Nagoya", "Oslo", "Porto", "Quito", "Riga", "São Paulo", "Turin", "Umeå", "Zürich"]
COUNTRIES = ["Germany", "France", "Iceland", "Chile", "Japan", "Kenya", "Norway", "Peru", "Namibia", "Viet Nam"]
ISO2 = ["DE", "FR", "IS", "CL", "JP", "KE", "NO", "PE", "NA", "VN"]
NOUNS = ["valve", "bracket", "sensor", "lamp", "cable", "hinge", "filter", "switch", "pump", "gasket", "spring", "lens"]
ADJECTIVES = ["steel", "brass", "compact", "heavy", "dual", "slim", "coated", "spare", "blue", "industrial"]
WORDS = ("the report shows that a small change in supply led to higher prices while demand stayed flat and local "
         "teams asked for more time before the next review could start again without delay").split()


def integer(low, high):
    return lambda r: str(r.randint(low, high))


def decimal(low, high, digits):
    return lambda r: f"{r.uniform(low, high):.{digits}f}"


def choice(*values):
    return lambda r: r.choice(values)


def name(r):
    return f"{r.choice(FIRST)} {r.choice(LAST)}"


def surname_first(r):
    return f"{r.choice(LAST)}, {r.choice(FIRST)}"


def date(r, pattern="%Y-%m-%d"):
    return (datetime.date(2015, 1, 1) + datetime.timedelta(days=r.randrange(3600))).strftime(pattern)


def date_as(pattern):
    return lambda r: date(r, pattern)


def moment(r, pattern="%Y-%m-%d %H:%M:%S"):
    return (datetime.datetime(2021, 1, 1) + datetime.timedelta(seconds=r.randrange(90_000_000))).strftime(pattern)


def moment_as(pattern):
    return lambda r: moment(r, pattern)


def clock(r):
    return f"{r.randrange(24):02}:{r.randrange(60):02}"


def clock_seconds(r):
    return f"{clock(r)}:{r.randrange(60):02}"


def code(pattern):
    """`9` becomes a digit, `A` a capital letter, `x` a hexadecimal digit; the rest stays."""
    def make(r):
        return "".join(str(r.randrange(10)) if c == "9" else r.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") if c == "A"
                       else r.choice("0123456789abcdef") if c == "x" else c for c in pattern)
    return make


def leading_zeros(r):
    return f"{r.randrange(100_000):06}"


def product(r):
    return f"{r.choice(ADJECTIVES)} {r.choice(NOUNS)}"


def sentence(r, comma=0.5, least=5, most=16):
    words = r.choices(WORDS, k=r.randint(least, most))
    if r.random() < comma:
        at = r.randrange(1, len(words))
        words[at - 1] += ","
    return " ".join(words).capitalize() + "."


def quotation(r):
    return f'{sentence(r, 0.3, 3, 6)[:-1]} "{r.choice(WORDS)} {r.choice(WORDS)}" again'


def apostrophes(r):
    return r.choice(["it's", "don't", "O'Brien", "the dogs' bowl", "rock 'n' roll", "five o'clock", "isn't"]) + " " + \
        " ".join(r.choices(WORDS, k=3))


def url(r):
    return f"https://example.org/{r.choice(NOUNS)}/{r.randrange(1000)}?q={r.choice(WORDS)}&p={r.randrange(9)}#top"


def email(r):
    return f"{r.choice(WORDS)}.{r.choice(NOUNS)}{r.randrange(100)}@example.{r.choice(['org', 'com', 'net'])}"


def colour(r):
    return f"#{r.randrange(1 << 24):06x}"


def money(r):
    return f"${r.randrange(1, 900)}.{r.randrange(100):02}"


def money_thousands(r):
    return f"${r.randrange(1, 90)},{r.randrange(1000):03}.{r.randrange(100):02}"


def percent(r):
    return f"{r.uniform(0, 100):.1f}%"


def address(r):
    return f"{r.randrange(1, 300)} {r.choice(LAST)} Street, {r.choice(CITIES)}"


def street(r):
    return f"{r.randrange(1, 300)} {r.choice(LAST)} Street"


def words_list(r):
    return "|".join(r.sample(NOUNS, r.randint(1, 4)))


def json_text(r):
    return f'{{"id": {r.randrange(1000)}, "tags": ["{r.choice(NOUNS)}", "{r.choice(ADJECTIVES)}"], "ok": true}}'


def ip(r):
    return ".".join(str(r.randrange(1, 255)) for _ in range(4))


def dna(r):
    return "".join(r.choices("ACGT", k=r.randint(6, 18)))


def sometimes(make, share=0.15, otherwise=""):
    """The cell, or at this share of the rows something else, mostly nothing."""
    return lambda r: otherwise if r.random() < share else make(r)
