"""The numbers that an answer leans on: every cited quantity of a scenario, with its path."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd
from pydantic import BaseModel

from sim.records.schema import COMPARISON_TABLES, column_names
from sim.spec.group import Group
from sim.spec.platform import Platform
from sim.spec.quantity import DEFAULT, Quantity
from sim.spec.scenario import Scenario


def assumptions(scenario: Scenario) -> pd.DataFrame:
    """List the quantities of the host, the platforms and the workloads, in the order of the file.

    Those that belong to one platform name it. What the catalog does not state claims nothing, and
    is left out; so is what plays no part, such as what a request takes where there are none.
    """
    rows = [
        (platform, path, cited.value, cited.unit, cited.source, cited.evidence, cited.note)
        for platform, path, cited in quantities(scenario)
    ]
    return pd.DataFrame(rows, columns=column_names(COMPARISON_TABLES["assumptions"]))


def quantities(scenario: Scenario) -> Iterator[tuple[str, str, Quantity]]:
    """The same as they stand: the platform that each belongs to, if to one, and its path."""
    for platform, path, part, idle in _parts(scenario):
        for place, cited in _quantities(part, path, idle):
            yield platform, place, cited


def _parts(scenario: Scenario) -> Iterator[tuple[str, str, BaseModel, Collection[str]]]:
    """The parts that state quantities: whose platform, the path, and the keys that are idle."""
    for platform in scenario.platforms:
        yield platform.name, f"platforms.{platform.name}", platform, _idle_of_platforms(scenario)
    yield "", "host", scenario.host, _idle_of_host(scenario)
    for name, group in scenario.groups.items():
        yield "", f"groups.{name}", group, _idle_of_group(group)


def _idle_of_platforms(scenario: Scenario) -> list[str]:
    is_loaded = any(group.load for group in scenario.groups.values())
    is_stopped = any(_stops(group) for group in scenario.groups.values())
    return [*([] if is_loaded else ["network", "local"]), *([] if is_stopped else ["shutdown"])]


def _idle_of_group(group: Group) -> list[str]:
    return ["steady" if group.load else "serve", *([] if _stops(group) else ["handler"])]


def _stops(group: Group) -> bool:
    return any(command.do == "stop" for command in group.commands)


def _idle_of_host(scenario: Scenario) -> list[str]:
    is_merged = any(_merges(platform) for platform in scenario.platforms)
    panics = any(fault.kind.endswith("kernel-panic") for fault in scenario.faults)
    return [key for key, counts in (("merging", is_merged), ("reboot", panics)) if not counts]


def _merges(platform: Platform) -> bool:
    walls = platform.boundaries.values()
    inner = any(_merges(each) for each in platform.mix.values())
    return inner or any(wall.ram.merging == "on" for wall in walls)


def _quantities(
    value: object, path: str, idle: Collection[str]
) -> Iterator[tuple[str, Quantity]]:
    """The quantities within a part of a scenario, but for those under the keys that are idle."""
    if isinstance(value, Quantity):
        if value.source != DEFAULT:
            yield path, value
        return
    for name, part in _named(value):
        if name not in idle or isinstance(value, dict):
            yield from _quantities(part, f"{path}.{name}", idle)


def _named(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, BaseModel):
        return ((name, getattr(value, name)) for name in type(value).model_fields)
    return iter(value.items() if isinstance(value, dict) else ())
