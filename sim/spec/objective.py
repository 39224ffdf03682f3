"""An objective: a metric, a comparison and a bound, as `startup_p99_s: "< 2"`."""

import math
import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from sim import units
from sim.errors import shown
from sim.spec.quantity import Model, SpecError

_FORM = re.compile(
    r"\s*(<=|>=|<|>|=)\s*([0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?)"
    r"(?:(\s*%\s*of\s+host\s+(memory|disk|cpu))|\s*([a-zA-Z][a-zA-Z/-]*|%))?\s*"
)
_DIMENSIONS = {"s": units.DURATION, "bytes": units.SIZE, "core-s": units.CPU_WORK}


class Comparison(Model):
    """A bound on a metric, in the metric's unit, or as a share of what the host has of `of`.

    `unit` is that of the metrics that it fits, where the bound was written with a unit; it is `%`,
    which fits none, where it was not said of what.
    """

    sign: Literal["<", "<=", "=", ">=", ">"]
    bound: float
    of: Literal["memory", "disk", "cpu"] | None = None
    unit: str | None = None
    text: str


def _read(given: object) -> object:
    if isinstance(given, Comparison):
        return given
    found = _FORM.fullmatch(given) if isinstance(given, str) else None
    if found is None or math.isinf(float(found[2])):
        problem = f"{shown(given)} is not an objective"
        raise SpecError(problem, 'write "< 2 s", "= 0" or "< 90 % of host memory"')
    bound, unit = _bound(found[2], found[5], given)
    share = 0.01 if found[3] else 1.0
    return {
        "sign": found[1], "bound": bound * share, "of": found[4], "unit": unit, "text": given,
    }  # fmt: skip


def _bound(number: str, written: str | None, given: object) -> tuple[float, str | None]:
    """The bound in the unit of a metric, and that unit; a bare number fits every metric."""
    if written in (None, "%"):
        return float(number), written
    for unit, dimension in _DIMENSIONS.items():
        if dimension.factor(written) is not None:
            return float(units.parse_quantity(f"{number} {written}", dimension)), unit
    problem = f"{shown(given)} has no unit of a metric"
    raise SpecError(problem, 'write "< 2 s", "< 4 GiB", "< 90 % of host memory" or a bare number')


Objective = Annotated[
    Comparison,
    BeforeValidator(_read),
    PlainSerializer(lambda comparison: comparison.text, when_used="json"),
    WithJsonSchema(
        {"type": "string", "description": 'a comparison: "< 2 s", "< 90 % of host memory"'}
    ),
]
