#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Honest archives pass, and hold what was put in: python3 Tests/python/honest_archives.py --ingest INGEST COUNT [SEED]

Packs generated tables with Python's zipfile and tarfile, Info-ZIP, 7-Zip, bsdtar, GNU tar and the compressors, by every
level and method that is read, under names in several scripts. Every archive must be published, and each member's table
be that of the bare file, byte for byte. Prints one line; the status is 1 where anything failed.
"""

import argparse
import bz2
import gzip
import io
import json
import lzma
import random
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

NAMES = [
    "plain", "two words", "Größe", "表", "данные", "مبيعات", "naïve_e\u0301", "100% sure", "a+b=c", "semi;colon", "#1",
    "it's", "x" * 90, "dots.in.it", "Ωmega",
]
FOLDERS = ["", "data/", "deep/er/", "Ordner mit Blank/", "フォルダ/"]


def table(chance):
    """A table of mixed columns, sometimes empty of rows, sometimes of some hundred kilobytes."""
    rows = chance.choice([0, 1, 3, 50, 2_000, 20_000])
    lines = ["id,name,price,day,flag"]
    for number in range(rows):
        lines.append(
            f"{number},{chance.choice(NAMES)!s},{chance.randrange(10_000) / 100},2024-{number % 12 + 1:02}-15,"
            f"{chance.choice(['true', 'false'])}"
        )
    return ("\n".join(lines) + "\n").encode()


def run(*command, cwd=None, data=None):
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"{command}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def python_zip(folder, names, chance):
    buffer = io.BytesIO()
    method = chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    with zipfile.ZipFile(buffer, "w", method, compresslevel=chance.randrange(10)) as archive:
        if chance.random() < 0.3:
            archive.comment = "Grüße".encode()
        for name in names:
            if chance.random() < 0.5:
                archive.write(folder / name, name)
            else:
                with archive.open(name, "w", force_zip64=chance.random() < 0.5) as member:
                    member.write((folder / name).read_bytes())
    return ".zip", buffer.getvalue()


def info_zip(folder, names, chance):
    level = f"-{chance.randrange(10)}"
    extra = chance.choice([[], ["-X"], ["-D"], ["-fd"], ["-fz"], ["-fz-"]])
    out = folder.parent / "out.zip"
    out.unlink(missing_ok=True)
    if chance.random() < 0.3:
        return ".zip", run("zip", "-q", "-r", level, *[e for e in extra if e != "-fd"], "-", ".", cwd=folder)
    run("zip", "-q", "-r", level, *extra, out, ".", cwd=folder)
    return ".zip", out.read_bytes()


def seven_zip(folder, names, chance):
    kind = chance.choice(["7z", "7z", "7z", "zip", "tar"])
    out = folder.parent / f"out.{kind}"
    out.unlink(missing_ok=True)
    options = {
        "7z": chance.choice([
            ["-mx=0"], ["-mx=1"], ["-mx=5"], ["-mx=9"], ["-m0=lzma"], ["-m0=bzip2"], ["-m0=ppmd"], ["-m0=deflate"],
            ["-ms=off"], ["-mhc=off"], ["-mmt=1"],
        ]),
        "zip": chance.choice([["-mx=0"], ["-mx=1"], ["-mx=9"], ["-mcu=on"]]),
        "tar": [],
    }[kind]
    run("7z", "a", "-bd", "-y", f"-t{kind}", *options, out, ".", cwd=folder)
    return f".{kind}", out.read_bytes()


def bsdtar(folder, names, chance):
    kind = chance.choice(["zip", "7zip", "pax", "ustar", "gnutar", "v7", "pax", "paxr"])
    options = []
    if kind == "7zip":
        options = ["--options", "7zip:compression=" + chance.choice(["lzma1", "lzma2", "bzip2", "ppmd", "deflate", "store"])]
    if kind == "zip":
        options = ["--options", "zip:compression=" + chance.choice(["store", "deflate"])]
    if kind in ("ustar", "v7") and max(len(name.encode()) for name in names) > 90:
        kind = "pax"
    return {"zip": ".zip", "7zip": ".7z"}.get(kind, ".tar"), run(
        "bsdtar", "-c", "-f", "-", "--format", kind, *options, ".", cwd=folder)


def gnu_tar(folder, names, chance):
    kind = chance.choice(["gnu", "oldgnu", "posix", "ustar", "v7"])
    if kind in ("ustar", "v7") and max(len(name.encode()) for name in names) > 90:
        kind = "gnu"
    return ".tar", run("tar", "-c", f"--format={kind}", ".", cwd=folder)


def python_tar(folder, names, chance):
    kind = chance.choice([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
    if kind == tarfile.USTAR_FORMAT and max(len(name.encode()) for name in names) > 90:
        kind = tarfile.PAX_FORMAT
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=kind) as archive:
        if chance.random() < 0.5:
            archive.add(folder, ".")
        else:
            for name in names:
                archive.add(folder / name, name)
    return ".tar", buffer.getvalue()


COMPRESSORS = [
    (".gz", lambda data, chance: gzip.compress(data, chance.randrange(10))),
    (".gz", lambda data, chance: run("gzip", f"-{chance.randrange(1, 10)}", data=data)),
    (".bz2", lambda data, chance: bz2.compress(data, chance.randrange(1, 10))),
    (".bz2", lambda data, chance: run("bzip2", f"-{chance.randrange(1, 10)}", data=data)),
    (".xz", lambda data, chance: lzma.compress(
        data, check=chance.choice([lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256]), preset=chance.randrange(7))),
    (".xz", lambda data, chance: run("xz", f"-{chance.randrange(10)}", "-T2", data=data)),
    (".zst", lambda data, chance: run("zstd", "-q", f"-{chance.randrange(1, 20)}", data=data)),
    (".zst", lambda data, chance: run("zstd", "-q", "--ultra", "-22", "--long=27", "--no-check", data=data)),
    (".lz4", lambda data, chance: run(
        "lz4", "-q", f"-{chance.randrange(1, 13)}", chance.choice(["-B4", "-B7", "-BD", "-BX"]), "-c", data=data)),
]
PACKERS = [python_zip, info_zip, seven_zip, bsdtar, gnu_tar, python_tar]


def archive(number, folder, names, chance):
    """One container of the files: (suffix, bytes)."""
    if len(names) == 1 and number % 3 == 0:
        suffix, compress = COMPRESSORS[number // 3 % len(COMPRESSORS)]
        return Path(names[0]).suffix + suffix, compress((folder / names[0]).read_bytes(), chance)
    suffix, data = PACKERS[number % len(PACKERS)](folder, names, chance)
    if suffix == ".tar" and chance.random() < 0.5:
        outer, compress = chance.choice(COMPRESSORS)
        return suffix + outer, compress(data, chance)
    return suffix, data


def generate(directory, count, chance):
    """Writes archives and bare files; gives {archive: {member or None: bare file}}."""
    wanted = {}
    (directory / "in").mkdir()
    for number in range(count):
        folder = directory / "files" / str(number)
        names = []
        for name in chance.sample(NAMES, 1 if number % 3 == 0 else chance.randrange(2, 5)):
            name = chance.choice(FOLDERS) + name + chance.choice([".csv", ".csv", ".tsv", ".txt"])
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(table(chance))
            names.append(name)
        suffix, data = archive(number, folder, names, chance)
        path = directory / "in" / f"{number:04}{suffix}"
        path.write_bytes(data)
        isSingle = not any(kind in suffix for kind in (".zip", ".7z", ".tar"))
        wanted[path.name] = {None if isSingle else name: folder / name for name in names}
    return wanted


def published(ingest, store, folder, options):
    """The answers of a batch by file, and the bytes of its tables by id."""
    done = subprocess.run(
        [ingest, "batch", folder, "--store", store, "--json", *options], stdout=subprocess.PIPE, text=True)
    lines = {line["file"]: line for line in map(json.loads, done.stdout.splitlines())}
    return lines, {path.stem: path for path in store.rglob("*.arrow")}


def normal(member):
    return member[2:] if member and member.startswith("./") else member


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ingest", required=True)
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    arguments, options = parser.parse_known_args()
    failures, tables = [], 0
    with tempfile.TemporaryDirectory() as directory:
        directory = Path(directory)
        wanted = generate(directory, arguments.count, random.Random(arguments.seed))
        bare_lines, bare = published(arguments.ingest, directory / "bare", directory / "files", options)
        lines, found = published(arguments.ingest, directory / "store", directory / "in", options)
        for name, members in wanted.items():
            line = lines.get(str(directory / "in" / name))
            if line is None or line["status"] != "published":
                verdict = (line or {}).get("answer", {}) or line
                failures.append(f"{name} was not published: {verdict}")
                continue
            got = {normal(entry.get("member")): entry for entry in line["answer"]["tables"]}
            if set(got) != set(members):
                failures.append(f"{name} holds {sorted(map(str, got))}, not {sorted(map(str, members))}")
                continue
            for member, file in members.items():
                tables += 1
                own = bare_lines[str(file)]["answer"]["tables"][0]["id"]
                if found[got[member]["id"]].read_bytes() != bare[own].read_bytes():
                    failures.append(f"{name}#{member} is another table than that of the bare file")
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{arguments.count} archives, {tables} tables, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
