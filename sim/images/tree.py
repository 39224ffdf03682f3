"""Paths among what a context holds: where links lead, what lies below, what a source stands for."""

import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from sim.errors import UsageError, nearest, shown
from sim.images import paths
from sim.images.ignore import Matched, Patterns, patterns_of
from sim.images.paths import PatternError
from sim.images.walking import Node

_MOST_LINKS = 255
_MOST_COMPARED = 1000
_ROOT = Node("", "folder", stat.S_IFDIR | 0o755, 0, 0)


class Chosen(NamedTuple):
    """What COPY takes, and its place from the destination.

    `is_alone` if it was named itself: it then takes the destination's own name where that is no
    folder.
    """

    node: Node
    place: str
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """What a context holds, by path, each folder before what is in it."""

    nodes: Mapping[str, Node]

    def at(self, path: str) -> Node | None:
        """What is at a path; the folder of the context is at ``""``."""
        return self.nodes.get(path) if path else _ROOT

    def follow(self, path: str) -> str:
        """Follow the links of a path, all of them, as if the folder were the root of everything.

        Raises:
            UsageError: they lead in a circle.
        """
        found, left, links = "", path.split("/")[::-1], 0
        while left:
            part = left.pop()
            ahead = paths.inside(f"{found}/{part}")
            node = self.nodes.get(ahead)
            if node is None or node.kind != "link":
                found = ahead
                continue
            links += 1
            if links > _MOST_LINKS:
                raise UsageError(f"the links of {shown(path)} lead in a circle", "mend one of them")
            left += node.target.split("/")[::-1]
            found = "" if node.target.startswith("/") else found
        return found

    def under(self, folder: str) -> Iterable[Node]:
        """List all that lies below a folder, at any depth."""
        if not folder:
            return self.nodes.values()
        start = f"{folder}/"
        return (node for path, node in self.nodes.items() if path.startswith(start))

    def within(self, wanted: Patterns) -> list[Node]:
        """List what patterns match, with the folders on the way there."""
        return [each.node for each in self._contents(_ROOT, wanted, Patterns()) if each.place]

    def expand(self, source: str) -> list[str]:
        """List the paths that a source stands for; one without wildcards stands for itself.

        What lies in a folder that matches is not asked any more.
        """
        fixed, pattern = paths.split_wildcards(paths.inside(source))
        if not pattern:
            return [fixed]
        folder = self._existing(fixed, source).path
        found: list[str] = []
        for node in self.under(folder):
            within = bool(found) and node.path.startswith(found[-1] + "/")
            if not within and paths.matches(pattern, node.path[len(folder) :].lstrip("/")):
                found.append(node.path)
        return found

    def choose(self, source: str, excludes: Patterns, parents: bool) -> list[Chosen]:
        """List what a source of COPY or ADD takes.

        Raises:
            UsageError: there is no such thing, or a pattern of it is none.
        """
        take = self._with_parents if parents else self._plain
        try:
            return take(source, excludes)
        except PatternError as error:
            raise UsageError(f"{shown(source)} is no pattern: it has {error}") from None

    def _plain(self, source: str, excludes: Patterns) -> list[Chosen]:
        chosen: list[Chosen] = []
        for path in self.expand(source):
            node = self._existing(path, source)
            if node.kind == "folder":
                chosen += self._contents(node, None, excludes)
            else:
                chosen.append(Chosen(node, path.rpartition("/")[2], is_alone=True))
        return chosen

    def _with_parents(self, source: str, excludes: Patterns) -> list[Chosen]:
        """Keep the folders of a source, or those behind its `/./` if it has one."""
        base, pivot, wanted = source.partition("/./")
        if not pivot:
            base, wanted = "", source
        wanted = paths.inside(wanted)
        if not paths.has_wildcards(base + wanted):
            self._existing(paths.inside(f"{base}/{wanted}"), source)
        chosen: list[Chosen] = []
        for path in self.expand(base):
            chosen += self._contents(self._existing(path, source), patterns_of([wanted]), excludes)
        return chosen

    def _existing(self, path: str, source: str) -> Node:
        led = self.follow(path)
        node = self.at(led)
        if node is not None:
            return node
        if led != path:
            raise UsageError(f"{shown(path)} leads to {shown(led)}, which is not in the context")
        raise self.missing(path, source)

    def missing(self, path: str, named: str) -> UsageError:
        """Say that nothing is at a path, by the name that it was given, and what may be meant."""
        folder = _folder_of(path)
        beside = (node.path for node in self.under(folder) if _folder_of(node.path) == folder)
        meant = nearest(path, islice(beside, _MOST_COMPARED))
        remedy = f"did you mean {meant!r}?" if meant else "give its path from the context's folder"
        return UsageError(f"there is no {shown(named)} in the context", remedy)

    def _contents(
        self, folder: Node, wanted: Patterns | None, excludes: Patterns
    ) -> Iterator[Chosen]:
        """A folder and what it holds, as far as it is wanted, with the folders on the way there."""
        yield Chosen(folder, "")
        start = len(folder.path) + 1 if folder.path else 0
        below = (Chosen(node, node.path[start:]) for node in self.under(folder.path))
        if wanted is None and not excludes:
            yield from below
        else:
            yield from _sifted(below, _Sieve(wanted, excludes))


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0]


@dataclass(slots=True)
class _Sieve:
    """What is wanted and what is excluded, and which of both match the folders so far."""

    wanted: Patterns | None
    excludes: Patterns
    matched: dict[str, tuple[Matched, Matched]] = field(default_factory=dict)

    def passes(self, node: Node, place: str) -> bool:
        above, outside = self.matched.get(_folder_of(place), ((), ()))
        is_wanted, within = (True, above)
        if self.wanted is not None:
            is_wanted, within = self.wanted.check(place, above)
        is_excluded, without = self.excludes.check(place, outside)
        if node.kind == "folder":
            self.matched[place] = (within, without)
        return is_wanted and not is_excluded


def _sifted(below: Iterable[Chosen], sieve: _Sieve) -> Iterator[Chosen]:
    """Those that pass; a folder that does not comes all the same before what passes in it."""
    untold: list[Chosen] = []
    for each in below:
        passes = sieve.passes(each.node, each.place)
        while untold and not each.place.startswith(untold[-1].place + "/"):
            untold.pop()
        if passes or each.node.kind == "folder":
            untold.append(each)
        if passes:
            yield from untold
            untold.clear()
