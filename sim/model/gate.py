"""A gate: something that happens once, and the tasks that wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a task is above this module
    from sim.model.task import Task


class Gate:
    """Something that happens once, and the tasks that wait for it."""

    __slots__ = ("is_open", "waiting")

    def __init__(self, *, is_open: bool = False) -> None:
        self.is_open = is_open
        self.waiting: dict[Task, None] = {}

    def withdraw(self, task: Task, now: float) -> None:
        """Let one who waits go away."""
        del self.waiting[task]
