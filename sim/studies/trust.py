"""How well the model has predicted such things as a scenario asks for, on its platforms.

It is what was stored with the catalog when all of its observations were last simulated anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import nan
from typing import cast

import pandas as pd

from sim.catalog.kin import kin
from sim.catalog.observed import catalog_observations, judged_rows
from sim.records.schema import COMPARISON_TABLES, column_names
from sim.records.validation import KINDS
from sim.spec.platform import Platform
from sim.spec.scenario import Scenario
from sim.studies.accuracy import errors, kind_of, platform_of
from sim.studies.judging import Judged, Role


def trust(scenario: Scenario) -> pd.DataFrame:
    """For each platform and kind of thing that the scenario asks for, how far off it has been.

    Before them stands each kind over all platforms of the catalog.
    """
    platforms = _platforms(scenario) if judged() else []
    found = [_row(*each, kind) for kind in _kinds(scenario) for each in platforms]
    return pd.DataFrame(found, columns=column_names(COMPARISON_TABLES["trust"]))


@cache
def judged() -> tuple[Judged, ...]:
    """The observations of the catalog beside what the model said of them when it was made."""
    known = {row.observation.id: row.observation for row in catalog_observations()}
    return tuple(
        Judged(known[row["id"]], float(row["predicted"]), cast("Role", row["role"]))
        for row in judged_rows()
        if row["id"] in known and row["predicted"]
    )


@cache
def _kinds_by_name() -> Mapping[str, str]:
    """What kind of thing each of them is, by its name."""
    return {each.observation.id: kind_of(each.observation) for each in judged()}


def _kinds(scenario: Scenario) -> Iterator[str]:
    """The kinds of things that are told of a scenario, in the order of reading."""
    instances = sum(group.count for group in scenario.groups.values())
    loads = any(group.load for group in scenario.groups.values())
    left_out = {
        "density": True,
        "start-up alone": False,
        "start-up under load": instances == 1,
        "network": not loads,
        "image": scenario.images == "present",
    }
    return (kind for kind in KINDS if not left_out.get(kind))


def _platforms(scenario: Scenario) -> list[tuple[str, list[str]]]:
    """Each platform with those of the catalog that it is, varies or mixes; all of these first."""
    of = [
        (platform.name, sorted({kin(each) for each in _stacks(platform)} - {""}))
        for platform in scenario.platforms
    ]
    return [("", []), *of]


def _stacks(platform: Platform) -> Sequence[Platform]:
    """The platforms that a mix is made of, or the one alone."""
    return [*platform.mix.values()] or [platform]


def _row(platform: str, of: Sequence[str], kind: str) -> tuple[object, ...]:
    kinds = _kinds_by_name()
    of_kind = (each for each in judged() if kinds[each.observation.id] == kind)
    found = [each for each in of_kind if _is_of(each, platform, of)]
    return platform, ", ".join(of), kind, *_errors(found)


def _is_of(each: Judged, platform: str, of: Sequence[str]) -> bool:
    return not platform or platform_of(each.observation) in of


def _errors(found: Sequence[Judged]) -> tuple[int, int, float, float, float]:
    off = errors(found)
    if off is None:
        return 0, 0, nan, nan, nan
    worst = max(abs(each.error or 0.0) for each in found)
    return off.rows, off.sources, off.median, off.p90, worst
