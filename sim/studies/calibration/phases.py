"""The steps of a start in a platform's tree, and how they are stretched to what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sim.spec.document import Tree
from sim.spec.platform import Platform
from sim.studies.calibration.amounts import core_seconds, seconds

Part: TypeAlias = Literal["wait", "held", "spin", "compute", "parallel"]
"""What a step may ask for: time, under a lock or with a busy core; one thread, several threads."""

TIMED: tuple[Part, ...] = ("wait", "held", "spin")
"""Of these the parts that are time, whatever a core can do in it."""

Address: TypeAlias = tuple[str, str, str, str]
"""The place of a number in a platform: boundary, create or boot, phase, key."""

_STAGES: tuple[Literal["create", "boot"], ...] = ("create", "boot")
_LEAST_S = 1e-4
"""What stands for a part of which the catalog has nothing, so that it can be stretched."""


@dataclass(frozen=True)
class Start:
    """The numbers of a platform's start by what they ask for, in seconds and core-seconds."""

    parts: Mapping[Part, Mapping[Address, float]]

    def stretched(self, factors: Mapping[Part, float]) -> dict[Address, float]:
        """The numbers, those of each part times its factor."""
        return {
            address: value * factors[part]
            for part, numbers in self.parts.items()
            for address, value in numbers.items()
        }

    def computed(self, factors: Mapping[Part, float], spinning: float) -> float:
        """Core-seconds of the whole start, of the reference core.

        A second of a busy wait takes `spinning` of them, less the more others share its core.
        """
        weights = dict.fromkeys(TIMED, 0.0) | {"spin": spinning}
        return sum(
            sum(numbers.values()) * factors[part] * weights.get(part, 1.0)
            for part, numbers in self.parts.items()
        )


def read_start(platform: Tree) -> Start:
    """Read the numbers of a start off a platform in full.

    A part that the catalog has nothing of, and that a step has room for, gets a little to begin
    with: what waits under a lock in the last step that has one, what waits freely in the last.
    """
    parts: dict[Part, dict[Address, float]] = {}
    for part, address, value in _numbers(Platform.model_validate(platform)):
        parts.setdefault(part, {})[address] = value
    return Start({part: _or_a_little(numbers) for part, numbers in parts.items()})


def _numbers(platform: Platform) -> Iterator[tuple[Part, Address, float]]:
    for boundary, wall in platform.boundaries.items():
        for stage in _STAGES:
            for name, phase in getattr(wall, stage).items():
                waits: Part = "wait" if phase.lock is None else "held"
                computes: Part = "compute" if phase.threads == 1 else "parallel"
                yield waits, (boundary, stage, name, "wait"), phase.wait.value
                yield computes, (boundary, stage, name, "compute"), phase.compute.value
                if phase.spin.value:
                    yield "spin", (boundary, stage, name, "spin"), phase.spin.value


def _or_a_little(numbers: Mapping[Address, float]) -> dict[Address, float]:
    kept = {address: value for address, value in numbers.items() if value > 0}
    return kept or {[*numbers][-1]: _LEAST_S}


def amount(address: Address, value: float) -> str:
    """A number of a start as it is written: a time, or work of a core."""
    return core_seconds(value) if address[-1] == "compute" else seconds(value)


def laid(boundaries: Mapping[str, Tree], address: Address, number: Tree) -> dict[str, Tree]:
    """Boundaries with a number put in its place."""
    boundary, stage, phase, key = address
    wall = _mapping(boundaries.get(boundary))
    steps = _mapping(wall.get(stage))
    step = _mapping(steps.get(phase)) | {key: number}
    return {**boundaries, boundary: wall | {stage: steps | {phase: step}}}


def _mapping(tree: Tree) -> dict[str, Tree]:
    return dict(tree) if isinstance(tree, dict) else {}
