"""Where copies and mounts take files from: the context, other stages, other images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from sim.images.contents import Item, Selection, Tree, absolute
from sim.images.context import Context, Entry
from sim.images.graph import Origin
from sim.images.ignore import patterns_of


class Select(Protocol):
    """Says what a path stands for, less what is excluded; with `parents`, with its folders, and
    with `unpack`, what is in it where it is an archive."""

    def __call__(
        self, path: str, excludes: tuple[str, ...], parents: bool, unpack: bool = False
    ) -> Selection:
        """What a path stands for."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """A place to take files from, and the steps that bring it about."""

    select: Select
    needs: tuple[int, ...]


Sources = Callable[[Origin | None], Source]
"""Gives the source that an origin means; none is the context."""


def of_context(context: Context) -> Select:
    """Take files from a context."""

    def select(
        path: str, excludes: tuple[str, ...], parents: bool, unpack: bool = False
    ) -> Selection:
        entries = context.select((path,), excludes, parents, unpack)
        read = context.read
        items = {entry.place: _item(read, entry) for entry in entries}
        return Selection(items, all(entry.is_alone for entry in entries))

    return select


def of_tree(tree: Tree) -> Select:
    """Take files from a stage or an image."""

    def select(
        path: str, excludes: tuple[str, ...], parents: bool, unpack: bool = False
    ) -> Selection:
        selection = tree.select(path, _pivot(path, parents))
        left_out = patterns_of(excludes)
        kept = {
            place: item for place, item in selection.items.items() if not left_out.covers(place)
        }
        return replace(selection, items=kept)

    return select


def _item(read: Callable[[str], bytes | None], entry: Entry) -> Item:
    return Item(entry.digest, entry.size, entry.kind == "folder", partial(read, entry.path))


def _pivot(path: str, parents: bool) -> str | None:
    """The folder from which `--parents` keeps those of a path: the part before `/./`, or all."""
    if not parents:
        return None
    before, dot, _ = path.partition("/./")
    return absolute("/", before) if dot else "/"
