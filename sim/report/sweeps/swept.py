"""What the report of a sweep is made from: its design and frames, whoever computed them."""

from collections.abc import Sequence
from typing import Protocol

from pandas import DataFrame

from sim.spec.scenario import Scenario
from sim.spec.sweep import Design


class Axis(Protocol):
    """One of the things that a sweep varies."""

    @property
    def path(self) -> str:
        """Its place in the scenario: `groups.web.count`."""

    @property
    def name(self) -> str:
        """The column that it has in every table: `host.memory_bytes`."""

    @property
    def unit(self) -> str:
        """The base unit of its values; empty for bare numbers and words."""

    @property
    def values(self) -> Sequence[object]:
        """Its values as they were written, in order."""

    @property
    def numbers(self) -> Sequence[float] | None:
        """The same as numbers in the base unit; none where they are words."""


class Precision(Protocol):
    """Replications until an interval is as narrow as was asked."""

    @property
    def precision(self) -> float:
        """Half of the interval over the mean, at most."""

    @property
    def of(self) -> str:
        """The metric whose interval it is."""

    @property
    def at_most(self) -> int:
        """The replications after which it is given up."""


class Swept(Protocol):
    """All that came of a sweep; the frames are as `records.sweep_schema` describes them."""

    @property
    def name(self) -> str:
        """The stem of the scenario's file."""

    @property
    def scenario(self) -> Scenario:
        """The scenario that is varied, names and defaults resolved."""

    @property
    def arguments(self) -> Sequence[str]:
        """What was given to the command beside the file, which the same numbers need again."""

    @property
    def design(self) -> Design:
        """How points were chosen."""

    @property
    def axes(self) -> Sequence[Axis]:
        """What is varied."""

    @property
    def platforms(self) -> Sequence[str]:
        """The alternatives, in the order of the scenario's file; one without a name may be all."""

    @property
    def metrics(self) -> Sequence[str]:
        """What the report is about, the most important first."""

    @property
    def precision(self) -> Precision | None:
        """The rule that ended replications; none where their number was fixed."""

    @property
    def runs(self) -> int:
        """How many runs were performed, those that failed among them."""

    @property
    def failed(self) -> int:
        """How many of them failed."""

    @property
    def points(self) -> DataFrame:
        """One row a point: its values, and why it cannot be run, if so."""

    @property
    def summary(self) -> DataFrame:
        """One row a point, platform and metric: mean, low, high, n, unit."""

    @property
    def differences(self) -> DataFrame:
        """Each platform less the first, paired by replication, at each point."""

    @property
    def winners(self) -> DataFrame:
        """Who is best at each point in each metric, by how much, and whether it is a tie."""

    @property
    def effects(self) -> DataFrame:
        """The mean of each metric over all points with one value of an axis."""

    @property
    def crossings(self) -> DataFrame:
        """Where along an axis two platforms change places."""

    @property
    def sensitivity(self) -> DataFrame:
        """How much each input moves each metric: Morris, Sobol'."""

    @property
    def tornado(self) -> DataFrame:
        """Each metric at both ends of each input."""

    @property
    def short(self) -> DataFrame:
        """Where fewer instances became ready on a platform than on another."""

    @property
    def failures(self) -> DataFrame:
        """What failed, by its reason: points that cannot be run, and runs."""

    @property
    def assumptions(self) -> DataFrame:
        """Every number that the scenario leans on: platform, path, value, unit, source, …"""
