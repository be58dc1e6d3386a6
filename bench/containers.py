#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a compressed CSV file costs beside its decompression alone.

usage: containers.py [FILE [RUNS [SUFFIX...]]]
FILE is bench/data/taxi.csv and RUNS 3 unless given; suffixes such as .gz choose what is measured. For each compression: the time in which the library alone expands
the file into memory that is reused, and that of the whole job (`ingest batch`: process, hash, both readings, verification,
durable publication), best of RUNS; then the ratio of both.
"""
import bz2
import lzma
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import zlib

root = pathlib.Path(__file__).resolve().parent.parent
ingest = root / ".build/release/ingest"
source = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "bench/data/taxi.csv"
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
PIECE = 256 << 10


def best(action):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def expand(decoder, path):
    """Expands a file piece by piece, as `ingest` does, and keeps nothing."""
    data = decoder()
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            data.decompress(piece)


def job(path, directory):
    store = directory / "store"
    shutil.rmtree(store, ignore_errors=True)
    subprocess.run([ingest, "batch", path, "--store", store, "--json"], check=True, stdout=subprocess.DEVNULL)


def main():
    kinds = {
        ".gz": (["gzip", "-6", "-c"], lambda: zlib.decompressobj(31)),
        ".xz": (["xz", "-1", "-c"], lzma.LZMADecompressor),
        ".bz2": (["bzip2", "-c"], bz2.BZ2Decompressor),
        ".zst": (["zstd", "-q", "-c"], None),
        ".lz4": (["lz4", "-q", "-c"], None),
    }
    tools = {".zst": ["zstd", "-dqc"], ".lz4": ["lz4", "-dqc"]}
    with tempfile.TemporaryDirectory(dir=root / "bench") as name:
        directory = pathlib.Path(name)
        bare = best(lambda: job(source, directory))
        print(f"{source.name}: {source.stat().st_size / 1e6:.0f} MB, bare: whole job {bare:.2f} s")
        for suffix in sys.argv[3:] or kinds:
            command, decoder = kinds[suffix]
            path = directory / (source.name + suffix)
            with open(path, "wb") as out:
                subprocess.run([*command, source], stdout=out, check=True)
            if decoder:
                alone = best(lambda: expand(decoder, path))
            else:
                alone = best(lambda: subprocess.run([*tools[suffix], path], stdout=subprocess.DEVNULL, check=True))
            whole = best(lambda: job(path, directory))
            print(
                f"{suffix}: {path.stat().st_size / 1e6:.0f} MB, alone {alone:.2f} s, whole job {whole:.2f} s, "
                f"ratio {whole / alone:.2f}",
                flush=True)


if __name__ == "__main__":
    main()
