"""What hosts share: the way from a registry to all of them, and the count of who may yet use it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sim.resources.rate import Leaf, Node, Rate

if TYPE_CHECKING:  # the engine is above this module, and so is what is behind all hosts
    from sim.model.delivering import Deliveries
    from sim.model.engine import Engine
    from sim.model.hands import Hands
    from sim.model.task import Task


class Network:
    """Transfers from one registry over the links of all hosts.

    `pending` counts the tasks on any host that have a transfer to make or wait for: while it is
    zero, nothing that a host does can reach another one. `hands` are those of a person who sees to
    all hosts, `deliveries` the way of what is built to who runs it.
    """

    def __init__(self, registry: float | None, links: list[float]) -> None:
        capacity = sum(links) if registry is None else registry
        self._rate = Rate(capacity)
        self._links: list[Node] = [self._rate.share(self._rate.root, cap=cap) for cap in links]
        self.pending = 0
        self.hands: Hands | None = None
        self.deliveries: Deliveries | None = None
        self.pulled = [0] * len(links)
        self._moving: dict[Leaf, tuple[Engine, Task, int]] = {}

    def transfer(
        self, engine: Engine, task: Task, size: int, cap: float, now: float
    ) -> Callable[[float], None]:
        """Start to move bytes to a host, at most at the rate that one connection reaches.

        Returns what calls the transfer off.
        """
        link = self._links[engine.number]
        leaf = self._rate.join(link, float(size), now, cap=cap)
        self._moving[leaf] = (engine, task, size)
        return partial(self._call_off, leaf)

    def _call_off(self, leaf: Leaf, now: float) -> None:
        """End a transfer; what has come of it has been pulled."""
        engine, _, _ = self._moving.pop(leaf)
        self.pulled[engine.number] += int(self._rate.leave(leaf, now))

    def next(self) -> float:
        """The time of the next completion, infinite if there is none."""
        return self._rate.next()

    def step(self, now: float) -> list[Engine]:
        """Complete what is due and let the tasks go on; return the hosts that this reached."""
        engines = []
        for leaf in self._rate.complete(now):
            engine, task, size = self._moving.pop(leaf)
            self.pulled[engine.number] += size
            engine.resume(task, now)
            engines.append(engine)
        return engines

    def settle(self, now: float) -> None:
        """Count what has come of transfers that are not done at the end of the run."""
        for leaf, (engine, _, _) in self._moving.items():
            self.pulled[engine.number] += int(self._rate.done(leaf, now))
