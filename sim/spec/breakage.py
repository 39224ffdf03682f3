"""What breaks while a scenario runs: instances, kernels and hosts."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from sim.errors import shown
from sim.spec.quantity import ABOVE_ZERO, Duration, Model, Rate, SpecError

_INSTANCE = r"[a-z0-9-]+/[0-9]{1,7}"


def _as_instance(given: str) -> str:
    if re.fullmatch(_INSTANCE, given):
        return given
    raise SpecError(f"{shown(given)} is not an instance", "write GROUP/NUMBER, as in web/0")


InstanceName = Annotated[
    str,
    AfterValidator(_as_instance),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{_INSTANCE}$",
            "description": "GROUP/NUMBER, from 0 on, as in web/3",
        }
    ),
]


class Fault(Model):
    """Something that breaks, `at` a time, once in `every` so long, or as a `poisson` stream.

    A kernel panic takes all that runs on that kernel: `host-kernel-panic` a `host`, which reboots;
    `guest-kernel-panic` the kernel under an `instance`, which is the host's where it has none of
    its own. `instance-crash` ends the main process of an `instance`, and `host-loss` a `host` for
    good. Who is not named is drawn: an instance of those that live, or a host of those that are up.
    """

    at: Duration | None = None
    every: Annotated[Duration, ABOVE_ZERO] | None = None
    poisson: Annotated[Rate, ABOVE_ZERO] | None = None
    kind: Literal["instance-crash", "guest-kernel-panic", "host-kernel-panic", "host-loss"]
    instance: InstanceName | None = None
    host: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _one_time(self) -> "Fault":
        given = [key for key in ("at", "every", "poisson") if getattr(self, key) is not None]
        if len(given) != 1:
            problem = f"{len(given) or 'no'} times stand here"
            raise SpecError(problem, "write one of at, every, poisson")
        wrong = "instance" if self.kind.startswith("host") else "host"
        if getattr(self, wrong) is not None:
            right = "host" if wrong == "instance" else "instance"
            problem = f"{self.kind} has no {wrong}"
            raise SpecError(problem, f"write {right}: …, or leave it open")
        return self
