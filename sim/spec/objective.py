"""An objective: a metric, a comparison and a bound, as `startup_p99_s: "< 2"`."""

import math
import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from sim.errors import shown
from sim.spec.quantity import Model, SpecError

_FORM = re.compile(
    r"\s*(<=|>=|<|>|=)\s*([0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?)"
    r"(\s*%\s*of\s+host\s+(memory|disk|cpu))?\s*"
)


class Comparison(Model):
    """A bound on a metric, in the metric's unit, or as a share of what the host has of `of`."""

    sign: Literal["<", "<=", "=", ">=", ">"]
    bound: float
    of: Literal["memory", "disk", "cpu"] | None = None
    text: str


def _read(given: object) -> object:
    if isinstance(given, Comparison):
        return given
    found = _FORM.fullmatch(given) if isinstance(given, str) else None
    if found is None or math.isinf(float(found[2])):
        problem = f"{shown(given)} is not an objective"
        raise SpecError(problem, 'write "< 2", "= 0" or "< 90 % of host memory"')
    share = 0.01 if found[3] else 1.0
    return {"sign": found[1], "bound": float(found[2]) * share, "of": found[4], "text": given}


Objective = Annotated[
    Comparison,
    BeforeValidator(_read),
    PlainSerializer(lambda comparison: comparison.text, when_used="json"),
    WithJsonSchema(
        {"type": "string", "description": 'a comparison: "< 2", "< 90 % of host memory"'}
    ),
]
