"""The steps that make a boundary, from its phases to a list of activities."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sim.model.activity import (
    Acquire,
    Activity,
    Allocate,
    Begin,
    Compute,
    Draw,
    Enter,
    Fetch,
    Map,
    PassOn,
    Read,
    Sync,
    Variation,
    Wait,
    Write,
)
from sim.model.bundle import Bundle
from sim.model.components import SET_UP, WRITABLE
from sim.spec.platform import Boundary, Holding, Lock, Phase

FETCHING = PULL, UNPACK, ON_DEMAND = "pull", "unpack", "on-demand"
"""The phases in which a start waits for files of images that are not there."""

KERNEL_WORK = "system-calls"  # the class of work that making a boundary is


@dataclass(frozen=True)
class Memory:
    """Bytes that something holds: private, part of them equal elsewhere, and mapped of a content.

    What is pinned is never swapped out.
    """

    component: str
    private: int
    mapped: int
    content: str
    alike: float = 0.0
    pinned: bool = False


@dataclass(frozen=True, eq=False)
class Crossing:
    """What a block I/O operation costs between here and the host's disk, over all boundaries.

    Seconds of latency, seconds in which one I/O thread is busy, core-seconds, and the bytes a
    second that the thread can move.
    """

    latency: float = 0.0
    serial: float = 0.0
    compute: float = 0.0
    bandwidth: float = math.inf

    def through(self, boundary: Boundary) -> Crossing:
        """The crossing from inside one more boundary."""
        block = boundary.crossings.block
        return Crossing(
            self.latency + block.latency.value,
            max(self.serial, block.serial.value),
            self.compute + block.compute.value,
            min(self.bandwidth, math.inf if block.bandwidth is None else block.bandwidth.value),
        )


@dataclass(frozen=True)
class Surroundings:
    """What stands around a boundary: the host, or the inside of the boundary around it."""

    depth: int
    cores: float
    memory: int
    speed: float
    slowdown: Mapping[str, float]
    crossing: Crossing

    @property
    def cost(self) -> float:
        """Core-seconds here for one of the reference core, at the work of making a boundary."""
        return self.slowdown[KERNEL_WORK] / self.speed


def variation(spread: float, draw: Draw) -> Variation:
    """The lognormal of mean 1 whose standard deviation is `spread`: sigma² = ln(1 + spread²)."""
    return Variation(math.sqrt(math.log1p(spread * spread)), draw)


def held(component: str, content: str, holding: Holding, memory: int) -> Memory:
    """The bytes of a holding that belongs to a machine with so much memory."""
    above = holding.above.value if memory > holding.threshold.value else 0.0
    private = holding.private.value + holding.per_memory.value * memory + above
    return Memory(
        component,
        int(private),
        int(holding.shared.value),
        content,
        alike=holding.alike.value,
        pinned=holding.pinned == "on",
    )


def taking(
    at: int, memory: Memory, private: int, mapped: int, *, outside: bool
) -> Iterator[Activity]:
    """Map files and allocate private bytes, where there are any."""
    component, content = memory.component, memory.content
    if mapped:
        yield Map(at, component, mapped, content, outside)
    if private:
        alike = int(memory.alike * private)
        yield Allocate(at, component, private, content, alike, memory.pinned, outside)


def making(
    key: str,
    boundary: Boundary,
    around: Surroundings,
    memory: int,
    bundle: Bundle | None,
    ports: int,
) -> Iterator[Activity]:
    """List what makes a boundary: its files, its walls from outside, and its inside's own boot."""
    outside, inside = around.depth, around.depth + 1
    if bundle is not None:
        yield from _bringing(around, boundary, bundle)
    yield Enter(inside)
    writable = int(boundary.files.writable.value)
    if writable:
        yield Begin("storage")
        yield Write(inside if boundary.files.kind == "disk" else outside, writable, WRITABLE)
    steps = _Steps(key, boundary, around, memory)
    yield from steps.performed(outside, boundary.create, boundary.footprint, outside=True)
    if boundary.port is not None:
        for _ in range(ports):
            yield from steps.allocated(outside, "port", boundary.port.footprint, outside=True)
            yield from steps.performed(outside, {"ports": boundary.port.create}, {}, outside=True)
    yield from steps.performed(inside, boundary.boot, boundary.interior, outside=False)


def commanding(key: str, boundary: Boundary, around: Surroundings) -> Iterator[Activity]:
    """List what starting a command in such a boundary takes once all else is prepared.

    These are the steps of the runtime: of making it, those from where the runtime begins.
    """
    begins = [phase.begins for phase in boundary.create.values()]
    first = begins.index("runtime") if "runtime" in begins else len(begins)
    phases = dict(list(boundary.create.items())[first:])
    steps = _Steps(key, boundary, around, memory=0)
    yield from _unnamed(steps.performed(around.depth, phases, {}, outside=True))


def shutting_down(key: str, boundary: Boundary, around: Surroundings) -> Iterator[Activity]:
    """List what the init inside a boundary does once the main process has ended."""
    steps = _Steps(key, boundary, around, memory=0)
    yield from _unnamed(steps.performed(around.depth + 1, boundary.shutdown, {}, outside=False))


def removing(key: str, boundary: Boundary, around: Surroundings) -> Iterator[Activity]:
    """List what takes a boundary down, from outside; these are no phases of a start."""
    steps = _Steps(key, boundary, around, memory=0)
    yield from _unnamed(steps.performed(around.depth, boundary.remove, {}, outside=True))


