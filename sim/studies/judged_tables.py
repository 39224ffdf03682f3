"""The tables of a validation, from what was judged; `records.schema` describes their columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from math import nan

import pandas as pd

from sim.catalog.observed import UNUSED, calibrations, explanations, unused_rows
from sim.records.schema import column_names
from sim.records.validation_schema import VALIDATION_TABLES
from sim.spec.observation import COLUMNS, Observation
from sim.studies.accuracy import (
    Curve,
    Errors,
    by_kind,
    by_platform,
    by_role,
    by_source,
    curves,
    errors,
    kind_of,
    platform_of,
)
from sim.studies.crossing import Crossed
from sim.studies.judging import Judged

Row = Mapping[str, object]

_SAID: Mapping[str, str] = {
    "workload": "{}",
    "host": "on {}",
    "hosts": "{} hosts",
    "image": "image {}",
    "image_state": "image {}",
    "page_cache": "page cache {}",
    "vcpus": "{} vCPU",
    "guest_memory": "{} of memory",
    "started_at_once": "{} at once",
    "in_flight": "{} in flight",
    "already_running": "{} running",
    "cpu_busy_cores": "{} cores busy",
    "clients": "{} clients",
    "link": "link {}",
    "relative_to": "against {}",
    "from": "from {}",
    "to": "to {}",
}
"""The conditions that are told of an observation where its row states them, with their words."""


def observed(judged: Sequence[Judged]) -> pd.DataFrame:
    """A row for each observation, with what the model says of it."""
    return _table("observations", [_observed(each) for each in judged])


def _observed(each: Judged) -> Row:
    observation = each.observation
    return {
        "id": observation.id,
        "source": observation.source,
        "kind": kind_of(observation),
        "platform": platform_of(observation),
        "conditions": conditions(observation),
        "metric": observation.metric,
        "statistic": observation.statistic,
        "value": observation.value,
        "predicted": nan if each.predicted is None else each.predicted,
        "unit": observation.unit,
        "factor": observation.factor,
        "base": observation.base,
        "error": nan if each.error is None else each.error,
        "role": each.role,
        "reason": each.reason,
        "note": observation.note,
        "explanation": explanations().get(observation.id, ""),
    }


def conditions(observation: Observation, *left_out: str) -> str:
    """What a row states of its conditions, in words, without those of some columns."""
    stated = observation.model_dump(by_alias=True, exclude_defaults=True)
    told = (name for name in _SAID if name in stated and name not in left_out)
    return ", ".join(_SAID[name].format(_named(stated[name])) for name in told)


def _named(stated: object) -> object:
    """A name, a number, or of a mapping what it extends."""
    if isinstance(stated, dict):
        base = stated.get("name", stated.get("extends"))
        return f"{base} (changed)" if base else " ".join(map(str, stated.values()))
    return f"{stated:g}" if isinstance(stated, float) else stated


def cells(observation: Observation) -> dict[str, object]:
    """The cells of a row by column, None where it states nothing."""
    stated = observation.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {column: stated.get(column) for column in COLUMNS}


def off(judged: Sequence[Judged], crossed: Sequence[Crossed]) -> pd.DataFrame:
    """How far the model is off from all, by what rows have in common, and by what was left out."""
    groups: Mapping[str, Mapping[str, Errors | None]] = {
        "all": {"": errors(judged)},
        "role": by_role(judged),
        "kind": by_kind(judged),
        "platform": by_platform(judged),
        "source": by_source(judged),
        "crossed": _by_crossing(crossed),
    }
    return _table("errors", [_off(by, *one) for by in groups for one in groups[by].items()])


def _by_crossing(crossed: Sequence[Crossed]) -> Mapping[str, Errors]:
    """The errors of rows that were left out, by levels and by sources."""
    parts = {
        "levels": errors(each.judged for each in crossed if each.by != "source"),
        "sources": errors(each.judged for each in crossed if each.by == "source"),
    }
    return {name: found for name, found in parts.items() if found is not None}


def crossed(judged: Sequence[Crossed]) -> pd.DataFrame:
    """A row for each observation that was judged by numbers fitted without it."""
    found = [{"by": each.by, "level": each.level, **_observed(each.judged)} for each in judged]
    return _table("crossed", found)


def _off(by: str, name: str, found: Errors | None) -> Row:
    told = {} if found is None else asdict(found)
    return {"by": by, "name": name, "rows": 0, "sources": 0, **told}


def followed(judged: Sequence[Judged]) -> pd.DataFrame:
    """A row for each point of a curve, curve by curve."""
    found = [row for number, one in enumerate(curves(judged)) for row in _points(number, one)]
    return _table("curves", found)


def _points(number: int, curve: Curve) -> Iterator[Row]:
    for place, each in enumerate(curve.points):
        observation = each.observation
        assert each.predicted is not None
        yield {
            "curve": number,
            "source": observation.source,
            "kind": kind_of(curve.points[-1].observation),
            "metric": observation.metric,
            "statistic": observation.statistic,
            "conditions": conditions(observation, curve.along),
            "platform": platform_of(observation),
            "along": curve.along,
            "at": curve.at(place),
            "id": observation.id,
            "value": observation.value * observation.factor,
            "predicted": each.predicted * observation.factor,
            "base": observation.base,
        }


def calibrated(judged: Sequence[Judged]) -> pd.DataFrame:
    """How many numbers of the catalog were fitted to how many rows, and how well."""
    return _table("calibrations", [
        {
            "calibration": each.name,
            "numbers": len(each.numbers),
            "rows": len(each.rows),
            "median": nan if found is None else found.median,
        }
        for each in calibrations()
        for found in [errors(one for one in judged if one.observation.id in each.rows)]
    ])  # fmt: skip


def unused() -> pd.DataFrame:
    """The rows of evidence that are not used, each with why."""
    return _table("unused", [
        {"id": row, "reason": reason, "meaning": UNUSED[reason]}
        for row, reason in sorted(unused_rows().items())
    ])  # fmt: skip


def none(table: str) -> pd.DataFrame:
    """A table without rows."""
    return _table(table, [])


def _table(name: str, rows: Sequence[Row]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=column_names(VALIDATION_TABLES[name]))
