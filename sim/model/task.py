"""A task: a list of activities, a cursor in it, and what it holds on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, field
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


@dataclass(slots=True, eq=False, repr=False)
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

    name: str
    plan: Plan | None
    activities: Sequence[Activity]
    machines: list[Machine]
    created_s: float
    _: KW_ONLY
    instance: Instance | None = None
    ends: Callable[[Task, float], None] | None = None
    group: str = ""
    cursor: int = 0
    state: str = STARTING
    reason: str = ""
    status: int | None = None
    up_s: float = nan
    ready_s: float = nan
    exited_s: float = nan
    phase: str = ""
    phase_since: float = nan
    since: float = nan
    phases: dict[str, float] = field(default_factory=dict)
    spends: str = WAITING
    spent: dict[str, float] = field(default_factory=dict)
    account: Account | None = None
    outside: dict[int, Account] = field(default_factory=dict)
    owned: list[int] = field(default_factory=list)
    visits: dict[int, Shared] = field(default_factory=dict)
    holds: list[Lock[Task]] = field(default_factory=list)
    call_off: Callable[[float], None] | None = None
    net: float = 0.0
    tare: str = ""
    owes: int | None = None
    then: float = 0.0
    fetches: int = 0
    is_paused: bool = False
    is_due: bool = False
    claim: tuple[float, float] = (0.0, 1.0)
    moves: int = 0
    writes: bool = False
    pulling: int | None = None
    wants: tuple[str, int] = ("", 0)
    arrival: Gate | None = None
    demand: Demand | None = None

    def __post_init__(self) -> None:
        """It works for the group of its instance, and is in its phase since it was made."""
        if self.instance is not None:
            self.group = self.instance.group
        self.phase_since = self.since = self.created_s

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
