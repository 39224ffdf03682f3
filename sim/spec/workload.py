"""What runs inside an instance: its image, its start, its memory, what it does afterwards."""

from typing import Annotated, Literal

from pydantic import Field

from sim.spec.image import Image
from sim.spec.quantity import (
    CitedBandwidth,
    CitedCores,
    CitedFraction,
    CitedSize,
    CitedWork,
    Model,
    Name,
    nothing,
)

WorkClass = Literal["compute", "memory-bound", "system-calls", "network"]

Threads = Annotated[int, Field(ge=1, le=1024)]


class ApplicationStart(Model):
    """From the first instruction of the main process until it is ready.

    `read` bytes of the image's files come through the page cache; `compute` follows.
    """

    read: CitedSize = nothing()
    compute: CitedWork
    threads: Threads = 1


class ApplicationMemory(Model):
    """What one ready process holds: private pages, mapped files, and the kernel's pages for it."""

    private: CitedSize
    mapped: CitedSize
    kernel: CitedSize


class Steady(Model):
    """What a ready instance goes on asking for, as constant rates."""

    cpu: CitedCores = nothing()
    read: CitedBandwidth = nothing()
    write: CitedBandwidth = nothing()


class Run(Model):
    """Work after which the main process ends, so that the instance exits with status 0."""

    compute: CitedWork
    threads: Threads = 1


class Workload(Model):
    """What runs inside an instance.

    `work` is the class of its CPU work, which decides what crossing a boundary costs it;
    `variation` is the standard deviation of its work over its mean, from instance to instance.
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
    notes: str = ""