def _unnamed(activities: Iterable[Activity]) -> Iterator[Activity]:
    """Leave out the names of phases."""
    return (activity for activity in activities if not isinstance(activity, Begin))


def _bringing(around: Surroundings, boundary: Boundary, bundle: Bundle) -> Iterator[Activity]:
    """Fetch files that are absent, and copy them where a disk of its own holds them."""
    files = boundary.files
    if not bundle.is_present:
        yield from fetching(around.depth, bundle)
    if files.kind != "disk" or files.provision != "copy":
        return
    if bundle.is_present and files.made == "ahead":
        return
    yield Begin("storage")
    if bundle.is_present:
        yield Read(around.depth, bundle.name, bundle.unpacked)
    if files.convert is not None:
        work = bundle.unpacked / files.convert.value * around.cost
        yield Compute(around.depth, work, 1, 0.0, SET_UP, variation(0.0, Draw.CREATION))
    yield Write(around.depth, bundle.unpacked, component=None)


def fetching(at: int, bundle: Bundle) -> Iterator[Activity]:
    """Wait for a bundle to be pulled and unpacked into the store of a machine.

    Of a lazy one there is its list first, and then what a start reads of it.
    """
    yield Begin(PULL)
    yield Fetch(at, bundle, unpacked=False)
    yield Begin(UNPACK if bundle.lazy is None else ON_DEMAND)
    yield Fetch(at, bundle, unpacked=True)


@dataclass(frozen=True)
class _Steps:
    """Turns the phases and holdings of one boundary into activities."""

    key: str
    boundary: Boundary
    around: Surroundings
    memory: int

    def performed(
        self,
        at: int,
        phases: Mapping[str, Phase],
        holdings: Mapping[str, Holding],
        *,
        outside: bool,
    ) -> Iterator[Activity]:
        """Phases in order; a holding is taken round by round in the phase of its name, else now."""
        for name, holding in holdings.items():
            if name not in phases:
                yield from self.allocated(at, name, holding, outside=outside)
        for name, phase in phases.items():
            taken = self._in_parts(at, name, phase.rounds, holdings.get(name), outside=outside)
            yield from self.phase(at, name, phase, taken)

    def allocated(
        self, at: int, name: str, holding: Holding, *, outside: bool
    ) -> Iterator[Activity]:
        """Take the memory of a holding, if it is any."""
        for part in self._in_parts(at, name, 1, holding, outside=outside):
            yield from part

    def _in_parts(
        self, at: int, name: str, rounds: int, holding: Holding | None, *, outside: bool
    ) -> Iterator[list[Activity]]:
        """The memory of a holding in equal parts, one a round; files are mapped in the first."""
        memory = held(f"boundary.{name}", f"{self.key}:{name}", holding or Holding(), self.memory)
        for turn in range(rounds):
            before, after = (memory.private * end // rounds for end in (turn, turn + 1))
            mapped = 0 if turn else memory.mapped
            yield list(taking(at, memory, after - before, mapped, outside=outside))

    def phase(
        self, at: int, name: str, phase: Phase, taken: Iterable[list[Activity]]
    ) -> Iterator[Activity]:
        """A phase: under its lock, round by round, with the memory that each round takes."""
        yield Begin(name)
        lock = phase.lock
        if lock is not None:
            yield Acquire(at, lock.name)
        for turn, memory in enumerate(taken):
            yield from memory
            yield from self._round(at, name, phase, turn)
        if phase.spin.value:
            yield Wait(at, phase.spin.value, variation(0.0, Draw.CREATION), spins=SET_UP)
        if lock is not None:
            yield PassOn()

    def _round(self, at: int, name: str, phase: Phase, turn: int) -> Iterator[Activity]:
        """One of the equal parts of a phase; what grows with the neighbours is in the first."""
        part = 1.0 / phase.rounds
        grows = phase.lock if turn == 0 else None
        yield from self._waiting(at, phase.wait.value * part, grows)
        if phase.read.value:
            yield Read(at, f"{self.key}:{name}:{turn}", round(phase.read.value * part))
        yield from self._computing(at, phase, part, grows)
        if phase.write.value:
            yield Write(at, round(phase.write.value * part), component=None)
        if syncs := phase.syncs * (turn + 1) // phase.rounds - phase.syncs * turn // phase.rounds:
            yield Sync(at, syncs)

    def _waiting(self, at: int, seconds: float, grows: Lock | None) -> Iterator[Activity]:
        linear = 0.0 if grows is None else grows.linear_wait.value
        quadratic = 0.0 if grows is None else grows.quadratic_wait.value
        if seconds or linear or quadratic:
            spread = variation(self.boundary.variation.value, Draw.CREATION)
            yield Wait(at, seconds, spread, linear, quadratic)

    def _computing(
        self, at: int, phase: Phase, part: float, grows: Lock | None
    ) -> Iterator[Activity]:
        work = phase.compute.value * part
        cost = self.around.cost
        linear = 0.0 if grows is None else grows.linear.value * cost
        quadratic = 0.0 if grows is None else grows.quadratic.value * cost
        if not (work or linear or quadratic):
            return
        yield Compute(
            at,
            work * cost,
            phase.threads,
            net=0.0,
            tare=SET_UP,
            variation=variation(self.boundary.variation.value, Draw.CREATION),
            linear=linear,
            quadratic=quadratic,
        )
