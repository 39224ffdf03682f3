"""The expected table of a scenario: its metrics, as means of the replications.

Of a scenario that is compared there is a row a platform; of one that is swept there is a row a
point and platform, or, where no point is varied, a row a number that moves its answer.
Run this file to write the tables anew, when a change of results is meant.
"""

from pathlib import Path

import pandas as pd

from sim.catalog.scenario import load
from sim.catalog.sweeping import load_sweep
from sim.spec.metrics import METRICS
from sim.studies.compare import compare
from sim.studies.comparison import Comparison
from sim.studies.sweeps.sweep import sweep
from sim.studies.sweeps.swept import Swept

FOLDER = Path(__file__).parents[2] / "scenarios"
SCENARIOS = sorted(FOLDER.glob("*.yaml"))
SWEPT = [path for path in SCENARIOS if load(path).sweep is not None]
COMPARED = [path for path in SCENARIOS if path not in SWEPT]


def beside(scenario: Path) -> Path:
    """Where the expected table of a scenario lies."""
    return scenario.with_suffix(".expected.csv")


def compared(scenario: Path) -> Comparison:
    """The comparison that a scenario asks for."""
    return compare(load(scenario))


def swept(scenario: Path) -> Swept:
    """The sweep that a scenario asks for."""
    return sweep(load_sweep(scenario), jobs=1)


def table(summary: pd.DataFrame) -> pd.DataFrame:
    """A row a platform, a column a metric, in the order of the report."""
    whole = summary[summary["scope"] == "platform"]
    wide = whole.pivot(index="platform", columns="metric", values="mean")
    metrics = [name for name in METRICS if name in wide.columns]
    return wide.loc[list(dict.fromkeys(whole["platform"])), metrics]


def table_of_points(summary: pd.DataFrame, metrics: list[str]) -> pd.DataFrame:
    """A row a point and platform, a column an axis or metric, in the order of the design."""
    keys = [name for name in summary.columns[: summary.columns.get_loc("metric")]]
    wide = summary.pivot_table(index=keys, columns="metric", values="mean", sort=False)
    return wide[metrics].reset_index()


def table_of_sweep(found: Swept) -> pd.DataFrame:
    """What a sweep is expected to give: its points, or else what moves its answers, each alone."""
    if found.axes:
        return table_of_points(found.summary, list(found.metrics))
    moving = found.tornado[found.tornado["at_low"] != found.tornado["at_high"]].dropna()
    told = ["metric", "platform", "input", "at_low", "at_high", "base"]
    return moving[told].reset_index(drop=True)


def write(found: pd.DataFrame, scenario: Path, *, index: bool) -> None:
    """Write the expected table of a scenario."""
    found.to_csv(beside(scenario), index=index, float_format="%.9g", lineterminator="\n")


if __name__ == "__main__":
    for path in COMPARED:
        write(table(compared(path).summary), path, index=True)
    for path in SWEPT:
        write(table_of_sweep(swept(path)), path, index=False)
