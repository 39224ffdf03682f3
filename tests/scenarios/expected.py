"""The expected table of a scenario: every metric of every platform, as means of the replications.

Run this file to write the tables anew, when a change of results is meant.
"""

from pathlib import Path

import pandas as pd

from sim.catalog.scenario import load
from sim.spec.metrics import METRICS
from sim.studies.compare import compare
from sim.studies.comparison import Comparison

FOLDER = Path(__file__).parents[2] / "scenarios"
SCENARIOS = sorted(FOLDER.glob("*.yaml"))


def beside(scenario: Path) -> Path:
    """Where the expected table of a scenario lies."""
    return scenario.with_suffix(".expected.csv")


def compared(scenario: Path) -> Comparison:
    """The comparison that a scenario asks for."""
    return compare(load(scenario))


def table(summary: pd.DataFrame) -> pd.DataFrame:
    """A row a platform, a column a metric, in the order of the report."""
    whole = summary[summary["scope"] == "platform"]
    wide = whole.pivot(index="platform", columns="metric", values="mean")
    metrics = [name for name in METRICS if name in wide.columns]
    return wide.loc[list(dict.fromkeys(whole["platform"])), metrics]


if __name__ == "__main__":
    for path in SCENARIOS:
        table(compared(path).summary).to_csv(beside(path), float_format="%.9g", lineterminator="\n")
