"""Cohorts: claims of equal weight and cap, which one clock serves in virtual time.

Each member runs at w times the speed of the clock, whoever comes and goes. Everything here is
computed: the clock, its speed, and the readings at which its followers finish.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from math import fsum, inf
from typing import TypeAlias

CLOCK_SECONDS = 4096.0
"""A clock is rebased past this many seconds at full speed: one ulp of it stays below 1e-12 s."""

SLACK = 16
"""Stale entries that a heap may keep beyond one for each follower of its clock."""

Entry: TypeAlias = "tuple[float, int, Follower]"
"""When something finishes by the clock, the order of joining of the leaf that does, and what."""


class Follower:
    """What finishes by the reading of a cohort's clock: a leaf, or a cohort of a smaller tree.

    Its entry in the clock's heap is current if it is this very tuple, and stale if it is not.
    """

    __slots__ = ("anchor", "entry")

    def __init__(self) -> None:
        self.anchor = 0.0  # the clock when it started to follow or was last settled
        self.entry: Entry | None = None

    def __lt__(self, other: Follower) -> bool:
        """Let either be first where a stale entry ties with a live one for the same leaf."""
        return False


class Cohort(Follower):
    """Active children of one node with equal weight and effective cap, and their common clock.

    A leaf with work x that joins at clock V finishes at the reading V + x/w, whatever the speed;
    so the heap of readings never changes when the speed does. A cohort that *follows* another's
    clock at a fixed pace is one entry in the heap there, for its own first.
    """

    __slots__ = (
        "cap",
        "clock",
        "count",
        "followers",
        "heap",
        "level",
        "limit",
        "outer",
        "pace",
        "solved",
        "speed",
        "time",
        "weight",
    )

    def __init__(self, weight: float, cap: float, capacity: float) -> None:
        super().__init__()
        self.weight = weight
        self.cap = cap
        self.count = 0  # active children in it
        self.level = cap / weight  # its greatest speed
        self.limit = CLOCK_SECONDS * min(self.level, capacity / weight)
        self.followers: dict[Follower, None] = {}
        self.solved: dict[object, Allotment] = {}  # patterns, and nodes with patterns below
        self.heap: list[Entry] = []
        self.clock = 0.0  # its reading at `time`, or, where it follows, at the outer `anchor`
        self.time = 0.0
        self.speed = 0.0  # its own; 0 where it follows
        self.outer: Cohort | None = None
        self.pace = 0.0  # clock per outer clock

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

    def empty(self) -> None:
        """Forget all that was, to be used again from zero."""
        self.unfollow()
        self.heap.clear()
        self.clock = self.time = self.speed = 0.0

    def follow(self, outer: Cohort, pace: float, now: float) -> None:
        """Tie the clock to an outer one from now on, and enter its first there."""
        if self.outer is not outer:
            self.unfollow()
            self.outer = outer
            outer.followers[self] = None
        if self.speed != 0.0 or self.clock > self.limit:
            self.run(0.0, now)
        self.pace = pace
        self.anchor = outer.clock + outer.speed * (now - outer.time)
        first = self.first()
        if first is None:
            self.entry = None
        else:
            outer.key(self, self.anchor + (first[0] - self.clock) / pace, first[1])

    def key(self, follower: Follower, reading: float, order: int) -> None:
        """Enter a follower at a reading, in place of its old entry."""
        old = follower.entry
        if old is None:
            follower.entry = entry = (reading, order, follower)
            heappush(self.heap, entry)
        elif old[0] != reading or old[1] != order:
            follower.entry = entry = (reading, order, follower)
            heappush(self.heap, entry)
            self.compact()

    def unfollow(self) -> None:
        """Stop at the last settled reading."""
        outer = self.outer
        if outer is not None:
            self.outer = None
            outer.release(self)

    def release(self, follower: Follower) -> None:
        """Take out a follower; its entry, if it has one, goes stale."""
        del self.followers[follower]
        if follower.entry is not None:
            follower.entry = None
            self.compact()

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
        entry = self.first() if self.heap else None
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


class Allotment:
    """A grant, and the cohorts that share it."""

    __slots__ = ("capacity", "cohorts", "grant", "next", "ranked", "spare", "touched")

    def __init__(self, capacity: float) -> None:
        self.capacity = capacity  # of the root, for the scale of clocks
        self.cohorts: dict[tuple[float, float], Cohort] = {}
        self.ranked: list[Cohort] | None = None  # cohorts by level, None when out of date
        self.spare: Cohort | None = None  # the last one that emptied, to be used again
        self.touched = False  # changed since the last solution
        self.grant = 0.0
        self.next = inf  # completion among what is solved here and below

    def demand(self) -> float:
        """Return the sum of the effective caps of the members."""
        if len(self.cohorts) == 1:
            (only,) = self.cohorts.values()
            return only.count * only.cap
        return fsum([cohort.count * cohort.cap for cohort in self.cohorts.values()])

    def cohort_of(self, weight: float, cap: float) -> Cohort:
        """Return the cohort of this weight and effective cap, made if there is none."""
        key = weight, cap
        cohort = self.cohorts.get(key)
        if cohort is None:
            cohort = self.spare
            if cohort is None or cohort.weight != weight or cohort.cap != cap:
                cohort = Cohort(weight, cap, self.capacity)
            self.spare = None
            self.ranked = None
            self.cohorts[key] = cohort
        return cohort

    def lose(self, cohort: Cohort) -> None:
        """Count a member less in a cohort, and drop it when it has none."""
        cohort.count -= 1
        if not cohort.count:
            del self.cohorts[cohort.weight, cohort.cap]
            self.ranked = None
            self.spare = cohort
            cohort.empty()
