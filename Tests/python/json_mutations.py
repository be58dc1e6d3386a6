#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Damages JSON texts and compares what `ingest` says of each with Python's json module: valid or not.

    json_mutations.py [--ingest PATH] N [SEED]

A text that is published, or is JSON without a table, must be valid; one that is `json_malformed` must not be. Prints
`N texts (V valid, T tables), F failures`; exits with 1 where there are any.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOUND = [
    rb'[{"id":1,"name":"x\u00e9","at":{"place":[1,2.5e3,{"q":"\ud83d\ude00"}],"e":null}},'
    rb'{"id":-2.5,"name":"y\n","at":{"place":[],"e":true}},{"id":0,"name":"","at":{"place":[[]],"e":false}}]',
    rb'{"meta":{"v":[1,{"x":"\ud800\udc00"}],"w":-0.0e-1},"rows":[["id","name"],[1,"b"],[2,null]],"z":"'
    + "é€".encode() + b'"}',
    b'[[1,"a",[{"k":"v"}]],[2,"b",[]],[3,"c",[null,true,false]]]',
    rb'{"x":[1,2,3],"y":["a","b\t","c"],"z":[null,{"p":1},[2]]}',
    rb'{"one":{"two":{"three":1E5}},"four":"\\","five":[{}],"a key of many letters":12}',
    b'[{"key":1,"other":"' + b"a" * 40 + b'"},{"key":2,"other":"' + b"b" * 30 + b'"},{"key":3,"new":{"inner":{}}}]',
]
PIECES = [piece.encode("latin-1") for piece in [
    '"', "\\", ",", ":", "{", "}", "[", "]", "0", "01", "-", "+", ".", "e", "E", "1.", ".5", "NaN", "Infinity", "nul", "null",
    "true", "True", "'", "/", "//", "\\u12", "\\ud800", "\\udc00", "\\x", "\\u00G0", "\0", "\x01", "\x1f", "\x7f", "\x0b",
    "\x0c", "\xa0", "\xc2\xa0", "\xef\xbb\xbf", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", " ", "\t", "-0",
    "1e999999", "1" * 100, "#", "{}", "[]", '""', "a"]]


def damaged(text, draw):
    for _ in range(draw.choice([0, 1, 1, 1, 2, 3])):
        at, kind = draw.randrange(len(text) + 1), draw.randrange(5)
        if kind == 0:
            text = text[:at] + draw.choice(PIECES) + text[at:]
        elif kind == 1:
            text = text[:at] + draw.choice(PIECES) + text[at + 1:]
        elif kind == 2:
            text = text[:at] + text[at + draw.randint(1, 3):]
        elif kind == 3:
            text = text[:at] + bytes([draw.randrange(256)]) + text[at + 1:]
        else:
            text = text[:at] if draw.random() < 0.3 else text[:at] + text[at + draw.randrange(len(text) + 1):]
    # Several lines may be several values.
    return text.replace(b"\n", b" ").replace(b"\r", b" ")


def no_constant(name):
    raise ValueError(name)


def is_valid(text):
    """None where the text is no UTF-8."""
    try:
        characters = text.decode("utf-8")
    except UnicodeDecodeError:
        return None
    try:
        value = json.loads(characters.removeprefix("\ufeff"), parse_constant=no_constant)
        # Half of a surrogate pair is no character.
        json.dumps(value, ensure_ascii=False).encode()
        return True
    except (ValueError, RecursionError):
        return False


def verdicts(program, folder, store):
    command = [program, "batch", str(folder), "--json", "--store", str(store)]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
    for line in map(json.loads, ended.stdout.splitlines()):
        answer = line.get("answer") or {}
        yield Path(line["file"]).name, (answer.get("verdict") or {}).get("code") or line.get("code") or line["status"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("seed", nargs="?", default="1")
    parser.add_argument("--ingest", default=str(ROOT / ".build/debug/ingest"))
    options = parser.parse_args()
    draw = random.Random(options.seed)
    texts = {f"{number:06}.json": damaged(draw.choice(SOUND), draw) for number in range(options.count)}
    valid = tables = failed = 0
    judged = set()
    with tempfile.TemporaryDirectory(prefix="json-mutations-") as directory:
        folder = Path(directory) / "texts"
        folder.mkdir()
        for name, text in texts.items():
            (folder / name).write_bytes(text)
        for name, said in verdicts(options.ingest, folder, Path(directory) / "store"):
            judged.add(name)
            truth = is_valid(texts[name])
            valid += truth is True
            tables += said == "published"
            wrong = truth is not True if said in ("published", "not_tabular") else truth if said == "json_malformed" else False
            # A word of a worker's end is none about the text.
            if wrong or said.startswith("worker_"):
                failed += 1
                print(f"seed {options.seed}, {name}: {said}, valid is {truth}: {texts[name][:300]!r}")
    failed += len(texts) - len(judged)
    print(f"{len(texts)} texts ({valid} valid, {tables} tables), {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
