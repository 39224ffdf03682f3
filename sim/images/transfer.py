"""What a builder's client sends of a context: a few bytes about each thing, and new contents.

The sizes are those of the messages of fsutil, field by field, as they are on the wire.
"""

import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from sim.images import paths
from sim.images.context import Context
from sim.images.ignore import Pattern, Patterns, pattern_of
from sim.images.paths import PatternError
from sim.images.walking import Node

_CHUNK = 32 * 1024
"""The bytes of a file that go in one message."""

_END = 2
"""The message that ends a transfer."""

_KIND, _FIELD = 2, 1
"""A message's kind, where it is not the first of them; and the tag before a field's value."""

_SEVEN_BITS = 7


def sent(context: Context, before: Context | None, sources: Sequence[str] | None = None) -> int:
    """Count the bytes that are sent for a build, given the context of the build before it.

    `sources` are the paths that the Dockerfile needs of it, links of which are followed; without
    them it is all sent. Contents go where size, time, mode or link are not as before.

    Raises:
        ScenarioError: some of it cannot be read or sent.
    """
    if sources is not None and not sources:
        return 0
    wanted = list(_needed(context, sources))
    context.require(wanted)
    total = _END + sum(map(_announced, wanted))
    there = set(_needed(before, sources)) if before else set()
    return total + sum(
        _contents(node.size, number)
        for number, node in enumerate(wanted)
        if _has_contents(node) and node not in there
    )


def _has_contents(node: Node) -> bool:
    """Whether it is a file of which no other name was met before."""
    return node.kind == "file" and not node.target


def _needed(context: Context, sources: Sequence[str] | None) -> Iterator[Node]:
    """What of a context is asked for, with the folders on the way to it."""
    named: set[str] = set()
    for source in sources or ():
        with suppress(PatternError):
            _follow(context, paths.inside(source), named)
    if sources is None or "" in named:
        yield from context.tree.nodes.values()
        return
    yield from context.tree.within(Patterns(tuple(_patterns(named))))


def _patterns(named: Iterable[str]) -> Iterator[Pattern]:
    """What is named, as patterns; what is none is told where it is copied."""
    for name in sorted(named):
        with suppress(PatternError):
            yield pattern_of(name)


def _follow(context: Context, path: str, named: set[str]) -> None:
    """Name a path, and where it leads if a part of it is a link or matches some."""
    parts = path.split("/")
    for depth in range(1, len(parts) + 1):
        here = "/".join(parts[:depth])
        targets = list(_targets(context, here))
        if depth == len(parts) or targets:
            if here in named:
                return
            named.add(here)
        for target in targets:
            _follow(context, paths.inside("/".join([target, *parts[depth:]])), named)
        if targets:
            return


def _targets(context: Context, path: str) -> Iterator[str]:
    """Where a link at a path leads, or those that its last part matches, from the folder."""
    folder, _, name = path.rpartition("/")
    found = [context.tree.at(path)]
    if paths.has_wildcards(name):
        found = [node for node in context.tree.under(folder) if _is_in(node.path, folder, name)]
    for node in found:
        if node and node.kind == "link":
            from_root = node.target.startswith("/")
            yield node.target if from_root else f"{node.path.rpartition('/')[0]}/{node.target}"


def _is_in(path: str, folder: str, pattern: str) -> bool:
    above, _, name = path.rpartition("/")
    return above == folder and paths.matches(pattern, name)


def _announced(node: Node) -> int:
    """The message about one thing: its header, and the length of what is said in it."""
    said = _text(node.path.encode()) + _number(_go_mode(node.mode)) + _number(node.size)
    said += _number(node.modified % 2**64) + _text(node.target.encode())
    said += _number(_major(node)) + _number(_minor(node))
    for name, value in node.attributes:
        said += _text(b" " * (_text(name.encode()) + _text(value)))
    return _FIELD + _width(said) + said


def _contents(size: int, number: int) -> int:
    """The messages with a file's bytes, and the one that says that there are no more."""
    each = _KIND + _number(number)
    whole, rest = divmod(size, _CHUNK)
    total = whole * (each + _FIELD + _width(_CHUNK) + _CHUNK) + each
    return total + (each + _FIELD + _width(rest) + rest if rest else 0)


def _number(value: int) -> int:
    return _FIELD + _width(value) if value else 0


def _text(text: bytes) -> int:
    return _FIELD + _width(len(text)) + len(text) if text else 0


def _width(value: int) -> int:
    """The bytes of a number, seven bits in each."""
    return -(-value.bit_length() // _SEVEN_BITS) or 1


def _major(node: Node) -> int:
    return (node.device >> 8) & 0xFFF


def _minor(node: Node) -> int:
    return (node.device & 0xFF) | ((node.device >> 12) & 0xFFF00)


_GO_BITS = {
    stat.S_IFDIR: 1 << 31,
    stat.S_IFLNK: 1 << 27,
    stat.S_IFBLK: 1 << 26,
    stat.S_IFCHR: 1 << 26 | 1 << 21,
    stat.S_IFIFO: 1 << 25,
}


def _go_mode(mode: int) -> int:
    """A mode as Go has it: types and the bits of set-user and the like are elsewhere."""
    special = {stat.S_ISUID: 1 << 23, stat.S_ISGID: 1 << 22, stat.S_ISVTX: 1 << 20}
    moved = sum(there for here, there in special.items() if mode & here)
    return mode & 0o777 | moved | _GO_BITS.get(stat.S_IFMT(mode), 0)
