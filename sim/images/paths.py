"""Paths as Go's path/filepath cleans and matches them, which is what a builder goes by."""

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache

NEVER = r"(?!)"
"""An expression that matches nothing."""


class PatternError(ValueError):
    """A pattern that Go cannot read, with what is wrong about it."""


def clean(path: str) -> str:
    """Shorten a path as `filepath.Clean` does: no empty part, no `.`, no `..` but at its start."""
    shortest = posixpath.normpath(path) if path else "."
    return "/" + shortest.lstrip("/") if shortest.startswith("/") else shortest


def inside(path: str) -> str:
    """The place that a path names within a folder that is its root; the folder itself is ``""``."""
    return clean("/" + path)[1:]


def has_wildcards(path: str) -> bool:
    """Whether a path is a pattern: it has `*`, `?` or `[` without a backslash before it."""
    return re.search(r"[*?[]", re.sub(r"\\.?", "", path, flags=re.DOTALL)) is not None


def split_wildcards(path: str) -> tuple[str, str]:
    """Split a clean path before the first of its parts that is a pattern."""
    parts = path.split("/")
    first = next((at for at, part in enumerate(parts) if has_wildcards(part)), len(parts))
    return "/".join(parts[:first]), "/".join(parts[first:])


@lru_cache(maxsize=1000)
def expression(pattern: str) -> re.Pattern[str]:
    """Translate what `filepath.Match` takes; it covers a whole path, and `*` no slash.

    Raises:
        PatternError: the pattern is not one.
    """
    return re.compile("".join(_pieces(pattern)) + r"\Z", re.DOTALL)


def matches(pattern: str, path: str) -> bool:
    """Whether a path matches a pattern as `filepath.Match` has it."""
    return expression(pattern).match(path) is not None


def check(pattern: str) -> None:
    """Refuse what `filepath.Match` does when it is asked about `.`: it stops where that differs.

    Raises:
        PatternError: the pattern has a fault before that.
    """
    rest = "."
    for chunk in re.findall(r"\**(?:\\.?|\[(?:\\.?|[^\]\\])*\]?|[^*\[\\])*", pattern, re.DOTALL):
        plain = chunk.lstrip("*")
        skipped = "[^/]*?" if plain != chunk else ""
        found = re.match(skipped + "".join(_pieces(plain)), rest, re.DOTALL)
        if not found:
            return
        rest = rest[found.end() :]


def _pieces(pattern: str) -> Iterator[str]:
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        at += 1
        if sign == "*":
            yield "[^/]*"
        elif sign == "?":
            yield "[^/]"
        elif sign == "[":
            piece, at = _choice(pattern, at)
            yield piece
        else:
            literal, at = _literal(pattern, at - 1)
            yield re.escape(literal)


def _choice(pattern: str, at: int) -> tuple[str, int]:
    """One of several characters, from behind the bracket; a negated one takes a slash as well."""
    is_negated = pattern[at : at + 1] == "^"
    ranges, at = _ranges(pattern, at + is_negated)
    inner = "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in ranges if low <= high)
    if not inner:
        return ("." if is_negated else NEVER), at
    return f"[{'^' if is_negated else ''}{inner}]", at


def _ranges(pattern: str, at: int) -> tuple[list[tuple[str, str]], int]:
    ranges: list[tuple[str, str]] = []
    while not (pattern[at : at + 1] == "]" and ranges):
        low, at = _bound(pattern, at)
        high = low
        if pattern[at : at + 1] == "-":
            high, at = _bound(pattern, at + 1)
        ranges.append((low, high))
    return ranges, at + 1


def _bound(pattern: str, at: int) -> tuple[str, int]:
    if pattern[at : at + 1] in ("", "-", "]"):
        raise PatternError("a '[' that is not closed, or has nothing to choose from")
    literal, at = _literal(pattern, at)
    if at == len(pattern):
        raise PatternError("a '[' without its ']'")
    return literal, at


def _literal(pattern: str, at: int) -> tuple[str, int]:
    if pattern[at] != "\\":
        return pattern[at], at + 1
    if at + 1 == len(pattern):
        raise PatternError("a '\\' with nothing behind it")
    return pattern[at + 1], at + 2
