"""What follows the end of an instance: whether it begins again, how often, and after how long."""

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from sim import units
from sim.errors import shown
from sim.spec.quantity import ABOVE_ZERO, Duration, Model, SpecError

_POLICY = r"no|always|unless-stopped|on-failure(:[1-9][0-9]{0,3})?"


def _as_policy(given: object) -> object:
    if isinstance(given, str) and re.fullmatch(_POLICY, given):
        return given
    remedy = "write no, always, unless-stopped, on-failure, or on-failure:5 for five times at most"
    raise SpecError(f"{shown(given)} is no restart policy", remedy)


RestartPolicy = Annotated[
    str,
    BeforeValidator(_as_policy),
    WithJsonSchema({"type": "string", "pattern": f"^({_POLICY})$"}),
]
"""`no`, `always`, `unless-stopped` or `on-failure`, that one perhaps with the most restarts."""


def retries(policy: str) -> tuple[str, int | None]:
    """A restart policy without its number, and the number: how often it restarts at most."""
    name, _, most = policy.partition(":")
    return name, int(most) if most else None


class BackOff(Model):
    """How long a restart waits: `first`, twice as long each time up to `most`.

    It begins anew for an instance that ran for `reset`. The defaults are the Docker engine's.
    """

    first: Annotated[Duration, ABOVE_ZERO] = 0.1
    most: Duration = 60.0
    reset: Duration = 10.0

    @model_validator(mode="after")
    def _in_order(self) -> "BackOff":
        if self.first > self.most:
            first = units.write_quantity(self.first, units.DURATION)
            most = units.write_quantity(self.most, units.DURATION)
            problem = f"the first wait, {first}, is longer than the most, {most}"
            raise SpecError(problem, f"write most: {first}, or a shorter first")
        return self
