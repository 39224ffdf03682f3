"""The application itself: the life of its main process, and what it goes on asking for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.model.activity import (
    APPLICATION,
    Activity,
    Allocate,
    Begin,
    Compute,
    Draw,
    Lie,
    Map,
    Read,
    Ready,
    Wait,
    Write,
)
from sim.model.components import (
    COPIES,
    CROSSINGS,
    DATA,
    FILES,
    IDLE,
    KERNEL,
    NET,
    OPERATION,
    PRIVATE,
    WRITABLE,
)
from sim.model.ending import ending
from sim.model.inside import Inside, slowdown
from sim.model.making import variation
from sim.model.ports import Bind
from sim.model.traffic import is_reached
from sim.spec.group import Group
from sim.spec.host import Host
from sim.spec.image import Image
from sim.spec.restart import retries
from sim.spec.workload import Steady as NothingAsked
from sim.spec.workload import Workload


@dataclass(frozen=True)
class Steady:
    """What a ready instance goes on asking for: cores by component, and bytes a second."""

    cpu: Mapping[str, float]
    read: float
    write: float


def application(
    group: Group,
    host: Host,
    insides: tuple[Inside, ...],
    builds: Sequence[Activity],
    later: Sequence[Activity],
) -> Iterator[Activity]:
    """The life of the main process: start, hold memory, be ready, work, and perhaps end.

    `builds` are the work of a builder; `later` is what is done to it while it serves.
    """
    workload, main = group.workload, group.workload.main
    yield Begin(APPLICATION)
    if group.ports and binder(insides) is None:
        yield Bind(is_main=True)
    yield from _starting(workload, host, insides)
    policy, _ = retries(group.restart)
    if main.interactive == "on" and group.terminal == "off":
        yield from ending(policy, 0, insides)
        return
    yield from _holding(group, len(insides))
    yield Ready()
    work = (*_until_its_end(workload, host, insides), *builds)
    yield from work
    yield from later
    if work:
        yield from ending(policy, main.status, insides)


def _until_its_end(
    workload: Workload, host: Host, insides: tuple[Inside, ...]
) -> Iterator[Activity]:
    """What a main process that ends by itself does once it is ready; nothing for others."""
    run, after = workload.run, workload.main.after
    if run is not None:
        yield _computing(workload, run.compute.value, run.threads, host, insides)
    if after is not None:
        yield Wait(len(insides), after.value, variation(0.0, Draw.APPLICATION))


def binder(insides: Sequence[Inside]) -> int | None:
    """The depth of the boundary that takes an instance's ports of the host; None if it does itself.

    It is the outermost of its own that has a network of its own: with ports, or with a kernel.
    """
    found = (
        depth
        for depth, inside in enumerate(insides, start=1)
        if not inside.is_shared and (inside.own_kernel or inside.boundary.port is not None)
    )
    return next(found, None)


def _starting(workload: Workload, host: Host, insides: tuple[Inside, ...]) -> Iterator[Activity]:
    """Wait, read what it maps and what else it needs, and compute."""
    at, start = len(insides), workload.start
    mapped, read = int(workload.memory.mapped.value), int(start.read.value)
    text, data = contents(workload.image)
    if start.wait.value:
        yield Wait(at, start.wait.value, variation(workload.variation.value, Draw.APPLICATION))
    yield Read(at, text, min(mapped, read))
    if mapped:
        yield Map(at, FILES, mapped, text)
        yield from _copying(at, mapped, text, insides)
    yield Read(at, data, read - min(mapped, read))
    yield from _copying_up(int(start.copy_up.value), data, insides)
    yield _computing(workload, start.compute.value, start.threads, host, insides)


def _copying(at: int, mapped: int, text: str, insides: tuple[Inside, ...]) -> Iterator[Activity]:
    """Take what the boundaries around copy of the files that are mapped, equal in all of them."""
    share = max((inside.boundary.files.copied.value for inside in insides), default=0.0)
    if copied := int(share * mapped):
        yield Allocate(at, COPIES, copied, text, copied)


def _copying_up(size: int, data: str, insides: tuple[Inside, ...]) -> Iterator[Activity]:
    """Copy the files of a layer that it writes to, whole, into the writable layer above."""
    kinds = [inside.boundary.files.kind for inside in insides]
    around = max((depth for depth, kind in enumerate(kinds) if kind != "outside"), default=None)
    if not size or around is None or kinds[around] != "layers":
        return
    yield Read(around, f"{data}:copied", size)
    yield Write(around, size, WRITABLE)


def _holding(group: Group, at: int) -> Iterator[Activity]:
    """Take what a ready instance has of memory, and of data on the disk where it is asked for."""
    workload, memory = group.workload, group.workload.memory
    private = _private_at_ready(group)
    if private:
        alike = int(memory.alike.value * private)
        yield Allocate(at, PRIVATE, private, workload.name, alike)
    if memory.kernel.value:
        text, _ = contents(workload.image)
        yield Allocate(at, KERNEL, int(memory.kernel.value), text, pinned=True)
    data = 0 if workload.serve is None else int(workload.serve.data.value)
    if data and group.load is not None:
        yield Lie(at, data, DATA)


def _private_at_ready(group: Group) -> int:
    """The private memory that it takes at first: the workload's, or the first of its course."""
    if group.memory is not None and group.memory.values:
        return int(group.memory.values[0])
    return int(group.workload.memory.private.value)


def contents(image: Image) -> tuple[str, str]:
    """What a process maps of an image, its runtime, and what it reads besides, the layer on top.

    What is built from scratch may have no layers at all.
    """
    names = list(image.layers) or [image.name]
    runtimes = [name for name, layer in image.layers.items() if layer.kind == "runtime"]
    return (runtimes or names)[-1], f"{names[-1]}:data"


def _computing(
    workload: Workload, work: float, threads: int, host: Host, insides: tuple[Inside, ...]
) -> Compute:
    native = work / host.speed.value
    spread = variation(workload.variation.value, Draw.APPLICATION)
    slow = slowdown(workload.work, insides)
    return Compute(len(insides), native * slow, threads, native, CROSSINGS, spread)


def steady_demand(group: Group, host: Host, insides: tuple[Inside, ...]) -> Steady:
    """The demand of the workload, what its crossings add, and the idling of its own boundaries."""
    workload = group.workload
    steady = workload.steady if is_reached(group, insides) else NothingAsked()
    native = steady.cpu.value / host.speed.value
    operations = (steady.read.value + steady.write.value) / OPERATION
    crossing = insides[-1].crossing.compute / host.speed.value if insides else 0.0
    cpu = {
        NET: native,
        CROSSINGS: native * (slowdown(workload.work, insides) - 1.0) + operations * crossing,
        IDLE: sum(inside.idle for inside in insides if not inside.is_shared),
    }
    return Steady(cpu, steady.read.value, steady.write.value)
