#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the samples that are too large to keep: python3 samples/generate.py OUTDIR

A file's folder under OUTDIR is its expected verdict, as in samples/. The content never depends on the clock or on
chance; compressed files may differ in size between versions of zlib. Needs about 35 MB of disk and 30 MB of memory.
"""

import hashlib
import struct
import sys
import zipfile
import zlib
from pathlib import Path

KIB, MIB = 1 << 10, 1 << 20
HEADER = b"id,name,score\n"
LINE = b"1,the same line again,2.5\n"


def write(path, pieces):
    """Writes the pieces to a file and makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        for piece in pieces:
            file.write(piece)


def gzipped(pieces):
    """One gzip member (RFC 1952) without name and time."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    checksum = length = 0
    yield b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
        length += len(piece)
        yield compressor.compress(piece)
    yield compressor.flush()
    yield struct.pack("<II", checksum, length & 0xFFFFFFFF)


def zipped(path, members):
    """A zip archive of (name, pieces), with fixed times and rights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, pieces in members:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            with archive.open(entry, "w") as member:
                for piece in pieces:
                    member.write(piece)


def repeated_lines(total):
    """A valid table of one line, repeated until it has about `total` bytes."""
    yield HEADER
    block = LINE * (64 * KIB // len(LINE))
    for _ in range(total // len(block)):
        yield block


def noisy_lines(total):
    """A valid table that hardly compresses: every cell is a part of a hash."""
    yield b"id,left,right\n"
    written = number = 0
    while written < total:
        digest = hashlib.sha256(str(number).encode()).hexdigest().encode()
        line = b"%d,%s,%s\n" % (number, digest[:32], digest[32:])
        yield line
        written += len(line)
        number += 1


def small_members(count):
    for number in range(count):
        yield f"part-{number:04}.csv", [b"id,name\n%d,x\n" % number]


def long_cell(total):
    yield b"id,text\n1,"
    for _ in range(total // MIB):
        yield b"x" * MIB
    yield b"\n2,short\n"


def long_record(cells):
    """One record of `cells` cells of 1 MiB each."""
    yield b",".join(b"c%d" % number for number in range(cells)) + b"\n"
    for number in range(cells):
        yield b"" if number == 0 else b","
        yield b"y" * MIB
    yield b"\n" + b",".join([b"z"] * cells) + b"\n"


def many_columns(count):
    yield b",".join(b"c%d" % number for number in range(count)) + b"\n"
    yield b",".join([b"1"] * count) + b"\n"


def unbalanced_quote(total):
    """A quote that opens in the second record and never closes (control C25)."""
    yield b'id,text\n1,fine\n2,"opened here\n'
    line = b"3,an ordinary line\n"
    yield line * (total // len(line))


def main(directory):
    out = Path(directory)
    refused, accepted = out / "reject", out / "accept"
    write(refused / "compression_ratio" / "gzip_bomb.csv.gz", gzipped(repeated_lines(64 * MIB)))
    zipped(refused / "compression_ratio" / "zip_bomb.zip", [("bomb.csv", repeated_lines(64 * MIB))])
    # Refused only under a lowered limit expanded-bytes: it expands to 3 MiB at a ratio of about 2.
    write(refused / "expanded_too_large" / "three_mebibytes.csv.gz", gzipped(noisy_lines(3 * MIB)))
    write(refused / "too_many_columns" / "header_of_20000.csv", many_columns(20_000))
    write(refused / "too_many_columns" / "a_million_commas.csv", [b"," * 1_000_000, b"\n1,2\n"])
    write(refused / "record_too_large" / "seventeen_mebibytes.csv", long_record(17))
    write(refused / "cell_too_large" / "nine_mebibytes.csv", long_cell(9 * MIB))
    write(refused / "header_name_too_long" / "name_of_1100_bytes.csv", [b"id," + b"n" * 1_100 + b"\n1,2\n3,4\n"])
    zipped(refused / "archive_too_many_entries" / "1001_members.zip", small_members(1_001))
    write(accepted / "csv" / "unbalanced_quote_of_1_mebibyte.csv", unbalanced_quote(MIB))
    write(accepted / "csv" / "newlines_then_data.csv", [b"\n" * 70_000, b"id,name\n1,alpha\n2,beta\n"])
    zipped(accepted / "zip" / "1000_members.zip", small_members(1_000))
    write(accepted / "gzip" / "ratio_below_the_floor.csv.gz", gzipped(repeated_lines(9 * MIB)))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 samples/generate.py OUTDIR")
    main(sys.argv[1])
