# SPDX-License-Identifier: Apache-2.0
"""The type that each column must get and the name that it must bear, written again from the project's rules for cells."""

import datetime
import re
import unicodedata

NULL_WORDS = {"NA", "N/A", "#N/A", "null", "NULL", "None", "-"}
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
POINT = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
EXPONENT = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?[eE][+-]?[0-9]+")
COMMA = re.compile(r"-?(0|[1-9][0-9]*),[0-9]+")
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?")
MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9:.]+)(Z|[+-][0-9]{2}:?[0-9]{2})?")
DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"] + [
    pattern.replace("-", separator) for pattern in ("%d-%m-%Y", "%m-%d-%Y") for separator in "-/."]


def column_names(raw):
    """What the columns are called: trimmed, NFC, never empty, never twice."""
    names = [unicodedata.normalize("NFC", text.strip()) or f"column_{at + 1}" for at, text in enumerate(raw)]
    taken, result = set(names), []
    for at, wanted in enumerate(names):
        number, chosen = 2, wanted
        while chosen in names[:at] or chosen in result or chosen != wanted and chosen in taken:
            chosen = f"{wanted}_{number}"
            number += 1
        result.append(chosen)
    return result


def column_type(cells):
    """The type of a column of (text, quoted) cells; None where the rules leave it open."""
    values = [(text.strip(), quoted) for text, quoted in cells if text.strip() or quoted]
    if not values:
        return "null"
    plain = [text for text, quoted in values if quoted or text not in NULL_WORDS]
    if not plain:
        return "utf8"
    if any(not text for text in plain):
        kind = _type([text for text in plain if text] or ["x"])
        return "utf8" if kind == "utf8" else None
    return _type(plain)


def _type(texts):
    if all(text.lower() in ("true", "false") for text in texts):
        return "bool"
    for kind in (_number, _temporal):
        found = kind(texts)
        if found != "utf8":
            return found
    return "utf8"


def _number(texts):
    if all(INTEGER.fullmatch(text) for text in texts):
        return None if "-0" in texts else _integer(list(map(int, texts)))
    if all(INTEGER.fullmatch(text) or POINT.fullmatch(text) or EXPONENT.fullmatch(text) for text in texts):
        if not any("." in text or re.search("[eE][+-]", text) for text in texts):
            return "utf8"
        return "float64" if max(map(_digits, texts)) <= 17 else None
    if all(INTEGER.fullmatch(text) or COMMA.fullmatch(text) for text in texts):
        is_decimal = any(COMMA.fullmatch(text) and not re.fullmatch(r"-?[1-9][0-9]{0,2},[0-9]{3}", text) for text in texts)
        return "float64" if is_decimal and max(map(_digits, texts)) <= 17 else None if is_decimal else "utf8"
    return _grouped(texts)


def _grouped(texts):
    """Thousands count only where some cell has two groups or both separators."""
    for group, point in (",.", ".,", "'.", "\u202f,"):
        shape = re.compile(rf"-?(0|[1-9][0-9]*|[1-9][0-9]{{0,2}}(\{group}[0-9]{{3}})+)(\{point}[0-9]+)?")
        if not all(shape.fullmatch(text) for text in texts):
            continue
        if any(text.count(group) > 1 or group in text and point in text for text in texts):
            return "float64" if any(point in text for text in texts) else "int64"
    return "utf8"


def _digits(text):
    return len(re.sub(r"[eE].*|[^0-9]", "", text).lstrip("0"))


def _integer(numbers):
    low, high = min(numbers), max(numbers)
    if -(2**63) <= low and high < 2**63:
        return "int64"
    if 0 <= low and high < 2**64:
        return "uint64"
    return "decimal128" if max(len(str(abs(number))) for number in (low, high)) <= 38 else "utf8"


def _temporal(texts):
    if all(TIME.fullmatch(text) for text in texts):
        return "time"
    if all(map(_is_moment, texts)):
        return "timestamp"
    formats = [pattern for pattern in DATE_FORMATS if all(_reads(text, pattern) for text in texts)]
    if len(formats) == 1:
        return "date"
    # Several orders that read every cell the same way are one: 01/01/2024.
    return None if formats and _agree(texts, formats) else "utf8"


def _agree(texts, formats):
    return all(len({datetime.datetime.strptime(text, pattern) for pattern in formats}) == 1 for text in texts)


def _is_moment(text):
    match = MOMENT.fullmatch(text)
    return bool(match and _reads(match[1], "%Y-%m-%d") and TIME.fullmatch(match[2]))


def _reads(text, pattern):
    if len(text) != 10:
        return False
    try:
        datetime.datetime.strptime(text, pattern)
    except ValueError:
        return False
    return True
