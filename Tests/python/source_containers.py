# SPDX-License-Identifier: Apache-2.0
"""What lies in compressed files and archives, by other programs than `ingest` links: Python's library, zstd, lz4, 7z."""

import bz2
import gzip
import io
import lzma
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path


def _piped(*command):
    return lambda data: subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


EXPANDERS = {
    ".gz": gzip.decompress,
    ".tgz": gzip.decompress,
    ".bz2": bz2.decompress,
    ".tbz2": bz2.decompress,
    ".xz": lzma.decompress,
    ".zst": _piped("zstd", "-dcq"),
    ".lz4": _piped("lz4", "-dcq"),
}


def contents(path):
    """The texts of a file: by member for an archive, else under None."""
    data = path.read_bytes()
    suffix = path.suffix
    if suffix in EXPANDERS:
        data = EXPANDERS[suffix](data)
        suffix = ".tar" if suffix in (".tgz", ".tbz2") else Path(path.stem).suffix
    if suffix not in MEMBERS:
        return {None: data}
    members = MEMBERS[suffix](data).items()
    return {name: EXPANDERS.get(Path(name).suffix, bytes)(content) for name, content in members}


def _zip(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}


def _tar(data):
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive.getmembers() if entry.isfile()}


def _seven_zip(data):
    with tempfile.TemporaryDirectory() as directory:
        archive, out = Path(directory) / "archive.7z", Path(directory) / "out"
        archive.write_bytes(data)
        subprocess.run(["7z", "x", f"-o{out}", archive], stdout=subprocess.DEVNULL, check=True)
        return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


MEMBERS = {".zip": _zip, ".tar": _tar, ".7z": _seven_zip}
