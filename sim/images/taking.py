"""Where copies and mounts take files from: the context, other stages, other images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from typing import Protocol

from sim.images.contents import Item, Selection, Tree, absolute, chosen, last_part
from sim.images.context import Context
from sim.images.graph import Origin


class Select(Protocol):
    """Says what a path stands for, less what is excluded; with `parents`, with its folders."""

    def __call__(self, path: str, excludes: tuple[str, ...], parents: bool) -> Selection:
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

    def select(path: str, excludes: tuple[str, ...], parents: bool) -> Selection:
        place = absolute("/", path)
        items = {
            f"/{entry.path}": Item(entry.digest, entry.size, partial(context.read, entry.path))
            for entry in context.select((path,), excludes, parents)
        }
        return Selection(
            last_part(place), dict(chosen(items.items(), place, _pivot(path, parents)))
        )

    return select


def of_tree(tree: Tree) -> Select:
    """Take files from a stage or an image."""

    def select(path: str, excludes: tuple[str, ...], parents: bool) -> Selection:
        selection = tree.select(path, _pivot(path, parents))
        kept = {
            within: item
            for within, item in selection.items.items()
            if not any(fnmatchcase(within, pattern) for pattern in excludes)
        }
        return Selection(selection.name, kept, selection.unknown, selection.written)

    return select


def _pivot(path: str, parents: bool) -> str | None:
    """The folder from which `--parents` keeps those of a path: the part before `/./`, or all."""
    if not parents:
        return None
    before, dot, _ = path.partition("/./")
    return absolute("/", before) if dot else "/"
