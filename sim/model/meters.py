"""The meters of one host: CPU by component, bytes moved, and the changes that a recorder keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.model.components import NET
from sim.records.recorder import Recorder
from sim.resources.memory import PAGE_CACHE, SWAP, Ledger
from sim.resources.space import Space

if TYPE_CHECKING:  # engine and task are above this module
    from sim.model.engine import Engine
    from sim.model.task import Task


class Meters:
    """What one host has used so far.

    `used` has the core-seconds of each group by component, the empty group for what serves the
    platform; `busy` those of busy cores, `contention` what of it neighbours cost each other, and
    `stolen` those that guests could have used and did not get.
    """

    def __init__(self, number: int, recorder: Recorder) -> None:
        self.number = number
        self.recorder = recorder
        self.used: dict[tuple[str, str], float] = {}
        self.busy = 0.0
        self.contention = 0.0
        self.read = 0
        self.written = 0
        self.peak = 0
        self.stolen = 0.0
        self._cores = 0.0
        self._lost = 0.0
        self._since = 0.0

    def computed(self, task: Task, work: float, part: float) -> None:
        """Count work of a task, of which its net work is a part."""
        net = task.net * part
        if net:
            self._add(task.group, NET, net)
        self._add(task.group, task.tare, work - net)

    def ran(self, group: str, shares: Mapping[str, float], work: float) -> None:
        """Count work of a steady demand by its components, in proportion."""
        whole = sum(shares.values())
        for component, share in shares.items():
            self._add(group, component, work * share / whole)

    def moved(self, size: int, *, is_write: bool) -> None:
        """Count bytes to or from the disk."""
        if is_write:
            self.written += size
        else:
            self.read += size

    def note(self, name: str, event: str, detail: str, now: float) -> None:
        """Keep an event in the life of an instance, or of what serves the platform."""
        self.recorder.event(now, self.number, name, event, detail)

    def observe(self, engine: Engine, now: float) -> None:
        """Keep what has changed at an instant, and integrate the busy cores up to it."""
        self.busy += self._cores * (now - self._since)
        self.contention += self._lost * (now - self._since)
        self._since = now
        self._observe_cores(engine, now)
        engine.steal.observe(now)
        ledger, space = engine.machine.kernel.ledger, engine.machine.store.space
        if ledger.changed:
            others = {PAGE_CACHE: ledger.page_cache, SWAP: ledger.swap_used}
            self._observe_stock("memory", ledger, others, now)
            self.peak = max(self.peak, ledger.gross)
        if space.changed:
            self._observe_stock("disk", space, {}, now)

    def _observe_stock(
        self, resource: str, stock: Ledger | Space, others: Mapping[str, int], now: float
    ) -> None:
        for component in sorted(stock.changed):
            value = others[component] if component in others else stock.components[component]
            self.recorder.sample(now, self.number, resource, component, value)
        stock.changed.clear()

    def _observe_cores(self, engine: Engine, now: float) -> None:
        """Of what is wanted, all that finds a core is busy; what that does not give is lost."""
        rate, wanted = engine.cpu.rate(engine.cpu.root), engine.cpu.root.demand()
        host = engine.host
        is_over = wanted > host.cores.value * host.smt.value
        busy = min(wanted, host.cores.value) if is_over else rate
        self._lost = busy - rate
        if busy != self._cores:
            self._cores = busy
            self.recorder.sample(now, self.number, "cpu", "busy", busy)

    def _add(self, group: str, component: str, work: float) -> None:
        key = (group, component)
        self.used[key] = self.used.get(key, 0.0) + work
