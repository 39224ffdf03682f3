"""Which host of a fleet an instance goes to."""

from __future__ import annotations

from heapq import heapify, heapreplace


class Refused(Exception):
    """No host can take an instance; says why."""


class Spread:
    """Each instance goes to the host that has the fewest, the first of several."""

    def __init__(self, hosts: int) -> None:
        self._load = [(0, host) for host in range(hosts)]
        heapify(self._load)

    def place(self, claim: int) -> int:
        """Choose a host for an instance; its claim does not matter."""
        count, host = self._load[0]
        heapreplace(self._load, (count + 1, host))
        return host


class Pack:
    """Each instance goes to the first host on which its claim to memory is still free."""

    def __init__(self, hosts: int, memory: int) -> None:
        self._memory = memory
        self._free = [memory] * hosts
        self._first = 0

    def place(self, claim: int) -> int:
        """Choose a host for an instance. Raises: Refused."""
        for host in range(self._first, len(self._free)):
            if claim <= self._free[host]:
                self._free[host] -= claim
                if not self._free[host]:
                    self._first = host + 1 if host == self._first else self._first
                return host
        raise Refused(f"no host has {claim} bytes of {self._memory} left to promise")


class Ports:
    """The fixed ports that instances have taken on each host."""

    def __init__(self) -> None:
        self._taken: dict[tuple[int, int], str] = {}

    def take(self, host: int, ports: tuple[int, ...], name: str) -> None:
        """Take ports of a host for an instance. Raises: Refused where one is taken."""
        for port in ports:
            owner = self._taken.get((host, port))
            if owner is not None:
                raise Refused(f"port {port} of the host is taken by {owner}")
        self._taken.update({(host, port): name for port in ports})
