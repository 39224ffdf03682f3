"""Sequences of which each item is worked out when it is asked for, however many there are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar, overload

_Item = TypeVar("_Item")


class Lazy(Sequence[_Item]):
    """Items by number; how many there are, and what each is, says who extends it."""

    @abstractmethod
    def at(self, number: int) -> _Item:
        """Work out one item, by its number from 0."""

    @overload
    def __getitem__(self, index: int) -> _Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[_Item]: ...
    def __getitem__(self, index: int | slice) -> _Item | list[_Item]:
        """Give the item at a place, or those of a slice."""
        numbers = range(len(self))[index]
        return self.at(numbers) if isinstance(numbers, int) else [*map(self.at, numbers)]
