"""A physical machine: cores, memory, one disk, one link."""

from typing import Annotated, Literal

from pydantic import Field

from sim.spec.image import System
from sim.spec.quantity import (
    ABOVE_ZERO,
    CitedBandwidth,
    CitedCores,
    CitedDuration,
    CitedFactor,
    CitedFraction,
    CitedOperations,
    CitedSize,
    CitedWork,
    Model,
    Name,
    Switch,
    nothing,
    one,
    stated,
)


class Disk(Model):
    """One disk: an operation takes the longer of 1/operations and its bytes over the bandwidth.

    A small write that is waited for takes `flush`, where that is longer than its latency.
    One that is `shared` is a store behind all hosts of the scenario, and what one of them moves
    slows the others. Guests open their disks there without the page cache of their host, since
    another host may open them next.
    With nobody else about, one of 4 KiB takes `latency`, and a larger one longer by its bytes over
    `single`, which is less than what several of them get together.
    """

    capacity: Annotated[CitedSize, ABOVE_ZERO]
    bandwidth: Annotated[CitedBandwidth, ABOVE_ZERO]
    operations: Annotated[CitedOperations, ABOVE_ZERO]
    latency: CitedDuration
    flush: CitedDuration = nothing()
    shared: Switch = "off"
    single: Annotated[CitedBandwidth, ABOVE_ZERO] | None = None


class Link(Model):
    """The network link of a host, and the way to what it pulls from.

    `per_packet` is what a packet costs the host more than it costs one with a card of its own, as
    where the host is a virtual machine itself.
    """

    bandwidth: Annotated[CitedBandwidth, ABOVE_ZERO]
    round_trip: CitedDuration
    window: Annotated[CitedSize, ABOVE_ZERO]
    per_packet: CitedWork = nothing()


class Clients(Model):
    """Who sends requests to a host: what passes outside of it in each exchange."""

    round_trip: CitedDuration = nothing()


class Merging(Model):
    """How the kernel looks for equal pages in the guests that let it: so many after each pause."""

    pages: Annotated[CitedFactor, ABOVE_ZERO] = stated(
        100.0, "", "linux-docs", "vendor", "pages_to_scan"
    )
    pause: Annotated[CitedDuration, ABOVE_ZERO] = stated(
        0.02, "s", "linux-docs", "vendor", "sleep_millisecs"
    )
    compute: CitedWork = stated(
        2e-6,
        "core-s",
        "ovirt-ksm",
        "derived",
        "for each page: ksmd took 1 % of a core, at the default of 5 000 pages a second",
    )


class Host(Model):
    """A physical machine, as it stands before any platform is installed on it.

    `swap` lies on its disk; `overcommit` says which requests for memory are refused at once;
    `merging` is how it looks for equal pages; after a panic its kernel is back after `reboot`.
    `speed` is that of one core against the reference core, in whose seconds the catalog states
    its CPU work; `memory_in_use` is what the host's own kernel and services hold; `switching` is
    the share of a busy core that goes into changing threads when more of them are runnable than
    there are cores. Where cores are hardware threads, `smt` is the share of its speed that each
    has when all are busy. `system` is that of its kernel. `clients` are those of its services,
    where a load does not say it otherwise.
    """

    name: Name
    title: str
    cores: Annotated[CitedCores, ABOVE_ZERO]
    speed: Annotated[CitedFactor, ABOVE_ZERO] = one()
    smt: Annotated[CitedFraction, ABOVE_ZERO] = one()
    switching: CitedFraction = nothing()
    system: System = "linux"
    memory: Annotated[CitedSize, ABOVE_ZERO]
    memory_in_use: CitedSize
    swap: CitedSize = nothing()
    overcommit: Literal["heuristic", "never", "always"] = "heuristic"
    merging: Merging = Merging()
    reboot: CitedDuration = stated(
        90.0, "s", "tare-assumption", "assumed", "firmware of a server, kernel and services"
    )
    disk: Disk
    link: Link
    clients: Clients = Clients()
    notes: str = Field(default="", description="what a reader should know of it")
