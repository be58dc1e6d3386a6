# SPDX-License-Identifier: Apache-2.0
"""One whole job of `ingest batch`: a fresh store, one file, from the start of the process to its end."""
import json
import os
import pathlib
import subprocess
import tempfile
import time
from dataclasses import dataclass

import pyarrow
import pyarrow.ipc
from private_memory import PeakPrivateMemory

root = pathlib.Path(__file__).resolve().parent.parent
ingest = root / ".build/release/ingest"


@dataclass
class Run:
    """What one run took. Processor time is that of the service and of every process that it waited for."""

    seconds: float
    user_seconds: float
    system_seconds: float
    # Peak of service and workers together; 0 where it was not sampled.
    private_bytes: int
    table_bytes: int
    rows: int
    # Of each column, as Arrow names them.
    types: dict
    # The answer's object for the file.
    answer: dict


def publish(path, *options, sampled=False, directory=None):
    """Publishes one file into a new store, which is deleted again.

    With `sampled`, memory is looked at while it runs, which costs time. Fails where the file is not published.
    """
    with tempfile.TemporaryDirectory(dir=directory or root / "bench") as folder:
        command = [ingest, "batch", path, "--store", f"{folder}/s", "--json", *options]
        with open(f"{folder}/answer", "w+b") as output:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)
            memory = PeakPrivateMemory(process.pid) if sampled else None
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            peak = memory.stop() if memory else 0
            output.seek(0)
            text = output.read()
        if process.returncode != 0:
            raise SystemExit(f"ingest batch {path} exited with {process.returncode}: {text.decode(errors='replace')}")
        answer = json.loads(text)["answer"]
        table = next(pathlib.Path(folder).glob("s/tables/*/*.arrow"))
        with pyarrow.memory_map(str(table)) as file, pyarrow.ipc.open_file(file) as reader:
            types = {field.name: str(field.type) for field in reader.schema}
        return Run(seconds, usage.ru_utime, usage.ru_stime, peak, table.stat().st_size, answer["tables"][0]["rows"],
                   types, answer)
