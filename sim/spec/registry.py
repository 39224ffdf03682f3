"""Where images come from: a registry with its own limits, and a mirror of it near the hosts."""

from typing import Annotated, Literal

from pydantic import Field

from sim.spec.quantity import ABOVE_ZERO, Bandwidth, Duration, Model, Rate


class Allowance(Model):
    """The most pulls in any span of time, from all hosts together, which share an address."""

    pulls: int = Field(ge=1, le=1_000_000_000)
    per: Annotated[Duration, ABOVE_ZERO]


class Mirror(Model):
    """A cache of the registry near the hosts, through which they pull.

    One that `holds: all` has every image from before. One that holds `nothing` asks the registry
    for what it is asked for first, passes it on while it comes, and keeps it.
    """

    bandwidth: Annotated[Bandwidth, ABOVE_ZERO] | None = None
    connection: Annotated[Bandwidth, ABOVE_ZERO] | None = None
    round_trip: Duration = 0.001
    holds: Literal["all", "nothing"] = "all"


class Registry(Model):
    """What bounds pulls beside the links of the hosts; what is left out bounds nothing.

    `bandwidth` is the most that it sends to all hosts together, `connection` the most over one
    connection; it answers so many `requests` in a time, one after the other. `round_trip` is the
    time to it and back, where it is not that of the hosts' links.
    """

    bandwidth: Annotated[Bandwidth, ABOVE_ZERO] | None = None
    connection: Annotated[Bandwidth, ABOVE_ZERO] | None = None
    round_trip: Duration | None = None
    requests: Annotated[Rate, ABOVE_ZERO] | None = None
    allows: Allowance | None = None
    mirror: Mirror | None = None
