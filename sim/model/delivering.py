"""What builders have made, on its way to the groups that run it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING

from sim.model.network import Network

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine

Deliver = Callable[[str, int, float], "list[Engine]"]
"""Gives the build of a group, by its number, to all who run it; returns the hosts of those."""


class Deliveries:
    """Builds that are over, and have yet to reach those who wait for what came out of them.

    Each is delivered once: what a second builder, or one that was restarted, builds again is there.
    """

    def __init__(self, network: Network, deliver: Deliver) -> None:
        self._network = network
        self._deliver = deliver
        self._newest: dict[str, int] = {}
        self._over: deque[tuple[float, str, int]] = deque()

    def tell(self, group: str, number: int, now: float) -> None:
        """Note that a build is over; until it is delivered, no host runs ahead."""
        if number <= self._newest.get(group, -1):
            return
        self._newest[group] = number
        self._over.append((now, group, number))
        self._network.pending += 1

    def next(self) -> float:
        """When the next delivery is due, infinite if there is none."""
        return self._over[0][0] if self._over else inf

    def step(self, now: float) -> list[Engine]:
        """Make a delivery; return the hosts that this reached."""
        _, group, number = self._over.popleft()
        engines = self._deliver(group, number, now)
        self._network.pending -= 1
        return engines
