"""What is asked: hosts, platforms, groups of instances, and how long to watch them."""

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic.json_schema import SkipJsonSchema

from sim.errors import UsageError, did_you_mean, shown
from sim.spec.host import Host
from sim.spec.objective import Objective
from sim.spec.platform import Platform
from sim.spec.quantity import (
    ABOVE_ZERO,
    IN_ORDER,
    Bandwidth,
    Cores,
    Duration,
    Model,
    Name,
    Rate,
    Size,
    SpecError,
)
from sim.spec.workload import Workload

MOST_INSTANCES = 1_000_000
"""The most instances that one scenario may ask for."""

_LEAP_YEAR_S = 366 * 86_400
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


def _as_images(given: object) -> object:
    is_list = isinstance(given, list) and all(isinstance(name, str) for name in given)
    if is_list or given in ("present", "absent"):
        return given
    remedy = "write present, absent, or a list of the images that are present"
    raise SpecError(f"{shown(given)} does not say which images are present", remedy)


def _as_version(given: object) -> object:
    if given == 1 and isinstance(given, int) and not isinstance(given, bool):
        return given
    raise SpecError(f"{shown(given)} is not a version that this Tare reads", "write version: 1")


def _at_most_a_year(seconds: float) -> float:
    if seconds > _LEAP_YEAR_S:
        raise SpecError("it is longer than a year", "write 366 d or less")
    return seconds


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
    """When the instances of a group are asked for: one of five patterns.

    All `at` one time; one `every` so often, from 0 s on; a `poisson` stream of so many in a time;
    evenly over a `ramp`; or at the times in a `column` of a CSV file, the `trace`. Once loaded,
    a trace is its `times_s`: at least as many as there are instances, none before the last.
    """

    at: Duration | None = None
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
        if len(given) != 1:
            problem = f"{len(given) or 'no'} patterns stand here"
            raise SpecError(problem, "write one of at, every, poisson, ramp, trace")
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
    """The most that an instance may use: a cgroup's limits, or a VM's vCPUs and RAM."""

    cpu: Annotated[Cores, ABOVE_ZERO] | None = None
    memory: Annotated[Size, ABOVE_ZERO] | None = None


class Group(Model):
    """A number of instances of one workload."""

    workload: Workload = Field(examples=["web-node"])
    count: int = Field(
        ge=1, le=MOST_INSTANCES, examples=[10], description="how many instances are asked for"
    )
    arrive: Arrival = Arrival.model_validate({"at": "0 s"})
    limits: Limits = Limits()
    publish: Annotated[list[Port], AfterValidator(_each_fixed_once)] = Field(
        default=[], description="ports that are reached from outside"
    )
    restart: Literal["no"] = Field(default="no", description="what follows an exit")


class Registry(Model):
    """Where absent images come from: the most that it sends to all hosts together."""

    bandwidth: Annotated[Bandwidth, ABOVE_ZERO]


class Scenario(Model):
    """One question about one kind of host, asked of several platforms.

    `name` and `settings` are no keys of the file: its stem, and what was set over it by path.
    """

    name: SkipJsonSchema[str] = Field(default="scenario", exclude=True)
    settings: SkipJsonSchema[dict[str, str]] = Field(default={}, exclude=True)
    version: Annotated[Literal[1], BeforeValidator(_as_version)] = Field(examples=[1])
    title: str = Field(
        max_length=300,
        examples=["Fifty small web services on one server"],
        description="for the head of a report",
    )
    question: str = Field(
        default="", max_length=2000, description="what the comparison is to answer"
    )
    host: Host = Field(examples=["server-16c-64g"])
    hosts: int = Field(default=1, ge=1, le=100_000, description="how many equal hosts there are")
    placement: Literal["spread", "pack"] = Field(
        default="spread", description="over all hosts in turn, or onto the fewest"
    )
    platforms: list[Platform] = Field(
        min_length=1,
        description="names, variants and mixes of platforms; `tare list platforms` shows the names",
    )
    horizon: Annotated[Duration, ABOVE_ZERO, AfterValidator(_at_most_a_year)] = Field(
        examples=["10 min"]
    )
    groups: Annotated[dict[Name, Group], IN_ORDER] = Field(
        min_length=1, examples=["{web: {workload: web-node, count: 10}}"]
    )
    images: Annotated[Literal["present", "absent"] | list[str], BeforeValidator(_as_images)] = (
        Field(default="present", description="which images the hosts hold; others are pulled")
    )
    page_cache: Literal["warm", "cold"] = Field(
        default="warm", description="whether files have been read before"
    )
    registry: Registry | None = None
    objectives: Annotated[dict[str, Objective], IN_ORDER] = Field(
        default={}, description="bounds on metrics; `tare list metrics` shows the metrics"
    )
    replications: int = Field(
        default=1, ge=1, le=100_000, description="how often each platform is simulated"
    )
    seed: int = Field(default=1, ge=0, lt=2**63, description="of all chance")
    sweep: dict[str, object] | None = Field(default=None, description="read by `tare sweep`")

    def on(self, platform: str) -> "Scenario":
        """Return the scenario with that platform alone. Raises UsageError for an unknown name."""
        chosen = [known for known in self.platforms if known.name == platform]
        if not chosen:
            names = [known.name for known in self.platforms]
            problem = f"{platform!r} is no platform of this scenario"
            raise UsageError(problem, did_you_mean(platform, names))
        return self.model_copy(update={"platforms": chosen})
