"""The parts of a shared rate: claims, the nodes that group them, and cohorts of equal ones.

A quantity is *set* by the caller or *computed* from those that are:

- leaf: ``work``, weight and cap are set; ``before``, ``begun`` and ``entry`` are computed;
- node: ``weight`` and ``cap`` are set; its grant, its next finish and its clocks are computed;
- cohort: everything is computed. Its members have equal weight w and effective cap e, so each
  of them runs at w times the speed of the cohort's one clock, whoever comes and goes.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from math import fsum, inf
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:  # the rate that owns a node is above this module
    from sim.resources.rate import Rate

Follower: TypeAlias = "Leaf | Cohort"
Entry: TypeAlias = "tuple[float, int, Leaf | Cohort]"

CLOCK_SECONDS = 4096.0
"""A clock is rebased past this many seconds at full speed: one ulp of it stays below 1e-12 s."""

SLACK = 16
"""Stale entries that a heap may keep beyond one for each follower of its clock."""


class Leaf:
    """A claim with work to do: a running thread, a disk operation, a transfer.

    Its weight and cap are those of its cohort; it is in none once it has finished or left.
    """

    __slots__ = ("before", "begun", "cohort", "entry", "order", "owner", "parent", "work")

    def __init__(self, parent: Node, work: float, owner: object, order: int) -> None:
        self.parent = parent
        self.work = work
        self.owner = owner
        self.order = order
        self.before = 0.0  # work done before it joined its present cohort
        self.begun = 0.0  # the cohort's clock when it did
        self.cohort: Cohort | None = None
        self.entry: Entry | None = None


class Node:
    """A group of claims under one weight and one cap: a cgroup, a virtual machine, the root.

    It is *solved* itself, with its own speeds, only as the root or with solved nodes below it.
    Its cohorts otherwise follow the clock of another: a single one that of the node's own
    cohort, for which no solving is needed, several those of a `Pattern`, solved once for all.
    """

    __slots__ = (
        "cap",
        "capacity",
        "cohort",
        "cohorts",
        "grant",
        "next",
        "nodes",
        "parent",
        "ranked",
        "rate",
        "solver",
        "spare",
        "touched",
        "weight",
    )

    def __init__(
        self, rate: Rate | None, parent: Node | None, weight: float, cap: float, capacity: float
    ) -> None:
        self.rate = rate  # None once removed
        self.parent = parent
        self.weight = weight
        self.cap = cap
        self.capacity = capacity  # of the root, for the scale of its clocks
        self.nodes = 0  # inner nodes below it, active or not
        self.touched = False  # changed since the last solution
        self.cohorts: dict[tuple[float, float], Cohort] = {}
        self.ranked: list[Cohort] | None = None  # cohorts by level, None when out of date
        self.cohort: Cohort | None = None  # the one that it is in, while active
        self.spare: Cohort | None = None  # the last one that emptied, to be used again
        self.solver: Node | None = None  # itself, its pattern, or None where uniform or idle
        self.grant = 0.0
        self.next = inf

    def demand(self) -> float:
        """Return the sum of the effective caps of its active children."""
        demands = [cohort.count * cohort.cap for cohort in self.cohorts.values()]
        return demands[0] if len(demands) == 1 else fsum(demands)

    def cohort_of(self, weight: float, cap: float) -> Cohort:
        """Return its cohort of this weight and effective cap, made if there is none."""
        key = weight, cap
        cohort = self.cohorts.get(key)
        if cohort is None:
            cohort = self.spare
            if cohort is None or cohort.weight != weight or cohort.cap != cap:
                cohort = Cohort(self, weight, cap)
            self.spare = None
            self.cohorts[key] = cohort
            self.ranked = None
        return cohort


Profile: TypeAlias = tuple[tuple[float, float, int], ...]


class Pattern(Node):
    """What nodes of one cohort share whose children are alike: the speeds inside.

    Such nodes have equal grants, and cohorts of equal weights, caps and counts; those of the
    pattern have the same, and its solution is the solution of each node.
    """

    __slots__ = ("profile", "users")

    def __init__(self, outer: Cohort, profile: Profile) -> None:
        super().__init__(None, None, 1.0, inf, outer.node.capacity)
        self.profile = profile
        self.users = 0
        for weight, cap, count in profile:
            self.cohort_of(weight, cap).count = count


class Cohort:
    """Active children of one node with equal weight and effective cap, and their common clock.

    A leaf with work x that joins at clock V finishes at the reading V + x/w, whatever the speed;
    so the heap of readings never changes when the speed does. A cohort that *follows* another's
    clock at a fixed pace is one entry in the heap there, for its own first.
    """

    __slots__ = (
        "anchor",
        "cap",
        "clock",
        "count",
        "entry",
        "followers",
        "heap",
        "level",
        "limit",
        "node",
        "outer",
        "pace",
        "solved",
        "speed",
        "time",
        "weight",
    )

    def __init__(self, node: Node, weight: float, cap: float) -> None:
        self.node = node
        self.weight = weight
        self.cap = cap
        self.count = 0  # active children in it
        self.level = cap / weight  # its greatest speed
        self.limit = CLOCK_SECONDS * min(self.level, node.capacity / weight)
        self.followers: dict[Follower, None] = {}
        self.solved: dict[Profile | Node, Node] = {}  # patterns, and nodes with patterns below
        self.heap: list[Entry] = []
        self.clock = 0.0  # its reading at `time`, or, where it follows, at the outer `anchor`
        self.time = 0.0
        self.speed = 0.0  # its own; 0 where it follows
        self.outer: Cohort | None = None
        self.anchor = 0.0
        self.pace = 0.0  # clock per outer clock
        self.entry: Entry | None = None

    def __lt__(self, other: Cohort) -> bool:
        """Leave a heap as it is where a stale entry for the same first leaf ties with a live one."""
        return False

    def reading(self, now: float) -> float:
        """Return its clock, where it runs at its own speed or was settled at `now`."""
        return self.clock + self.speed * (now - self.time)

    def settle(self, now: float) -> None:
        """Bring the clock of a follower up to now, at the pace that ends here."""
        outer = self.outer
        if outer is not None:
            reading = outer.clock + outer.speed * (now - outer.time)
            self.clock += (reading - self.anchor) * self.pace
            self.anchor = reading

    def enter(self, leaf: Leaf, now: float) -> None:
        """Start what is left of a leaf's work here."""
        clock = self.clock + self.speed * (now - self.time)
        leaf.cohort = self
        leaf.begun = clock
        self.count += 1
        self.followers[leaf] = None
        if leaf.work != inf:
            leaf.entry = entry = (clock + (leaf.work - leaf.before) / self.weight, leaf.order, leaf)
            heappush(self.heap, entry)

    def exit(self, leaf: Leaf) -> None:
        """Take out a leaf; its entry, if it has one, goes stale."""
        leaf.cohort = None
        del self.followers[leaf]
        if leaf.entry is not None:
            leaf.entry = None
            self.compact()
        self.lose()

    def lose(self) -> None:
        """Count one child less; without any, leave the node."""
        self.count -= 1
        if not self.count:
            node = self.node
            del node.cohorts[self.weight, self.cap]
            node.ranked = None
            node.spare = self
            self.unfollow()
            self.heap.clear()
            self.clock = self.time = self.speed = 0.0

    def follow(self, outer: Cohort, pace: float, now: float) -> None:
        """Tie the clock to an outer one from now on, and enter its first there."""
        if self.outer is not outer:
            self.unfollow()
            self.outer = outer
            outer.followers[self] = None
        self.run(0.0, now)
        self.pace = pace
        self.anchor = outer.clock + outer.speed * (now - outer.time)
        outer.key(self)

    def key(self, follower: Cohort) -> None:
        """Enter a follower, settled now, at the reading of its first, in place of its old entry."""
        first = follower.first()
        old = follower.entry
        if first is None:
            follower.entry = None
            return
        reading = follower.anchor + (first[0] - follower.clock) / follower.pace
        if old is None or old[0] != reading or old[1] != first[1]:
            follower.entry = entry = (reading, first[1], follower)
            heappush(self.heap, entry)
            if old is not None:
                self.compact()

    def unfollow(self) -> None:
        """Stop at the last settled reading."""
        outer = self.outer
        if outer is not None:
            self.outer = None
            del outer.followers[self]
            if self.entry is not None:
                self.entry = None
                outer.compact()

    def dismiss(self, solver: Node) -> None:
        """Drop a solved member: a node of its own, or one user of a pattern."""
        if not isinstance(solver, Pattern):
            del self.solved[solver]
            return
        solver.touched = True
        solver.users -= 1
        if not solver.users:
            del self.solved[solver.profile]

    def first(self) -> Entry | None:
        """Return the entry that finishes first, after dropping stale ones before it."""
        heap = self.heap
        while heap:
            entry = heap[0]
            if entry[2].entry is entry:
                return entry
            heappop(heap)
        return None

    def finish(self) -> float:
        """Return when its first entry finishes, at the present speed."""
        heap = self.heap
        if not heap:
            return inf
        entry: Entry | None = heap[0]
        if entry is None or entry[2].entry is not entry:
            entry = self.first()
            if entry is None:
                return inf
        left = entry[0] - self.clock
        if self.speed > 0.0:
            return self.time + left / self.speed
        return inf if left > 0.0 else self.time

    def run(self, speed: float, now: float) -> None:
        """Let the clock move at this speed from now on."""
        clock = self.clock + self.speed * (now - self.time)
        if speed != self.speed or clock > self.limit:
            self.clock = clock
            self.time = now
            self.speed = speed
            if clock > self.limit:
                self.rebase(clock)

    def rebase(self, clock: float) -> None:
        """Set a clock that has grown large back to zero, so that its ulp stays small."""
        for follower in self.followers:
            if isinstance(follower, Leaf):
                follower.begun -= clock
            else:
                follower.anchor -= clock
            if follower.entry is not None:
                follower.entry = (follower.entry[0] - clock, follower.entry[1], follower)
        self.heap = [each.entry for each in self.followers if each.entry is not None]
        heapify(self.heap)
        self.clock = 0.0

    def compact(self) -> None:
        """Drop stale entries once they outnumber the followers."""
        if len(self.heap) > 2 * len(self.followers) + SLACK:
            self.heap = [entry for entry in self.heap if entry[2].entry is entry]
            heapify(self.heap)
