"""How much CPU and memory the inside of a boundary has, and what it is held to from outside."""

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


def cgroup_of(boundary: Boundary, around: Surroundings, limits: Limits) -> Cgroup:
    """What an instance is held to; a kernel of its own is the limit of what it holds."""
    held_to = Limits() if boundary.kernel == "own" else _limited(boundary, around, limits)
    return Cgroup(
        limit=_whole(held_to.memory),
        high=_whole(held_to.memory_high),
        swap_limit=_whole(held_to.swap),
        quota=held_to.cpu,
        period=limits.cpu_period,
        weight=limits.cpu_weight / USUAL_WEIGHT,
    )


def _whole(size: float | None) -> int | None:
    return None if size is None else int(size)


def share_or_amount(quantity: Quantity, whole: float) -> float:
    """An amount, or a share of what is around as one."""
    return quantity.value * whole if quantity.relative else quantity.value


def memory_of(boundary: Boundary, around: Surroundings, limits: Limits) -> int:
    """The RAM inside, that of an instance where it states one, and of a shared kernel all."""
    if boundary.kernel == "shared":
        return around.memory
    if limits.memory is not None:
        return int(limits.memory)
    if boundary.size is None:
        return around.memory
    return int(share_or_amount(boundary.size.memory, around.memory))


def cores_of(boundary: Boundary, around: Surroundings, limits: Limits) -> float:
    """The most CPU inside."""
    if limits.cpu is not None:
        return limits.cpu
    if boundary.size is None:
        return around.cores
    return share_or_amount(boundary.size.cpu, around.cores)
