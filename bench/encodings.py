#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times `ingest batch` on one text in several encodings, beside the same text in UTF-8, and takes worker's memory.

usage: encodings.py [RUNS [NAME…]]
The texts are those of data/text.csv, in Latin, Cyrillic and Chinese letters, cut to 250 MB as they lie in the file; they
are written to data/encodings/ once. RUNS is 3 unless given, after one that is discarded; the files take turns.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent
ingest = root / ".build/release/ingest"
folder = root / "bench/data/encodings"
SIZE = 250_000_000
LATIN = str.maketrans("漢字", "æß")
CYRILLIC = str.maketrans("abcdefghijklmnopqrstuvwxyz漢字üïöé", "абцдефгхийклмнопярстувшжызюэуиоэ")
CHINESE = str.maketrans("aeioumnrst", "阿额意哦乌门恩尔思特")
# Name: alphabet, codec, the bytes before the text, and what is said of it.
VARIANTS = {
    "latin-utf8": (LATIN, "utf-8", b"", []),
    "latin-windows1252": (LATIN, "cp1252", b"", []),
    "latin-utf16-mark": (LATIN, "utf-16-le", b"\xff\xfe", []),
    "latin-utf16-unmarked": (LATIN, "utf-16-be", b"", []),
    "latin-utf32-mark": (LATIN, "utf-32-le", b"\xff\xfe\0\0", []),
    "latin-damaged-utf8": (LATIN, "utf-8", b"", ["--encoding-errors", "replace"]),
    "cyrillic-utf8": (CYRILLIC, "utf-8", b"", []),
    "cyrillic-windows1251": (CYRILLIC, "cp1251", b"", ["--encoding", "windows-1251"]),
    "cyrillic-utf16": (CYRILLIC, "utf-16-le", b"\xff\xfe", []),
    "chinese-utf8": (CHINESE, "utf-8", b"", []),
    "chinese-gb18030": (CHINESE, "gb18030", b"", ["--encoding", "gb18030"]),
}


def write(name):
    alphabet, codec, mark, _ = VARIANTS[name]
    path = folder / f"{name}.csv"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    written = len(mark)
    with open(root / "bench/data/text.csv", encoding="utf-8", newline="") as source, open(path, "wb") as target:
        target.write(mark)
        while written < SIZE and (text := source.read(1 << 20)):
            # A record ends with digits; lines within a cell do not.
            while not text[-2:-1].isdigit() or text[-1] != "\n":
                line = source.readline()
                if not line:
                    break
                text += line
            encoded = text.translate(alphabet).encode(codec)
            target.write(encoded)
            written += len(encoded)
        if "damaged" in name:
            target.write(b'800001,"title","\xff broken",0.5\n')
    return path


def run(path, options):
    with tempfile.TemporaryDirectory(dir=root / "bench") as store:
        start = time.perf_counter()
        ended = subprocess.run(
            [ingest, "batch", path, "--store", f"{store}/s", "--json", *options], capture_output=True, check=True)
        seconds = time.perf_counter() - start
    answer = json.loads(ended.stdout)
    assert answer["status"] == "published", answer
    return seconds, answer["answer"]["report"].get("worker_private_bytes", 0) / 2**20


runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
paths = {name: write(name) for name in sys.argv[2:] or VARIANTS}
times = {name: [] for name in paths}
memory = dict.fromkeys(paths, 0)
for turn in range(runs + 1):
    for name, path in paths.items():
        seconds, private = run(path, VARIANTS[name][3])
        memory[name] = max(memory[name], private)
        if turn > 0:
            times[name].append(seconds)
for name, path in paths.items():
    size, median = path.stat().st_size / 1e6, statistics.median(times[name])
    print(f"{name:22s} {size:4.0f} MB {median:6.2f} s {size / median:5.0f} MB/s, worker {memory[name]:.0f} MiB")
