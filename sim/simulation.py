"""The waist: a scenario on one platform in, one result out."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf, nextafter

from sim.errors import UsageError
from sim.model.fleet import Fleet
from sim.model.reading import read_fixed, read_result
from sim.model.standing import containers
from sim.records.containers import Container
from sim.records.result import Result
from sim.spec.scenario import Scenario


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking a run's objects, all of which stay in use.

    Once it is over they are garbage, in circles; whatever was there before is not walked for it.
    """
    was_enabled = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if was_enabled:
            gc.enable()


@_collector_at_rest()
def simulate(scenario: Scenario, *, seed: int | None = None, replication: int = 0) -> Result:
    """Simulate one replication of a scenario that names one platform, to its horizon.

    The seed is the scenario's unless another is given. The same scenario, seed and replication
    give the same result, to the last bit.

    Raises: UsageError where the scenario has several platforms: choose one by `scenario.on(name)`.
    """
    _check_one_platform(scenario)
    seed = scenario.seed if seed is None else seed
    fleet = Fleet(scenario, seed, replication)
    fleet.prepare()
    fixed = [read_fixed(engine) for engine in fleet.engines]
    fleet.run()
    return read_result(fleet, fixed, seed, replication)


@_collector_at_rest()
def look(
    scenario: Scenario, at: float, *, seed: int | None = None, replication: int = 0
) -> list[Container]:
    """List how all instances stand at a time, in seconds, what happens just then included.

    Raises: UsageError where the scenario has several platforms.
    """
    _check_one_platform(scenario)
    seed = scenario.seed if seed is None else seed
    fleet = Fleet(scenario, seed, replication)
    fleet.prepare()
    fleet.run(nextafter(at, inf))
    return containers(fleet, seed, replication)


def _check_one_platform(scenario: Scenario) -> None:
    if len(scenario.platforms) != 1:
        names = ", ".join(platform.name for platform in scenario.platforms)
        raise UsageError(
            f"this scenario has the platforms {names}, and a run takes one",
            'choose one with scenario.on("NAME"), or compare them all',
        )
