"""What is varied over a scenario, by which design, how often, and what is asked of it all."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    Tag,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from sim import units
from sim.errors import shown
from sim.spec.quantity import ABOVE_ZERO, Fraction, Model, SpecError

MOST_POINTS = 10_000_000
"""The most points that one sweep may have."""

FEWEST_REPLICATIONS = 10
"""How many replications a precision is judged by at least: of fewer, an interval says little."""

DECIDES_NOTHING = frozenset(
    {"version", "title", "question", "objectives", "replications", "sweep"}
)
"""The keys of a scenario that decide nothing about a run, but how it is told and repeated."""

Design = Literal["grid", "zip", "one-at-a-time", "latin-hypercube", "sobol"]

SAMPLED = ("latin-hypercube", "sobol")
"""The designs that draw so many points from all axes at once; the others go by their values."""


def _as_end(given: object) -> object:
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if is_number or isinstance(given, str):
        return given
    raise SpecError(f"{shown(given)} is no end of a range", "write 10, or 32 GiB, say")


End = Annotated[
    int | float | str,
    BeforeValidator(_as_end),
    WithJsonSchema({"type": ["string", "number"], "description": "a number or a quantity"}),
]


class Range(Model):
    """All values from one to another, spaced evenly or by equal factors.

    A design that goes by values takes so many `steps` of it, both ends included; one that draws
    its points draws them from the whole.
    """

    from_: End = Field(alias="from", examples=["32 GiB"])
    to: End = Field(examples=["256 GiB"])
    scale: Literal["linear", "log"] = Field(
        default="linear",
        examples=["log"],
        description="spaced by equal differences, or by equal factors",
    )
    steps: int | None = Field(
        default=None, ge=2, le=100_000, examples=[4], description="how many values of it"
    )

    @cached_property
    def dimension(self) -> units.Dimension | None:
        """What its ends are quantities of; None for bare numbers."""
        return units.dimension_of(self.from_, self.to)

    @cached_property
    def ends(self) -> tuple[float, float]:
        """Both ends in base units."""
        low, high = (_in_base_units(end, self.dimension) for end in (self.from_, self.to))
        return low, high

    @model_validator(mode="after")
    def _runs_upward(self) -> "Range":
        if self.dimension is None and not (_is_bare(self.from_) and _is_bare(self.to)):
            problem = f"{shown(self.from_)} and {shown(self.to)} are no two of one kind"
            raise SpecError(problem, "write both with a unit of one kind, or both as bare numbers")
        low, high = self.ends
        if low >= high:
            problem = f"it runs from {self.from_} to {self.to}, which is not above it"
            raise SpecError(problem, "write the lower end as `from` and the higher as `to`")
        if self.scale == "log" and low <= 0:
            problem = f"no equal factors lead from {self.from_} upward"
            raise SpecError(problem, "write `from` above 0, or scale: linear")
        return self

    @model_serializer(mode="wrap")
    def _as_written(self, write: SerializerFunctionWrapHandler) -> dict[str, object]:
        return {"from" if key == "from_" else key: value for key, value in write(self).items()}


def _is_bare(value: object) -> bool:
    return isinstance(value, int | float)


def _in_base_units(value: object, dimension: units.Dimension | None) -> float:
    if dimension is not None:
        return units.parse_quantity(value, dimension)
    return float(value) if isinstance(value, int | float) else 0.0


class Precision(Model):
    """Replications until the interval of a metric is narrow enough, on each platform.

    It is so narrow once half of it is at most `precision` of the mean.
    """

    precision: Annotated[Fraction, ABOVE_ZERO] = Field(examples=["5 %"])
    of: str = Field(examples=["startup_mean_s"], description="the metric")
    at_most: int = Field(
        default=100,
        ge=FEWEST_REPLICATIONS,
        le=100_000,
        examples=[100],
        description="the most replications",
    )


class Crossover(Model):
    """Where along an axis two platforms change places, found ever closer by points between."""

    along: str = Field(
        examples=["groups.web.count"], description="the axis, by its path, of numbers"
    )
    of: str = Field(examples=["memory_gross_bytes"], description="the metric in which they do")
    within: Annotated[Fraction, ABOVE_ZERO] = Field(default=0.02, examples=["2 %"])


class Sensitivity(Model):
    """Which inputs move an answer most: each alone, and then all at once.

    The inputs are the axes over their ranges, or the catalog's numbers over what they may be.
    """

    method: Literal["morris", "sobol", "one-at-a-time"] = Field(
        default="morris",
        examples=["sobol"],
        description="mean effects by Morris, which are cheap; Sobol' indices, which are shares of "
        "the variance; or each alone and no more",
    )
    of: str | None = Field(
        default=None,
        examples=["memory_gross_bytes"],
        description="the metric; without it those of the sweep",
    )
    inputs: Literal["axes", "catalog"] = Field(
        default="axes", examples=["catalog"], description="what is varied"
    )
    trajectories: int = Field(
        default=20,
        ge=2,
        le=100_000,
        examples=[20],
        description="of Morris: how many ways through all inputs",
    )
    points: int = Field(
        default=256,
        ge=2,
        le=MOST_POINTS,
        examples=[256],
        description="of Sobol': how many points it begins with, a power of 2",
    )


def _as_warm_up(given: object) -> object:
    if given in ("rule", "none"):
        return given
    try:
        return units.parse_quantity(given, units.DURATION)
    except units.QuantityError as error:
        raise SpecError(error.problem, "write rule, none, or a duration such as 30 s") from None


def _written_warm_up(value: str | float) -> str:
    return value if isinstance(value, str) else units.write_quantity(value, units.DURATION)


WarmUp = Annotated[
    Literal["rule", "none"] | float,
    BeforeValidator(_as_warm_up),
    PlainSerializer(_written_warm_up, when_used="json"),
    WithJsonSchema({"type": "string", "description": "rule, none, or a duration"}),
]


def _form(given: object) -> str:
    """Whether a mapping is meant; of tags in brackets no path is told."""
    return "[mapping]" if isinstance(given, dict | Model) else "[plain]"


Levels = Annotated[
    Annotated[list[object], Field(min_length=1), Tag("[plain]")]
    | Annotated[Range, Tag("[mapping]")],
    Discriminator(_form),
]
"""What an axis goes through: values as the scenario would have them at its path, or a range."""

Repeated = Annotated[
    Annotated[int, Field(ge=1, le=100_000), Tag("[plain]")]
    | Annotated[Precision, Tag("[mapping]")],
    Discriminator(_form),
]


class Sweep(Model):
    """Many runs of a scenario: values by path, in the points of a design.

    `folder` is no key of the file: it is where the files lie that values may name.
    """

    folder: SkipJsonSchema[str] = Field(default="", exclude=True)
    axes: dict[str, Levels] = Field(
        default={},
        examples=["{groups.web.count: [10, 50]}"],
        description="what is varied, by path: a list of values, or a range",
    )
    design: Design = Field(
        default="grid",
        examples=["latin-hypercube"],
        description="all combinations; the first with the first; one at a time from the "
        "scenario's own; or so many points drawn from all axes at once",
    )
    points: int | None = Field(
        default=None,
        ge=1,
        le=MOST_POINTS,
        examples=[64],
        description="how many points are drawn; a power of 2 for Sobol'",
    )
    replications: Repeated | None = Field(
        default=None,
        examples=["{precision: 5 %, of: startup_mean_s}"],
        description="how often each point is simulated, or how precisely; without it, as the "
        "scenario says",
    )
    warm_up: WarmUp = Field(
        default="rule",
        examples=["30 s"],
        description="how much of the beginning is left out where there is a load",
    )
    metrics: list[str] = Field(
        default=[],
        max_length=100,
        examples=["[memory_gross_bytes]"],
        description="what the report is about; without it, what tells the platforms apart",
    )
    crossover: Crossover | None = Field(
        default=None,
        examples=["{along: groups.web.count, of: memory_gross_bytes}"],
        description="where platforms change places",
    )
    sensitivity: Sensitivity | None = Field(
        default=None,
        examples=["{of: memory_gross_bytes, inputs: catalog}"],
        description="what moves the answer most",
    )
