# SPDX-License-Identifier: Apache-2.0
"""The text of a file, by Python's own decoders: a byte order mark, else UTF-8, else Windows-1252."""

MARKS = [(b"\xff\xfe\0\0", "utf-32le"), (b"\0\0\xfe\xff", "utf-32be"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be")]


def decoded(data):
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark):].decode(encoding)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def is_utf8(data):
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
