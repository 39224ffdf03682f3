"""An instance of a group: who it is, the life that it is living, and what became of those before.

A life is a `Task`; a restart is another life of the same instance, which may find the machines of
the last one still standing.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

from sim.model.plan import Plan

if TYPE_CHECKING:  # a task knows its instance
    from sim.model.faults import Loss
    from sim.model.task import Task

STARTING, READY, EXITED, FAILED, KILLED = "starting", "ready", "exited", "failed", "oom-killed"
RESTARTING, STOPPING, PAUSED = "restarting", "stopping", "paused"

Draws = tuple[float, float]


class Instance:
    """One of a group, through all of its lives.

    `phases` and `spent` are those of the life that first became ready, or of the last. `loss` is
    the fault that took it last, until it is ready again; `again_s` is when it begins again, where
    it waits; `refusal` says when and why no host could take it. `status` is what the main process
    left behind when it ended last, at `ended_s`. One that `rests` was stopped, or never could be
    started, and is not restarted; one that is `leaving` is gone once it has ended.
    """

    __slots__ = (
        "again_s", "created_s", "delay", "down_since", "downtime_s", "draws", "ended_s", "host",
        "leaving", "life", "loss", "name", "number", "oom_kills", "phases", "plan", "ready_s",
        "refusal", "restarts", "rests", "spent", "status", "waits",
    )  # fmt: skip

    def __init__(self, plan: Plan, number: int, draws: Draws | None, now: float) -> None:
        self.name = f"{plan.group}/{number}"
        self.plan = plan
        self.number = number
        self.draws = draws
        self.host = -1
        self.created_s = now
        self.ready_s = nan
        self.restarts = 0
        self.oom_kills = 0
        self.delay = plan.restart.first
        self.again_s = now
        self.waits = False
        self.rests = False
        self.leaving = False
        self.status: int | None = None
        self.ended_s = nan
        self.down_since = nan
        self.downtime_s = 0.0
        self.phases: dict[str, float] = {}
        self.spent: dict[str, float] = {}
        self.loss: Loss | None = None
        self.refusal: tuple[float, str] | None = None
        self.life: Task | None = None

    @property
    def group(self) -> str:
        """The group that it is one of."""
        return self.plan.group

    @property
    def state(self) -> str:
        """The state of its present life, or that it waits for the next, or found no host."""
        if self.refusal is not None:
            return FAILED
        if self.waits:
            return RESTARTING
        if self.life is None:
            return STARTING
        return PAUSED if self.life.is_paused and self.life.is_live else self.life.state

    @property
    def reason(self) -> str:
        """Why it failed or was killed, if it was."""
        if self.refusal is not None:
            return self.refusal[1]
        return "" if self.life is None else self.life.reason

    @property
    def exited_s(self) -> float:
        """When it ended for good; nan if it has not."""
        if self.refusal is not None:
            return self.refusal[0]
        return nan if self.life is None else self.life.exited_s

    @property
    def exit_status(self) -> float:
        """What its main process left when it ended last, for a table; nan if none has."""
        return nan if self.status is None else float(self.status)

    @property
    def is_live(self) -> bool:
        """Whether it has a life that has not ended."""
        return self.life is not None and self.life.is_live

    @property
    def runs(self) -> bool:
        """Whether it has a life that is under way, and does not wait for a restart."""
        return self.is_live and not self.waits

    def rise(self, now: float) -> bool:
        """Note that it is ready; True where that is the first time."""
        if self.down_since == self.down_since:
            self.downtime_s += now - self.down_since
            self.down_since = nan
        if self.loss is not None:
            self.loss.recover(now)
            self.loss = None
        is_first = self.ready_s != self.ready_s
        if is_first:
            self.ready_s = now
        return is_first

    def fall(self, now: float) -> None:
        """Note that it serves no more, though it should."""
        self.down_since = now

    def settle(self, now: float) -> None:
        """Count its downtime up to the end of the run."""
        if self.down_since == self.down_since:
            self.downtime_s += now - self.down_since
            self.down_since = now
