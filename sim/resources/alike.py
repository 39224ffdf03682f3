"""Count which bytes of an account are equal wherever the same content is charged, for merging."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.resources.memory import Ledger


class Alike:
    """An account's bytes in memory that are alike: by component, whether pinned, and content."""

    __slots__ = ("_ledger", "_sizes")

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._sizes: dict[tuple[str, bool, Hashable], int] = {}

    def add(self, component: str, pinned: bool, content: Hashable, size: int) -> None:
        """Count bytes that are charged."""
        key = (component, pinned, content)
        self._resize(key, self._sizes.setdefault(key, 0) + size)

    def thin(self, component: str, pinned: bool, before: int, lost: int) -> None:
        """Shrink in proportion, as some of a component's bytes, pinned or not, are given back."""
        for key, size in self._sizes.items() if lost else ():
            if key[:2] == (component, pinned):
                self._resize(key, size * (before - lost) // before)

    def cut(self, swappable: int) -> None:
        """Count no more than is left in memory of what can be swapped, as some of it goes out."""
        for key, size in self._sizes.items():
            if not key[1]:
                self._resize(key, min(swappable, size))
                swappable -= self._sizes[key]

    def _resize(self, key: tuple[str, bool, Hashable], size: int) -> None:
        change = size - self._sizes[key]
        self._sizes[key] = size
        if change:
            self._ledger._resize_alike(key[2], change)
