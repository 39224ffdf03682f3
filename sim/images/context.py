"""The folder that a build is given, as BuildKit sees it: what it holds and what a COPY takes."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sim.errors import Fault, ScenarioError, UsageError, shown
from sim.images import hashing, paths
from sim.images.ignore import NAME as IGNORE_FILE
from sim.images.ignore import Patterns, patterns_of, read_ignore
from sim.images.paths import PatternError
from sim.images.tree import Chosen, Tree
from sim.images.unpacking import ArchiveError, Member, unpacked
from sim.images.walking import Kind, Node, Walk

_LARGEST_READ = 32 * 1024**2
_UNPACKED = 0o755
"""The mode of a folder that is made to unpack into."""


class Entry(NamedTuple):
    """One thing that COPY or ADD brings, with all that the build cache knows it by.

    `path` is where it is in the context and `place` where it goes, from the destination. With
    `is_alone` it was named itself, and takes the destination's own name where that is no folder.
    `mode` is of permissions; a second name of one file has no bytes of its own.
    """

    path: str
    place: str
    kind: Kind
    mode: int
    owner: tuple[int, int]
    size: int
    digest: str
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """A folder without what is ignored in it, with the changes that were made to it in thought.

    `tails` is what was added to the end of files, and is all there is of those that were `made`.
    """

    folder: str
    tree: Tree
    ignored: Patterns = field(default_factory=Patterns)
    ignore_file: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    tails: Mapping[str, bytes] = field(default_factory=dict)
    made: frozenset[str] = frozenset()
    _known: dict[str, bytes] = field(default_factory=dict, repr=False)
    _archives: dict[str, list[Member] | None] = field(default_factory=dict, repr=False)

    def select(
        self,
        sources: Iterable[str],
        excludes: Sequence[str] = (),
        parents: bool = False,
        unpack: bool = False,
    ) -> list[Entry]:
        """List what COPY takes from the context, each folder before what it holds.

        With `unpack` an archive that was named itself is what is in it, as ADD has it, below a
        folder that has the archive's own digest.

        Raises:
            UsageError: a source is not there, or a pattern is none.
            ScenarioError: some of it cannot be read or sent, all of that.
        """
        chosen = self.choose(sources, excludes, parents)
        self.require(each.node for each in chosen)
        again = _further_names(chosen)
        entries: list[Entry] = []
        for number, each in enumerate(chosen):
            members = self._unpacked(each) if unpack and each.is_alone else None
            entries += members or [self._entry(each, number in again)]
        return entries

    def choose(
        self, sources: Iterable[str], excludes: Sequence[str] = (), parents: bool = False
    ) -> list[Chosen]:
        """List what COPY takes without reading any of it, so without a digest."""
        try:
            patterns = patterns_of(excludes)
        except PatternError as error:
            raise UsageError(f"--exclude has no pattern that can be read: {error}") from None
        chosen: list[Chosen] = []
        for source in sources:
            self._refuse_ignored(source)
            chosen += self.tree.choose(source, patterns, parents)
        return chosen

    def _refuse_ignored(self, source: str) -> None:
        """Say of a source that is there, and ignored, where that is said."""
        path = paths.inside(source)
        if self.tree.at(path) or not os.path.lexists(os.path.join(self.folder, path)):
            return
        pattern = self.ignored.decisive(path)
        if pattern:
            file = os.path.basename(self.ignore_file)
            problem = f"{shown(source)} is left out of the context by line {pattern.line} of {file}"
            raise UsageError(problem, f"take the line out, or write !{path} below it")

    def digest(
        self, sources: Iterable[str], excludes: Sequence[str] = (), parents: bool = False
    ) -> str:
        """Digest what COPY takes: names, modes, owners, attributes, links and contents."""
        chosen = self.choose(sources, excludes, parents)
        self.require(each.node for each in chosen)
        whole = hashlib.sha256()
        for each in chosen:
            whole.update(each.place.encode() + b"\0" + self._digest(each.node))
        return whole.hexdigest()

    def read(self, path: str) -> bytes | None:
        """Read a file that is not too large, following links; None if there is none to read."""
        node = self.tree.at(self.tree.follow(path))
        if node is None or node.kind != "file" or node.size > _LARGEST_READ:
            return None
        self.require([node])
        kept = b"" if node.path in self.made else b"".join(self._pieces(node))
        return kept + self.tails.get(node.path, b"")

    def require(self, nodes: Iterable[Node]) -> None:
        """Insist that some of the context can be read and sent."""
        if not self.faults:
            return
        bad = [node.path for node in nodes if node.path in self.faults]
        if bad:
            raise ScenarioError(map(self._fault, bad))

    def _fault(self, path: str) -> Fault:
        file = os.path.basename(self.ignore_file) or IGNORE_FILE
        place = printable(os.path.join(self.folder, path))
        return Fault(self.faults[path], f"mend it, or name it in {file}", file=place)

    def _unpacked(self, chosen: Chosen) -> list[Entry] | None:
        node = chosen.node
        if node.kind != "file" or node.path in self.made:
            return None
        if node.path not in self._archives:
            self._archives[node.path] = self._members(node)
        members = self._archives[node.path]
        if members is None:
            return None
        digest = self._digest(node).hex()
        top = Entry(node.path, "", "folder", _UNPACKED, hashing.OWNER, 0, digest)
        return [top, *(Entry(node.path, *member) for member in members)]

    def _members(self, node: Node) -> list[Member] | None:
        place = os.path.join(self.folder, node.path)
        try:
            return unpacked(place)
        except ArchiveError as error:
            raise ScenarioError([Fault(f"the archive {error}", file=printable(place))]) from error
        except OSError:
            return None  # it will be told when it is read

    def _entry(self, chosen: Chosen, is_again: bool) -> Entry:
        node = chosen.node
        size = 0 if is_again or node.kind != "file" else node.size
        mode = stat.S_IMODE(node.mode)
        digest = self._digest(node).hex()
        owner = hashing.OWNER
        return Entry(node.path, chosen.place, node.kind, mode, owner, size, digest, chosen.is_alone)

    def _digest(self, node: Node) -> bytes:
        """The digest of one thing; of files it is kept, since reading them takes its time."""
        if node.kind != "file" or node.path in self.tails:
            return self._new_digest(node)
        if node.path not in self._known:
            self._known[node.path] = self._new_digest(node)
        return self._known[node.path]

    def _new_digest(self, node: Node) -> bytes:
        digest = hashing.header_digest(node)
        if node.kind == "file" and node.path not in self.made:
            for piece in self._pieces(node):
                digest.update(piece)
        digest.update(self.tails.get(node.path, b""))
        return digest.digest()

    def _pieces(self, node: Node) -> Iterator[bytes]:
        """The bytes of a file on the disk."""
        place = os.path.join(self.folder, node.path)
        try:
            yield from hashing.pieces(place)
        except OSError as error:
            why = f"the file cannot be read: {error.strerror}"
            raise ScenarioError([Fault(why, file=printable(place))]) from error


def read_context(folder: Path | str, dockerfile: Path | str) -> Context:
    """Walk the folder of a build, past what its `.dockerignore` leaves out; no file is read yet.

    What cannot be read or sent matters only once something needs it.

    Raises:
        ScenarioError: the `.dockerignore` has lines that are none.
        UsageError: there is no such folder.
    """
    if not os.path.isdir(folder):
        raise UsageError(f"there is no folder {shown(str(folder))}", "name the folder to build in")
    ignored, file = read_ignore(Path(folder), Path(dockerfile))
    walk = Walk(os.fspath(folder), ignored)
    nodes = {node.path: node for node in walk.nodes()}
    return Context(os.fspath(folder), Tree(nodes), ignored, file, walk.faults)


def _further_names(chosen: Sequence[Chosen]) -> set[int]:
    """Which of them are a file that came before by another name."""
    files = [(number, each.node) for number, each in enumerate(chosen) if each.node.kind == "file"]
    if not any(node.target for _, node in files):
        return set()
    first: dict[str, int] = {}
    for number, node in files:
        first.setdefault(node.target or node.path, number)
    return {number for number, _ in files} - set(first.values())


def printable(path: str) -> str:
    """Write a path on one line, whatever bytes are in its names."""
    text = path.encode(errors="surrogateescape").decode(errors="backslashreplace")
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
