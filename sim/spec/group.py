"""A number of instances of one workload: when they come, and what each of them may use."""

from typing import Annotated

from pydantic import Field, model_validator

from sim.spec.build import Builds
from sim.spec.command import Command
from sim.spec.load import Course, Load
from sim.spec.ports import Published, PublishedPorts, published
from sim.spec.quantity import (
    ABOVE_ZERO,
    Cores,
    Duration,
    Model,
    Name,
    Rate,
    Size,
    SpecError,
    Switch,
)
from sim.spec.restart import BackOff, RestartPolicy
from sim.spec.workload import Workload

MOST_INSTANCES = 1_000_000
"""The most instances that one scenario may ask for."""

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
    publish: PublishedPorts | None = Field(
        default=None,
        description="ports that are reached from outside; [] are none, and where it is not said "
        "nobody is kept out",
    )
    load: Load | None = None
    build: Builds | None = None
    built_by: Name | None = Field(
        default=None, description="the group that builds the image of this one, and builds it anew"
    )
    cpu: Course | None = None
    memory: Course | None = None
    oom_adjust: int = Field(
        default=0, ge=-1000, le=1000, description="-1000 spares it when memory runs out"
    )
    restart: RestartPolicy = Field(
        default="no", description="what follows an exit, a failure or a kill"
    )
    back_off: BackOff = BackOff()
    name: Name | None = Field(
        default=None, description="of the instance, or of the first of several, followed by -1"
    )
    terminal: Switch = Field(
        default="off", description="whether somebody sits at it, as with docker run -it"
    )
    commands: list[Command] = Field(
        default=[], max_length=1000, description="what is done to its instances, and when"
    )

    @property
    def ports(self) -> tuple[Published, ...]:
        """The ports that each instance publishes."""
        return published(self.publish or ())
