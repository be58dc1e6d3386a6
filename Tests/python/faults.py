#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes calls fail below the program, one case after the other, and sees that it says so, loses nothing and goes on.

usage: faults.py INGEST SHIM [--cases N] [--seed N] [OPTIONS…]
A case is a call (write, pwrite, fsync, fdatasync, linkat, openat, mkdirat, ftruncate, unlinkat), the turn at which it
fails, once or from then on, and how: ENOSPC, EDQUOT, EROFS, EIO, or half written. Some cases let the clock jump
instead. Each publishes into a store that has tables already; then again without faults, which must complete. Prints what the
failures were called. Exits 1 where a failure is not told, has another code, or anything is lost.
"""
import argparse
import collections
import json
import pathlib
import random
import shutil
import subprocess
import tempfile

from disk_model import events
from store_truth import Lost, Program, Truth, check, compare, examine

parser = argparse.ArgumentParser()
parser.add_argument("ingest")
parser.add_argument("shim")
parser.add_argument("--cases", type=int, default=12)
parser.add_argument("--seed", type=int, default=1)
arguments, options = parser.parse_known_args()
program = Program(arguments.ingest, options)
calls = ["write", "pwrite", "fsync", "fdatasync", "linkat", "openat", "mkdirat", "ftruncate", "unlinkat"]
codes = {"ENOSPC": "disk_full", "EDQUOT": "disk_full", "EROFS": "store_read_only", "EIO": "storage_failed"}
jumps = [10**9, -10**9, -3 * 10**9, 86_400]
tally = collections.Counter()


def batch(store, incoming, log=None, **environment):
    """Runs a batch below the shim; answers its status, its lines, and what it said."""
    variables = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **environment}
    if log:
        variables.update(LD_PRELOAD=arguments.shim, SHIM_ROOT=str(store.parent), SHIM_LOG=str(log))
    command = program.command("batch", incoming, "--store", store, "--json", "--max-rejects", "9", "--type", "id=int64")
    ended = subprocess.run(command, capture_output=True, env=variables, timeout=120)
    return ended.returncode, ended.stdout.splitlines(), ended.stderr.decode()


def write_files(folder, count, seed):
    folder.mkdir()
    draw = random.Random(seed)
    for number in range(count):
        rows = "".join(f"{row},text {draw.random()}\n" for row in range(draw.choice([1, 40, 3000])))
        (folder / f"f{number}.csv").write_text(f"id,name\n{rows}none,{seed}\n")


def count_calls(folder, base, incoming):
    """How often a run without faults makes each call."""
    store = pathlib.Path(folder, "counted", "store")
    shutil.copytree(base, store)
    log = pathlib.Path(folder, "counted", "log")
    batch(store, incoming, log, SHIM_FAIL=",".join(f"{call}:1000000:EIO" for call in calls))
    counts = dict(data.decode().split() for letter, _, data in events(log) if letter == "Z")
    return {call: int(counts[call]) for call in calls}


def cases(counts, draw):
    """First each call and the clock once, then as they are drawn."""
    kinds = calls + ["clock"]
    number = 0
    while True:
        call = kinds[number] if number < len(kinds) else draw.choice(kinds)
        if call == "clock":
            yield {"SHIM_CLOCK_JUMP": f"{draw.choice(jumps)}@{draw.choice([1, 20, 100])}"}, None
        elif counts[call]:
            hows = list(codes) + (["SHORT", "SHORT"] if "write" in call else [])
            how = draw.choice(hows)
            turn = draw.randint(1, counts[call])
            yield {"SHIM_FAIL": f"{call}:{turn}{draw.choice(['', '+'])}:{how}"}, how
        number += 1


def judge(status, lines, talk, how, acknowledged):
    """What a run below faults may say."""
    answers = [json.loads(line) for line in lines]
    failed = [answer for answer in answers if answer["status"] == "failed"]
    if any(answer["status"] == "refused" for answer in answers):
        raise Lost(f"a file was refused: {answers}")
    if status not in (0, 70) or (status == 0 and failed) or (how in (None, "SHORT") and status != 0):
        raise Lost(f"it ended with {status}: {talk[-800:]}")
    tally["failed runs" if status else "unharmed runs"] += 1
    for answer in failed:
        tally[answer.get("code")] += 1
        if answer.get("code") != codes[how]:
            raise Lost(f"{how} is called {answer.get('code')}: {answer['error']}")
    words = ["disk is full", "cannot be written to", "disk failed"]
    if status and not failed and not any(word in talk for word in words):
        raise Lost(f"no reason is given: {talk[-800:]}")


def run_case(folder, base, truth, incoming, environment, how):
    top = pathlib.Path(folder, "case")
    shutil.rmtree(top, ignore_errors=True)
    store = top / "store"
    shutil.copytree(base, store)
    known = Truth()
    known.acknowledged = dict(truth.acknowledged)
    known.digests = truth.digests
    status, lines, talk = batch(store, incoming, top / "log", **environment)
    for line in lines:
        known.acknowledge(line)
    judge(status, lines, talk, how, known)
    tally["cases"] += 1
    tally["fired"] += any(letter == "X" for letter, _, _ in events(top / "log"))
    examine(program, store, known)
    status, lines, talk = batch(store, incoming)
    if status != 0:
        raise Lost(f"afterwards it ended with {status}: {talk[-800:]}")
    for line in lines:
        known.acknowledge(line)
    check(program, store)
    compare(program, store, known)


def run_export(folder, base, rule):
    """An export that fails leaves the file that was there; one that is written in pieces is whole."""
    top = pathlib.Path(folder, "export")
    shutil.rmtree(top, ignore_errors=True)
    top.mkdir()
    target = top / "table.csv"
    target.write_text("as it was")
    command = program.command("table export", "f0", "--to", "csv", "-o", target, "--store", base)
    environment = {"LD_PRELOAD": arguments.shim, "SHIM_ROOT": str(top), "SHIM_FAIL": rule}
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
    whole = program.run("table export", "f0", "--to", "csv", "--store", base).stdout
    is_short = rule.endswith("SHORT")
    if ended.returncode != (0 if is_short else 70) or target.read_text() != (whole if is_short else "as it was"):
        raise Lost(f"the export ended with {ended.returncode}: {ended.stderr}{target.read_text()[:80]}")
    if list(top.iterdir()) != [target]:
        raise Lost(f"the export left {list(top.iterdir())}")
    tally["exports"] += 1


def main():
    draw = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        first, incoming = pathlib.Path(folder, "first"), pathlib.Path(folder, "in")
        write_files(first, 2, 1)
        write_files(incoming, 3, 2)
        base = pathlib.Path(folder, "base", "store")
        base.parent.mkdir()
        truth = Truth()
        for line in batch(base, first)[1]:
            truth.acknowledge(line)
        for rule in ("renameat:1:EIO", "fsync:1:ENOSPC", "write:1:EDQUOT", "write:1:SHORT"):
            try:
                run_export(folder, base, rule)
            except Lost as lost:
                raise SystemExit(f"faults: {rule}: {lost}") from lost
        for number, (environment, how) in enumerate(cases(count_calls(folder, base, incoming), draw)):
            if number == arguments.cases:
                break
            try:
                run_case(folder, base, truth, incoming, environment, how)
            except Lost as lost:
                raise SystemExit(f"faults: {environment}: {lost}") from lost
    print(json.dumps(tally))


main()
