"""A physical machine: cores, memory, one disk, one link."""

from typing import Annotated

from pydantic import Field

from sim.spec.quantity import (
    ABOVE_ZERO,
    CitedBandwidth,
    CitedCores,
    CitedDuration,
    CitedFactor,
    CitedFraction,
    CitedOperations,
    CitedSize,
    Model,
    Name,
    nothing,
    one,
)


class Disk(Model):
    """One disk: an operation takes the longer of 1/operations and its bytes over the bandwidth."""

    capacity: Annotated[CitedSize, ABOVE_ZERO]
    bandwidth: Annotated[CitedBandwidth, ABOVE_ZERO]
    operations: Annotated[CitedOperations, ABOVE_ZERO]
    latency: CitedDuration


class Link(Model):
    """The network link of a host, and the way to what it pulls from."""

    bandwidth: Annotated[CitedBandwidth, ABOVE_ZERO]
    round_trip: CitedDuration
    window: Annotated[CitedSize, ABOVE_ZERO]


class Host(Model):
    """A physical machine, as it stands before any platform is installed on it.

    `speed` is that of one core against the reference core, in whose seconds the catalog states
    its CPU work; `memory_in_use` is what the host's own kernel and services hold; `switching` is
    the share of a busy core that goes into changing threads when more of them are runnable than
    there are cores.
    """

    name: Name
    title: str
    cores: Annotated[CitedCores, ABOVE_ZERO]
    speed: Annotated[CitedFactor, ABOVE_ZERO] = one()
    switching: CitedFraction = nothing()
    memory: Annotated[CitedSize, ABOVE_ZERO]
    memory_in_use: CitedSize
    disk: Disk
    link: Link
    notes: str = Field(default="", description="what a reader should know of it")
