"""Which host of a fleet an instance goes to."""

from __future__ import annotations

from heapq import heapify, heappop, heappush, heapreplace
from math import inf

from sim.units import SIZE, format_quantity


class Refused(Exception):
    """No host can take an instance; says why."""


class Spread:
    """Each instance goes to the host that has the fewest, the first of several."""

    def __init__(self, hosts: int) -> None:
        self._count: list[float] = [0] * hosts
        # a heap; what is out of date is passed
        self._least: list[tuple[float, int]] = [(0, host) for host in range(hosts)]
        heapify(self._least)

    def place(self, claim: int) -> int:
        """Choose a host for an instance; its claim does not matter. Raises: Refused."""
        count, host = self._least[0]
        while count != self._count[host]:
            heappop(self._least)
            count, host = self._least[0]
        if count == inf:
            raise Refused("all hosts are lost")
        self._count[host] = count + 1
        heapreplace(self._least, (count + 1, host))
        return host

    def take(self, host: int, claim: int) -> None:
        """Count an instance that begins again on its host, where nobody asks whether it fits."""
        self._count[host] += 1
        heappush(self._least, (self._count[host], host))

    def lose(self, host: int) -> None:
        """Place nobody on a host any more."""
        self._count[host] = inf
        heappush(self._least, (inf, host))

    def leave(self, host: int, claim: int) -> None:
        """Take an instance off its host."""
        self._count[host] -= 1
        heappush(self._least, (self._count[host], host))


class Pack:
    """Each instance goes to the first host on which its claim to memory is still free."""

    def __init__(self, hosts: int, memory: int) -> None:
        self._memory = memory
        self._free = [memory] * hosts
        self._first: dict[int, int] = {}  # by claim: the hosts before it have less free

    def place(self, claim: int) -> int:
        """Choose a host for an instance. Raises: Refused."""
        for host in range(self._first.get(claim, 0), len(self._free)):
            if claim <= self._free[host]:
                self._free[host] -= claim
                self._first[claim] = host
                return host
        self._first[claim] = len(self._free)
        asked, each = (format_quantity(size, SIZE) for size in (claim, self._memory))
        raise Refused(f"no host has {asked} of its {each} left to promise")

    def take(self, host: int, claim: int) -> None:
        """Count an instance that begins again on its host, where nobody asks whether it fits."""
        self._free[host] -= claim

    def lose(self, host: int) -> None:
        """Place nobody on a host any more."""
        self._free[host] = -self._memory

    def leave(self, host: int, claim: int) -> None:
        """Give back what an instance claimed of its host."""
        self._free[host] += claim
        self._first = {size: min(first, host) for size, first in self._first.items()}
