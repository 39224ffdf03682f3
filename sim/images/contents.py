"""What the steps of a stage put where, as far as it is known without running anything.

A copy's files are known, each by its digest. What a command writes is not. It is taken to be the
same whenever the command, its environment and all files around it are the same; to leave files that
were copied alone, unless it names them; and to lie in the folder that it runs in or at a path that
it names. What a base holds is known by its digest alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property

from sim.images.keys import key_of

_WILD = re.compile(r"[*?\[]")


def _nothing() -> bytes | None:
    return None


@dataclass(frozen=True, slots=True)
class Item:
    """A file, folder or link that was copied, and how to read it."""

    digest: str
    size: int = 0
    read: Callable[[], bytes | None] = field(default=_nothing, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Selection:
    """What one source of a copy stands for: items by their path within it.

    A source that is a file is `alone`, at an empty path, and has a name. `unknown` are digests of
    what commands may have put there besides, and `written` the bytes of that.
    """

    name: str
    items: Mapping[str, Item]
    unknown: tuple[str, ...] = ()
    written: int = 0

    @property
    def digest(self) -> str:
        """Content of the source, wherever it lies and whenever it was written."""
        items = [[path, item.digest] for path, item in sorted(self.items.items())]
        return key_of(items, self.unknown)

    @property
    def size(self) -> int:
        """Bytes of a layer that holds it."""
        return self.written + sum(item.size for item in self.items.values())


@dataclass(frozen=True, slots=True)
class Laid:
    """Items that a copy put at absolute paths, and what else came with them to a `folder`."""

    digest: str
    items: Mapping[str, Item]
    folder: str
    unknown: tuple[str, ...] = ()
    written: int = 0
    command: str = ""


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that ran in a folder and wrote what only its `unknown` outcome stands for."""

    digest: str
    command: str
    folder: str
    unknown: tuple[str, ...]
    written: int
    items: Mapping[str, Item] = field(default_factory=dict)


Layer = Laid | Ran


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
        return any(_within(layer.folder, path) is not None for layer in self._layers())

    def select(self, source: str, pivot: str | None = None) -> Selection:
        """What a path stands for, with paths that begin at a `pivot` if there is one."""
        place = absolute("/", source)
        layers = [*self._layers()][::-1]
        items = ((path, item) for layer in layers for path, item in layer.items.items())
        known = dict(chosen(items, place, pivot))
        others = [layer for layer in layers if layer.unknown and _may_touch(layer, place, known)]
        came = [digest for layer in others for digest in layer.unknown]
        unknown = (*([] if known else [self.base]), *came)
        return Selection(last_part(place), known, unknown, _written(others, place, known))

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


def chosen(
    items: Iterable[tuple[str, Item]], source: str, pivot: str | None = None
) -> Iterator[tuple[str, Item]]:
    """Pick what lies at or below a source, by its path within it; a pattern matches part by part.

    Where a `pivot` is given, paths begin there instead.
    """
    for path, item in items:
        within = _within(path, source)
        if within is not None:
            yield (within if pivot is None else _below(path, pivot) or ""), item


def _within(path: str, source: str) -> str | None:
    """A path as seen from a source that it is or lies in; that of a file which a pattern met is
    its name, since it is copied beside others."""
    if not _WILD.search(source):
        return "" if path == source else _below(path, source)
    parts, patterns = path.split("/"), source.split("/")
    if len(parts) < len(patterns) or not all(map(fnmatchcase, parts, patterns)):
        return None
    return "/".join(parts[len(patterns) :] or parts[-1:])


def _below(path: str, folder: str) -> str | None:
    start = folder.rstrip("/") + "/"
    return path[len(start) :] if path.startswith(start) else None


def last_part(path: str) -> str:
    """The name of what a path means within its folder."""
    return path.rstrip("/").rsplit("/", 1)[-1]


def _names(layer: Layer, place: str) -> bool:
    """Whether a command names a path, or the last part of it."""
    return bool(re.search(rf"(?<![\w.-]){re.escape(last_part(place))}(?![\w-])", layer.command))


def _are_related(one: str, other: str) -> bool:
    return one == other or _below(one, other) is not None or _below(other, one) is not None


def _may_touch(layer: Layer, place: str, known: Mapping[str, Item]) -> bool:
    """Whether a layer may have put something at a place, of which some content is known."""
    if "" in known:
        return _names(layer, place)
    return not known or _are_related(layer.folder, place) or _names(layer, place)


def _written(layers: list[Layer], place: str, known: Mapping[str, Item]) -> int:
    """Bytes that layers of unknown content put at a place: all of those whose folder lies in it,
    or else what the last one wrote that names it, or else what the last one did."""
    if "" in known:
        return 0
    inside = [layer for layer in layers if _within(layer.folder, place) is not None]
    if inside:
        return sum(layer.written for layer in inside)
    naming = [layer for layer in layers if _names(layer, place)]
    return next((layer.written for layer in reversed(naming or layers)), 0)
