# SPDX-License-Identifier: Apache-2.0
"""What a store must show after a crash, and whether it does."""
import copy
import hashlib
import json
import pathlib
import sqlite3
import subprocess


class Lost(Exception):
    """The store does not show what it must, or shows what it must not."""


class Program:
    def __init__(self, ingest, options=()):
        self.ingest = str(ingest)
        self.options = list(options)

    def command(self, verb, *arguments):
        confined = self.options if verb in ("batch", "serve") else []
        return [self.ingest, *verb.split(), *map(str, arguments), *confined]

    def run(self, verb, *arguments, accepted=(0,), **more):
        ended = subprocess.run(self.command(verb, *arguments), capture_output=True, text=True, timeout=120, **more)
        if ended.returncode not in accepted:
            raise Lost(f"{verb} ended with {ended.returncode}: {ended.stderr[-500:]}{ended.stdout[-500:]}")
        return ended

    def json(self, verb, *arguments, **more):
        return json.loads(self.run(verb, *arguments, "--json", **more).stdout)


class Truth:
    """What was acknowledged, and what may be there without that."""

    def __init__(self):
        # By upload: its code, or none, and its tables as name, version and id.
        self.acknowledged = {}
        # By id: the digest of the table's file.
        self.digests = {}
        # Versions that somebody began to delete, and those that he was told are.
        self.deleting, self.deleted = set(), set()
        # References of versions that somebody was told are pinned.
        self.pinned = set()
        # The digests that the file of an export may have; None for none at all.
        self.exports = {None}

    def acknowledge(self, line):
        """Takes a line of `batch --json`; a failure acknowledges nothing."""
        line = json.loads(line)
        if line["status"] != "failed":
            self.take(line["answer"])

    def take(self, answer):
        """Takes the answer to one upload."""
        tables = [(table["name"], table["version"], table["id"]) for table in answer["tables"]]
        self.acknowledged[answer["upload"]["id"]] = (answer["verdict"].get("code"), tables)

    def learn(self, store):
        """Keeps what the files of a store hold, which is the same whenever they have the same id."""
        for path in files(store):
            self.digests.setdefault(path.stem, hashlib.sha256(path.read_bytes()).hexdigest())


def files(store):
    return sorted(pathlib.Path(store).glob("tables/*/*.arrow"))


def examine(program, store, truth):
    """Has the program look at a store after a crash, collect what is left over, and compares it with the truth."""
    store = pathlib.Path(store)
    if not truth.acknowledged:
        # It may not even be a whole store yet, which the next upload must find or make.
        file = store.parent / "after.csv"
        file.write_text("id\n1\n")
        truth = copy.deepcopy(truth)
        truth.acknowledge(program.run("batch", file, "--store", store, "--json").stdout)
    elif not (store / "ingest-store").exists():
        raise Lost("the store is gone")
    # First as it is, by a program that changes nothing.
    before = check(program, store)
    collected = program.json("store gc", "--grace", "0", "--retention", "7d", "--store", store)
    after = check(program, store)
    if after["warning_count"]:
        raise Lost(f"gc leaves {after['warnings']}")
    if after["files"] != before["files"]:
        raise Lost(f"{before['files']} files were catalogued, and {after['files']} after gc")
    if list(store.glob("scratch/*")):
        raise Lost("scratch is left")
    evicted = compare(program, store, truth)
    return {"orphans": collected["files"], "tables": after["files"], "evicted": evicted}


def check(program, store):
    report = program.json("store check", "--store", store, accepted=(0, 70))
    if not report["sound"]:
        raise Lost(f"store check: {report['problems'][:5]}")
    return report


def compare(program, store, truth):
    """Answers how many versions have made room so far."""
    catalog = sqlite3.connect(f"file:{store}/catalog.sqlite?mode=ro", uri=True)
    uploads = dict(catalog.execute("SELECT id, code FROM upload"))
    versions = {
        (name, version): (table, deleted is not None) for name, version, table, deleted in catalog.execute(
            "SELECT name, version, table_id, deleted_at FROM table_version JOIN reading_output USING "
            "(scope, derivation, ordinal)")}
    # What made room is gone for good: never the latest, so that its name is there still.
    evicted = {subject for subject, in catalog.execute("SELECT subject FROM audit WHERE action = 'evict'")}
    kept = {subject for subject, in catalog.execute("SELECT name || '@' || version FROM table_version WHERE pinned")}
    catalog.close()
    if truth.pinned - kept:
        raise Lost(f"{truth.pinned - kept} were pinned, and are not")
    newest = {}
    for name, version in versions:
        newest[name] = max(version, newest.get(name, 0))
    for upload, (code, tables) in truth.acknowledged.items():
        if upload not in uploads or uploads[upload] != code:
            raise Lost(f"the upload {upload} was answered with {code or 'tables'}, and is not recorded so")
        for name, version, table in tables:
            if (name, version) in truth.deleting:
                continue
            if f"{name}@{version}" in evicted and version < newest.get(name, 0) and (name, version) not in versions:
                continue
            if versions.get((name, version)) != (table, False):
                raise Lost(f"{name}@{version} was acknowledged as {table}, and is {versions.get((name, version))}")
    for reference in truth.deleted:
        if reference in versions and not versions[reference][1]:
            raise Lost(f"{reference} was deleted, and is there again")
    for path in files(store):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if truth.digests.setdefault(path.stem, digest) != digest:
            raise Lost(f"{path.name} is not what it was")
    listed = {(t["name"], t["version"]): t["id"] for t in program.json("table list", "--store", store)["tables"]}
    latest = {}
    for (name, version), (table, is_deleted) in versions.items():
        if not is_deleted and version >= latest.get(name, (0,))[0]:
            latest[name] = (version, table)
    if listed != {(name, version): table for name, (version, table) in latest.items()}:
        raise Lost("the list of tables is not that of the catalog")
    if listed:
        # One of them as its users get it.
        (name, version), table = sorted(listed.items(), key=lambda item: item[1])[0]
        target = pathlib.Path(store).parent / "export"
        program.run("table export", f"{name}@{version}", "--to", "arrow", "-o", target, "--store", store)
        if hashlib.sha256(target.read_bytes()).hexdigest() != truth.digests[table]:
            raise Lost(f"the export of {name}@{version} is not its table")
        target.unlink()
    return len(evicted)
