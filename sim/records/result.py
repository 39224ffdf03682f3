"""The result of one run: tidy tables of one replication of a scenario on one platform."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sim.records.metrics import measure


@dataclass(frozen=True)
class Result:
    """What one run measured, as tables; `schema` describes every column.

    `instances` has a row an instance, `hosts` a row a host, `components` what each host held or
    spent by component at the horizon, `samples` every change over time, `events` what happened
    to instances; `requests` has a row a window, `latencies` their distribution, `faults` a row a
    fault, `hands` a row a group for which a person worked, `builds` a row a step of each build.
    """

    platform: str
    seed: int
    replication: int
    horizon_s: float
    groups: tuple[str, ...]
    instances: pd.DataFrame
    hosts: pd.DataFrame
    components: pd.DataFrame
    samples: pd.DataFrame
    events: pd.DataFrame
    requests: pd.DataFrame
    latencies: pd.DataFrame
    faults: pd.DataFrame
    hands: pd.DataFrame
    builds: pd.DataFrame

    @property
    def metrics(self) -> dict[str, float]:
        """The metrics of the whole run by name; one that it does not have is absent."""
        return measure(self)
