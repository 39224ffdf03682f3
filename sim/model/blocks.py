"""Bytes on their way to and from a host's disk, and what crossing boundaries adds to that.

A disk that hosts share is one rate behind all of them: who completes what is due then looks for
it beyond a host, and lets each host go on whose bytes have come.
"""

from __future__ import annotations

from functools import partial
from math import inf
from typing import TYPE_CHECKING

from sim.model.components import CROSSINGS, OPERATION, PAGE
from sim.model.machine import Machine
from sim.model.making import Crossing
from sim.model.physical import block_flow, sync_flow
from sim.model.task import DISK, Task
from sim.resources.rate import Leaf, Rate

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine


class Blocks:
    """The transfers of one host's tasks, each a claim on the device, one operation at a time.

    The device is the host's own, or one that it shares with others.
    """

    __slots__ = ("_engine", "_flows", "_is_own", "_moving", "rate")

    def __init__(self, engine: Engine, shared: SharedDisk | None) -> None:
        self.rate = Rate(1.0) if shared is None else shared.rate
        self._is_own = shared is None
        self._engine = engine
        self._moving: dict[Leaf, Task] = {}
        self._flows: dict[Crossing, tuple[float, float]] = {}

    def transfer(
        self, task: Task, machine: Machine, size: int, now: float, *, is_write: bool
    ) -> None:
        """Move bytes to or from the host's disk for a task, which then pays the crossings."""
        crossing = machine.crossing
        self._move(task, crossing, size, OPERATION, self.flow(crossing), now)
        task.writes = is_write

    def sync(self, task: Task, machine: Machine, count: int, now: float) -> None:
        """Write so many pages for a task, each of which has reached the disk before the next."""
        flow = sync_flow(self._engine.host.disk, machine.crossing)
        self._move(task, machine.crossing, count * PAGE, PAGE, flow, now)
        task.writes = True

    def _move(
        self,
        task: Task,
        crossing: Crossing,
        size: int,
        operation: int,
        flow: tuple[float, float],
        now: float,
    ) -> None:
        """Claim the device for so many bytes in operations of one size."""
        cost, cap = flow
        operations = size / operation
        leaf = self.rate.join(self.rate.root, operations * cost, now, cap=cap, owner=self)
        self._moving[leaf] = task
        task.call_off = partial(self._stop, leaf)
        task.moves = size
        task.then = operations * crossing.compute / self._engine.host.speed.value
        task.net, task.tare = 0.0, CROSSINGS
        task.spending(DISK, now)

    def flow(self, crossing: Crossing) -> tuple[float, float]:
        """Device-seconds of an operation, and the most of the device that one flow can use."""
        known = self._flows.get(crossing)
        if known is None:
            known = self._flows[crossing] = block_flow(self._engine.host.disk, crossing)
        return known

    def next(self) -> float:
        """When the next of its own device's transfers is done; a shared one is looked after."""
        return self.rate.next() if self._is_own else inf

    def complete(self, now: float) -> None:
        """Let those go on whose bytes its own device has moved, and those who waited for them."""
        for leaf in self.rate.complete(now):
            self.let_go(leaf, now)

    def let_go(self, leaf: Leaf, now: float) -> Engine:
        """Let who moved these bytes go on, and who waited for them; return the host."""
        task = self._moving.pop(leaf)
        self._engine.meters.moved(task.moves, is_write=task.writes)
        self._engine.wake(task, now)
        self._engine.let_in(task, now)
        return self._engine

    def settle(self, now: float) -> None:
        """Count what has been moved at the end of the run."""
        for leaf, task in self._moving.items():
            self._count(task, self.rate.done(leaf, now), leaf.work)

    def _stop(self, leaf: Leaf, now: float) -> None:
        """Count what has been moved; what was being read counts as read for all who wait."""
        task = self._moving.pop(leaf)
        self._count(task, self.rate.leave(leaf, now), leaf.work)
        self._engine.let_in(task, now)

    def _count(self, task: Task, done: float, work: float) -> None:
        part = done / work if work else 1.0
        self._engine.meters.moved(int(task.moves * part), is_write=task.writes)


class SharedDisk:
    """One disk behind all hosts of a run."""

    def __init__(self) -> None:
        self.rate = Rate(1.0)

    def next(self) -> float:
        """The time of the next completion, infinite if there is none."""
        return self.rate.next()

    def step(self, now: float) -> list[Engine]:
        """Complete what is due and let the tasks go on; return the hosts that this reached."""
        engines: dict[Engine, None] = {}
        for leaf in self.rate.complete(now):
            assert isinstance(leaf.owner, Blocks)
            engines[leaf.owner.let_go(leaf, now)] = None
        for engine in engines:
            engine.perform_all(now)
        return list(engines)
