"""What the steps of a stage put where, as far as it is known without running anything.

A copy's files are known, each by its digest. What a command writes is not. It is taken to be the
same whenever the command, its environment and all files around it are the same; to lie in the
folder that it runs in or at a path that it names; and to leave copied files as they are, unless it
says that it writes them. What a base holds is known by its digest alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sim.images.keys import key_of
from sim.images.paths import has_wildcards, matches

_WRITES = r"(?:>|\b(?:tee|mv|cp|rm|touch|chmod|chown|install|truncate|patch)\b|(?<!\S)-[io]\b)"
"""What stands ahead of the name of a file in a command that writes it."""


def _nothing() -> bytes | None:
    return None


@dataclass(frozen=True, slots=True)
class Item:
    """A file, folder or link that was copied, and how to read it."""

    digest: str
    size: int = 0
    is_folder: bool = False
    read: Callable[[], bytes | None] = field(default=_nothing, compare=False, repr=False)


@dataclass(frozen=True)
class Selection:
    """What one source of a copy stands for: items by where they go from its destination.

    A file that was named itself is `alone`. `unknown` are digests of what commands may have put
    there besides, and `written` the bytes of that.
    """

    items: Mapping[str, Item]
    alone: bool = False
    unknown: tuple[str, ...] = ()
    written: int = 0

    @cached_property
    def digest(self) -> str:
        """Content of the source, wherever it lies and whenever it was written."""
        items = [[place, item.digest] for place, item in sorted(self.items.items())]
        return key_of(items, self.unknown)

    @property
    def size(self) -> int:
        """Bytes of a layer that holds it."""
        return self.written + sum(item.size for item in self.items.values())


@dataclass(frozen=True, slots=True)
class Layer:
    """What one step put into a stage: `items` at absolute paths, and what is only known by the
    digests of its `unknown` parts, which are `written` bytes that a `command` put into a `folder`,
    or at a place that it names."""

    digest: str
    folder: str
    items: Mapping[str, Item] = field(default_factory=dict)
    command: str = ""
    unknown: tuple[str, ...] = ()
    written: int = 0

    def names(self, place: str) -> bool:
        """Whether the command names a path, or the last part of it."""
        return bool(re.search(_name(place), self.command))

    def writes(self, place: str) -> bool:
        """Whether the command names a path as one that it writes."""
        return bool(re.search(rf"{_WRITES}[^;&|\n]*{_name(place)}", self.command))

    def is_around(self, place: str) -> bool:
        """Whether the folder holds a place or lies in it, and is not the one that all lie in."""
        is_below = within(place, self.folder) is not None and self.folder != "/"
        return is_below or within(self.folder, place) is not None


@dataclass(frozen=True)
class Tree:
    """The files of a stage at one of its steps: a layer above those `below`, down to a base."""

    base: str
    below: Tree | None = None
    layer: Layer | None = None

    def under(self, layer: Layer) -> Tree:
        """The files once a layer has come on top."""
        return Tree(self.base, self, layer)

    @cached_property
    def content(self) -> str:
        """Digest of all that it holds."""
        if self.below is None or self.layer is None:
            return self.base
        return key_of(self.below.content, self.layer.digest)

    def read(self, path: str) -> bytes | None:
        """Content of a file that was copied, by its absolute path; None where it is not known."""
        found = (layer.items[path] for layer in self._layers() if path in layer.items)
        item = next(found, None)
        return item.read() if item else None

    def has_folder(self, path: str) -> bool:
        """Whether a step made a folder, or put something in it or ran there."""
        return any(within(layer.folder, path) is not None for layer in self._layers())

    def select(self, source: str, pivot: str | None = None) -> Selection:
        """What a path stands for, by where it goes, or with its folders from a `pivot` on."""
        place = absolute("/", source)
        known = self._known(place)
        is_file = place in known and not known[place].is_folder
        others = [layer for layer in self._layers() if _touches(layer, place, known)][::-1]
        return Selection(
            {_goes(path, place, pivot): item for path, item in known.items()},
            is_file and pivot is None,
            _unknown(others, [] if known else [self.base]),
            0 if is_file else _written(others, place),
        )

    def _known(self, place: str) -> dict[str, Item]:
        """What was copied to a place, as it is once all layers lie on each other."""
        known: dict[str, Item] = {}
        for layer in self._layers():
            for path, item in layer.items.items():
                if path not in known and within(path, place) is not None:
                    known[path] = item
        return known

    def _layers(self) -> Iterator[Layer]:
        """All layers from the top down to the base."""
        tree: Tree | None = self
        while tree is not None and tree.layer is not None:
            yield tree.layer
            tree = tree.below


def absolute(folder: str, path: str) -> str:
    """The path that another one means within a folder, without dots and doubled strokes."""
    parts: list[str] = []
    for part in (path if path.startswith("/") else f"{folder}/{path}").split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def last_part(path: str) -> str:
    """The name of what a path means within its folder."""
    return path.rstrip("/").rsplit("/", 1)[-1]


def within(path: str, source: str) -> str | None:
    """Where a path goes from a source that it is or lies in, or None: to its name where it is what
    was named or what a pattern met, and to its path in the folder otherwise."""
    if path == source:
        return last_part(path)
    if not has_wildcards(source):
        return _below(path, source)
    parts, patterns = path.split("/"), source.split("/")
    if len(parts) < len(patterns) or not all(map(matches, patterns, parts)):
        return None
    return "/".join(parts[len(patterns) :] or parts[-1:])


def _goes(path: str, place: str, pivot: str | None) -> str:
    goes = within(path, place) if pivot is None else _below(path, pivot)
    return goes or ""


def _below(path: str, folder: str) -> str | None:
    start = folder.rstrip("/") + "/"
    return path[len(start) :] if path.startswith(start) else None


def _name(place: str) -> str:
    return rf"(?<![\w.-]){re.escape(last_part(place))}(?![\w-])"


def _touches(layer: Layer, place: str, known: Mapping[str, Item]) -> bool:
    """Whether what is not known of a layer may be at a place, of which some content is known."""
    if not layer.unknown or not known or layer.writes(place):
        return bool(layer.unknown)
    is_file = place in known and not known[place].is_folder
    return not is_file and layer.is_around(place)


def _unknown(layers: Sequence[Layer], base: Sequence[str]) -> tuple[str, ...]:
    return (*base, *(digest for layer in layers for digest in layer.unknown))


def _written(layers: Sequence[Layer], place: str) -> int:
    """Bytes that layers of unknown content put at a place: all of those whose folder lies in it,
    or else what the last one wrote that names it, or else what the last one did."""
    inside = [layer for layer in layers if within(layer.folder, place) is not None]
    naming = [layer for layer in layers if layer.names(place)]
    meant = inside or (naming or layers)[-1:]
    return sum(layer.written for layer in meant)
