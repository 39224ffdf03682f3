"""The warm-up of a point: as stated, or found in runs that count in no mean.

All platforms of a point leave out the same, so that their replications stay paired: the windows
that are compared are those of the same arrivals.
"""

from __future__ import annotations

from sim.records.steady import warmed_up_s
from sim.simulation import simulate
from sim.spec.scenario import Scenario
from sim.spec.sweep import WarmUp

TRIAL = 2**31
"""The number of the replication in which it is found, which no sweep comes to."""


def steady_from_s(scenario: Scenario, stated: WarmUp) -> float | None:
    """From when on requests are steady on all platforms of a scenario.

    None where nothing is to be left out, or nobody sends any.
    """
    if is_tried(scenario, stated):
        return max(_settled_s(scenario.on(each.name)) for each in scenario.platforms)
    return stated if isinstance(stated, float) and _is_loaded(scenario) else None


def is_tried(scenario: Scenario, stated: WarmUp) -> bool:
    """Whether a trial on each platform tells the warm-up, on which all runs then depend."""
    return stated == "rule" and _is_loaded(scenario)


def _is_loaded(scenario: Scenario) -> bool:
    return any(group.load is not None for group in scenario.groups.values())


def _settled_s(scenario: Scenario) -> float:
    return warmed_up_s(simulate(scenario, replication=TRIAL).tables["requests"])
