# SPDX-License-Identifier: Apache-2.0
"""A disk as it may look after a power cut, from what the shim wrote down (Tests/FaultShim/log.c).

What was written, cut off or named before a sync of that file or folder began is there once the sync has ended. Of what
came later each sector has any of the contents that it had since, the file any of its lengths, and each name leads to
anything that it led to since. A name and what it leads to are durable each by a sync of its own.
"""
import os
import pathlib
import stat


class Inode:
    def __init__(self, is_folder=False):
        self.is_folder = is_folder
        self.kind = "folders" if is_folder else "files"
        self.content = bytearray()
        self.entries = {}
        self.pending = []
        # How many changes are durable: those of `pending` come after them.
        self.settled = 0

    def settle(self, upto):
        """The first changes, counted from the beginning, are durable."""
        count = max(0, upto - self.settled)
        for change in self.pending[:count]:
            if change[0] == "E":
                self.entries[change[1]] = change[2]
            else:
                write(self.content, change)
        del self.pending[:count]
        self.settled += count


def write(content, change):
    letter, offset, data = change
    if letter == "T":
        del content[offset:]
        content.extend(bytes(offset - len(content)))
    else:
        content.extend(bytes(max(0, offset - len(content))))
        content[offset:offset + len(data)] = data
        if letter == "C":
            del content[len(data):]


class Disk:
    """Takes events one by one; `deaf` names a kind of sync that does nothing, to see that it would be missed."""

    def __init__(self, root, deaf=None):
        self.deaf = deaf
        self.inodes = {}
        self.begun = {}
        self.root = self.adopt(pathlib.Path(root))

    def adopt(self, path):
        """What is there at the start is durable."""
        status = path.lstat()
        inode = self.inodes[status.st_ino] = Inode(stat.S_ISDIR(status.st_mode))
        if inode.is_folder:
            for entry in path.iterdir():
                inode.entries[entry.name] = self.adopt(entry)
        else:
            inode.content = bytearray(path.read_bytes())
            self.classify(inode, path.name)
        return inode

    @staticmethod
    def classify(inode, name):
        if name.startswith("catalog.sqlite"):
            inode.kind = "catalog"
        elif name == "ingest-store":
            inode.kind = "marker"

    def apply(self, letter, numbers, data):
        if letter == "N":
            self.inodes[numbers[0]] = Inode(data == b"d")
        elif letter == "E":
            name, inode = data.decode(), self.inodes[numbers[1]]
            self.classify(inode, name)
            self.inodes[numbers[0]].pending.append(("E", name, inode))
        elif letter == "U":
            self.inodes[numbers[0]].pending.append(("E", data.decode(), None))
        elif letter == "W":
            self.inodes[numbers[0]].pending.append(("W", numbers[1], data))
        elif letter == "T":
            self.inodes[numbers[0]].pending.append(("T", numbers[1], b""))
        elif letter == "C":
            inode = self.inodes[numbers[0]]
            if self.live_content(inode) != data:
                inode.pending.append(("C", 0, data))
        elif letter == "B":
            inode = self.inodes[numbers[0]]
            self.begun[numbers[1]] = (inode, inode.settled + len(inode.pending))
        elif letter == "S":
            inode, upto = self.begun.pop(numbers[1])
            if inode.kind != self.deaf:
                inode.settle(upto)

    @staticmethod
    def live_content(inode):
        content = bytearray(inode.content)
        for change in inode.pending:
            write(content, change)
        return content

    def live(self, inode=None, path=""):
        """Every file as a program sees it now: its path and its bytes."""
        inode = inode or self.root
        if not inode.is_folder:
            return {path: bytes(self.live_content(inode))}
        entries = dict(inode.entries)
        entries.update((name, target) for _, name, target in inode.pending)
        found = {}
        for name, target in entries.items():
            if target:
                found.update(self.live(target, f"{path}/{name}"))
        return found

    def show(self, path, draw):
        """Makes what the disk could show now, in the folder `path`; `draw` decides what of the unsynced is there."""
        way = draw.choice(["none", "all", "some", "some"])
        sector = draw.choice([512, 4096])
        contents = {}

        def choose(count):
            return 0 if way == "none" else count - 1 if way == "all" else draw.randrange(count)

        def make(inode, path):
            if not inode.is_folder:
                if id(inode) not in contents:
                    contents[id(inode)] = torn(inode, sector, choose)
                path.write_bytes(contents[id(inode)])
                os.chmod(path, 0o444 if path.suffix == ".arrow" or path.name == "ingest-store" else 0o600)
                return
            path.mkdir(mode=0o700, exist_ok=True)
            versions = {name: [target] for name, target in inode.entries.items()}
            for _, name, target in inode.pending:
                versions.setdefault(name, [None]).append(target)
            for name, targets in versions.items():
                target = targets[choose(len(targets))]
                # The index of the log lives in memory, and SQLite makes it again.
                if target and not name.endswith("-shm"):
                    make(target, path / name)

        make(self.root, pathlib.Path(path))


def torn(inode, sector, choose):
    """One content of a file: each sector as it was at some time since it was durable."""
    cuts = [index for index, change in enumerate(inode.pending) if change[0] == "T"]
    # A cut frees blocks, so that what was written behind it is there only with it.
    reached = choose(len(cuts) + 1)
    changes = inode.pending if reached == len(cuts) else inode.pending[:cuts[reached]]
    content = bytearray(inode.content)
    sizes, versions = [len(content)], {}
    for change in changes:
        write(content, change)
        letter, offset, data = change
        if letter == "T":
            sizes = [offset]
            versions = {index: kept for index, kept in versions.items() if (index + 1) * sector <= offset}
            continue
        sizes.append(len(content))
        for index in range(offset // sector, -(-(offset + len(data)) // sector)):
            start = index * sector
            if index not in versions:
                versions[index] = [bytes(inode.content[start:start + sector]) if not cut_before(changes, change, start)
                                   else b""]
            versions[index].append(bytes(content[start:start + sector]))
    shown = bytearray(content)
    for index, kept in versions.items():
        data = kept[choose(len(kept))]
        start, end = index * sector, min((index + 1) * sector, len(shown))
        shown[start:end] = data[:end - start] + bytes(max(0, end - start - len(data)))
    size = sizes[choose(len(sizes))]
    del shown[size:]
    shown.extend(bytes(size - len(shown)))
    return bytes(shown)


def cut_before(changes, change, start):
    """Whether a cut at or before `start` came before this change."""
    for earlier in changes:
        if earlier is change:
            return False
        if earlier[0] == "T" and earlier[1] <= start:
            return True
    return False


def events(path):
    """The events of a log: letter, numbers, bytes."""
    log = pathlib.Path(path).read_bytes()
    position = 0
    while position < len(log):
        end = log.index(b"\n", position)
        letter, *numbers = log[position:end].decode().split(" ")
        *numbers, length = map(int, numbers)
        yield letter, numbers, log[end + 1:end + 1 + length]
        position = end + 2 + length
