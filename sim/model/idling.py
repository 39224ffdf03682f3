"""What machines and daemons use of the CPU at rest."""

from __future__ import annotations

from math import inf

from sim.model.components import IDLE
from sim.model.machine import Machine
from sim.model.meters import Meters
from sim.resources.rate import Leaf, Rate


class Idling:
    """Steady claims on the CPU of one host that serve the platform, and what they count as."""

    __slots__ = ("_claims", "_cpu", "_meters")

    def __init__(self, cpu: Rate, meters: Meters) -> None:
        self._cpu = cpu
        self._meters = meters
        self._claims: dict[Leaf, str] = {}

    def begin(self, machine: Machine, cores: float, now: float, component: str = IDLE) -> None:
        """Let a machine use so many cores at rest from now on."""
        if cores:
            leaf = self._cpu.join(machine.cpu, inf, now, cap=cores, weight=max(1.0, cores))
            self._claims[leaf] = component
            machine.idling.append(leaf)

    def end(self, machine: Machine, now: float, component: str = "") -> None:
        """End what a machine uses at rest, or what of it counts as one component."""
        for leaf in tuple(machine.idling):
            if component in ("", self._claims[leaf]):
                machine.idling.remove(leaf)
                self._meters.ran("", {self._claims.pop(leaf): 1.0}, self._cpu.leave(leaf, now))

    def settle(self, now: float) -> None:
        """Count what runs on at the end of the run."""
        for leaf, component in self._claims.items():
            self._meters.ran("", {component: 1.0}, self._cpu.done(leaf, now))
