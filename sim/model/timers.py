"""Timers of a host: what is to happen at a time, until it is called off."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from heapq import heappop, heappush
from math import inf

Action = Callable[[float], None]
"""What is done at a time, which it is told."""


class Timers:
    """Actions in order of their times; those of equal times in the order in which they were set."""

    __slots__ = ("_actions", "_heap", "_set")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int]] = []
        self._actions: dict[int, Action] = {}
        self._set = 0

    def next(self) -> float:
        """The time of the next action, infinite if there is none."""
        heap = self._heap
        while heap and heap[0][1] not in self._actions:
            heappop(heap)
        return heap[0][0] if heap else inf

    def at(self, time: float, action: Action) -> Action:
        """Set an action, and return what calls it off."""
        self._set += 1
        self._actions[self._set] = action
        heappush(self._heap, (time, self._set))
        return partial(self._call_off, self._set)

    def ring(self, now: float, due: float) -> None:
        """Do all that is due, which may set more."""
        while self._heap and self._heap[0][0] <= due:
            action = self._actions.pop(heappop(self._heap)[1], None)
            if action is not None:
                action(now)

    def _call_off(self, number: int, now: float) -> None:
        self._actions.pop(number, None)
