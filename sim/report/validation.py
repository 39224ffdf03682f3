"""A validation in tables and sentences, and as one JSON document: how far the model is off."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from sim.records.validation import Validation
from sim.report.findings import Cell, Table
from sim.report.frames import rows

GROUPS = {
    "kind": "By kind of thing measured",
    "role": "By what the rows were for",
    "crossed": "By what was left out of the fits",
    "source": "By source",
}
"""By what errors are told, with a heading."""

ROLES = {
    "fitted": "fitted (numbers of the catalog were calibrated on these)",
    "left-out": "left out (of the same sources; nothing was fitted to these)",
    "outside": "outside (of sources that nothing was fitted to)",
    "levels": "one level of a condition (numbers fitted to the others)",
    "sources": "one source (its level set by single instances)",
}

ROLE_NAMES = {
    "outside": "sources that nothing was fitted to",
    "left-out": "left out of the fits",
    "fitted": "numbers were fitted to these",
}
"""The same in fewer words."""

NEAR, FAR, TWICE = 0.10, 0.30, 2.0
"""Errors up to which a prediction is near, from which on it is to be explained; and a factor."""

_LONG = 1000
_JUDGED = ("predicted", "error", "role", "reason")
_SUMMED = ("rows", "sources", "median", "p90", "bias")


def document(validation: Validation) -> dict[str, object]:
    """The validation as one document: each row with its cells, then the errors."""
    judged = rows(validation.observations, *_JUDGED)
    return {
        "schema": 1,
        "rows": [
            {**cells, **dict(zip(_JUDGED, map(_plain, values), strict=True))}
            for cells, values in zip(validation.cells, judged, strict=True)
        ],
        "summary": summary(validation),
    }


def summary(validation: Validation) -> dict[str, object]:
    """The errors of all rows, then by role, kind, platform and source, and the order of curves."""
    groups: dict[str, dict[str, object]] = {}
    for by, name, *values in rows(validation.errors, "by", "name", *_SUMMED):
        groups.setdefault(by, {})[name] = dict(zip(_SUMMED, map(_plain, values), strict=True))
    return {
        **groups,
        "all": groups["all"][""],
        "order": _plain(validation.order),
        "unused": int((validation.observations["role"] == "unused").sum()),
    }


def _plain(value: object) -> object:
    """A value as JSON has it, where nothing is null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def told(observations: pd.DataFrame) -> pd.DataFrame:
    """The observations of which the model says something."""
    return observations[observations["predicted"].notna()]


def judged_table(observations: pd.DataFrame) -> Table:
    """Each observation beside what the model says of it."""
    shown = ("id", "metric", "value", "predicted", "unit", "error")
    return Table(
        ("row", "metric", "measured", "predicted", "error"),
        tuple(
            _cells(row, metric, amount_of(value, unit), amount_of(said, unit), percent(error))
            for row, metric, value, said, unit, error in rows(observations, *shown)
        ),
        words=2,
    )


def errors_table(errors: pd.DataFrame, by: str) -> Table:
    """The errors of each group: how many rows, their median, 90th percentile and bias."""
    chosen = errors[errors["by"] == by]
    return Table(
        (by, "rows", "median error", "90th percentile", "bias"),
        tuple(
            _cells(ROLES.get(name, name), str(count), size_of(median), size_of(p90), percent(bias))
            for name, count, median, p90, bias in rows(
                chosen, "name", "rows", "median", "p90", "bias"
            )
        ),
    )


def _cells(*texts: str) -> tuple[Cell, ...]:
    return tuple(map(Cell, texts))


def sentences(validation: Validation) -> Iterator[str]:
    """What is to be said of the whole: how many rows, how far off, in what order."""
    whole = next(rows(validation.errors[validation.errors["by"] == "all"], *_SUMMED))
    count, sources, median, p90, bias = whole
    if not count:
        yield "The model says nothing of these observations."
        return
    yield (
        f"{count} observations of {sources} sources, which weigh the same: half of the predictions "
        f"are off by at most {size_of(median)}, nine of ten by at most "
        f"{size_of(p90)}; the bias is {percent(bias)}."
    )
    if math.isfinite(validation.order):
        yield (
            "Over steps of curves that differ by more than 10 %, the rank correlation is "
            f"{validation.order:.3f}."
        )
    unused = int((validation.observations["role"] == "unused").sum())
    if unused:
        yield f"Of {unused} {'row' if unused == 1 else 'rows'} the model says nothing."


def percent(share: float) -> str:
    """A signed share as people read it; a dash where there is none."""
    return f"{100.0 * share:+.1f} %".replace("-0.0", "+0.0") if math.isfinite(share) else "–"


def size_of(share: float) -> str:
    """A share without a sign as people read it; a dash where there is none."""
    return f"{100.0 * share:.1f} %" if math.isfinite(share) else "–"


def amount_of(value: float, unit: str) -> str:
    """A value in its row's own unit; a dash where there is none."""
    if not math.isfinite(value):
        return "–"
    said = f"{value:,.0f}" if abs(value) >= _LONG else f"{value:.4g}"
    return f"{said} {unit}".rstrip()
