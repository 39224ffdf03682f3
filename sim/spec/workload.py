"""What runs inside an instance: its image, its start, its memory, what it does afterwards."""

from typing import Annotated, Literal

from pydantic import Field

from sim.spec.image import Image
from sim.spec.main_process import MainProcess
from sim.spec.quantity import (
    ABOVE_ZERO,
    CitedBandwidth,
    CitedCores,
    CitedDuration,
    CitedFactor,
    CitedFraction,
    CitedSize,
    CitedWork,
    Model,
    Name,
    nothing,
    one,
    stated,
)

WorkClass = Literal["compute", "memory-bound", "system-calls"]

Order = Literal["in-turn", "shared", "by-core"]
"""How the threads of a server take requests."""

Threads = Annotated[int, Field(ge=1, le=1024)]


class ApplicationStart(Model):
    """From the first instruction of the main process until it is ready.

    `wait` asks for nothing but time; `read` bytes of the image's files come through the page
    cache; files of `copy_up` bytes, to which it writes, are copied whole where they lie in a layer;
    `compute` follows.
    """

    wait: CitedDuration = nothing()
    read: CitedSize = nothing()
    copy_up: CitedSize = nothing()
    compute: CitedWork
    threads: Threads = 1


class Growth(Model):
    """Private memory that is taken while ready, at a rate; without `most` it is a leak."""

    rate: Annotated[CitedBandwidth, ABOVE_ZERO]
    most: CitedSize | None = None


class ApplicationMemory(Model):
    """What one ready instance holds: private pages, mapped files, and the kernel's pages for it.

    `active` is the share of its private pages that its work touches; `alike` the share that is
    equal in all instances, and `rewrites` how much is written anew, which makes pages differ
    again. `processes` share it equally: the kernel kills one of them at a time.
    """

    private: CitedSize
    mapped: CitedSize
    kernel: CitedSize
    active: CitedFraction = one()
    alike: CitedFraction = nothing()
    rewrites: CitedBandwidth = nothing()
    growth: Growth | None = None
    processes: int = Field(default=1, ge=1, le=1000)


class Steady(Model):
    """What a ready instance goes on asking for, as constant rates."""

    cpu: CitedCores = nothing()
    read: CitedBandwidth = nothing()
    write: CitedBandwidth = nothing()


class Run(Model):
    """Work after which the main process ends, and the instance with it."""

    compute: CitedWork
    threads: Threads = 1


class Serving(Model):
    """What answering one request takes.

    `compute` is native work in the application and the kernel under it, and `per_packet` more of
    it for each packet; `variation` is the standard deviation of all that over its mean. `threads`
    of the instance answer at a time: requests are taken `in-turn`, each to its end, or have their
    CPU `shared`, or shared `by-core`, where each has a thread of its own that waits on one core
    whether another is idle or not. `packets` cross the network, request and reply together, two of
    them in each exchange; an exchange takes so many system `calls`, and its client `client` seconds
    of its own. `read` bytes come from a data set of `data` bytes through the page cache, `write`
    bytes go to the disk. A `queue` that is full refuses.
    """

    compute: Annotated[CitedWork, ABOVE_ZERO]
    per_packet: CitedWork = nothing()
    variation: CitedFactor = one()
    order: Order = "shared"
    threads: Threads = 1
    packets: CitedFactor = stated(
        2.0, "", "tare-definition", "assumed", "one request and one reply, each a packet"
    )
    calls: CitedFactor = nothing()
    client: CitedDuration = nothing()
    reply: CitedSize = nothing()
    read: CitedSize = nothing()
    write: CitedSize = nothing()
    data: CitedSize = nothing()
    queue: int = Field(default=4096, ge=1, le=1_000_000)


class Workload(Model):
    """What runs inside an instance.

    `steady` is what it asks for where no load is stated for it; a load takes its place, each
    request of which asks for what `serve` says. `work` is the class of its CPU work, which decides
    what crossing a boundary costs it; `variation` is the standard deviation of its work over its
    mean, from instance to instance.
    """

    name: Name
    title: str
    image: Image
    work: WorkClass
    variation: CitedFraction = nothing()
    start: ApplicationStart
    memory: ApplicationMemory
    steady: Steady = Steady()
    run: Run | None = None
    main: MainProcess = MainProcess()
    serve: Serving | None = None
    notes: str = ""
