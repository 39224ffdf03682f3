"""A scenario as what is swept: points set values in it, and each run is one of its simulation."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from pydantic import BaseModel

from sim.catalog.varied import varied
from sim.records.metrics import measure, measure_groups
from sim.records.result import Result
from sim.records.steady import measure_steady
from sim.records.table import Table
from sim.simulation import simulate
from sim.spec.scenario import Scenario
from sim.spec.sweep import DECIDES_NOTHING, Sweep, WarmUp
from sim.studies.sweeps.runs import Values
from sim.studies.sweeps.warming import is_tried, steady_from_s

_APART = {"host", "platforms", "groups"}
"""What is digested part by part, since most points change one of them at most."""

_MOST_RECENT = 64


@dataclass
class _Point:
    """A scenario at values that were asked for lately, and its warm-up once a run needs it."""

    scenario: Scenario
    warm_up: WarmUp

    @cached_property
    def steady_from_s(self) -> float | None:
        return steady_from_s(self.scenario, self.warm_up)


class Simulated:
    """A scenario that is to be simulated at points, on each of its platforms."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._warm_up = (scenario.sweep or Sweep()).warm_up
        self._recent: OrderedDict[str, _Point] = OrderedDict()
        parts = (scenario.host, *scenario.platforms, *scenario.groups.values())
        self._known = {id(part): _digest(part) for part in parts}

    def __reduce__(self) -> tuple[type[Simulated], tuple[Scenario]]:
        return type(self), (self._scenario,)

    @property
    def platforms(self) -> Sequence[str]:
        """The names of the scenario's platforms."""
        return [platform.name for platform in self._scenario.platforms]

    def key(self, values: Values, platform: str) -> bytes:
        """The digest of all that a run there depends on, names resolved.

        Raises: ScenarioError where the scenario cannot be so.
        """
        whole = self._at(values).scenario
        scenario = whole.on(platform)
        plain = scenario.model_dump_json(exclude=_APART | DECIDES_NOTHING).encode()
        tried = whole.platforms if is_tried(whole, self._warm_up) else []
        parts = [scenario.host, *scenario.platforms, *tried, *scenario.groups.values()]
        names = "\0".join(scenario.groups).encode()
        warm_up = str(self._warm_up).encode()
        return sha256(b"\0".join([plain, names, warm_up, *map(self._told, parts)])).digest()

    def run(self, values: Values, platform: str, replication: int) -> dict[str, float]:
        """The metrics of one run: of the whole, and of each group where there are several."""
        point = self._at(values)
        result = simulate(point.scenario.on(platform), replication=replication)
        return measured(result, point.steady_from_s)

    def _at(self, values: Values) -> _Point:
        """What is known of a point; of those which were asked for lately it is at hand."""
        said = repr(values)
        found = self._recent.get(said)
        if found is None:
            found = self._recent[said] = _Point(varied(self._scenario, values), self._warm_up)
            if len(self._recent) > _MOST_RECENT:
                self._recent.popitem(last=False)
        return found

    def _told(self, part: BaseModel) -> bytes:
        return self._known.get(id(part)) or _digest(part)


def measured(result: Result, steady_from_s: float | None = None) -> dict[str, float]:
    """The metrics of a run by name, those of a group as `groups.NAME.METRIC` if it has others.

    Those of what is steady are among them where it is told from when on that is.
    """
    windows = result.tables["requests"]
    metrics = measure(result) | _steady(windows, steady_from_s)
    if len(result.groups) == 1:
        return metrics
    for group, own in measure_groups(result):
        asked = windows.where(windows.words("group") == group)
        told = own | _steady(asked, steady_from_s)
        metrics |= {f"groups.{group}.{name}": value for name, value in told.items()}
    return metrics


def _steady(windows: Table, steady_from_s: float | None) -> dict[str, float]:
    return {} if steady_from_s is None else measure_steady(windows, steady_from_s)


def _digest(part: BaseModel) -> bytes:
    return sha256(part.model_dump_json().encode()).digest()
