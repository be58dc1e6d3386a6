#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what the characters of encodings are, by Python's own codecs, as JSON: python3 codec_tables.py

For each encoding: all of its characters of one byte and of two (of EUC-JP three, of GB18030 some of four), each on a line,
as bytes and as text; and bytes that stand for nothing. Where Python's codec is not the table that is meant, the
differences are listed here, so that this file says what is read and what is not.
"""

import base64
import json

SINGLE = {
    **{f"windows-{page}": f"cp{page}" for page in [874, *range(1250, 1259)]},
    **{f"iso-8859-{part}": f"iso8859_{part}" for part in [*range(1, 12), *range(13, 17)]},
    **{f"ibm{page}": f"cp{page}" for page in [437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 865, 866]},
    "koi8-r": "koi8_r", "koi8-u": "koi8_u", "macintosh": "mac_roman", "x-mac-ce": "mac_latin2",
    "x-mac-cyrillic": "mac_cyrillic", "x-mac-greek": "mac_greek", "x-mac-turkish": "mac_turkish",
}
MULTIPLE = {
    "shift_jis": "cp932", "euc-jp": "euc_jp", "gb18030": "gb18030", "gbk": "gbk", "big5": "cp950",
    "big5-hkscs": "big5hkscs", "euc-kr": "cp949",
}
# Microsoft's forms of six characters, as browsers have them; the newer place of a letter; the euro sign.
OTHERWISE = {
    "euc-jp": {
        "a1c1": "\uff5e", "a1c2": "\u2225", "a1dd": "\uff0d", "a1f1": "\uffe0", "a1f2": "\uffe1", "a2cc": "\uffe2",
        "8fa2b7": "\uff5e",
    },
    "gb18030": {"a8bc": "\u1e3f"},
    "gbk": {"80": "\u20ac"},
}


def between(*ranges):
    return {f"{number:x}" for first, last in ranges for number in range(first, last + 1)}


# What Python reads and no table defines, or what tables that are called by one name define differently.
UNDEFINED = {
    "shift_jis": between((0x80, 0x80), (0xA0, 0xA0), (0xFD, 0xFF)),
    "big5": between((0xC6A1, 0xC6FE), (0xC740, 0xC77E), (0xC7A1, 0xC7FC)),
}
# Rows of makers that Python's codec lacks, and those in which editions of a standard differ: not compared.
APART = {
    "euc-jp": between(
        (0x8EE0, 0x8EE2), (0xADA1, 0xADFE), (0xF9A1, 0xFCFE), (0x8FF3A1, 0x8FF3B7)),
    "gbk": between((0x8040, 0x80FF)),
    "gb18030": between((0x8135F437, 0x8135F437)),
    "big5-hkscs": between(
        (0x8740, 0x88FF), (0x8C40, 0x8DFF), (0xA145, 0xA145), (0xA14E, 0xA14E), (0xA1C2, 0xA1C2), (0xA1E3, 0xA1E3),
        (0xA1F2, 0xA1F3), (0xA241, 0xA247), (0xA3E1, 0xA3E1), (0xC879, 0xC879), (0xC8A1, 0xC8A3)),
}


def character(sequence, codec):
    try:
        text = sequence.decode(codec)
    except UnicodeDecodeError:
        return None
    # Two characters of one byte each are none of two bytes.
    return None if len(sequence) > 1 and any(byte < 0x80 for byte in text[1:].encode("utf-8")) else text


def sequences(name, codec):
    ones = [bytes([byte]) for byte in range(0x80, 0x100)]
    yield from ones
    if name in SINGLE:
        return
    leads = [one[0] for one in ones if character(one, codec) is None]
    yield from (bytes([lead, trail]) for lead in leads for trail in range(0x40, 0x100))
    if name == "euc-jp":
        yield from (bytes([0x8F, row, cell]) for row in range(0xA1, 0xFF) for cell in range(0xA1, 0xFF))
    if name == "gb18030":
        yield from (
            bytes([a, b, c, d]) for a in (0x81, 0x84, 0x90, 0x95, 0xE3) for b in range(0x30, 0x3A)
            for c in range(0x81, 0xFF) for d in range(0x30, 0x3A))


def table(name, codec):
    encoded, text, undefined = bytearray(), [], []
    for sequence in sequences(name, codec):
        key = sequence.hex()
        if key in APART.get(name, ()):
            continue
        found = OTHERWISE.get(name, {}).get(key) or character(sequence, codec)
        if found is None or key in UNDEFINED.get(name, ()):
            undefined.append(key)
        else:
            encoded += sequence + b"\n"
            text.append(found + "\n")
    return {"encoding": name, "encoded": base64.b64encode(encoded).decode(), "text": "".join(text), "undefined": undefined}


def tables():
    return [table(name, codec) for name, codec in {**SINGLE, **MULTIPLE}.items()]


if __name__ == "__main__":
    print(json.dumps(tables()))
