# SPDX-License-Identifier: Apache-2.0
"""Writes tables as delimited text in a chosen form, and with each the truth about it."""

import dataclasses
import hashlib
import json
import random

from rules import column_names, column_type

NEWLINES = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}


@dataclasses.dataclass(frozen=True)
class Form:
    """How a table is written."""

    delimiter: str = ","
    quote: str | None = '"'
    escape: str = "doubled"
    newline: str = "lf"
    encoding: str = "utf-8"
    mark: bool = False
    quoting: str = "minimal"
    final_newline: bool = True

    def writable(self, text):
        """The text as this form can hold it: without quotes the delimiter must not stand in a cell."""
        if self.quote is None:
            for character in {*self.delimiter, '"', "\n"}:
                text = text.replace(character, "/" if character not in "/" else "-")
        if self.delimiter == " " and not text:
            return "-"
        if self.encoding == "cp1252":
            text = text.encode("cp1252", "ignore").decode("cp1252")
        return text

    def needs_quotes(self, text, is_first):
        """Whether the cell cannot stand bare."""
        if self.quote is None or not text:
            return False
        if self.quoting == "all" or self.quoting == "text" and not text.replace(".", "").replace("-", "").isdigit():
            return True
        return (self.delimiter[0] in text or self.quote in text or "\n" in text or "\r" in text
                or text != text.strip() or is_first and text[0] == "#")

    def quoted(self, text):
        """The cell in quotes."""
        if self.escape == "backslash":
            text = text.replace("\\", "\\\\").replace(self.quote, "\\" + self.quote)
        else:
            text = text.replace(self.quote, self.quote * 2)
        return self.quote + text + self.quote

    def cell(self, text, is_first=False):
        """The written cell, and whether it is quoted."""
        if self.needs_quotes(text, is_first):
            return self.quoted(text), True
        return text, False

    def line(self, cells):
        """The written record without its line end, and which cells are quoted."""
        written = [self.cell(text, at == 0) for at, text in enumerate(cells)]
        return self.delimiter.join(text for text, _ in written), [quoted for _, quoted in written]

    def found(self, lines):
        """The kind of line ends that the file really has."""
        ends = len(lines) if self.final_newline else len(lines) - 1
        if ends < 1:
            return "none"
        return "lf" if self.newline == "mixed" and ends < 2 else self.newline

    def bytes(self, lines):
        """The file."""
        if self.newline == "mixed":
            text = "".join(line + ("\r\n" if at % 3 == 1 else "\n") for at, line in enumerate(lines))
        else:
            text = "".join(line + NEWLINES[self.newline] for line in lines)
        if lines and not self.final_newline:
            text = text.rstrip("\r\n")
        encoded = text.encode(self.encoding)
        if self.mark:
            encoded = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[self.encoding] + encoded
        return encoded


class Corpus:
    """A directory of files, each with its truth beside it."""

    def __init__(self, directory, seed):
        self.directory, self.seed = directory, seed
        self.files = 0

    def random(self, *parts):
        """A generator of random numbers that depends on nothing but the seed and these words."""
        return random.Random("/".join(map(str, (self.seed, *parts))))

    def add(self, group, label, names, rows, form=Form(), *, header=None, header_line=None, head=(), foot=(),
            replaced=None, comments=None, between=None, further=(), footnote_rows=None):
        """Writes one file.

        `names` is None where no header is written, `header` the rows of one with several, and `header_line` how it is
        written where not in the form. `head` and `foot` are lines around the table, `replaced` maps a row to (line, its
        cells), `comments` and `between` map one to a line above it, and `further` holds lines of other tables below.
        """
        fix = lambda row: [form.writable(text) for text in row]  # noqa: E731
        header = [] if names is None else [fix(row) for row in header] if header else [fix(names)]
        lines = list(head) + ([header_line] if header_line else [form.line(row)[0] for row in header])
        above = (comments or {}) | (between or {})
        cells, quoted = [], []
        for at, row in enumerate(rows):
            row = fix(row)
            line, flags = form.line(row)
            if replaced and at in replaced:
                line, row = replaced[at]
                flags = [form.quoting == "all"] * len(row)
            if at in above:
                lines.append(above[at])
            lines.append(line)
            cells.append(row)
            quoted.append(flags)
        is_quoted = any(map(any, quoted)) or any(any(form.line(row)[1]) for row in header) or '"' in (header_line or "")
        lines += list(foot) + list(further)
        names = None if names is None else column_names(fix(names))
        width = len(names) if names is not None else max(map(len, rows), default=0)
        data = form.bytes(lines)
        truth = {
            "name": f"{group}/{label}.csv", "group": group, "half": half(f"{group}/{label}"),
            "delimiter": form.delimiter if width > 1 else None, "quote": form.quote if is_quoted else None,
            "escape": form.escape if is_quoted else None, "newline": form.found(lines),
            "encoding": form.encoding, "header_rows": len(header),
            "preamble_rows": len(head), "preamble_blank_rows": sum(not line.strip() for line in head),
            "footnote_rows": len(foot) if footnote_rows is None else footnote_rows,
            "comment": "#" if comments else None, "names": names, "types": types(cells, quoted, width), "cells": cells,
        }
        self.write(truth, data)

    def write(self, truth, data):
        """Puts file and truth down."""
        path = self.directory / truth["name"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.with_suffix(".json").write_text(json.dumps(truth, ensure_ascii=False))
        self.files += 1


def half(name):
    """The half of the corpus that a file belongs to: rules are tuned on one and judged on the other."""
    return "tuning" if hashlib.sha256(name.encode()).digest()[0] % 2 == 0 else "held_out"


def types(cells, quoted, width):
    """The types of the columns; cells that a short row lacks are null."""
    columns = []
    for column in range(width):
        column_cells = [(row[column], flags[column]) if column < len(row) and column < len(flags) else ("", False)
                        for row, flags in zip(cells, quoted)]
        columns.append(column_type(column_cells))
    return columns
