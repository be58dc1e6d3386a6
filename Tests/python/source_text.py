# SPDX-License-Identifier: Apache-2.0
"""The text of a file, by Python's own decoders: a byte order mark, else zero bytes, else UTF-8, else Windows-1252."""

MARKS = [(b"\xff\xfe\0\0", "utf-32le"), (b"\0\0\xfe\xff", "utf-32be"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be")]


def unmarked(data):
    """Of the encodings of wide characters, the one in which most characters are ASCII and none is NUL."""

    def ascii_characters(encoding):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            return 0
        return 0 if "\0" in text else sum(character.isascii() for character in text)

    return max(["utf-32le", "utf-32be", "utf-16le", "utf-16be"], key=ascii_characters)


def decoded(data):
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark):].decode(encoding)
    if b"\0" in data:
        return data.decode(unmarked(data))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def is_utf8(data):
    if b"\0" in data:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
