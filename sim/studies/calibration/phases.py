"""The steps of a start in a platform's tree, and how they are stretched to what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sim.spec.document import Tree
from sim.spec.platform import Phase, Platform

Part: TypeAlias = Literal["wait", "held", "spin", "compute", "parallel"]
"""What a step may ask for: time, time under a lock, time of a busy thread, a thread, several."""

Address: TypeAlias = tuple[str, str, str, str]
"""The place of a number in a platform: boundary, create or boot, phase, key."""

_LEAST_S = 1e-4
"""What stands for a part of which the catalog has nothing, so that it can be stretched."""


@dataclass(frozen=True)
class Start:
    """The numbers of a platform's start, in the order of its steps, with what each asks for.

    They are in seconds and core-seconds.
    """

    numbers: Mapping[Address, tuple[Part, float]]

    @property
    def parts(self) -> list[Part]:
        """What the start asks for, each named once."""
        return [*dict.fromkeys(part for part, _ in self.numbers.values())]

    def stretched(self, factors: Mapping[Part, float]) -> dict[Address, float]:
        """The numbers, those of each part times its factor."""
        return {address: value * factors[part] for address, (part, value) in self.numbers.items()}

    def total(self, factors: Mapping[Part, float], *parts: Part) -> float:
        """What these parts come to, times their factors."""
        return sum(value * factors[part] for part, value in self.numbers.values() if part in parts)

    def spinning(self, factors: Mapping[Part, float]) -> Iterator[tuple[float, float]]:
        """The least time of each step that spins, and the work that it does at least, stretched."""
        for address, (part, value) in self.numbers.items():
            if address[-1] == "spin":
                _, work = self.numbers.get((*address[:3], "compute"), (part, 0.0))
                yield value * factors[part], work * factors[part]


def read_start(platform: Tree) -> Start:
    """Read the numbers of a start off a platform in full.

    A part that the catalog has nothing of, and that a step has room for, gets a little to begin
    with: what waits under a lock in the last step that has one, what waits freely in the last.
    """
    numbers = {
        address: (part, value)
        for part, address, value in _numbers(Platform.model_validate(platform))
    }
    last = {part: address for address, (part, _) in numbers.items()}
    there = {part for part, value in numbers.values() if value > 0}
    for part in last.keys() - there:
        numbers[last[part]] = (part, _LEAST_S)
    return Start({address: number for address, number in numbers.items() if number[1] > 0})


def _numbers(platform: Platform) -> Iterator[tuple[Part, Address, float]]:
    """Each number of each step, but of those that a workload without requests has no use for."""
    for step, phase in _steps(platform):
        if phase.needs is None:
            yield from _asked(step, phase)


def _steps(platform: Platform) -> Iterator[tuple[tuple[str, str, str], Phase]]:
    for name, wall in platform.boundaries.items():
        yield from (((name, "create", step), phase) for step, phase in wall.create.items())
        yield from (((name, "boot", step), phase) for step, phase in wall.boot.items())


def _asked(step: tuple[str, str, str], phase: Phase) -> Iterator[tuple[Part, Address, float]]:
    waits: Part = "wait" if phase.lock is None else "held"
    yield waits, (*step, "wait"), phase.wait.value
    computes: Part = "compute" if phase.threads == 1 else "parallel"
    if phase.spin.value:  # the work that it does at least comes with the ticks that it waits for
        yield "spin", (*step, "spin"), phase.spin.value
        computes = "spin"
    yield computes, (*step, "compute"), phase.compute.value


def laid(boundaries: Mapping[str, Tree], address: Address, number: Tree) -> dict[str, Tree]:
    """Boundaries with a number put in its place."""
    boundary, stage, phase, key = address
    wall = _mapping(boundaries.get(boundary))
    steps = _mapping(wall.get(stage))
    step = _mapping(steps.get(phase)) | {key: number}
    return {**boundaries, boundary: wall | {stage: steps | {phase: step}}}


def _mapping(tree: Tree) -> dict[str, Tree]:
    return dict(tree) if isinstance(tree, dict) else {}
