"""What was read from a file: a plain tree, and the place where each of its values is written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from sim.errors import Fault, shown

Scalar: TypeAlias = str | int | float | bool | None
Tree: TypeAlias = Scalar | list["Tree"] | dict[str, "Tree"]
Path: TypeAlias = tuple[str | int, ...]

_KEYS_OF_AMOUNTS = {"value", "low", "high", "source", "evidence", "note"}
_PLAIN_NAME = re.compile(r"[\w-]{1,60}")


class Place(NamedTuple):
    """A place in a file; lines and columns count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """A plain tree of maps, lists and scalars that remembers where each part was written.

    `values` holds the place of each value by its path, and `keys` the place of the key before it,
    where it has one. Places name their own file, since `extends` puts several into one tree.
    """

    file: str
    tree: Tree
    values: Mapping[Path, Place]
    keys: Mapping[Path, Place]

    def fault(self, path: Path, problem: str, remedy: str = "", *, at_key: bool = False) -> Fault:
        """Make a fault placed at the value of a path, or at its key.

        What is not in the file, such as a key that is missing, is placed at what should hold it.
        """
        place = self._place(path, at_key=at_key)
        if place is None:
            return Fault(problem, remedy, file=self.file, path=dotted(path))
        return Fault(problem, remedy, **place._asdict(), path=dotted(path))

    def _place(self, path: Path, *, at_key: bool) -> Place | None:
        if at_key and path in self.keys:
            return self.keys[path]
        outward = (path[:length] for length in range(len(path), -1, -1))
        return next((self.values[part] for part in outward if part in self.values), None)


def child(tree: Tree, step: str | int) -> Tree:
    """Return what stands one step into a tree; None where nothing does."""
    if isinstance(tree, list):
        return tree[step] if isinstance(step, int) and 0 <= step < len(tree) else None
    return tree.get(str(step)) if isinstance(tree, dict) else None


def is_cited(tree: Tree) -> bool:
    """Tell whether a tree is a number with its source: `{value, source, evidence}`."""
    return isinstance(tree, dict) and tree.keys() >= {"value", "source", "evidence"}


def is_amount(tree: Tree) -> bool:
    """Tell whether a tree is a number as a mapping, `{value: …}`, with a source or none."""
    is_mapping = isinstance(tree, dict) and tree.keys() <= _KEYS_OF_AMOUNTS
    return is_mapping and isinstance(child(tree, "value"), str | int | float)


def dotted(path: Path) -> str:
    """Write a path as `--set` takes it: `groups.web.count`, list items by number from 0."""
    return ".".join(_step(part) for part in path)


def _step(part: str | int) -> str:
    text = str(part)
    return text if _PLAIN_NAME.fullmatch(text) else shown(text)
