"""Which platforms meet the objectives that a scenario states."""

from __future__ import annotations

import operator
from collections.abc import Callable

import pandas as pd

from sim.spec.objective import Comparison as Bound
from sim.spec.scenario import Scenario

COLUMNS = ["platform", "metric", "objective", "value", "met"]
_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


def objectives(scenario: Scenario, summary: pd.DataFrame) -> pd.DataFrame:
    """Hold each platform's means against the objectives; a metric that is absent meets none."""
    whole = summary[summary["scope"] == "platform"].set_index(["platform", "metric"])["mean"]
    rows = []
    for platform in scenario.platforms:
        for metric, bound in scenario.objectives.items():
            value = float(whole.get((platform.name, metric), float("nan")))
            met = _HOLDS[bound.sign](value, _limit(bound, scenario))
            rows.append((platform.name, metric, bound.text, value, met))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"met": bool})


def _limit(bound: Bound, scenario: Scenario) -> float:
    host = scenario.host
    whole = {
        "memory": host.memory.value,
        "disk": host.disk.capacity.value,
        "cpu": host.cores.value * scenario.horizon,
    }
    return bound.bound * (1.0 if bound.of is None else whole[bound.of] * scenario.hosts)
