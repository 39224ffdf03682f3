"""Sums over the numbers of a platform: how long a start takes alone, what one instance holds."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import fsum
from operator import mul

from sim.cli.explaining.layout import Line
from sim.cli.explaining.numbers import amount, file_size
from sim.cli.explaining.stack import Standing
from sim.spec.platform import Boundary, Holding, Phase

_BAR = 14
_LABEL, _AMOUNT = 30, 10
_ALONE = (
    "Waits, and CPU over threads, on free cores of speed 1. Nobody holds a lock, and what is read "
    "comes off a page cache. The workload's own start comes on top."
)


@dataclass(frozen=True)
class Step:
    """A phase of a start with the time that it takes alone, in seconds of a reference core."""

    name: str
    seconds: float
    read: float
    written: float


@dataclass(frozen=True)
class Part:
    """Memory that something holds, in bytes; `shared` is held once for all."""

    name: str
    private: float
    shared: float


def steps(stack: Sequence[Standing]) -> Iterator[tuple[Standing, list[Step]]]:
    """The phases of each boundary, which the system calls within those around it make slower."""
    factors = [_slowdown(each.boundary) for each in stack]
    around = accumulate([1.0, *factors], mul)
    for each, factor in zip(stack, around, strict=False):
        phases = [*each.boundary.create.items(), *each.boundary.boot.items()]
        yield each, [_step(name, phase, factor) for name, phase in phases]


def _slowdown(boundary: Boundary) -> float:
    crossing = boundary.crossings.cpu.get("system-calls")
    return 1.0 if crossing is None else crossing.value


def _step(name: str, phase: Phase, factor: float) -> Step:
    seconds = phase.wait.value + phase.compute.value * factor / phase.threads
    return Step(name, max(seconds, phase.spin.value), phase.read.value, phase.write.value)


def start_alone(stack: Sequence[Standing], told: Collection[str]) -> Iterator[Line]:
    """How long a start takes on an idle host, phase by phase, with a bar as long as it takes."""
    found = [(each, own) for each, own in steps(stack) if own and each.name in told]
    if not found:
        return
    yield Line("A start alone, worked out from the numbers above", "heading")
    yield Line(_ALONE, "note", indent=2)
    longest = max(step.seconds for _, own in found for step in own)
    for each, own in found:
        yield Line(_whose(each), indent=2)
        yield from _bars(own, longest)
        yield Line(_together(each, own), indent=4, hang=_LABEL)


def _bars(own: Sequence[Step], longest: float) -> Iterator[Line]:
    for step in own:
        size = round(_BAR * step.seconds / longest) if longest else 0
        bar = "█" * size or ("▏" if step.seconds else "")
        text = f"{step.name:<{_LABEL}}{amount(step.seconds, 's'):>{_AMOUNT}}  {bar}"
        yield Line(text.rstrip(), indent=4)


def _whose(each: Standing) -> str:
    if each.boundary.scope == "instance":
        return f"{each.name}, for each instance"
    made = "before the first asks" if each.boundary.provision == "ahead" else "by the first"
    return f"{each.name}, once for {each.each}, {made}"


def _together(each: Standing, own: Sequence[Step]) -> str:
    seconds = fsum(step.seconds for step in own)
    moved = (
        ("reads", fsum(step.read for step in own)),
        ("writes", fsum(step.written for step in own) + each.boundary.files.writable.value),
    )
    more = ", ".join(f"{how} {file_size(size)}" for how, size in moved if size)
    text = f"{'together':<{_LABEL}}{amount(seconds, 's'):>{_AMOUNT}}"
    return f"{text}  {more}".rstrip()


def memory_alone(stack: Sequence[Standing], told: Collection[str]) -> Iterator[Line]:
    """What each boundary holds outside and inside, and its daemons, before the workload."""
    found = [held for held in _all_held(stack, told) if held[1]]
    if not found:
        return
    yield Line("Memory of one, worked out from the numbers above", "heading")
    yield Line("Without page cache, and without the workload, which comes on top.", "note", 2)
    for title, own, is_open in found:
        yield Line(title, indent=2)
        yield from (_holding(part) for part in own)
        yield from _total(own, is_open=is_open)


def _all_held(
    stack: Sequence[Standing], told: Collection[str]
) -> Iterator[tuple[str, list[Part], bool]]:
    """What is held for each that a boundary is made for, then what is held once; is there more?"""
    here = [each for each in stack if each.name in told]
    for each in here:
        boundary = each.boundary
        grows = _grows([*boundary.footprint.values(), *boundary.interior.values()])
        is_open = grows and not inner_memory(boundary)
        yield f"{each.name}, for {each.each}", _held(boundary), is_open
    for each in here:
        is_open = _grows([*each.boundary.daemon.memory.values()])
        yield f"{each.name}, once on {each.around}", _daemons(each), is_open


def _daemons(each: Standing) -> list[Part]:
    """What serves all; the share of a machine that a daemon may hold is up to the machine."""
    return [_part(name, held, 0.0) for name, held in each.boundary.daemon.memory.items()]


def _held(boundary: Boundary) -> list[Part]:
    size = inner_memory(boundary)
    outside = [_part(f"{name}, outside", held, size) for name, held in boundary.footprint.items()]
    if boundary.reserve == "full" and size:
        return [*outside, Part("all of the inside", size, 0.0)]
    inside = [_part(f"{name}, inside", held, size) for name, held in boundary.interior.items()]
    return [part for part in (*outside, *inside) if part.private or part.shared]


def inner_memory(boundary: Boundary) -> float:
    """The memory of a kernel of its own in bytes; 0 where that is up to the host."""
    if boundary.kernel == "shared" or boundary.size is None or boundary.size.memory.relative:
        return 0.0
    return boundary.size.memory.value


def _part(name: str, held: Holding, size: float) -> Part:
    above = held.above.value if size > held.threshold.value else 0.0
    return Part(name, held.private.value + held.per_memory.value * size + above, held.shared.value)


def _holding(part: Part) -> Line:
    text = f"{part.name:<{_LABEL}}{amount(part.private, 'B'):>{_AMOUNT}}"
    more = f", and {amount(part.shared, 'B')} of files, once for all" if part.shared else ""
    return Line(text + more, indent=4, hang=_LABEL)


def _total(own: Sequence[Part], *, is_open: bool) -> Iterator[Line]:
    whole = fsum(part.private for part in own)
    text = f"{'together':<{_LABEL}}{amount(whole, 'B'):>{_AMOUNT}}"
    more = ", and what grows with its size, which is up to the host" if is_open else ""
    if len(own) > 1 or more:
        yield Line(text + more, indent=4, hang=_LABEL)


def _grows(held: Iterable[Holding]) -> bool:
    return any(each.per_memory.value or each.above.value for each in held)
