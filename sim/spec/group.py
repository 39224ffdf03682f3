"""A number of instances of one workload: when they come, and what each of them may use."""

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from sim import units
from sim.errors import shown
from sim.spec.build import Builds
from sim.spec.load import Course, Load
from sim.spec.quantity import ABOVE_ZERO, Cores, Duration, Model, Rate, Size, SpecError
from sim.spec.workload import Workload

MOST_INSTANCES = 1_000_000
"""The most instances that one scenario may ask for."""

_MOST_PORT = 65_535
_FIXED_PORT = r"(\d{1,5}):(\d{1,5})"


def _as_port(given: object) -> object:
    numbers = _port_numbers(given)
    if numbers and all(1 <= number <= _MOST_PORT for number in numbers):
        return given
    remedy = f'write 80 (1 to {_MOST_PORT}), or "8080:80" to fix the port of the host'
    raise SpecError(f"{shown(given)} is not a port", remedy)


def _port_numbers(given: object) -> list[int]:
    if isinstance(given, int) and not isinstance(given, bool):
        return [given]
    fixed = re.fullmatch(_FIXED_PORT, given, re.ASCII) if isinstance(given, str) else None
    return [int(number) for number in fixed.groups()] if fixed else []


def host_ports(publish: Iterable[int | str]) -> list[int]:
    """The ports of the host that published ports fix."""
    return [numbers[0] for numbers in map(_port_numbers, publish) if len(numbers) > 1]


def _each_fixed_once(publish: list[int | str]) -> list[int | str]:
    fixed = host_ports(publish)
    twice = next((port for port in fixed if fixed.count(port) > 1), None)
    if twice is not None:
        raise SpecError(f"port {twice} of the host is fixed twice", "fix another for one of them")
    return publish


Port = Annotated[
    int | str,
    BeforeValidator(_as_port),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": _MOST_PORT},
                {"type": "string", "pattern": "^[0-9]{1,5}:[0-9]{1,5}$"},
            ],
            "description": 'the container\'s port, or "8080:80" to fix the port of the host',
        }
    ),
]


class Arrival(Model):
    """When the instances of a group are asked for: one of six patterns.

    All `at` one time; one `every` so often, from 0 s on; a `poisson` stream of so many in a time;
    evenly over a `ramp`; at the times in a `column` of a CSV file, the `trace`; or so many
    `in_flight`, from 0 s or from `at` on, each followed on its host by the next once it has ended.
    Once loaded, a trace is its `times_s`: at least as many as there are instances, none before the
    last.
    """

    at: Duration | None = None
    in_flight: int | None = Field(default=None, ge=1, le=MOST_INSTANCES)
    every: Duration | None = None
    poisson: Annotated[Rate, ABOVE_ZERO] | None = None
    ramp: Duration | None = None
    trace: str | None = None
    column: str | None = None
    times_s: list[Annotated[float, Field(ge=0)]] | None = Field(
        default=None, description="the times themselves, in seconds, in order"
    )

    @model_validator(mode="after")
    def _one_pattern(self) -> "Arrival":
        patterns = ("at", "every", "poisson", "ramp", "trace", "times_s")
        given = [name for name in patterns if getattr(self, name) is not None]
        if self.in_flight is not None:
            given = [name for name in given if name != "at"] + ["in_flight"]
        if len(given) != 1:
            problem = f"{len(given) or 'no'} patterns stand here"
            raise SpecError(problem, "write one of at, every, poisson, ramp, trace, in_flight")
        return self

    @model_validator(mode="after")
    def _trace_with_column(self) -> "Arrival":
        if (self.column is not None) != (self.trace is not None):
            problem = "`trace` and `column` go together"
            raise SpecError(problem, "write {trace: file.csv, column: time_s}")
        return self

    @model_validator(mode="after")
    def _times_in_order(self) -> "Arrival":
        times = self.times_s or []
        late = next((i for i in range(1, len(times)) if times[i] < times[i - 1]), None)
        if late is not None:
            problem = f"{times[late]} s comes after {times[late - 1]} s"
            raise SpecError(problem, "put the times in order")
        return self


class Limits(Model):
    """The most that an instance may use: a cgroup's limits, or a VM's vCPUs and RAM.

    Above `memory_high` a cgroup is slowed and gives back what it can, and `swap` is the most that
    it may have swapped out; `cpu` holds in each `cpu_period`, and `cpu_weight` is its part of a
    contended CPU, where 100 is usual.
    """

    cpu: Annotated[Cores, ABOVE_ZERO] | None = None
    cpu_period: Annotated[Duration, ABOVE_ZERO] = 0.1
    cpu_weight: int = Field(default=100, ge=1, le=10_000)
    memory: Annotated[Size, ABOVE_ZERO] | None = None
    memory_high: Annotated[Size, ABOVE_ZERO] | None = None
    swap: Size | None = None


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


class Group(Model):
    """A number of instances of one workload.

    `cpu` and `memory`, where given, replace the workload's steady CPU, in cores, and its private
    memory once ready, in bytes, by a course over time. `oom_adjust` moves it up or down the
    kernel's list of victims, in thousandths of the memory.
    """

    workload: Workload = Field(examples=["web-node"])
    count: int = Field(
        ge=1, le=MOST_INSTANCES, examples=[10], description="how many instances are asked for"
    )
    arrive: Arrival = Arrival.model_validate({"at": "0 s"})
    limits: Limits = Limits()
    publish: Annotated[list[Port], AfterValidator(_each_fixed_once)] = Field(
        default=[], description="ports that are reached from outside"
    )
    load: Load | None = None
    build: Builds | None = None
    cpu: Course | None = None
    memory: Course | None = None
    oom_adjust: int = Field(
        default=0, ge=-1000, le=1000, description="-1000 spares it when memory runs out"
    )
    restart: Literal["no", "always", "on-failure"] = Field(
        default="no", description="what follows an exit, a failure or a kill"
    )
    back_off: BackOff = BackOff()
