"""What the steps of a stage put where, as far as it is known without running anything.

A copy's files are known, each by its digest. What a command writes is not. It is taken to be the
same whenever the command, its environment and all files around it are the same; to lie where the
rule of its cost says, or else in the folder that it runs in, or at a path that it names; and to
leave copied files as they are, unless it says that it writes them. What a base holds is known by
its digest alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from sim.images.blocks import on_disk
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
        """Bytes of its files."""
        return self.written + sum(item.size for item in self.items.values())

    def held(self, block: int) -> int:
        """Bytes of a layer that holds it, in blocks as they lie on disk, or plain ones."""
        items = self.items.values()
        sizes = (block if item.is_folder else on_disk(item.size, block) for item in items)
        return self.written + sum(sizes)


@dataclass(frozen=True, slots=True)
class Layer:
    """What one step put into a stage in a folder: `items` at absolute paths, and what is only known
    by the digests of its `unknown` parts, of which `left` says how many bytes lie where."""

    digest: str
    folder: str
    items: Mapping[str, Item] = field(default_factory=dict)
    command: str = ""
    unknown: tuple[str, ...] = ()
    left: Mapping[str, int] = field(default_factory=dict)

    def has_folder(self, path: str) -> bool:
        """Whether it made a folder, or put something in it or ran there."""
        item = self.items.get(path)
        return within(self.folder, path) or (item is not None and item.is_folder)

    def names(self, place: str) -> bool:
        """Whether the command names a path, or the last part of it."""
        return bool(re.search(_name(place), self.command))

    def writes(self, place: str) -> bool:
        """Whether the command names a path as one that it writes."""
        return bool(re.search(rf"{_WRITES}[^;&|\n]*{_name(place)}", self.command))

    def is_around(self, place: str) -> bool:
        """Whether it left something in a place, or in a folder with it, but not one of all."""
        return any(
            within(path, place) or (path != "/" and within(place, path)) for path in self.left
        )

    def may_alter(self, place: str, is_file: bool) -> bool:
        """Whether it may have changed what was copied to a place."""
        return self.writes(place) or (not is_file and self.is_around(place))

    def may_make(self, place: str) -> bool:
        """Whether something speaks for it that it made what is at a place."""
        return self.is_around(place) or self.names(place)

    def left_in(self, place: str) -> int:
        """Bytes that it left in a place."""
        return sum(self.left[path] for path in self.left_at(place))

    def left_about(self, place: str) -> int:
        """Bytes that it left in a folder of a place, or where it ran, nobody knows where in it."""
        return sum(
            size
            for path, size in self.left.items()
            if path == self.folder or within(place, path)
        )

    def left_at(self, place: str) -> list[str]:
        """The paths in a place at which it left something."""
        return [path for path in self.left if within(path, place)]


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
        return any(layer.has_folder(path) for layer in self._layers())

    def commands(self) -> tuple[str, ...]:
        """The commands that ran so far."""
        ran = [layer.command for layer in self._layers() if layer.command and not layer.items]
        return tuple(reversed(ran))

    def sizes(self, folder: str) -> Mapping[str, int]:
        """The files that were copied into a folder, with their bytes."""
        known = self._known(absolute("/", folder))
        return {path: item.size for path, item in known.items() if not item.is_folder}

    def held(self, path: str) -> int:
        """All bytes that steps have put into a folder, or into a file."""
        place = absolute("/", path)
        copied = sum(item.size for item in self._known(place).values())
        return copied + sum(layer.left_in(place) for layer in self._layers())

    def select(self, source: str, pivot: str | None = None) -> Selection:
        """What a path stands for, by where it goes, or with its folders from a `pivot` on."""
        place = absolute("/", source)
        known = self._known(place)
        is_file = place in known and not known[place].is_folder
        layers = [*self._layers()][::-1]
        others = _altering(layers, place, is_file) if known else _making(layers, place)
        return Selection(
            {_goes(path, place, pivot): item for path, item in known.items()},
            is_file and pivot is None,
            _unknown(others, [] if known else [self.base]),
            0 if is_file else _written(others, place),
        )

    def _known(self, place: str) -> dict[str, Item]:
        """What was copied to a place, as it is once all layers lie on each other."""
        known: dict[str, Item] = {}
        find = seen_from(place)
        for layer in self._layers():
            for path, item in layer.items.items():
                if path not in known and find(path) is not None:
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


@lru_cache(maxsize=1000)
def seen_from(source: str) -> Callable[[str], str | None]:
    """Tell of paths where they go from a source that they are or lie in, or None: to their name
    where they are what was named or what a pattern met, and to their path in the folder otherwise.
    """
    start, name = source.rstrip("/") + "/", last_part(source)
    patterns = source.split("/")

    def matched(path: str) -> str | None:
        parts = path.split("/")
        if len(parts) < len(patterns) or not all(map(matches, patterns, parts)):
            return None
        return "/".join(parts[len(patterns) :] or parts[-1:])

    def below(path: str) -> str | None:
        if path.startswith(start):
            return path[len(start) :]
        return name if path == source else None

    return matched if has_wildcards(source) else below


def within(path: str, source: str) -> bool:
    """Whether a path is what a source means, or lies in it."""
    return seen_from(source)(path) is not None


def _goes(path: str, place: str, pivot: str | None) -> str:
    return seen_from(place if pivot is None else pivot)(path) or ""


def _name(place: str) -> str:
    return rf"(?<![\w.-]){re.escape(last_part(place))}(?![\w-])"


def _making(layers: Sequence[Layer], place: str) -> list[Layer]:
    """The layers that may have made what is at a place where nothing was copied: those that left
    something right there, or else those that something speaks for, or else any of them."""
    able = [layer for layer in layers if layer.unknown]
    there = [layer for layer in able if layer.left_at(place)]
    spoken_for = filter(lambda layer: layer.may_make(place), able)
    return there or list(spoken_for) or able


def _altering(layers: Sequence[Layer], place: str, is_file: bool) -> list[Layer]:
    able = (layer for layer in layers if layer.unknown)
    return [layer for layer in able if layer.may_alter(place, is_file)]


def _unknown(layers: Sequence[Layer], base: Sequence[str]) -> tuple[str, ...]:
    return (*base, *(digest for layer in layers for digest in layer.unknown))


def _written(layers: Sequence[Layer], place: str) -> int:
    """Bytes that layers put at a place that are not known: what they left in it, or else all that
    the last one left that names it, or else what the last one left that may lie there. What all of
    them left elsewhere is none of it: the place is then the base's, whose files are not known."""
    inside = sum(layer.left_in(place) for layer in layers)
    naming = [layer for layer in layers if layer.names(place)]
    if naming:
        return inside or sum(naming[-1].left.values())
    return inside or sum(layer.left_about(place) for layer in layers[-1:])
