"""Steal: what guests could have run, and did not since the host ran others.

A guest wants the cores that its claims ask for, up to what it is capped at; what of that it is not
served is stolen. Waiting within a guest for its own cores is no steal.
"""

from __future__ import annotations

from sim.model.machine import Machine
from sim.resources.rate import Node


class Steal:
    """What all guests of one host have wanted and were served so far, in core-seconds.

    What a guest wants changes only when its claims do: those who change them touch it, and at the
    end of each instant it is looked at once.
    """

    __slots__ = ("_host", "_served", "_touched", "_wanted", "_wants")

    def __init__(self, host: Machine) -> None:
        self._host = host
        self._wants: dict[Node, tuple[float, float]] = {}  # cores, and since when
        self._touched: dict[Node, None] = {}
        self._wanted = self._served = 0.0

    def touch(self, machine: Machine, served: float = 0.0) -> None:
        """Note that the claims of a machine change, and what they were served meanwhile."""
        if machine.kernel is not self._host.kernel:
            self._served += served
            self._touched[_outermost(machine.cpu)] = None

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
        return max(0.0, self._wanted - self._served)

    def _settle(self, node: Node, now: float) -> None:
        cores, since = self._wants.get(node, (0.0, now))
        self._wanted += cores * (now - since)
        self._wants[node] = (min(node.cap, node.demand()), now)


def _outermost(node: Node) -> Node:
    """The node right below the host's."""
    while node.parent is not None and node.parent.parent is not None:
        node = node.parent
    return node
