"""Numbers of the catalog supposed to be others for a while, as when a model is fitted to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

from sim.errors import UsageError
from sim.spec.document import Path, Tree, is_amount

Suppositions: TypeAlias = tuple[tuple[Path, str], ...]

_SUPPOSED: ContextVar[Suppositions] = ContextVar("supposed", default=())


@contextmanager
def supposed(numbers: Mapping[str, str]) -> Iterator[None]:
    """Let numbers of the catalog be others within, by path: `platforms.NAME.boundaries.…`.

    A value is a quantity as a file has it. Entries that extend the one that states it follow.
    """
    changes = tuple((tuple(path.split(".")), value) for path, value in sorted(numbers.items()))
    token = _SUPPOSED.set(changes)
    try:
        yield
    finally:
        _SUPPOSED.reset(token)


def suppositions() -> Suppositions:
    """What is supposed now, by path."""
    return _SUPPOSED.get()


def laid_over(entry: Mapping[str, Tree], changes: Suppositions, place: Path) -> Mapping[str, Tree]:
    """An entry of the catalog with what is supposed of its numbers.

    Raises UsageError for a path at which its file states no number.
    """
    for path, value in changes:
        if path[: len(place)] == place:
            entry = _replaced(dict(entry), path[len(place) :], value, path)
    return entry


def _replaced(tree: dict[str, Tree], steps: Path, value: str, path: Path) -> dict[str, Tree]:
    key, *rest = (str(step) for step in steps)
    inside = tree.get(key)
    if not isinstance(inside, dict) or bool(rest) == is_amount(inside):
        raise UsageError(f"the catalog states no number at {'.'.join(map(str, path))}")
    if rest:
        return tree | {key: _replaced(inside, tuple(rest), value, path)}
    kept = {name: said for name, said in inside.items() if name not in ("low", "high")}
    return tree | {key: kept | {"value": value}}
