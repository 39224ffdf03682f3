"""Lists that stand where one value is asked, which a sweep takes for its axes."""

from collections.abc import Container, Iterator
from typing import NamedTuple

from sim.catalog.judged import Judged, judged
from sim.catalog.overrides import with_value
from sim.errors import shown
from sim.spec.document import Document, Path, Tree
from sim.spec.finding import Finding

_EXTENDS = "extends"


class ListForOne(NamedTuple):
    """A list where its first item would be taken: where it is written, and where it counts."""

    written: Path
    path: Path
    values: list[Tree]

    def told(self) -> Finding:
        """What is wrong with it where nothing is swept."""
        problem = f"{shown(self.values)} stands where one value is asked"
        remedy = "write one of them, or run it by `tare sweep`, for which such a list is an axis"
        return Finding(self.path, problem, remedy)


def lists_for_one_value(document: Document, name: str, found: Judged) -> list[ListForOne]:
    """Find the lists of a document that are refused where the first item of each is not."""
    refused = {finding.path for finding in found.findings}
    lists = [*_refused(document.tree, refused)]
    if not lists:
        return []
    again = judged(with_first_values(document, lists), name).findings
    return [each for each in lists if not any(_is_in(finding.path, each.path) for finding in again)]


def with_first_values(document: Document, lists: list[ListForOne]) -> Document:
    """The document with the first item of each list in its place."""
    tree = document.tree
    for each in lists:
        tree = with_value(tree, each.written, each.values[0])
    return Document(document.file, tree, document.values, document.keys)


def _refused(tree: Tree, refused: Container[Path]) -> Iterator[ListForOne]:
    for written, values in _lists(tree, ()):
        for path in filter(refused.__contains__, _places(written)):
            yield ListForOne(written, path, values)


def _lists(tree: Tree, path: Path) -> Iterator[tuple[Path, list[Tree]]]:
    """All lists of a tree, but for what a sweep says itself and for names of what is extended."""
    if isinstance(tree, list) and tree:
        yield path, tree
    if not isinstance(tree, dict | list):
        return
    for step, inner in tree.items() if isinstance(tree, dict) else enumerate(tree):
        if step != _EXTENDS and (*path, step) != ("sweep",):
            yield from _lists(inner, (*path, step))


def _places(path: Path) -> Iterator[Path]:
    """Where what is written at a path counts: there, or among the groups of a mix."""
    yield path
    if path[:1] == ("platforms",):
        yield (*path[:2], "mix", *path[2:])


def _is_in(path: Path, outer: Path) -> bool:
    return path[: len(outer)] == outer
