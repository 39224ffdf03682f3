"""Scenario files that build on others by `extends: ./base.yaml`, merged, places and all."""

import os
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import NoReturn

from sim.errors import Fault, ScenarioError, shown
from sim.spec.document import Document, Path, Place, Tree, is_amount
from sim.spec.events import MOST_VALUES
from sim.spec.reader import read_yaml

_LONGEST_CHAIN = 16
_EXTENDS: Path = ("extends",)


def read_scenario_tree(path: str | os.PathLike[str]) -> Document:
    """Read a scenario file over the files that it extends, and drop the `extends` keys.

    Maps merge deeply, all else is replaced; a file is looked for from the one that names it.
    Raises ScenarioError for a file that is wrong or missing, and a chain that is circular or long.
    """
    chain = _chain(os.fspath(path))
    return reduce(_merged, reversed([_without_extends(document) for document in chain]))


def deep_merge(base: Tree, over: Tree) -> Tree:
    """Lay one tree over another: maps merge deeply; lists, scalars and numbers are replaced.

    A number is replaced with its source: a new value under an old one would be a false citation.
    """
    if not (isinstance(base, dict) and isinstance(over, dict)) or is_amount(base):
        return over
    both = {key: deep_merge(base[key], over[key]) for key in over if key in base}
    return base | over | both


def _chain(file: str) -> list[Document]:
    """The file, then the one that it extends, and so on to one that extends none."""
    chain = [read_yaml(file)]
    while (base := _base_of(chain[-1])) is not None:
        _check_chain(chain, base)
        chain.append(_read_base(base, chain[-1]))
    return chain


def _base_of(document: Document) -> str | None:
    entries = _entries(document)
    if "extends" not in entries:
        return None
    named = entries["extends"]
    if not isinstance(named, str) or not named:
        _refuse(document, f"{shown(named)} is not the path of a file", "write ./base.yaml, say")
    return os.path.normpath(os.path.join(os.path.dirname(document.file), named))


def _check_chain(chain: list[Document], base: str) -> None:
    if os.path.realpath(base) in [os.path.realpath(document.file) for document in chain]:
        _refuse(chain[-1], f"{base} is extended by itself", "take one of the two `extends` out")
    if len(chain) > _LONGEST_CHAIN:
        _refuse(chain[-1], f"over {_LONGEST_CHAIN} files extend each other", "merge some of them")
    if sum(len(document.values) for document in chain) > MOST_VALUES:
        _refuse(chain[-1], f"the files hold over {MOST_VALUES:,} values together", "take some out")


def _read_base(file: str, extending: Document) -> Document:
    """Read a base; a fault of the file as a whole is placed at the `extends` that names it."""
    try:
        return read_yaml(file)
    except ScenarioError as error:
        raise ScenarioError(_as_of(extending, fault) for fault in error.faults) from None


def _as_of(extending: Document, fault: Fault) -> Fault:
    if fault.line is not None:
        return fault
    return extending.fault(_EXTENDS, f"{fault.file}: {fault.problem}", fault.remedy)


def _entries(document: Document) -> dict[str, Tree]:
    if not isinstance(document.tree, dict):
        problem = f"a scenario is a mapping of keys to values, not {shown(document.tree)}"
        raise ScenarioError([document.fault((), problem, "`tare new` writes one to begin with")])
    return document.tree


def _without_extends(document: Document) -> Document:
    tree = {key: value for key, value in _entries(document).items() if key != "extends"}
    values = {path: place for path, place in document.values.items() if path != _EXTENDS}
    keys = {path: place for path, place in document.keys.items() if path != _EXTENDS}
    return Document(document.file, tree, values, keys)


def _merged(base: Document, over: Document) -> Document:
    """Merge two documents; a value that both name has its place in the one that was laid over."""
    tree = deep_merge(base.tree, over.tree)
    paths = set(_paths(tree))
    values = _of(paths, base.values, over.values)
    return Document(over.file, tree, values, _of(paths, base.keys, over.keys))


def _of(
    paths: set[Path], base: Mapping[Path, Place], over: Mapping[Path, Place]
) -> dict[Path, Place]:
    return {path: place for path, place in {**base, **over}.items() if path in paths}


def _paths(tree: Tree) -> Iterator[Path]:
    pending: list[tuple[Path, Tree]] = [((), tree)]
    while pending:
        path, value = pending.pop()
        yield path
        pending += [((*path, step), child) for step, child in _children(value)]


def _children(value: Tree) -> list[tuple[str | int, Tree]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _refuse(document: Document, problem: str, remedy: str) -> NoReturn:
    raise ScenarioError([document.fault(_EXTENDS, problem, remedy)])
