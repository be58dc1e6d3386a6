# SPDX-License-Identifier: Apache-2.0
"""Files that differ in how they are written: delimiters, quotes, escapes, line ends, encodings."""

from domains import DOMAINS, table
from writing import Form

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "colon": ":", "space": " ", "hash": "#",
              "asterisk": "*", "tilde": "~", "caret": "^", "equals": "=", "comma_blank": ", ", "two_pipes": "||"}
COMMON = {name: DELIMITERS[name] for name in ("comma", "semicolon", "tab", "pipe")}
SIZES = (3, 8, 20, 60, 150, 400)


def generate(corpus):
    for part in (delimiters, quotes, escapes, newlines, encodings, domains):
        part(corpus)


def some(corpus, group, label, rows=None, domain=None):
    """A table that depends on the file's name alone."""
    r = corpus.random(group, label)
    domain = domain or r.choice(sorted(DOMAINS))
    return (*table(domain, rows or r.choice(SIZES), r), r)


def delimiters(corpus):
    for name, delimiter in DELIMITERS.items():
        for number in range(12):
            label = f"{name}_{number}"
            names, rows, r = some(corpus, "delimiter", label)
            quote = None if number % 4 == 3 and delimiter not in (" ", ":") else '"'
            if delimiter == " ":
                names = [text.replace(" ", "_") for text in names]
            corpus.add("delimiter", label, names, rows, Form(delimiter, quote))


def quotes(corpus):
    for name, delimiter in COMMON.items():
        for quote, sign in (("double", '"'), ("single", "'"), ("none", None)):
            for quoting in ("minimal", "all", "text") if sign else ("minimal",):
                for number in range(4):
                    label = f"{name}_{quote}_{quoting}_{number}"
                    # With few rows nothing but the cells that need quotes shows which they are.
                    domain = corpus.random("quote", label, "domain").choice(["contacts", "bank", "movies", "races"])
                    names, rows, r = some(corpus, "quote", label, r_rows(corpus, label), domain)
                    corpus.add("quote", label, names, rows, Form(delimiter, sign, quoting=quoting))


def r_rows(corpus, label):
    return corpus.random("rows", label).choice(SIZES[1:])


def escapes(corpus):
    for name, delimiter in COMMON.items():
        for escape in ("doubled", "backslash"):
            for number in range(6):
                label = f"{name}_{escape}_{number}"
                domain = ("library", "tickets", "library")[number % 3]
                names, rows, r = some(corpus, "escape", label, r_rows(corpus, label), domain)
                quoting = "all" if number >= 3 else "minimal"
                corpus.add("escape", label, names, rows, Form(delimiter, escape=escape, quoting=quoting))


def newlines(corpus):
    for name, delimiter in COMMON.items():
        for newline in ("lf", "crlf", "cr", "mixed"):
            for number in range(3):
                label = f"{name}_{newline}_{number}"
                names, rows, r = some(corpus, "newline", label)
                if number == 1:
                    rows[0][-1] = "two\nlines" if newline != "cr" else "two\rlines"
                corpus.add("newline", label, names, rows, Form(delimiter, newline=newline, final_newline=number != 2))
    for name, delimiter in COMMON.items():
        for number in range(3):
            label = f"{name}_no_final_newline_{number}"
            names, rows, r = some(corpus, "newline", label)
            corpus.add("newline", label, names, rows, Form(delimiter, final_newline=False))


def encodings(corpus):
    forms = {"bom": Form(mark=True), "cp1252": Form(encoding="cp1252"), "utf16le": Form(encoding="utf-16-le", mark=True),
             "utf16be": Form(encoding="utf-16-be", mark=True), "utf16le_bare": Form(encoding="utf-16-le"), "utf8": Form()}
    for name, form in forms.items():
        for number in range(8):
            label = f"{name}_{number}"
            domain = ("races", "addresses", "elections", "contacts")[number % 4]
            names, rows, r = some(corpus, "encoding", label, domain=domain)
            if name == "cp1252":
                rows[0][1], rows[-1][1] = "Café Müller", "Crème brûlée – 5 €"
            delimiter = ",;\t|"[number % 4]
            corpus.add("encoding", label, names, rows, Form(delimiter, encoding=form.encoding, mark=form.mark))


def domains(corpus):
    for domain in DOMAINS:
        for rows in (5, 40, 300, 2000):
            label = f"{domain}_{rows}"
            names, body, r = some(corpus, "domain", label, rows, domain)
            form = Form(r.choice(",,,;\t"), newline=r.choice(["lf", "crlf"]), mark=r.random() < 0.05)
            corpus.add("domain", label, names, body, form)
