"""What is asked: hosts, platforms, groups of instances, and how long to watch them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema

from sim.errors import UsageError, did_you_mean, shown
from sim.spec.breakage import Fault
from sim.spec.group import MOST_INSTANCES, Arrival, Group, Limits
from sim.spec.host import Host
from sim.spec.load import Course, Load
from sim.spec.objective import Objective
from sim.spec.platform import Platform
from sim.spec.quantity import (
    ABOVE_ZERO,
    IN_ORDER,
    CitedDuration,
    CitedFraction,
    Duration,
    Model,
    Name,
    SpecError,
    nothing,
)
from sim.spec.registry import Registry
from sim.spec.restart import BackOff
from sim.spec.sweep import Sweep

__all__ = [
    "MOST_INSTANCES",
    "Arrival",
    "BackOff",
    "Course",
    "Fault",
    "Group",
    "Limits",
    "Load",
    "Person",
    "Registry",
    "Scenario",
    "Sweep",
]

_LEAP_YEAR_S = 366 * 86_400


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


class Person(Model):
    """Who sets machines up by hand, one step after the other on whatever machine.

    Each `step` takes them so long; of the steps that they repeat machine by machine, the share
    `slip` comes out differently from how it was meant.
    """

    step: Annotated[CitedDuration, ABOVE_ZERO]
    slip: CitedFraction = nothing()


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
    person: Person | None = None
    faults: list[Fault] = Field(default=[], max_length=1000, description="what breaks, and when")
    requests_in_detail: int = Field(
        default=200_000,
        ge=0,
        le=100_000_000,
        description="how many requests of a run are simulated one by one, in samples of its time; "
        "what is beyond is worked out in closed form",
    )
    objectives: Annotated[dict[str, Objective], IN_ORDER] = Field(
        default={}, description="bounds on metrics; `tare list metrics` shows the metrics"
    )
    replications: int = Field(
        default=1, ge=1, le=100_000, description="how often each platform is simulated"
    )
    seed: int = Field(default=1, ge=0, lt=2**63, description="of all chance")
    sweep: Sweep | None = Field(
        default=None,
        examples=["{axes: {groups.web.count: [10, 50]}}"],
        description="what `tare sweep` varies, and asks",
    )

    def on(self, platform: str) -> "Scenario":
        """Return the scenario with that platform alone. Raises UsageError for an unknown name."""
        chosen = [known for known in self.platforms if known.name == platform]
        if not chosen:
            names = [known.name for known in self.platforms]
            problem = f"{platform!r} is no platform of this scenario"
            raise UsageError(problem, did_you_mean(platform, names))
        return self.model_copy(update={"platforms": chosen})
