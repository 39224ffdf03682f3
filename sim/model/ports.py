"""The ports of a host: who has which, and which is given to who asks for any."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sim.spec.ports import Published

FIRST_FREE, LAST_FREE = 32_768, 60_999
"""The range that Linux gives ports from, where nobody asks for one by number."""


@dataclass(frozen=True, slots=True)
class Bind:
    """Take the ports of the host that an instance publishes, or fail.

    Where nothing of its own stands between, the main process takes them itself, and ends if it
    cannot (`is_main`); else what is around it does, and never starts it.
    """

    is_main: bool


class Taken(Exception):
    """A port that somebody else has: the port, and who."""

    def __init__(self, port: int, owner: str) -> None:
        super().__init__(port, owner)
        self.port = port
        self.owner = owner


class Ports:
    """The ports that instances have taken on one host, each by its owner.

    An owner keeps its ports through restarts, and gives them back once it has ended for good.
    """

    __slots__ = ("_next", "_of", "_owners")

    def __init__(self) -> None:
        self._owners: dict[int, str] = {}
        self._of: dict[str, tuple[tuple[int, int], ...]] = {}
        self._next = FIRST_FREE

    def take(self, publish: Iterable[Published], owner: str) -> None:
        """Take all ports that an owner publishes, if it has none yet. Raises: Taken."""
        if owner in self._of:
            return
        publish = tuple(publish)
        for port, _ in publish:
            if port in self._owners:
                raise Taken(port, self._owners[port])
        self._owners |= {port: owner for port, _ in publish if port is not None}
        self._of[owner] = tuple((port or self._free(owner), inside) for port, inside in publish)

    def give(self, owner: str) -> None:
        """Give all ports of an owner back."""
        for port, _ in self._of.pop(owner, ()):
            del self._owners[port]

    def of(self, owner: str) -> tuple[tuple[int, int], ...]:
        """The ports that an owner has, each with the one inside that it leads to."""
        return self._of.get(owner, ())

    def _free(self, owner: str) -> int:
        """The next port that is free, one after the other and round again."""
        span = LAST_FREE - FIRST_FREE + 1
        turn = (FIRST_FREE + (self._next - FIRST_FREE + step) % span for step in range(span))
        port = next((port for port in turn if port not in self._owners), None)
        if port is None:
            raise Taken(LAST_FREE, "somebody, as are all from which one is given")
        self._owners[port] = owner
        self._next = port + 1
        return port
