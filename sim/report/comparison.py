"""What a report is made from: the frames of a comparison, whoever computed them."""

from typing import Protocol

from pandas import DataFrame

from sim.spec.scenario import Scenario


class Comparison(Protocol):
    """One scenario on each of its platforms, as the frames that the studies hand over."""

    @property
    def name(self) -> str:
        """The stem of the scenario's file."""

    @property
    def scenario(self) -> Scenario:
        """The scenario, names and defaults resolved."""

    @property
    def summary(self) -> DataFrame:
        """One row a metric: platform, scope, name, metric, mean, low, high, n, unit."""

    @property
    def components(self) -> DataFrame:
        """What the gross amounts are made of: platform, resource, component, value, unit."""

    @property
    def phases(self) -> DataFrame:
        """Mean seconds of a start in each phase: platform, phase, order, mean_s."""

    @property
    def differences(self) -> DataFrame:
        """Each platform less the reference, paired: metric, platform, reference, mean … ratio."""

    @property
    def binding(self) -> DataFrame:
        """What limits start-up and count: platform, question, resource, value, unit, detail."""

    @property
    def objectives(self) -> DataFrame:
        """Each stated objective on each platform: platform, metric, objective, value, met."""

    @property
    def meets(self) -> bool:
        """Whether some platform meets every stated objective."""

    @property
    def assumptions(self) -> DataFrame:
        """Every cited number: platform, path, value, unit, source, evidence, note."""

    @property
    def instances(self) -> DataFrame:
        """One row an instance and replication, with a column `<phase>_s` for each phase."""

    @property
    def samples(self) -> DataFrame:
        """Changes in the first replication: platform, time_s, host, resource, component, value."""

    @property
    def events(self) -> DataFrame:
        """Events of the first replication: platform, time_s, host, instance, event, detail."""

    @property
    def requests(self) -> DataFrame:
        """Requests of the first replication by group and window: offered, done, lost, latency."""

    @property
    def loads(self) -> DataFrame:
        """One row a platform and group with a load: its clients or rate, throughput, latency."""

    @property
    def latencies(self) -> DataFrame:
        """Quantiles of the latency of requests: platform, group, share, latency_s."""

    @property
    def faults(self) -> DataFrame:
        """What broke, in every replication: when, what it took, how many were back, and when."""

    @property
    def hands(self) -> DataFrame:
        """What a person did for each group, in every replication, and how much of it differs."""

    @property
    def builds(self) -> DataFrame:
        """The steps of all builds, in every replication: when each began and ended, or cached."""

    @property
    def trust(self) -> DataFrame:
        """How well such things were predicted: platform, observed, kind, rows … worst."""


class Leaning(Protocol):
    """Whatever leans on cited numbers: a comparison, or a sweep of it."""

    @property
    def assumptions(self) -> DataFrame:
        """Every cited number: platform, path, value, unit, source, evidence, note."""


class Source(Protocol):
    """Where a number comes from, as the catalog states it."""

    @property
    def title(self) -> str:
        """The name of the work."""

    @property
    def where(self) -> str:
        """The place in it."""


def platform_names(comparison: Comparison) -> list[str]:
    """The platforms in the order of the scenario's file, which every table and figure keeps."""
    return [platform.name for platform in comparison.scenario.platforms]
