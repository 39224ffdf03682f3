"""A task: a list of activities, a cursor in it, and what it holds on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, nan
from typing import TYPE_CHECKING

from sim.model.activity import APPLICATION, Activity, Variation
from sim.model.gate import Gate
from sim.model.inside import Inside
from sim.model.instance import READY, STARTING, STOPPING, Instance
from sim.model.machine import Machine
from sim.model.plan import Plan
from sim.model.shared import Shared
from sim.resources.lock import Lock
from sim.resources.memory import Account

if TYPE_CHECKING:  # demands are of tasks, and above this module
    from sim.model.demand import Demand

CPU, DISK, LINK, LOCKS, WAITING = "cpu", "disk", "link", "locks", "waiting"
"""What a task may spend its time with."""


class Unavailable(Exception):
    """What a task needs cannot be had; says why."""


class Task:
    """One who performs activities on the machines of one host, in order, one at a time.

    Most are lives of an instance; others make a shared machine, pull a layer, unpack, or perform a
    step of a build. Set when made: name, plan, activities, the machines so far, the instance, the
    `group` that it works for (none where it serves the platform), and what to call at the end. The
    rest is moved by the engine. `machines` has one machine for each depth that it has reached;
    `owned` the depths of those that are its own, `visits` the places that it has in shared ones,
    `outside` the accounts of what its boundaries hold around them, all by depth. `call_off` undoes
    what it waits for. One that `is_paused` performs nothing, and comes back to its `claim` on
    the CPU; what it waited for meanwhile `is_due`.
    """

    __slots__ = (
        "account", "activities", "arrival", "call_off", "claim", "created_s", "cursor", "demand",
        "ends", "exited_s", "fetches", "group", "holds", "instance", "is_due", "is_paused",
        "machines", "moves", "name", "net", "outside", "owes", "owned", "phase", "phase_since",
        "phases", "plan", "pulling", "ready_s", "reason", "since", "spends", "spent", "state",
        "status", "tare", "then", "up_s", "visits", "wants", "writes",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        plan: Plan | None,
        activities: Sequence[Activity],
        machines: list[Machine],
        now: float,
        *,
        instance: Instance | None = None,
        ends: Callable[[Task, float], None] | None = None,
        group: str = "",
    ) -> None:
        self.name = name
        self.plan = plan
        self.activities = activities
        self.machines = machines
        self.instance = instance
        self.group = group if instance is None else instance.group
        self.ends = ends
        self.cursor = 0
        self.state = STARTING
        self.reason = ""
        self.status: int | None = None
        self.created_s = now
        self.up_s = self.ready_s = self.exited_s = nan
        self.phase = ""
        self.phase_since = self.since = now
        self.phases: dict[str, float] = {}
        self.spends = WAITING
        self.spent: dict[str, float] = {}
        self.account: Account | None = None
        self.outside: dict[int, Account] = {}
        self.owned: list[int] = []
        self.visits: dict[int, Shared] = {}
        self.holds: list[Lock[Task]] = []
        self.call_off: Callable[[float], None] | None = None
        self.net = 0.0
        self.tare = ""
        self.owes: int | None = None
        self.then = 0.0
        self.fetches = 0
        self.is_paused = self.is_due = False
        self.claim = (0.0, 1.0)
        self.moves = 0
        self.writes = False
        self.pulling: int | None = None
        self.wants = "", 0
        self.arrival: Gate | None = None
        self.demand: Demand | None = None

    @property
    def insides(self) -> tuple[Inside, ...]:
        """The boundaries that it goes through."""
        return self.plan.insides if self.plan is not None else ()

    @property
    def is_live(self) -> bool:
        """Whether it has not ended in one way or another."""
        return self.state in (STARTING, READY, STOPPING)

    @property
    def is_up(self) -> bool:
        """Whether its main process has been started, and has not ended."""
        return self.state in (STARTING, READY) and self.up_s == self.up_s

    @property
    def reader(self) -> Account:
        """The account that is charged for what it reads into the page cache, once it is inside."""
        return self.account or self.machines[-1].account

    @property
    def kernel_depth(self) -> int:
        """The depth of the kernel that it runs on, as far as it has come; the host's is 0."""
        here = self.machines[-1].kernel
        return next(depth for depth, machine in enumerate(self.machines) if machine.kernel is here)

    @property
    def lasting_depth(self) -> int:
        """The depth of the innermost kernel that stands when its main process ends; or the host."""
        around = enumerate(self.insides[: self.kernel_depth], start=1)
        return max((depth for depth, inside in around if inside.lasts), default=0)

    def begin(self, phase: str, now: float) -> None:
        """End the phase that it is in and begin another."""
        if self.phase:
            self.phases[self.phase] = self.phases.get(self.phase, 0.0) + now - self.phase_since
        self.phase = phase
        self.phase_since = now
        if phase == APPLICATION:
            self.up_s = now

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
        if not sigma or self.instance is None or self.instance.draws is None:
            return 1.0
        return exp(sigma * (self.instance.draws[variation.draw] - 0.5 * sigma))
