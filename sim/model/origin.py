"""One side that hosts pull from: what it sends to all of them, and how often it may be asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import inf

from sim.resources.rate import Node, Rate
from sim.spec.registry import Allowance, Mirror, Registry

REGISTRY, MIRROR, OUTSIDE = "registry", "mirror", "outside"
"""Where images are, where copies of them are, and all other servers, which nothing here bounds."""


class Origin:
    """A registry, a mirror, or whatever else is outside, over a link to each who hears from it.

    `connection` is the most that one connection gets, in bytes a second. `asked` counts the
    requests that it was asked, and `sent` the bytes that came of them.
    """

    __slots__ = (
        "_bandwidths", "_free", "_gap", "_parts", "asked", "connection", "links", "rate",
        "round_trip", "sent",
    )  # fmt: skip

    def __init__(
        self, stated: Registry | Mirror, bandwidths: Sequence[float], round_trip: float
    ) -> None:
        self.rate = Rate(stated.bandwidth or sum(bandwidths))
        self.links: list[Node] = [
            self.rate.share(self.rate.root, cap=bandwidth) for bandwidth in bandwidths
        ]
        self.connection = stated.connection or inf
        self.round_trip = round_trip
        self.asked = self.sent = 0
        requests = stated.requests if isinstance(stated, Registry) else None
        self._gap = 1.0 / requests if requests else 0.0
        self._free = 0.0
        self._bandwidths = bandwidths
        self._parts = [1.0] * len(bandwidths)

    def turn(self, now: float, count: int = 1) -> float:
        """When the last of so many requests is answered, which come one after the other."""
        self.asked += count
        at = max(now, self._free) + (count - 1) * self._gap
        self._free = at + self._gap
        return at

    def limit(self, to: int, part: float, now: float) -> None:
        """Have no more than a part of a link, which others use as well."""
        if self._parts[to] != part:
            self._parts[to] = part
            self.rate.recap(self.links[to], now, cap=part * self._bandwidths[to])


class Allowed:
    """The pulls that a registry still allows."""

    __slots__ = ("_most", "_per", "_times")

    def __init__(self, allowance: Allowance | None) -> None:
        self._most = inf if allowance is None else allowance.pulls
        self._per = inf if allowance is None else allowance.per
        self._times: deque[float] = deque()

    def refusal(self, now: float) -> str:
        """Count a pull, and say why it is refused, if it is."""
        while self._times and self._times[0] <= now - self._per:
            self._times.popleft()
        if len(self._times) >= self._most:
            return f"too many pulls: the registry allows {self._most} in {self._per:g} s"
        if self._most < inf:
            self._times.append(now)
        return ""
