"""What lies in a context's folder, in the order in which a builder's client walks it."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from sim.images.ignore import Matched, Patterns

Kind: TypeAlias = Literal["file", "folder", "link", "special"]
"""A special file is a device, a fifo or a socket: it has a name, and no bytes of its own."""

Attributes: TypeAlias = tuple[tuple[str, bytes], ...]

_UNSENT = "com.apple."
"""Extended attributes that the client leaves out."""


class Node(NamedTuple):
    """One thing in a context, at a path from its folder, as `lstat` shows it.

    `mode` is as the system has it, with its type; `modified` is in nanoseconds. `target` is where
    a link leads, or, of a file with several names, the name that was met first.
    """

    path: str
    kind: Kind
    mode: int
    size: int
    modified: int
    target: str = ""
    device: int = 0
    attributes: Attributes = ()


@dataclass(slots=True)
class _Level:
    """A folder under way: what is left in it, what matches it, and itself until it is told."""

    path: str
    entries: Iterator[os.DirEntry[str]]
    matched: Matched = ()
    untold: Node | None = None


@dataclass(slots=True)
class Walk:
    """A walk through a folder past what patterns leave out, which follows no link.

    `faults` collects what cannot be read or sent, by path, for whoever comes to need it.
    """

    folder: str
    ignored: Patterns
    faults: dict[str, str] = field(default_factory=dict)
    _levels: list[_Level] = field(default_factory=list)
    _first_names: dict[tuple[int, int], str] = field(default_factory=dict)

    def nodes(self) -> Iterator[Node]:
        """List what is there, each folder before what it holds, names in the order of their bytes.

        A folder that is left out appears all the same before what an exception takes back in it.
        """
        self._levels.append(_Level("", self._entries("", is_ignored=False)))
        while self._levels:
            entry = next(self._levels[-1].entries, None)
            if entry is None:
                self._levels.pop()
            else:
                yield from self._met(entry)

    def _met(self, entry: os.DirEntry[str]) -> Iterator[Node]:
        level = self._levels[-1]
        path = f"{level.path}/{entry.name}" if level.path else entry.name
        is_ignored, matched = self.ignored.check(path, level.matched)
        is_folder = entry.is_dir(follow_symlinks=False)
        if is_ignored and not (is_folder and self.ignored.excepts_within(path)):
            return
        node = self._node(entry, path)
        if not is_ignored:
            yield from self._told()
            yield node
        if is_folder:
            entries = self._entries(path, is_ignored)
            self._levels.append(_Level(path, entries, matched, node if is_ignored else None))

    def _told(self) -> Iterator[Node]:
        """The folders around that were left out so far."""
        for level in self._levels:
            if level.untold:
                yield level.untold
                level.untold = None

    def _entries(self, path: str, is_ignored: bool) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(os.path.join(self.folder, path)) as entries:
                return iter(sorted(entries, key=lambda entry: entry.name))
        except OSError as error:
            if not is_ignored:
                self.faults[path] = f"the folder cannot be read: {error.strerror}"
            return iter(())

    def _node(self, entry: os.DirEntry[str], path: str) -> Node:
        """What an entry is; it may be gone by now, or have a name that cannot be sent."""
        try:
            found = entry.stat(follow_symlinks=False)
            target = os.readlink(entry.path) if stat.S_ISLNK(found.st_mode) else ""
            attributes = _attributes(entry.path)
        except OSError as error:
            self.faults[path] = f"it cannot be read: {error.strerror}"
            return Node(path, "special", stat.S_IFIFO, 0, 0)
        self._look_at_name(path, target)
        kind = _kind(found.st_mode)
        if kind == "file":
            self._look_at_mode(entry.path, path, found.st_mode)
            target = self._first_name(path, found)
        size = 0 if kind == "folder" else found.st_size
        device = found.st_rdev if kind == "special" else 0
        return Node(path, kind, found.st_mode, size, found.st_mtime_ns, target, device, attributes)

    def _look_at_name(self, path: str, target: str) -> None:
        if path.isascii() and target.isascii():
            return
        try:
            (path + target).encode()
        except UnicodeEncodeError:
            which = "its name is" if _is_broken(path) else "the link leads to a name that is"
            self.faults[path] = f"{which} not UTF-8, and a builder refuses that"

    def _look_at_mode(self, place: str, path: str, mode: int) -> None:
        if not mode & stat.S_IROTH and not os.access(place, os.R_OK):
            self.faults[path] = "the file cannot be read: Permission denied"

    def _first_name(self, path: str, found: os.stat_result) -> str:
        if found.st_nlink == 1:
            return ""
        first = self._first_names.setdefault((found.st_dev, found.st_ino), path)
        return first if first != path else ""


def _kind(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "link" if stat.S_ISLNK(mode) else "special"


def _attributes(place: str) -> Attributes:
    try:
        names = os.listxattr(place, follow_symlinks=False)
    except OSError:
        return ()
    return tuple(
        (name, os.getxattr(place, name, follow_symlinks=False))
        for name in sorted(names)
        if not name.startswith(_UNSENT)
    )


def _is_broken(text: str) -> bool:
    return any("\udc80" <= sign <= "\udcff" for sign in text)
