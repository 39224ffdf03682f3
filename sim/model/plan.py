"""The plan of a group on a platform: what all of its instances have in common, worked out once.

Specs go in; out come a machine for each depth, what crossings multiply, which layers go where,
and the list of activities that is an instance's life.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from sim.model.activity import (
    Activity,
    Allocate,
    Arrive,
    Begin,
    Bundle,
    Compute,
    Draw,
    Exit,
    Join,
    Read,
    Ready,
)
from sim.model.inside import FILES, Inside, count_fetches, host_bundle, plan_inside
from sim.model.making import Crossing, Surroundings, fetching, variation
from sim.spec.host import Host
from sim.spec.image import Image
from sim.spec.platform import Platform
from sim.spec.scenario import Group, Scenario, host_ports
from sim.spec.workload import WorkClass, Workload

PRIVATE = "net.private"
KERNEL = "net.kernel"
CROSSINGS = "crossings"
IDLE = "idle"
NET = "net"
OPERATION = 128 * 1024
"""Bytes of one I/O operation of a start or of a steady stream: Linux's default read-ahead."""


@dataclass(frozen=True)
class Steady:
    """What a ready instance goes on asking for: cores by component, and bytes a second."""

    cpu: Mapping[str, float]
    read: float
    write: float

    @property
    def cores(self) -> float:
        """All of its CPU demand."""
        return sum(self.cpu.values())


@dataclass(frozen=True)
class Plan:
    """What all instances of one group have in common on one platform.

    `installed` is what the host's own files must hold where no boundary brings files; `claim` is
    the memory that an instance is placed by; `ports` are the host's ports that it asks for.
    `private` and `mapped` are what one ready instance needs as a bare process, and `files` is the
    content that it maps. `fetches` is how many bundles one may have to wait for.
    """

    group: str
    count: int
    insides: tuple[Inside, ...]
    installed: Bundle | None
    activities: tuple[Activity, ...]
    steady: Steady
    private: int
    mapped: int
    files: str
    claim: int
    ports: tuple[int, ...]
    fetches: int


def plan_group(name: str, scenario: Scenario, platform: Platform) -> Plan:
    """Work out the plan of a group on the platform that it has in a scenario."""
    group = scenario.groups[name]
    platform = platform.of(name)
    insides = tuple(_insides(group, scenario, platform))
    workload = group.workload
    bringer = any(inside.boundary.files.kind != "outside" for inside in insides)
    present = _is_present(scenario, workload.image)
    installed = None if bringer else host_bundle(workload.image, is_present=present)
    activities = [
        *(() if installed is None or present else fetching(0, installed)),
        *_entering(insides),
        *_application(workload, scenario.host, insides),
    ]
    memory = workload.memory
    return Plan(
        group=name,
        count=group.count,
        insides=insides,
        installed=installed,
        activities=tuple(activities),
        steady=_steady(workload, scenario.host, insides),
        private=int(memory.private.value) + int(memory.kernel.value),
        mapped=int(memory.mapped.value),
        files=_contents(workload.image)[0],
        claim=_claim(group, insides),
        fetches=count_fetches(activities) + _fetches_of_shared(insides),
        ports=tuple(host_ports(group.publish)),
    )


def _fetches_of_shared(insides: tuple[Inside, ...]) -> int:
    """What an instance may cause to be fetched where it is the first to ask for a machine."""
    return sum(inside.fetches for inside in insides if inside.is_shared and not inside.is_ahead)


def _insides(group: Group, scenario: Scenario, platform: Platform) -> Iterator[Inside]:
    host = scenario.host
    around = _host_surroundings(host)
    kinds = [boundary.files.kind for boundary in platform.boundaries.values()]
    bringer = max((depth for depth, kind in enumerate(kinds) if kind != "outside"), default=-1)
    for depth, (name, boundary) in enumerate(platform.boundaries.items()):
        image = group.workload.image if depth == bringer else None
        images = [image, boundary.files.guest]
        present = all(one is None or _is_present(scenario, one) for one in images)
        key = f"{platform.name}.{name}"
        ports = len(group.publish)
        inside = plan_inside(key, boundary, around, group.limits, image, present, ports)
        yield inside
        around = Surroundings(
            depth + 1, inside.cores, inside.memory, around.speed, inside.slowdown, inside.crossing
        )


