#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where the time of the whole job goes: `perf record` over all cores while `ingest batch` publishes one file.

usage: profile.py [--json FILE] [--top N] [NAME…]
NAME: taxi, text, floats, strings (all unless given) or the path of a CSV file. Each is published once before, so that
it is in the page cache. Prints the share of the processor time of all cores that each kind of work takes, idle time
included, and the N functions (12 unless given) that take the most. Needs perf, and the right to look at the kernel.
"""
import argparse
import collections
import pathlib
import re
import subprocess
import tempfile

import bars
from ingest_batch import ingest, publish, root
from other_load import OtherLoad

# The first pattern that a function's name has in it says what kind of work it is.
kernel_kinds = [
    ("kernel: copying", r"copy_(folio_)?(to|from)|_copy_|copyin|copyout|rep_movs|iov_iter|copy_user"),
    ("kernel: page faults and maps", r"fault|map_pages|set_pte|zap_|unmap|rmap|clear_page|next_uptodate|_anon_|vma_|"
     "vm_?area|mmap|free_pages|free_unref|alloc_pages|lru"),
    ("kernel: files and disk", r"ext4|jbd2|xfs|btrfs|blk|bio_|virt|folio|filemap|pagecache|xas_|writeback|submit_|"
     "mpage|iomap|wbc_|balance_dirty|crc32|inode"),
]
user_kinds = [
    ("SHA-256", r"sha256|SHA256"),
    ("finding fields", r"scan_(avx|sse|neon|portable)|ingest_scan|RecordIndex|BlockStart"),
    ("verifying", r"Verifi|ingest_(are|is|text_bytes|whole|count)"),
    ("converting", r"ingest_(convert|gather|copy|parse|screen|pack|clean)|clean_text|ColumnSink|Cell|ColumnInference|"
     "TextScreen|Shape|BlockReader|Decimal|memchr"),
    ("memory of libraries", r"malloc|calloc|_int_free|free|swift_|memset"),
    ("copying", r"memcpy|memmove"),
]


def profile(path):
    """The samples of one run: program, process, function, and the file that it is in."""
    with tempfile.TemporaryDirectory(dir=root / "bench") as folder:
        recorded = f"{folder}/perf.data"
        subprocess.run(
            ["perf", "record", "-q", "-a", "-F", "1999", "-e", "cpu-clock", "-o", recorded, "--", ingest, "batch", path,
             "--store", f"{folder}/s"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        script = subprocess.run(
            ["perf", "script", "-i", recorded, "-F", "comm,pid,ip,sym,dso"], check=True, capture_output=True,
            text=True).stdout
    samples = []
    for line in script.splitlines():
        if match := re.match(r"\s*(.*?)\s+(\d+)\s+[0-9a-f]+ (.*) \((.*)\)$", line):
            program, process, function, place = match.groups()
            samples.append((program, int(process), function, place))
    return samples


def kind_of(program, is_ours, function, place):
    if program == "swapper":
        return "idle"
    if place.startswith("[") and (is_ours or program.startswith(("kworker", "jbd2"))):
        return next((kind for kind, pattern in kernel_kinds if re.search(pattern, function)), "kernel: the rest")
    if not is_ours:
        return "other processes"
    return next((kind for kind, pattern in user_kinds if re.search(pattern, function)), "the rest of the program")


def show(name, samples, top):
    total = len(samples)
    # A thread may have a name of its own.
    ours = {process for program, process, _, _ in samples if program.startswith("ingest")}
    kinds, functions = collections.Counter(), collections.Counter()
    for program, process, function, place in samples:
        kind = kind_of(program, process in ours, function, place)
        kinds[kind] += 1
        if process in ours:
            functions[f"{function} ({kind})"] += 1
    print(f"{name}: {total} samples of all cores")
    for kind, count in kinds.most_common():
        print(f"  {count / total:6.1%}  {kind}")
    print("  the functions that take the most:")
    for function, count in functions.most_common(top):
        print(f"  {count / total:6.1%}  {function[:100]}")
    return {"samples": total, "shares": {kind: count / total for kind, count in kinds.most_common()},
            "functions": {function: count / total for function, count in functions.most_common(top)}}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--top", type=int, default=12)
    parser.add_argument("names", nargs="*", default=["taxi", "text", "floats", "strings"])
    arguments = parser.parse_args()
    load = OtherLoad()
    results = {}
    for name in arguments.names:
        path = pathlib.Path(name)
        path = path.resolve() if path.suffix else root / f"bench/data/{name}.csv"
        publish(path)
        results[path.stem] = show(path.stem, profile(path), arguments.top)
    if arguments.json:
        bars.write(arguments.json, results, [], load.share())


if __name__ == "__main__":
    main()
