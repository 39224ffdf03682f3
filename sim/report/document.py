"""The results as one JSON document, for programs that read on."""

import math
from collections.abc import Sequence

from pandas import DataFrame

from sim.report.comparison import Comparison, platform_names
from sim.report.estimates import Estimate, Metrics, estimates

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_PARTS = {"groups": "group", "hosts": "host"}


def document(comparison: Comparison) -> dict[str, Json]:
    """Give the document of one scenario; a metric that is absent is absent, never zero or null.

    An interval that does not exist, as where n is 1, is null.
    """
    return {
        "schema": 1,
        "scenario": comparison.name,
        "seed": comparison.scenario.seed,
        "replications": comparison.scenario.replications,
        "platforms": _platforms(platform_names(comparison), comparison.summary),
    }


def documents(comparisons: Sequence[Comparison]) -> dict[str, Json]:
    """Give the document of several scenarios; that of one is its own."""
    if len(comparisons) == 1:
        return document(comparisons[0])
    return {"schema": 1, "scenarios": [document(comparison) for comparison in comparisons]}


def _platforms(names: list[str], summary: DataFrame) -> dict[str, Json]:
    whole = estimates(summary, "platform")
    platforms = {name: _metrics(whole.get((name, ""), {})) for name in names}
    for key, scope in _PARTS.items():
        parts: dict[str, dict[str, Json]] = {name: {} for name in names}
        for (platform, part), metrics in estimates(summary, scope).items():
            parts[platform][part] = _metrics(metrics)
        for name in names:
            platforms[name][key] = parts[name]
    return dict(platforms)


def _metrics(metrics: Metrics) -> dict[str, Json]:
    return {name: _estimate(estimate) for name, estimate in metrics.items()}


def _estimate(estimate: Estimate) -> dict[str, Json]:
    return {
        "mean": _number(estimate.mean),
        "low": _number(estimate.low),
        "high": _number(estimate.high),
        "n": estimate.n,
        "unit": estimate.unit,
    }


def _number(value: float) -> float | None:
    """JSON has no NaN and no infinity."""
    return value if math.isfinite(value) else None