def _host_surroundings(host: Host) -> Surroundings:
    native = dict.fromkeys(get_args(WorkClass), 1.0)
    memory = int(host.memory.value)
    return Surroundings(0, host.cores.value, memory, host.speed.value, native, Crossing())


def _is_present(scenario: Scenario, image: Image) -> bool:
    if isinstance(scenario.images, str):
        return scenario.images == "present"
    return image.name in scenario.images


def _entering(insides: tuple[Inside, ...]) -> Iterator[Activity]:
    """Through all boundaries: make those of its own, wait for those that it shares."""
    for depth, inside in enumerate(insides, start=1):
        if inside.is_shared:
            yield Begin("waiting")
            yield Join(depth)
            yield Arrive()
        else:
            yield from inside.making


def _application(workload: Workload, host: Host, insides: tuple[Inside, ...]) -> Iterator[Activity]:
    """The life of the main process: read, compute, hold memory, be ready, and perhaps end."""
    at = len(insides)
    memory, start = workload.memory, workload.start
    mapped, read = int(memory.mapped.value), int(start.read.value)
    text, data = _contents(workload.image)
    yield Begin("application")
    yield Read(at, text, min(mapped, read))
    yield Allocate(at, FILES, 0, mapped, text)
    yield Read(at, data, read - min(mapped, read))
    yield _computing(workload, start.compute.value, start.threads, host, insides)
    yield Allocate(at, PRIVATE, int(memory.private.value), 0, text)
    yield Allocate(at, KERNEL, int(memory.kernel.value), 0, text)
    yield Ready()
    if workload.run is not None:
        yield _computing(workload, workload.run.compute.value, workload.run.threads, host, insides)
        yield Exit()


def _contents(image: Image) -> tuple[str, str]:
    """What a process maps of an image, its runtime, and what it reads besides, the layer on top."""
    names = list(image.layers)
    runtimes = [name for name in names if image.layers[name].kind == "runtime"]
    return (runtimes or names)[-1], f"{names[-1]}:data"


def _computing(
    workload: Workload, work: float, threads: int, host: Host, insides: tuple[Inside, ...]
) -> Compute:
    native = work / host.speed.value
    spread = variation(workload.variation.value, Draw.APPLICATION)
    slow = _slowdown(workload, insides)
    return Compute(len(insides), native * slow, threads, native, CROSSINGS, spread)


def _slowdown(workload: Workload, insides: tuple[Inside, ...]) -> float:
    return insides[-1].slowdown[workload.work] if insides else 1.0


def _steady(workload: Workload, host: Host, insides: tuple[Inside, ...]) -> Steady:
    """The demand of the workload, what its crossings add, and the idling of its own boundaries."""
    steady = workload.steady
    native = steady.cpu.value / host.speed.value
    operations = (steady.read.value + steady.write.value) / OPERATION
    crossing = insides[-1].crossing.compute / host.speed.value if insides else 0.0
    cpu = {
        NET: native,
        CROSSINGS: native * (_slowdown(workload, insides) - 1.0) + operations * crossing,
        IDLE: sum(inside.idle for inside in insides if not inside.is_shared),
    }
    return Steady(cpu, steady.read.value, steady.write.value)


def _claim(group: Group, insides: tuple[Inside, ...]) -> int:
    """The memory that placement counts: the RAM of an own guest, else the limit, else the need."""
    guests = [inside.memory for inside in insides if inside.own_kernel and not inside.is_shared]
    if guests:
        return guests[0]
    if group.limits.memory is not None:
        return int(group.limits.memory)
    memory = group.workload.memory
    return int(memory.private.value + memory.mapped.value + memory.kernel.value)
