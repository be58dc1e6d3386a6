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
import zlib
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
    """The texts of a file: by member for an archive, without those that are damaged, else under None."""
    data = path.read_bytes()
    suffix = path.suffix
    if suffix in EXPANDERS:
        data = EXPANDERS[suffix](data)
        suffix = ".tar" if suffix in (".tgz", ".tbz2") else Path(path.stem).suffix
    if suffix not in MEMBERS:
        return {None: data}
    texts = {}
    for name, content in MEMBERS[suffix](data).items():
        try:
            texts[name] = EXPANDERS.get(Path(name).suffix, bytes)(content)
        except (EOFError, OSError):
            continue
    return texts


def _zip(data):
    members = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            try:
                if not entry.is_dir():
                    members[entry.filename] = archive.read(entry)
            except (zipfile.BadZipFile, zlib.error):
                continue
    return members


def _tar(data):
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive.getmembers() if entry.isfile()}


def _seven_zip(data):
    with tempfile.TemporaryDirectory() as directory:
        archive, out = Path(directory) / "archive.7z", Path(directory) / "out"
        archive.write_bytes(data)
        ended = subprocess.run(["7z", "x", f"-o{out}", archive], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # 2 stands for damaged members too; whatever is missing then is missed by who asks for it.
        if ended.returncode not in (0, 2):
            raise OSError(f"7z ended with {ended.returncode}")
        return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


MEMBERS = {".zip": _zip, ".tar": _tar, ".7z": _seven_zip}
