"""The warm-up of a point on a platform: as stated, or found in a run that counts in no mean."""

from __future__ import annotations

from sim.records.steady import warmed_up_s
from sim.simulation import simulate
from sim.spec.scenario import Scenario
from sim.spec.sweep import WarmUp

TRIAL = 2**31
"""The number of the replication in which it is found, which no sweep comes to."""


def steady_from_s(scenario: Scenario, stated: WarmUp) -> float | None:
    """From when on requests are steady on the one platform of a scenario.

    None where nothing is to be left out, or nobody sends any.
    """
    if stated == "none" or all(group.load is None for group in scenario.groups.values()):
        return None
    if stated == "rule":
        return warmed_up_s(simulate(scenario, replication=TRIAL).tables["requests"])
    return stated
