#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cuts the power at many instants of a run, and sees what the program makes of what the disk could then show.

usage: power_cuts.py INGEST SHIM [--cuts N] [--rounds N] [--seed N] [--deaf KIND] [OPTIONS…]
Each round publishes, publishes anew, deletes and collects, all below the shim, and is cut N times; the next round
begins with what a cut left. `--deaf files`, `folders` or `catalog` takes syncs of that kind for nothing, and a loss must be
found. Prints how many cuts there were, and what they left. Exits 1 where anything acknowledged is lost, half there, or
cannot be collected.
"""
import argparse
import collections
import copy
import hashlib
import json
import pathlib
import random
import shutil
import subprocess
import tempfile

from disk_model import Disk, events
from store_truth import Lost, Program, Truth, examine, files

parser = argparse.ArgumentParser()
parser.add_argument("ingest")
parser.add_argument("shim")
parser.add_argument("--cuts", type=int, default=10)
parser.add_argument("--rounds", type=int, default=1)
parser.add_argument("--files", type=int, default=6)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--deaf", choices=["files", "folders", "catalog"])
arguments, options = parser.parse_known_args()
program = Program(arguments.ingest, options)


class Round:
    """One run below the shim, of several commands, each marked in the log."""

    def __init__(self, folder, number):
        self.folder = pathlib.Path(folder)
        self.number = number
        self.disk = self.folder / "disk"
        self.store = self.disk / "store"
        self.log = self.folder / f"log-{number}"
        self.log.touch()
        self.start = Disk(self.disk, arguments.deaf)

    def mark(self, what):
        with self.log.open("ab") as log:
            text = json.dumps(what).encode()
            log.write(b"M %d\n%s\n" % (len(text), text))

    def run(self, verb, *rest, accepted=(0,), form=("--json",)):
        environment = {"LD_PRELOAD": arguments.shim, "SHIM_ROOT": str(self.disk), "SHIM_LOG": str(self.log),
                       "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        command = program.command(verb, *rest, "--store", self.store, *form)
        ended = subprocess.run(command, capture_output=True, env=environment, timeout=120)
        if ended.returncode not in accepted:
            raise Lost(f"{verb} ended with {ended.returncode}: {ended.stderr[-500:]}")
        return ended.stdout

    def play(self, truth):
        incoming = self.folder / f"in-{self.number}"
        write_files(incoming, self.number, arguments.files)
        self.publish(incoming)
        truth.learn(self.store)
        # The same names with other contents, and one content under another name.
        write_files(incoming, self.number + 1000, arguments.files // 2)
        shutil.copy(incoming / "f0.csv", incoming / f"gone-{self.number}.csv")
        (incoming / f"gone-{self.number}-too.csv").write_text(f"id,name,v\n{self.number},gone,0.5\n")
        self.publish(incoming)
        truth.learn(self.store)
        self.export()
        # Newer versions push older ones out, but for one that is pinned.
        if pinned := self.run("table pin", "f1@1", accepted=(0, 2)):
            self.mark({"pinned": [f"{table['name']}@{table['version']}" for table in json.loads(pinned)["tables"]]})
        write_files(incoming, self.number + 2000, arguments.files // 2)
        self.publish(incoming, "--store-bytes", sum(path.stat().st_size for path in files(self.store)))
        truth.learn(self.store)
        for name in (f"gone-{self.number}", f"gone-{self.number}-too"):
            self.mark({"deleting": [name, 1]})
            self.run("table delete", f"{name}@1")
            self.mark({"deleted": [name, 1]})
        self.run("store gc", "--grace", "0", "--retention", "0")

    def publish(self, incoming, *more):
        options = ["--max-rejects", "9", "--type", "id=int64", "--audit-head", self.disk / "head", *more]
        self.run("batch", incoming, *options, accepted=(0, 1))

    def export(self):
        target = self.disk / "export.csv"
        reference = f"f{self.number % arguments.files}"
        # Below the shim as well: who only reads makes files beside the catalog, too.
        new = hashlib.sha256(self.run("table export", reference, "--to", "csv", form=())).hexdigest()
        self.mark({"exporting": new})
        self.run("table export", reference, "--to", "csv", "-o", target, form=())
        self.mark({"exported": new})


def write_files(folder, seed, count):
    folder.mkdir(exist_ok=True)
    draw = random.Random(seed)
    for number in range(count):
        rows = [f"{row},text {draw.randrange(10**6)},{draw.random()}" for row in range(draw.choice([1, 30, 400]))]
        # Some have rejects, which are a second file.
        if number % 2:
            rows.append("none,of these,0.5")
        (folder / f"f{number}.csv").write_text("id,name,v\n" + "\n".join(rows) + "\n")
    (folder / "refused.csv").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(64))


def instants(log, count, draw):
    """Events to cut before: one after each of some syncs, or of all where there are not more."""
    syncs = [index for index, event in enumerate(log) if event[0] == "S"]
    chosen = sorted(draw.sample(range(len(syncs)), min(count, len(syncs))))
    return [draw.randint(syncs[turn], syncs[turn + 1] if turn + 1 < len(syncs) else len(log)) for turn in chosen]


def hear(truth, said, event):
    """Takes in what the program said, or what was done to it, by this event."""
    letter, _, data = event
    if letter == "A":
        said.extend(data)
        *lines, rest = said.split(b"\n")
        for line in lines:
            if line.startswith(b'{"answer"'):
                truth.acknowledge(line)
        said[:] = rest
    elif letter == "M":
        what = json.loads(data)
        for kind in ("deleting", "deleted"):
            if kind in what:
                getattr(truth, kind).add(tuple(what[kind]))
        truth.pinned.update(what.get("pinned", []))
        if "exporting" in what:
            truth.exports.add(what["exporting"])
        elif "exported" in what:
            truth.exports = {what["exported"]}


def play(folder, number, truth, draw, tally):
    """Plays a round and cuts it. Answers what the last cut showed, and what was true then."""
    turn = Round(folder, number)
    learning = Truth()
    learning.digests = truth.digests
    turn.play(learning)
    log = list(events(turn.log))
    disk, said, shown = turn.start, bytearray(), pathlib.Path(folder, f"cut-{number}")
    tally["syncs"] += sum(event[0] == "S" for event in log)
    cuts = collections.deque(instants(log, arguments.cuts, draw))
    for index, event in enumerate([*log, None]):
        while cuts and cuts[0] == index:
            cuts.popleft()
            shutil.rmtree(shown, ignore_errors=True)
            disk.show(shown, draw)
            looked_at = pathlib.Path(folder, "looked-at")
            shutil.copytree(shown, looked_at)
            try:
                left = examine(program, looked_at / "store", truth)
                examine_beside(looked_at, truth)
            except Lost as lost:
                raise Lost(f"cut before event {index} of round {number}, seed {arguments.seed}: {lost}") from lost
            tally["cuts"] += 1
            tally["acknowledged"] += len(truth.acknowledged)
            tally["tables"] += left["tables"]
            tally["orphans"] += left["orphans"]
            tally["evicted"] = max(tally["evicted"], left["evicted"])
            shutil.rmtree(looked_at)
            then = copy.deepcopy(truth)
        if event:
            hear(truth, said, event)
            disk.apply(*event)
    verify(disk, turn)
    return shown, then


def examine_beside(folder, truth):
    """What the program keeps outside of the store: an exported file, and the head of the audit log."""
    export, head = folder / "export.csv", folder / "head"
    digest = hashlib.sha256(export.read_bytes()).hexdigest() if export.exists() else None
    if digest not in truth.exports:
        raise Lost(f"the export is {digest}, and must be one of {truth.exports}")
    if head.exists():
        program.run("audit verify", "--head-file", head, "--store", folder / "store")
    elif len(truth.acknowledged) > 0:
        raise Lost("the head of the audit log is gone")


def verify(disk, turn):
    """Else a change was not written down, and the cuts were of something else."""
    real = {f"/{path.relative_to(turn.disk)}": path.read_bytes() for path in turn.disk.rglob("*") if path.is_file()}
    modelled = disk.live()
    for path in real.keys() | modelled.keys():
        if not path.endswith("-shm") and real.get(path) != modelled.get(path):
            raise AssertionError(f"the log does not tell what happened to {path}")


def main():
    tally = collections.Counter()
    draw = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory(prefix="power-cuts-") as folder:
        truth = Truth()
        disk = pathlib.Path(folder, "disk")
        disk.mkdir()
        for number in range(arguments.rounds):
            # Life goes on with what the last cut showed, and with what was acknowledged before it.
            shown, truth = play(folder, number, truth, draw, tally)
            shutil.rmtree(disk)
            shown.rename(disk)
    print(json.dumps(dict(tally)))


try:
    main()
except Lost as lost:
    raise SystemExit(f"power_cuts: {lost}")
