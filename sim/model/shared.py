"""Machines that several instances share, and who has a place in which."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.model.gate import Gate

if TYPE_CHECKING:  # machines hold what is shared in them, and tasks are above
    from sim.model.machine import Machine
    from sim.model.task import Task


@dataclass(slots=True, eq=False)
class Shared:
    """A machine that several instances share, from the moment that somebody wants it.

    `maker` performs what makes it and holds what it takes; `inside` are those who have a place;
    `failure` says why it could not be made, or is no more.
    """

    maker: Task
    sharing: Sharing
    gate: Gate = field(default_factory=Gate)
    machine: Machine | None = None
    inside: dict[Task, None] = field(default_factory=dict)
    failure: str = ""

    def take(self, task: Task) -> None:
        """Give a task a place."""
        self.inside[task] = None
        if len(self.inside) == self.sharing.places:
            self.sharing.free.pop(self, None)

    def leave(self, task: Task) -> None:
        """Take a place back; one that failed takes nobody else in."""
        if len(self.inside) == self.sharing.places and not self.failure:
            self.sharing.free[self] = None
        del self.inside[task]

    def fail(self, reason: str) -> None:
        """Note why it is no more, or cannot be made; it takes nobody else in."""
        self.failure = reason
        self.sharing.free.pop(self, None)


@dataclass(slots=True)
class Sharing:
    """The shared machines of one kind inside a machine, and which of them have free places."""

    places: float
    has_crashed: bool = False
    machines: list[Shared] = field(default_factory=list)
    free: dict[Shared, None] = field(default_factory=dict)

    def add(self, maker: Task) -> Shared:
        """Add one more machine, all of whose places are free."""
        shared = Shared(maker, self)
        self.machines.append(shared)
        self.free[shared] = None
        return shared
