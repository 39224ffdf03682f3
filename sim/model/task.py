"""A task: a list of activities, a cursor in it, and what it holds on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, nan

from sim.model.activity import Activity, Variation
from sim.model.inside import Inside
from sim.model.machine import Gate, Machine, Shared
from sim.model.plan import Plan
from sim.resources.lock import Lock
from sim.resources.memory import Account
from sim.resources.rate import Leaf

STARTING, READY, EXITED, FAILED, KILLED = "starting", "ready", "exited", "failed", "oom-killed"

CPU, DISK, LINK, LOCKS, WAITING = "cpu", "disk", "link", "locks", "waiting"
"""What a task may spend its time with."""

Draws = tuple[float, float]


class Unavailable(Exception):
    """What a task needs cannot be had; says why."""


class Task:
    """One who performs activities on the machines of one host, in order, one at a time.

    Most are instances of a group; others make a shared machine, pull a layer or unpack. Set when
    made: name, plan, activities, the machines so far, draws, and what to call at the end. The
    rest is moved by the engine. `machines` has one machine for each depth that it has reached;
    `outside` has the accounts of what its boundaries hold around them, by depth.
    """

    __slots__ = (
        "account", "activities", "arrival", "created_s", "cursor", "draws", "ends", "exited_s",
        "fetches", "holds", "machines", "moves", "name", "net", "number", "outside", "owned",
        "phase", "phase_since", "phases", "plan", "pulling", "ready_s", "reason", "since",
        "spends", "spent", "state", "steady", "streams", "tare", "then", "visits", "writes",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        plan: Plan | None,
        activities: Sequence[Activity],
        machines: list[Machine],
        now: float,
        *,
        number: int = -1,
        draws: Draws | None = None,
        ends: Callable[[Task, float], None] | None = None,
    ) -> None:
        self.name = name
        self.plan = plan
        self.number = number
        self.activities = activities
        self.machines = machines
        self.draws = draws
        self.ends = ends
        self.cursor = 0
        self.state = STARTING
        self.reason = ""
        self.created_s = now
        self.ready_s = self.exited_s = nan
        self.phase = ""
        self.phase_since = self.since = now
        self.phases: dict[str, float] = {}
        self.spends = WAITING
        self.spent: dict[str, float] = {}
        self.account: Account | None = None
        self.outside: dict[int, Account] = {}
        self.owned: list[int] = []
        self.visits: list[Shared] = []
        self.holds: list[Lock[Task]] = []
        self.net = 0.0
        self.tare = ""
        self.then = 0.0
        self.fetches = 0
        self.moves = 0
        self.writes = False
        self.pulling: int | None = None
        self.arrival: Gate | None = None
        self.steady: Leaf | None = None
        self.streams: list[tuple[Leaf, bool]] = []

    @property
    def group(self) -> str:
        """The group that it is an instance of; empty for what serves the platform."""
        return self.plan.group if self.plan is not None and self.is_instance else ""

    @property
    def is_instance(self) -> bool:
        """Whether it is one of a group, and not a servant of the platform."""
        return self.number >= 0

    @property
    def insides(self) -> tuple[Inside, ...]:
        """The boundaries that it goes through."""
        return self.plan.insides if self.plan is not None else ()

    @property
    def is_live(self) -> bool:
        """Whether it has not ended in one way or another."""
        return self.state in (STARTING, READY)

    def begin(self, phase: str, now: float) -> None:
        """End the phase that it is in and begin another."""
        if self.phase:
            self.phases[self.phase] = self.phases.get(self.phase, 0.0) + now - self.phase_since
        self.phase = phase
        self.phase_since = now

    def spending(self, resource: str, now: float) -> None:
        """Note what it waits for from now on."""
        self.spends = resource
        self.since = now

    def spend(self, now: float) -> None:
        """Count the time since then, while it is starting."""
        if self.state == STARTING:
            self.spent[self.spends] = self.spent.get(self.spends, 0.0) + now - self.since
            self.since = now

    def varied(self, variation: Variation) -> float:
        """Its own factor for a demand that varies; 1 for what is no instance."""
        sigma = variation.sigma
        if not sigma or self.draws is None:
            return 1.0
        return exp(sigma * (self.draws[variation.draw] - 0.5 * sigma))
