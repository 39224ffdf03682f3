"""Changes to a context, of which nothing on the disk is touched."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeAlias

from sim.errors import UsageError, did_you_mean, shown
from sim.images import paths
from sim.images.context import Context
from sim.images.ignore import NAME as IGNORE_FILE
from sim.images.tree import Tree
from sim.images.walking import Node

_LATER = 1_000_000_000
"""How much later a change is than what was there, in nanoseconds."""

_HINT = "give its path from the context's folder"

_Change: TypeAlias = Callable[[Context, str], Context]


def changed(context: Context, change: str) -> Context:
    """Make one change: `touch:PATH`, `edit:PATH`, `add:PATH` or `remove:PATH`.

    A touch is a new modification time alone. An edit adds a space to the end of a file, so that
    its text means what it did, and each further one adds another. What is ignored may be changed
    as well, which changes nothing of the context.

    Raises:
        UsageError: there is no such change or no such file.
    """
    kind, _, what = change.partition(":")
    if kind not in _CHANGES:
        raise UsageError(f"there is no change {shown(change)}", did_you_mean(kind, _CHANGES))
    path = _relative(context, what)
    if kind in ("add", "remove") and path.endswith(IGNORE_FILE):
        problem = f"{shown(path)} says what is in the context"
        raise UsageError(problem, "build a folder with it and one without it instead")
    return _CHANGES[kind](context, path)


def _relative(context: Context, what: str) -> str:
    inside = paths.clean(what)
    is_text = what.encode(errors="replace").decode() == what
    if not is_text or inside == "." or inside.startswith(("/", "..")):
        raise UsageError(f"{shown(what)} is no file in the context", _HINT)
    return inside


def _touched(context: Context, path: str) -> Context:
    node = _file(context, context.tree.follow(path))
    return context if node is None else _with(context, map(_later, _names(context, node)))


def _edited(context: Context, path: str) -> Context:
    node = _file(context, context.tree.follow(path))
    if node is None:
        return context
    longer = [_later(each)._replace(size=each.size + 1) for each in _names(context, node)]
    tails = {each.path: context.tails.get(each.path, b"") + b" " for each in longer}
    return replace(_with(context, longer), tails={**context.tails, **tails})


def _added(context: Context, path: str) -> Context:
    if context.tree.at(path) or os.path.lexists(os.path.join(context.folder, path)):
        raise UsageError(f"there is a {shown(path)} already", "add a file that is not there")
    if context.ignored.covers(path):
        return context
    content = f"{path}\n".encode()
    file = Node(path, "file", stat.S_IFREG | 0o644, len(content), _newest(context))
    new = {node.path: node for node in (file, *_folders_for(context, path))}
    nodes = {**context.tree.nodes, **new}
    ordered = {place: nodes[place] for place in sorted(nodes, key=_in_order)}
    tails = {**context.tails, path: content}
    return replace(context, tree=Tree(ordered), tails=tails, made=context.made | {path})


def _folders_for(context: Context, path: str) -> Iterator[Node]:
    """The folders that a new file needs and that are not there."""
    folder = os.path.dirname(path)
    while not (above := context.tree.at(folder)):
        yield Node(folder, "folder", stat.S_IFDIR | 0o755, 0, _newest(context))
        folder = os.path.dirname(folder)
    if above.kind != "folder":
        raise UsageError(f"{shown(folder)} is no folder that a file could be added to", _HINT)


def _removed(context: Context, path: str) -> Context:
    node = _file(context, path)
    if node is None:
        return context
    nodes = {place: each for place, each in context.tree.nodes.items() if place != path}
    tails = {place: tail for place, tail in context.tails.items() if place != path}
    less = replace(context, tree=Tree(nodes), tails=tails, made=context.made - {path})
    return _with(less, _renamed(_names(context, node)[1:]) if not node.target else [])


_CHANGES: Mapping[str, _Change] = MappingProxyType(
    {"touch": _touched, "edit": _edited, "add": _added, "remove": _removed}
)


def _file(context: Context, path: str) -> Node | None:
    """The file at a path, or None if there is one that is ignored.

    Raises:
        UsageError: there is none, or a folder.
    """
    node = context.tree.at(path)
    place = os.path.join(context.folder, path)
    is_folder = node.kind == "folder" if node else os.path.isdir(place)
    if is_folder:
        raise UsageError(f"{shown(path)} is a folder", "name a file in it")
    if node is None and not (context.ignored.covers(path) and os.path.lexists(place)):
        raise context.tree.missing(path, path)
    return node


def _later(node: Node) -> Node:
    return node._replace(modified=node.modified + _LATER)


def _newest(context: Context) -> int:
    return os.stat(context.folder).st_mtime_ns + _LATER


def _names(context: Context, node: Node) -> list[Node]:
    """A file by all its names in the context, of which the first is first."""
    if node.kind != "file":
        return [node]
    first = node.target or node.path
    nodes = context.tree.nodes.values()
    others = [each for each in nodes if each.kind == "file" and each.target == first]
    return [*filter(None, [context.tree.at(first)]), *others]


def _renamed(names: list[Node]) -> Iterator[Node]:
    """A file whose first name is gone, by those that are left."""
    for each in names:
        yield each._replace(target="" if each is names[0] else names[0].path)


def _with(context: Context, nodes: Iterable[Node]) -> Context:
    new = {node.path: node for node in nodes}
    return replace(context, tree=Tree({**context.tree.nodes, **new}))


def _in_order(path: str) -> str:
    """What sorts a path behind its folder and before what comes after that."""
    return path.replace("/", "\0")
