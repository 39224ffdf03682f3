"""The line that is indented as none above it: what a parser says of it blames something else."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_DASHES = re.compile(r" *((?:- +)*)(.?)")
_OPENERS = (":", "-", "|", ">")


class Uneven(NamedTuple):
    """By how much a line is indented, and by how much the `line` above it is, counted from 1."""

    own: int
    line: int
    its: int


def uneven(lines: Sequence[str], line: int, column: int) -> Uneven | None:
    """Tell whether a line, in which a parser cannot go on, stands at no indentation open above it.

    `line` and `column`, from 0, are where it gave up: at the first word, or at the first colon.
    """
    above = [number for number, text in enumerate(lines[:line]) if _depths(text)]
    if line >= len(lines) or not above or not _is_first(lines[line], column):
        return None
    own, its = _depth(lines[line]), _depth(lines[above[-1]])
    if own in _open([lines[number] for number in above], own):
        return None
    return Uneven(own, above[-1] + 1, its)


def _is_first(line: str, column: int) -> bool:
    """Tell whether a place in a line is where it begins, or is its first colon."""
    before = line[:column].strip()
    return not before or (line[column : column + 1] == ":" and ":" not in before)


def _open(above: Sequence[str], own: int) -> set[int]:
    """The indentations that the next line may have; its own as well, where it may open one."""
    found = {own} if above[-1].rstrip().endswith(_OPENERS) and own > _depth(above[-1]) else set()
    outermost = float("inf")
    for depths in map(_depths, reversed(above)):
        found |= {depth for depth in depths if depth < outermost}
        outermost = min(outermost, *depths)
    return found


def _depths(line: str) -> list[int]:
    """Where what a line says begins, each dash of a list and what follows it; none of a comment."""
    found = _DASHES.match(line)
    if found is None or found[2] in ("", "#"):
        return []
    dashes = [found.start(1) + place for place, sign in enumerate(found[1]) if sign == "-"]
    return [*dashes, found.end(1)]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
