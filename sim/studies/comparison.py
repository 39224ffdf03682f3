"""The answer of a comparison: tidy frames over all platforms and replications of one scenario."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sim.spec.scenario import Scenario


@dataclass(frozen=True)
class Comparison:
    """What one scenario showed on each of its platforms; `records.schema` describes the columns.

    `summary` has each metric with its mean and 95 % interval, `differences` each against the
    first platform, paired by replication; `samples`, `events` and `requests` are those of
    replication 0. `loads`, `latencies`, `faults` and `builds` are empty where nobody asks, breaks
    or builds anything, and `trust` where the catalog has no observations.
    """

    name: str
    scenario: Scenario
    summary: pd.DataFrame
    components: pd.DataFrame
    phases: pd.DataFrame
    differences: pd.DataFrame
    binding: pd.DataFrame
    objectives: pd.DataFrame
    assumptions: pd.DataFrame
    instances: pd.DataFrame
    samples: pd.DataFrame
    events: pd.DataFrame
    requests: pd.DataFrame
    loads: pd.DataFrame
    latencies: pd.DataFrame
    faults: pd.DataFrame
    hands: pd.DataFrame
    builds: pd.DataFrame
    trust: pd.DataFrame

    @property
    def meets(self) -> bool:
        """Whether some platform meets every objective that the scenario states."""
        if self.objectives.empty:
            return True
        return bool(self.objectives.groupby("platform")["met"].all().any())
