#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes containers that attack: python3 Tests/python/archive_bombs.py OUTDIR

A file's folder is the code that it must be refused with. Nothing here is kept in the repository: the bombs are small,
but what they expand to is not.
"""

import bz2
import gzip
import io
import lzma
import struct
import subprocess
import sys
import tarfile
import threading
import zipfile
import zlib
from pathlib import Path

GIB = 1 << 30
LINE = b"1,the same line again,2.5\n"


def piped(command, total):
    """What a command makes of `total` bytes of one line; the bytes are never all in memory."""
    block = LINE * 40_000
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def feed():
        for _ in range(total // len(block)):
            child.stdin.write(block)
        child.stdin.close()

    threading.Thread(target=feed, daemon=True).start()
    return child.stdout.read()


def deflated(data):
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return compressor.compress(data) + compressor.flush()


def overlapping(count, kernel_size):
    """All entries of the directory point at one member: a thousand times its size (after D. Fifield)."""
    plain = b"1,2\n" * (kernel_size // 4)
    body, crc, expanded = deflated(plain), zlib.crc32(plain), len(plain)
    size, directory = len(body), b""
    name = b"0000.csv"
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0x21, crc, size, expanded, len(name), 0) + name
    for name in (b"%04d.csv" % number for number in range(count)):
        directory += struct.pack(
            "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0x21, crc, size, expanded, len(name), 0, 0, 0, 0, 0, 0) + name
    start = len(local) + len(body)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), start, 0)
    return local + body + directory + end


def quoting(count, kernel_size):
    """Each member's data begins with a stored block that holds the next local header: members overlap by halves."""
    plain = b"1,2\n" * (kernel_size // 4)
    data = deflated(plain)
    members, crc, expanded = [], zlib.crc32(plain), len(plain)
    for number in reversed(range(count)):
        name = b"%04d.csv" % number
        if number == count - 1:
            content, checksum, size = data, crc, expanded
        else:
            quoted = members[-1][0]
            block = b"\0" + struct.pack("<HH", len(quoted), len(quoted) ^ 0xFFFF) + quoted
            content, size = block + members[-1][1], members[-1][3] + len(quoted)
            checksum = 0
        header = struct.pack(
            "<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0x21, checksum, len(content), size, len(name), 0) + name
        members.append((header, content, checksum, size, name))
    archive = members[-1][0] + members[-1][1]
    directory = b""
    for header, content, checksum, size, name in reversed(members):
        offset = len(archive) - len(content) - len(header)
        directory += struct.pack(
            "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0x21, checksum, len(content), size, len(name), 0, 0, 0, 0, 0,
            offset) + name
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), len(archive), 0)
    return archive + directory + end


def zipped(members, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, method)
    return buffer.getvalue()


def nested(depth):
    data = zipped([("table.csv", b"a,b\n1,2\n")])
    for level in range(depth):
        data = zipped([(f"{level}-{number}.zip", data) for number in range(4)])
    return data


def lying(total):
    """A zip whose headers declare less than the member expands to."""
    content = LINE * (total // len(LINE))
    data = deflated(content)
    name = b"lie.csv"
    crc = zlib.crc32(content[:1_000])
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0x21, crc, len(data), 1_000, len(name), 0) + name
    central = struct.pack(
        "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0x21, crc, len(data), 1_000, len(name), 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(central), len(local) + len(data), 0)
    return local + data + central + end


def tarred(entries, kind=tarfile.PAX_FORMAT):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=kind) as archive:
        for name, content in entries:
            entry = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
            else:
                entry.type, entry.linkname = content
                archive.addfile(entry)
    return buffer.getvalue()


def seven_zip(out, total):
    folder = out / "work"
    folder.mkdir(exist_ok=True)
    with open(folder / "zeros.csv", "wb") as file:
        file.truncate(total)
    subprocess.run(["7z", "a", "-bd", "-y", "-mx=1", "bomb.7z", "zeros.csv"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)
    data = (folder / "bomb.7z").read_bytes()
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    return data


SLIPS = [
    "../evil.csv", "../../../../tmp/evil.csv", "/tmp/evil.csv", "//host/evil.csv", "a/../../evil.csv", "..\\evil.csv",
    "a\\..\\..\\evil.csv", "\\tmp\\evil.csv", "C:evil.csv", "C:\\evil.csv", "c:/evil.csv", "./../evil.csv", "a/..", "..",
]


def main(directory):
    out = Path(directory)

    def write(code, name, data):
        path = out / code / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    write("archive_malformed", "all_entries_one_member.zip", overlapping(1_000, 1 << 20))
    write("archive_malformed", "quoted_headers.zip", quoting(250, 1 << 20))
    write("archive_malformed", "declares_less.zip", lying(64 << 20))
    write("archive_nesting", "zips_in_zips.zip", nested(5))
    write("archive_nesting", "gzip_in_gzip.csv.gz", gzip.compress(gzip.compress(b"a,b\n1,2\n")))
    gzipped = piped(["gzip", "-6"], GIB // 4)
    write("compression_ratio", "gzip.csv.gz", gzipped)
    write("compression_ratio", "bzip2.csv.bz2", bz2.compress(bytes(GIB // 16), 1))
    write("compression_ratio", "xz.csv.xz", piped(["xz", "-0"], GIB // 16))
    write("compression_ratio", "zstd.csv.zst", piped(["zstd", "-q1"], 2 * GIB))
    write("compression_ratio", "lz4.csv.lz4", piped(["lz4", "-q1"], GIB // 16))
    write("compression_ratio", "7z.7z", seven_zip(out, GIB // 8))
    write("compression_ratio", "tar.tar.xz", lzma.compress(tarred([("a.csv", LINE * (1 << 21))]), preset=0))
    write("compression_ratio", "gzip_in_zip.zip", zipped([("a.csv.gz", gzipped)]))
    write("compression_ratio", "bzip2_in_tar.tar", tarred([("a.csv.bz2", bz2.compress(bytes(GIB // 16)))]))
    for number, name in enumerate(SLIPS):
        write("archive_entry_refused", f"slip_{number}.zip", zipped([("good.csv", b"a\n1\n"), (name, b"a\n1\n")]))
        write("archive_entry_refused", f"slip_{number}.tar", tarred([("good.csv", b"a\n1\n"), (name, b"a\n1\n")]))
    for name, kind in [
        ("symlink", tarfile.SYMTYPE), ("hard_link", tarfile.LNKTYPE), ("device", tarfile.CHRTYPE),
        ("block_device", tarfile.BLKTYPE), ("pipe", tarfile.FIFOTYPE),
    ]:
        data = tarred([("good.csv", b"a\n1\n"), ("evil.csv", (kind, "/etc/passwd"))])
        write("archive_entry_refused", f"{name}.tar", data)
        write("archive_entry_refused", f"{name}.tar.gz", gzip.compress(data))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 Tests/python/archive_bombs.py OUTDIR")
    main(sys.argv[1])
