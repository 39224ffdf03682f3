"""What is asked of instances while they run: requests, and quantities that follow a course."""

import re
from contextlib import suppress
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim import units
from sim.errors import shown
from sim.spec.finding import UNRESOLVED
from sim.spec.quantity import ABOVE_ZERO, Duration, Model, Rate, SpecError


class Course(Model):
    """A quantity over time, from a `column` of a CSV file, the `trace`, beside its `time_s`.

    Each value holds from its time until the next, the first from 0 s on as well, and the last to
    the end. Values are bare numbers: requests a second, cores or bytes. Once loaded, a course is
    its `times_s` and `values`.
    """

    trace: str | None = None
    column: str | None = None
    times_s: list[Annotated[float, Field(ge=0)]] | None = None
    values: list[Annotated[float, Field(ge=0, le=2**60)]] | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Course":
        is_named = self.trace is not None and self.column is not None
        times, values = self.times_s or [], self.values or []
        if is_named == bool(times) or len(times) != len(values):
            problem = "this is no course over time"
            raise SpecError(problem, "write {trace: file.csv, column: NAME}")
        if any(later <= earlier for earlier, later in pairwise(times)):
            raise SpecError("its times are not in order", "sort it by time, each time once")
        return self


class Load(Model):
    """The requests that each instance of a group gets once it is ready.

    Open: a Poisson stream at a `rate`, or at one that follows a `trace`. Closed: so many
    `clients`, each of which sends its next request `think` after the reply to its last.
    `round_trip` is what passes outside of the host in each exchange of a request: the network's
    time, and the client's own; those of the host and the workload where it is not said. Clients on
    the `host` reach a published port through its local way.
    """

    rate: Annotated[Rate, ABOVE_ZERO] | None = None
    trace: Course | None = None
    clients: int | None = Field(default=None, ge=1, le=1_000_000)
    think: Duration = 0.0
    round_trip: Duration | None = None
    clients_on: Literal["network", "host"] = "network"

    @model_validator(mode="before")
    @classmethod
    def _says_what_it_is(cls, given: object) -> object:
        if isinstance(given, str | int | float):
            remedy = f"write {{rate: {_likely_rate(given)}}}"
            raise SpecError(f"{shown(given)} is not a mapping", remedy)
        if isinstance(given, dict) and isinstance(trace := given.get("trace"), str):
            _refuse_bare_trace(trace, given.get("column"))
        return given

    @model_validator(mode="after")
    def _one_source(self) -> "Load":
        given = [key for key in ("rate", "trace", "clients") if getattr(self, key) is not None]
        if len(given) != 1:
            problem = f"{len(given) or 'no'} sources of requests stand here"
            raise SpecError(problem, "write one of rate, trace, clients")
        if self.think and self.clients is None:
            raise SpecError("only clients think", "write clients, or take think out")
        return self


def _likely_rate(given: object) -> str:
    """What was written where it is a rate, or may be one of requests a second."""
    for text in (str(given), f"{given} / s"):
        with suppress(units.QuantityError):
            units.parse_quantity(text, units.RATE)
            return text
    return "20 / s"


def _refuse_bare_trace(trace: str, column: object) -> None:
    """Refuse the name of a file where a file and a column are wanted."""
    if trace == UNRESOLVED:
        return
    file, name = _plain(trace), _plain(column) if isinstance(column, str) else "NAME"
    remedy = f"write {{trace: {{trace: {file}, column: {name}}}}}"
    raise SpecError(f"the trace {shown(trace)} is not a mapping", remedy)


def _plain(text: str) -> str:
    """A text as a file may hold it; quoted, and cut short, where it is out of the ordinary."""
    return text if re.fullmatch(r"[\w./-]{1,60}", text) else shown(text)
