"""When the instances of a group are asked for."""

from __future__ import annotations

import numpy as np

from sim.model.streams import stream
from sim.spec.scenario import Group


def arrival_times(group: Group, name: str, seed: int, replication: int) -> list[float]:
    """The times in seconds at which a group's instances are asked for, ascending.

    A Poisson stream has exponential gaps, the first of them before the first instance; a ramp
    spreads its instances evenly, the first at 0 s and the last at its end. Of a closed loop these
    are those that start it; others follow.
    """
    arrive, count = group.arrive, min(group.count, group.arrive.in_flight or group.count)
    times = np.full(count, arrive.at or 0.0)
    if arrive.times_s is not None:
        times = np.array(arrive.times_s[:count])
    elif arrive.every is not None:
        times = np.arange(count) * arrive.every
    elif arrive.poisson is not None:
        gaps = stream(seed, replication, name, "arrivals").exponential(size=count)
        times = np.cumsum(gaps) / arrive.poisson
    elif arrive.ramp is not None:
        times = np.linspace(0.0, arrive.ramp, count)
    return [float(time) for time in times]
