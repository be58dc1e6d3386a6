# SPDX-License-Identifier: Apache-2.0
"""Whether a typed column still says what its cells said, up to the normalisation that is documented.

Documented are: blanks around a typed cell, `1.50` → 1.5, the case of true and false, offsets → UTC, group and decimal
separators of a column that can only be read one way, and null words in a column that is not text.
"""

import datetime
import decimal
import re

import pyarrow as pa

NULL_WORDS = {"NA", "N/A", "#N/A", "null", "NULL", "None", "-"}
EXACT = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
FLOAT = re.compile(r"-?(0|[1-9][0-9]*)?(\.[0-9]*)?([eE][+-]?[0-9]+)?")
NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
MOMENT = re.compile(r"([0-9./-]{6,10})(?:[T ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?)"
                    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?", re.IGNORECASE)
CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?")
DATE_ORDERS = ("ymd", "dmy", "mdy")
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
EPOCH = datetime.date(1970, 1, 1)


def changed(field, column, texts, noted=None):
    """The rows whose value says something else, as (row, value, text), and how many were only normalised.

    `noted` is the number of null words that the report tells of, where there is a report.
    """
    type_ = field.type
    values = plain_values(column)
    if pa.types.is_string(type_) or pa.types.is_large_string(type_):
        return [(row, value, text) for row, (value, text) in enumerate(zip(values, texts)) if (value or "") != text], 0
    found, normalised, words = [], 0, 0
    cells = [text.strip() for text in texts]
    says = sayer(type_, [cell for cell, value in zip(cells, values) if value is not None])
    for row, (value, text) in enumerate(zip(values, cells)):
        if value is None:
            # A cell of blanks is told of with the words for null.
            words += text in NULL_WORDS or bool(texts[row]) and not text
            is_same = not text or text in NULL_WORDS and noted is not None and not pa.types.is_null(type_)
        else:
            is_same = says(value, text)
        if not is_same:
            found.append((row, value, texts[row]))
        normalised += is_same and str(value) != texts[row] and bool(texts[row])
    if noted is not None and words != noted:
        found.append((None, f"{words} null words", f"{noted} reported"))
    return found, normalised


def plain_values(column):
    """The column's values; times as integers of their unit, so that no digit is lost on the way."""
    type_ = column.type
    if pa.types.is_date(type_):
        column = column.cast(pa.date32()).cast(pa.int32())
    elif pa.types.is_time32(type_):
        column = column.cast(pa.int32())
    elif pa.types.is_timestamp(type_) or pa.types.is_time64(type_):
        column = column.cast(pa.int64())
    return column.to_pylist()


def sayer(type_, cells):
    """The test of one value and its text, for a column that has these cells."""
    if pa.types.is_boolean(type_):
        return lambda value, text: text.lower() == str(value).lower()
    if pa.types.is_integer(type_) or pa.types.is_decimal(type_):
        plain = separators(cells)
        return lambda value, text: says_exactly(value, plain(text))
    if pa.types.is_floating(type_):
        plain = separators(cells)
        has_point = any("." in text or re.search("[eE][+-]", text) for text in map(plain, cells))
        has_finite = any(not NOT_FINITE.fullmatch(text) for text in cells)
        return lambda value, text: says_number(value, plain(text), has_point, has_finite)
    if pa.types.is_date(type_):
        order = the_order(cells)
        return lambda value, text: order is not None and (day := as_date(text, order)) is not None \
            and (day - EPOCH).days == value
    if pa.types.is_time(type_):
        return lambda value, text: as_time(text, UNITS[type_.unit]) == value
    if pa.types.is_timestamp(type_):
        order = the_order([match[1] for match in map(MOMENT.fullmatch, cells) if match])
        return lambda value, text: order is not None and as_moment(text, UNITS[type_.unit], order, bool(type_.tz)) == value
    return lambda value, text: False


def says_exactly(value, text):
    """Whether a whole or decimal number is written so, without a plus and without leading zeros."""
    if not EXACT.fullmatch(text):
        return False
    if text.startswith("-") and value == 0:
        return False
    with decimal.localcontext(prec=80):
        return decimal.Decimal(text) == value


def says_number(value, text, has_point, has_finite):
    """Whether a float, written with as many digits as the text has, gives the text's digits."""
    if NOT_FINITE.fullmatch(text):
        return has_finite and str(value).lstrip("-")[:3] == text.lower().lstrip("+-")[:3] and \
            (value != value or (value < 0) == text.startswith("-"))
    match = FLOAT.fullmatch(text)
    if not match or not any(map(str.isdigit, text)) or match[3] and not has_point:
        return False
    exact = decimal.Decimal(text)
    if exact == 0:
        return value == 0 and str(value).startswith("-") == text.startswith("-")
    # 1.50 says no more than 1.5.
    digits = len("".join(map(str, exact.as_tuple().digits)).rstrip("0"))
    if digits > 40 or value in (float("inf"), float("-inf")):
        return False
    return decimal.Decimal(f"{value:.{digits - 1}e}") == exact


def separators(cells):
    """What takes the column's separators out of a text, where all cells agree on one reading of them."""
    together = "\n".join(cells)
    for group, point in ((",", "."), (".", ","), ("[ \u00a0\u202f]", "[.,]"), ("['’]", r"\.")):
        group, point = re.escape(group) if len(group) == 1 else group, re.escape(point) if len(point) == 1 else point
        whole = rf"(?:0|[1-9][0-9]*|[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+)"
        shape = re.compile(rf"-?{whole}(?:{point}[0-9]+)?")
        # Most columns have no groups, or are something else: that is seen at once.
        if not re.search(group, together) or not all(map(shape.fullmatch, cells)):
            continue
        if any(len(re.findall(group, text)) > 1 or re.search(group, text) and re.search(point, text)
               for text in cells):
            return lambda text, group=group: re.sub(group, "", text).replace(",", ".")
    decimal_comma = re.compile(r"-?(?:0|[1-9][0-9]*)(?:,[0-9]+)?")
    if cells and any("," in text for text in cells) and all(decimal_comma.fullmatch(text) for text in cells) and \
            any("," in text and not re.fullmatch(r"-?[1-9][0-9]{0,2},[0-9]{3}", text) for text in cells):
        return lambda text: text.replace(",", ".")
    return lambda text: text


def the_order(cells):
    """The one order of year, month and day that reads every date; none where two read them differently."""
    readings = {order: [as_date(text, order) for text in cells] for order in DATE_ORDERS}
    complete = {order: days for order, days in readings.items() if None not in days}
    orders = list(complete)
    if not orders or any(complete[order] != complete[orders[0]] for order in orders):
        return None
    return orders[0] if len({re.sub("[0-9]", "", text) for text in cells}) <= 1 else None


def as_date(text, order):
    match = re.fullmatch(r"([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})", text)
    if not match:
        return None
    parts = dict(zip(order, (match[1], match[3], match[4])))
    if len(parts["y"]) != 4 or len(parts["d"]) > 2:
        return None
    try:
        return datetime.date(int(parts["y"]), int(parts["m"]), int(parts["d"]))
    except ValueError:
        return None


def as_time(text, unit):
    match = CLOCK.fullmatch(text)
    if not match or int(match[1]) > 23 or int(match[2]) > 59 or int(match[3] or 0) > 59:
        return None
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
    return scaled(seconds, match[4], unit)


def scaled(seconds, fraction, unit):
    """Seconds in a unit, or nothing where a digit would be cut."""
    nanoseconds = int((fraction or "0").ljust(9, "0"))
    return None if nanoseconds * unit % 10**9 else seconds * unit + nanoseconds * unit // 10**9


def as_moment(text, unit, order, is_utc):
    match = MOMENT.fullmatch(text)
    day = as_date(match[1], order) if match else None
    if day is None or bool(match[6]) != is_utc or int(match[2]) > 23 or int(match[3]) > 59 or int(match[4] or 0) > 59:
        return None
    seconds = (day - EPOCH).days * 86_400 + int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4] or 0)
    if match[6] and match[6] not in "Zz":
        digits = match[6][1:].replace(":", "").ljust(4, "0")
        offset = int(digits[:2]) * 3600 + int(digits[2:]) * 60
        seconds -= -offset if match[6][0] == "-" else offset
    return scaled(seconds, match[5], unit)
