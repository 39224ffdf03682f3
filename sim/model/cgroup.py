"""What the kernel around a boundary holds its inside to: the limits of a cgroup."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.making import Surroundings
from sim.spec.platform import Boundary
from sim.spec.quantity import Quantity
from sim.spec.scenario import Limits

USUAL_PERIOD = 0.1
"""The period of a cgroup's CPU quota that nobody has set otherwise, in seconds."""

USUAL_WEIGHT = 100.0
"""The weight of a cgroup that nobody has given another."""


@dataclass(frozen=True)
class Cgroup:
    """What the kernel around a boundary holds its inside to.

    `limit`, `high` and `swap_limit` are those of its account there, `quota` its cores in each
    `period`, and `weight` its part of a contended CPU.
    """

    limit: int | None
    high: int | None
    swap_limit: int | None
    quota: float | None
    period: float
    weight: float


def held_to(boundary: Boundary, around: Surroundings, limits: Limits) -> Cgroup:
    """What an instance is held to; a kernel of its own is the limit of what it holds."""
    held = Limits() if boundary.kernel == "own" else _limited(boundary, around, limits)
    return Cgroup(
        limit=_whole(held.memory),
        high=_whole(held.memory_high),
        swap_limit=_whole(held.swap),
        quota=held.cpu,
        period=limits.cpu_period,
        weight=limits.cpu_weight / USUAL_WEIGHT,
    )


def _whole(size: float | None) -> int | None:
    return None if size is None else int(size)


def _limited(boundary: Boundary, around: Surroundings, limits: Limits) -> Limits:
    """The limits of a cgroup: an instance's, and where it states none the boundary's size."""
    if boundary.size is None:
        return limits
    cpu, memory = boundary.size.cpu, boundary.size.memory
    return limits.model_copy(
        update={
            "cpu": limits.cpu or share_or_amount(cpu, around.cores),
            "memory": limits.memory or share_or_amount(memory, around.memory),
        }
    )


def share_or_amount(quantity: Quantity, whole: float) -> float:
    """What a quantity comes to that may be a share of a whole."""
    return quantity.value * whole if quantity.relative else quantity.value
