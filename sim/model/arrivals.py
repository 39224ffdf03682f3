"""When the instances of a group are asked for."""

from __future__ import annotations

import numpy as np

from sim.model.streams import stream
from sim.spec.scenario import Group


def arrival_times(group: Group, name: str, seed: int, replication: int) -> list[float]:
    """The times in seconds at which a group's instances are asked for, ascending.

    A Poisson stream has exponential gaps, the first of them before the first instance; a ramp
    spreads its instances evenly, the first at 0 s and the last at its end.
    """
    arrive, count = group.arrive, group.count
    if arrive.times_s is not None:
        return list(arrive.times_s[:count])
    if arrive.every is not None:
        return [number * arrive.every for number in range(count)]
    if arrive.poisson is not None:
        gaps = stream(seed, replication, name, "arrivals").exponential(size=count)
        return [float(time) for time in np.cumsum(gaps) / arrive.poisson]
    if arrive.ramp is not None:
        return [float(time) for time in np.linspace(0.0, arrive.ramp, count)]
    return [arrive.at or 0.0] * count
