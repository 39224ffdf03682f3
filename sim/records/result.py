"""The result of one run: tidy tables of one replication of a scenario on one platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.records.metrics import measure
from sim.records.table import Table

if TYPE_CHECKING:  # frames are made as they are asked for
    import pandas as pd


@dataclass(frozen=True)
class Result:
    """What one run measured, as tables; `schema` describes every column.

    Each table is a data frame from when it is first asked for; `tables` holds them as columns.
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
    tables: Mapping[str, Table]

    @property
    def instances(self) -> pd.DataFrame:
        """A row an instance."""
        return self.tables["instances"].frame

    @property
    def hosts(self) -> pd.DataFrame:
        """A row a host."""
        return self.tables["hosts"].frame

    @property
    def components(self) -> pd.DataFrame:
        """What each host held or spent, by component."""
        return self.tables["components"].frame

    @property
    def samples(self) -> pd.DataFrame:
        """Every change over time."""
        return self.tables["samples"].frame

    @property
    def events(self) -> pd.DataFrame:
        """What happened to instances."""
        return self.tables["events"].frame

    @property
    def requests(self) -> pd.DataFrame:
        """A row a group and window in which requests came."""
        return self.tables["requests"].frame

    @property
    def latencies(self) -> pd.DataFrame:
        """How latencies are distributed."""
        return self.tables["latencies"].frame

    @property
    def faults(self) -> pd.DataFrame:
        """A row a fault that happened."""
        return self.tables["faults"].frame

    @property
    def hands(self) -> pd.DataFrame:
        """A row a group for which a person worked."""
        return self.tables["hands"].frame

    @property
    def builds(self) -> pd.DataFrame:
        """A row a step of each build."""
        return self.tables["builds"].frame

    @property
    def metrics(self) -> dict[str, float]:
        """The metrics of the whole run by name; one that it does not have is absent."""
        return measure(self)
