#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills the service, its zygote or its workers, again and again, and sees what the store shows.

usage: kills.py INGEST FAULTY_INGEST [--kills N] [--kills-per-store N] [--seed N] [--require-all-steps] [OPTIONS…]
Each step of publishing is one kill of the service, by the test executable. Of the others half come at a step, and half
at a random instant while clients upload to `ingest serve`. After each the whole store is examined, so a store takes 25
kills, one after the other, and the next ones get a new one: what a kill costs does not grow with those before it. Prints
what was killed where. Exits 1 where anything acknowledged is lost, half there, or cannot be collected.
"""
import argparse
import collections
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from store_truth import Lost, Program, Truth, examine, files

parser = argparse.ArgumentParser()
parser.add_argument("ingest")
parser.add_argument("faulty")
parser.add_argument("--kills", type=int, default=20)
parser.add_argument("--kills-per-store", type=int, default=25)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--require-all-steps", action="store_true")
arguments, options = parser.parse_known_args()
program = Program(arguments.ingest, options)
level = options[options.index("--sandbox-require") + 1] if "--sandbox-require" in options else "strong"
clients = 8
draw = random.Random(arguments.seed)
tally = collections.Counter()


def text(*cells):
    """A file of its own, with a record that is rejected."""
    rows = "".join(f"{row},text {row},{row}.5\n" for row in range(draw.choice([1, 50, 2000])))
    return f"id,name,v\n{rows}{','.join(map(str, cells))}\n".encode()


def taken(store):
    """What the tables of a store take, in bytes."""
    return sum(path.stat().st_size for path in files(store))


# MARK: At a step

def kill_at(step, victim, turn, folder, store, truth):
    """Whether the step was passed, and the victim killed there."""
    incoming = pathlib.Path(folder, "in")
    incoming.mkdir(exist_ok=True)
    paths = [incoming / f"step-{number}.csv" for number in range(6)]
    for number, path in enumerate(paths):
        # The same names with other contents: a version each.
        path.write_bytes(text("none", draw.random(), number))
    # So that each version pushes an older one out.
    quota = draw.choice([0, taken(store)]) if step != "unreferencedFileRemoved" else taken(store)
    ended = subprocess.run([arguments.faulty, store, level, victim, step, str(turn), str(quota), *paths],
                           capture_output=True, timeout=120)
    whole, _, _ = ended.stdout.rpartition(b"\n")
    for line in whole.splitlines():
        truth.take(json.loads(line))
    if victim == "service":
        accepted = (-signal.SIGKILL, 3)
    else:
        # A worker that is killed is its file's fault; without a zygote an upload may fail by ours.
        accepted = (0, 3, 70)
    if ended.returncode not in accepted:
        raise Lost(f"{victim} killed at {step}: ended with {ended.returncode}: {ended.stderr[-500:]}")
    if ended.returncode == 70 and b"faulty-ingest: " not in ended.stderr:
        raise Lost(f"{victim} killed at {step}: no reason: {ended.stderr[-500:]}")
    return ended.returncode != 3


# MARK: At a random instant

class Clients:
    """Upload one file after the other until told to stop, and keep what they were answered."""

    def __init__(self, port, turn):
        self.answers = []
        self.failures = []
        self.statuses = collections.Counter()
        self.stopping = threading.Event()
        bodies = [[text("none", turn, client * 1000 + number) for number in range(20)] for client in range(clients)]
        self.threads = [threading.Thread(target=self.upload, args=(port, turn, client, bodies[client]))
                        for client in range(clients)]
        for thread in self.threads:
            thread.start()

    def upload(self, port, turn, client, bodies):
        for number in range(10**6):
            if self.stopping.is_set():
                return
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            try:
                # Some of the names are shared between clients, so that versions are given side by side.
                name = f"c{client % 3}-{number % 4}.csv"
                body = bodies[number % len(bodies)] + f"{number},again,{turn}\n".encode()
                connection.request("PUT", f"/v1/uploads/{name}?max_rejects=9&types=id%3Dint64", body=body)
                answer = connection.getresponse()
                content = json.loads(answer.read())
                self.statuses[answer.status] += 1
                if answer.status >= 500 and answer.status != 507 and not self.stopping.is_set():
                    self.failures.append(content)
                if answer.status in (200, 201):
                    self.answers.append(content)
                elif "upload" in content:
                    self.answers.append({"upload": {"id": content["upload"]}, "verdict": {"code": content["code"]},
                                         "tables": []})
            except (OSError, http.client.HTTPException, ValueError):
                # The service is gone; a body that was cut off acknowledges nothing.
                if not self.stopping.is_set():
                    time.sleep(0.01)
            finally:
                connection.close()

    def stop(self, truth):
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        for answer in self.answers:
            truth.take(answer)


class Service:
    def __init__(self, folder, store):
        self.talk = pathlib.Path(folder, "talk")
        quota = ["--store-bytes", taken(store)] if draw.random() < 0.5 else []
        command = program.command("serve", "--store", store, "--listen", "127.0.0.1:0", *quota)
        with self.talk.open("wb") as talk:
            self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=talk)
        deadline = time.monotonic() + 60
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)\n", self.talk.read_text())):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Lost(f"serve did not start: {self.talk.read_text()}")
            time.sleep(0.005)
        self.port = int(found[1])

    def children(self, confined):
        """The zygote, or the workers that have a job."""
        found = []
        for path in pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            try:
                found += map(int, path.read_text().split())
            except OSError:
                continue
        return [process for process in found if is_confined(process) == confined]

    def is_well(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("PUT", f"/v1/uploads/well.csv", body=text(self.process.pid, "well", draw.random()))
        # Also where it says that there is no room.
        return connection.getresponse().status in (201, 507)


def is_confined(process):
    try:
        return "Seccomp:\t2" in pathlib.Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None


def kill_at_random(victim, turn, folder, store, truth):
    service = Service(folder, store)
    crowd = Clients(service.port, turn)
    time.sleep(draw.uniform(0.02, 0.6))
    if victim == "service":
        service.process.kill()
        service.process.wait()
        crowd.stop(truth)
        if crowd.failures:
            raise Lost(f"before it was killed: {crowd.failures[:3]}")
        return
    targets = []
    deadline = time.monotonic() + 20
    # A worker lives for milliseconds.
    while not targets and time.monotonic() < deadline:
        targets = service.children(victim == "workers")
    for target in targets[:1 if victim == "zygote" else None]:
        try:
            os.kill(target, signal.SIGKILL)
        except ProcessLookupError:
            pass
    time.sleep(0.1)
    crowd.stop(truth)
    well = any(service.is_well() for _ in range(3))
    service.process.send_signal(signal.SIGTERM)
    status = service.process.wait(timeout=60)
    if not targets or not well or status != 0:
        raise Lost(f"after a kill of {victim}: well {well}, status {status}: {service.talk.read_text()[-1000:]}")
    tally.update({f"answered {status}": count for status, count in crowd.statuses.items()})


# MARK: All of them

def plan():
    """What is killed, and where: every step for the service first, then all others as they are drawn."""
    steps = subprocess.run([arguments.faulty], capture_output=True, text=True, check=True).stdout.split()
    turns = {step: 1 if step.startswith("store") or step == "catalogOpened" else 6 for step in steps}
    listed = [("service", step, 1) for step in steps]
    number = 0
    while True:
        if number < len(listed):
            yield listed[number]
        elif number % 2:
            yield draw.choice(["service", "service", "zygote", "workers"]), None, 0
        else:
            step = draw.choice(steps)
            yield draw.choice(["service", "service", "zygote", "workers"]), step, draw.randint(1, turns[step])
        number += 1


def count_store(store, truth, left):
    """Adds to the tally what a store came to that gets no further kills."""
    tally["stores"] += 1
    tally["acknowledged"] += len(truth.acknowledged)
    tally["tables"] += len(files(store))
    tally["evicted"] += left["evicted"]


def main():
    truth, steps, number = Truth(), collections.Counter(), 0
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        store, kills, left = pathlib.Path(folder, "store"), 0, None
        for victim, step, turn in plan():
            if tally["kills"] == arguments.kills:
                break
            if kills == arguments.kills_per_store:
                count_store(store, truth, left)
                shutil.rmtree(store)
                truth, kills = Truth(), 0
            where = f"kill {tally['kills']} of {victim} at {step or 'random'} {turn}, seed {arguments.seed}"
            try:
                if step is None:
                    kill_at_random(victim, number, folder, store, truth)
                elif not kill_at(step, victim, turn, folder, store, truth):
                    # Not passed so often: the run was an ordinary one.
                    tally["not passed"] += 1
                    turn = 0
                left = examine(program, store, truth)
            except Lost as lost:
                raise SystemExit(f"kills: {where}: {lost}") from lost
            number += 1
            tally["orphans"] += left["orphans"]
            if step is None or turn:
                kills += 1
                tally["kills"] += 1
                tally[victim] += 1
                steps[step or "random"] += 1
                if tally["kills"] % 20 == 0:
                    print(f"kills: {tally['kills']} of {arguments.kills}, nothing lost", file=sys.stderr, flush=True)
        count_store(store, truth, left)
        listed = subprocess.run([arguments.faulty], capture_output=True, text=True, check=True).stdout.split()
        missed = [step for step in listed if not steps[step]]
        if missed and arguments.require_all_steps:
            raise SystemExit(f"kills: never killed at {missed}")
        print(json.dumps({**tally, "steps": steps}))


main()
