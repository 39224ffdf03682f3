"""Activities of builds: what a builder's life is a list of once it is ready, and each step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # plans are lists of activities, and above this module
    from sim.model.building import PlannedBuild
    from sim.model.steps import StepRecord


@dataclass(frozen=True, slots=True)
class Pause:
    """Do nothing until so long after being ready."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Make:
    """Perform the steps of a build, and wait until all of them are over."""

    build: PlannedBuild


@dataclass(frozen=True, slots=True)
class Recall:
    """Begin a step; skip its work where the store of its machine has the outcome."""

    step: StepRecord


@dataclass(frozen=True, slots=True)
class Commit:
    """Keep the outcome of a step in the store of its machine, and let go on who needs it."""

    step: StepRecord


@dataclass(frozen=True, slots=True)
class ByHand:
    """One step of the person who sets machines up.

    It names the instance that it `repeats` what others get for, where there are many of a kind.
    """

    repeats: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """Bytes from servers outside, over so many connections."""

    size: int
    connections: int
