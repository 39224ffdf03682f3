"""Which platforms meet the objectives that a scenario states."""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import nan

import pandas as pd

from sim.records.schema import COMPARISON_TABLES, column_names
from sim.spec.objective import Comparison as Bound
from sim.spec.scenario import Scenario

_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


def objectives(scenario: Scenario, summary: pd.DataFrame) -> pd.DataFrame:
    """Hold each platform's means against the objectives; a metric that is absent meets none.

    A share of what a host has is asked of each host, so the fullest one decides.
    """
    rows = []
    for platform in scenario.platforms:
        mine = summary[summary["platform"] == platform.name]
        for metric, bound in scenario.objectives.items():
            value = _value(mine, metric, "platform" if bound.of is None else "host")
            met = _HOLDS[bound.sign](value, _limit(bound, scenario))
            rows.append((platform.name, metric, bound.text, value, met))
    frame = pd.DataFrame(rows, columns=column_names(COMPARISON_TABLES["objectives"]))
    return frame.astype({"met": bool})


def _value(summary: pd.DataFrame, metric: str, scope: str) -> float:
    means = summary[(summary["scope"] == scope) & (summary["metric"] == metric)]["mean"]
    return float(means.max()) if len(means) else nan


def _limit(bound: Bound, scenario: Scenario) -> float:
    host = scenario.host
    whole = {
        "memory": host.memory.value,
        "disk": host.disk.capacity.value,
        "cpu": host.cores.value * scenario.horizon,
    }
    return bound.bound * (1.0 if bound.of is None else whole[bound.of])
