"""Steal: what guests could have run, and did not since the host ran others.

A guest wants the cores that its claims ask for, up to what it is capped at; what of that it is not
served is stolen. Waiting within a guest for its own cores is no steal.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.model.machine import Machine
from sim.resources.rate import Node

ROUNDING = 1e-9
"""Of what was wanted, less than this part is rounding and not steal."""


class Steal:
    """What all guests of one host have wanted and were served so far, in core-seconds.

    What a guest wants changes only when its claims do: those who change them touch it, and at the
    end of each instant it is looked at once.
    """

    __slots__ = ("_served", "_touched", "_wanted", "_wants")

    def __init__(self) -> None:
        self._wants: dict[Node, tuple[float, float]] = {}  # cores, and since when
        self._touched: dict[Node, None] = {}
        self._wanted = self._served = 0.0

    def touch(self, machine: Machine, served: float = 0.0) -> None:
        """Note that the claims of a machine change, and what they were served meanwhile."""
        if machine.guest is not None:
            self._served += served
            self._touched[machine.guest] = None

    def observe(self, now: float) -> None:
        """Look at what guests want from now on whose claims have changed."""
        for node in self._touched:
            self._settle(node, now)
            if node.rate is None:
                del self._wants[node]
        self._touched.clear()

    def stolen(self, now: float) -> float:
        """What was wanted and not served up to now, once all that was served has been told."""
        for node in tuple(self._wants):
            self._settle(node, now)
        stolen = self._wanted - self._served
        return stolen if stolen > ROUNDING * self._wanted else 0.0

    def _settle(self, node: Node, now: float) -> None:
        cores, since = self._wants.get(node, (0.0, now))
        self._wanted += cores * (now - since)
        self._wants[node] = (min(node.demand(), *_caps(node)), now)


def _caps(node: Node) -> Iterator[float]:
    """What a guest is capped at, and each group around it."""
    while node.parent is not None:
        yield node.cap
        node = node.parent
