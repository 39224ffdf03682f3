"""Whether a machine is quiet enough to be measured, and what others took of it meanwhile."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from sim.probes.kernel import Busy, busy, pressure

_MOST_BUSY = 0.05
_MOST_STOLEN = 0.02
_MOST_PRESSURE = 0.05
_LOOK_S = 1.0


@dataclass(frozen=True)
class Noise:
    """What others do on a machine, as shares.

    `busy` of the time of all cores, `stolen` of it by those who share the machine underneath, and
    the share of time in which somebody waited for a core, or for the disk.
    """

    busy: float
    stolen: float
    waited_for_core: float = 0.0
    waited_for_disk: float = 0.0

    @property
    def is_much(self) -> bool:
        """Whether what is measured beside it tells more of the others than of the runtime."""
        waited = max(self.waited_for_core, self.waited_for_disk)
        return self.busy > _MOST_BUSY or self.stolen > _MOST_STOLEN or waited > _MOST_PRESSURE

    def __str__(self) -> str:
        said = [f"others use {self.busy:.0%} of its cores"]
        said += [f"{self.stolen:.0%} is stolen from them"] if self.stolen > _MOST_STOLEN else []
        for share, what in ((self.waited_for_core, "a core"), (self.waited_for_disk, "the disk")):
            said += [f"{share:.0%} of the time somebody waits for {what}"] * (
                share > _MOST_PRESSURE
            )
        return ", ".join(said)


class Watch:
    """Tells what others took of the machine since it began, ours taken off."""

    def __init__(self, ours: Callable[[], float] = lambda: 0.0) -> None:
        self._ours = ours
        self._before = busy()
        self._own = ours() + _own_cpu()
        self._waited = (pressure("cpu"), pressure("io"))
        self._start = time.monotonic()

    def noise(self) -> Noise:
        """What it was so far. Who waits for a core is told only where nothing of ours runs."""
        spent = busy().since(self._before)
        own = self._ours() + _own_cpu() - self._own
        whole = max(_total(spent), 1e-9)
        return Noise(max(spent.worked - own, 0.0) / whole, max(spent.stolen, 0.0) / whole)

    def noise_at_rest(self) -> Noise:
        """What it was so far, where nothing of ours ran."""
        noise, lasted = self.noise(), time.monotonic() - self._start
        cpu, disk = (
            (pressure(kind) - before) / lasted
            for kind, before in zip(("cpu", "io"), self._waited, strict=True)
        )
        return Noise(noise.busy, noise.stolen, cpu, disk)


def look(seconds: float = _LOOK_S) -> Noise:
    """Look at the machine for a moment in which nothing of ours runs."""
    watch = Watch()
    time.sleep(seconds)
    return watch.noise_at_rest()


def _own_cpu() -> float:
    used = os.times()
    return used.user + used.system


def _total(spent: Busy) -> float:
    return spent.worked + spent.waited + spent.idle + spent.stolen
