"""What machines and daemons use of the CPU at rest."""

from __future__ import annotations

from math import inf

from sim.model.components import IDLE
from sim.model.machine import Machine
from sim.model.meters import Meters
from sim.model.steal import Steal
from sim.resources.rate import Leaf, Rate


class Idling:
    """Steady claims on the CPU of one host that serve the platform, and what they count as."""

    __slots__ = ("_claims", "_cpu", "_meters", "_steal")

    def __init__(self, cpu: Rate, meters: Meters, steal: Steal) -> None:
        self._cpu = cpu
        self._meters = meters
        self._steal = steal
        self._claims: dict[Leaf, str] = {}

    def begin(self, machine: Machine, cores: float, now: float, component: str = IDLE) -> None:
        """Let a machine use so many cores at rest from now on."""
        if cores:
            weight = max(1.0, cores)
            leaf = self._cpu.join(machine.cpu, inf, now, cap=cores, weight=weight, owner=machine)
            self._claims[leaf] = component
            machine.idling.append(leaf)
            self._steal.touch(machine)

    def end(self, machine: Machine, now: float, component: str = "") -> None:
        """End what a machine uses at rest, or what of it counts as one component."""
        for leaf in tuple(machine.idling):
            if component in ("", self._claims[leaf]):
                machine.idling.remove(leaf)
                done = self._cpu.leave(leaf, now)
                self._steal.touch(machine, served=done)
                self._meters.ran("", {self._claims.pop(leaf): 1.0}, done)

    def settle(self, now: float) -> None:
        """Count what runs on at the end of the run."""
        for leaf, component in self._claims.items():
            done = self._cpu.done(leaf, now)
            self._meters.ran("", {component: 1.0}, done)
            if isinstance(leaf.owner, Machine):
                self._steal.touch(leaf.owner, served=done)
