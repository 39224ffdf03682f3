"""The numbers that an answer leans on: every cited quantity of a scenario, with its path."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from pydantic import BaseModel

from sim.records.schema import COMPARISON_TABLES, column_names
from sim.spec.quantity import DEFAULT, Quantity
from sim.spec.scenario import Scenario


def assumptions(scenario: Scenario) -> pd.DataFrame:
    """List the quantities of the host, the platforms and the workloads, in the order of the file.

    Those that belong to one platform name it. What the catalog does not state claims nothing,
    and is left out.
    """
    rows = []
    for platform in scenario.platforms:
        path = f"platforms.{platform.name}"
        rows += [(platform.name, *row) for row in _quantities(platform, path)]
    rows += [("", *row) for row in _quantities(scenario.host, "host")]
    for name, group in scenario.groups.items():
        rows += [("", *row) for row in _quantities(group, f"groups.{name}")]
    return pd.DataFrame(rows, columns=column_names(COMPARISON_TABLES["assumptions"]))


def _quantities(value: object, path: str) -> Iterator[tuple[str, float, str, str, str, str]]:
    if isinstance(value, Quantity):
        if value.source != DEFAULT:
            yield path, value.value, value.unit, value.source, value.evidence, value.note
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _quantities(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _quantities(part, f"{path}.{name}")
