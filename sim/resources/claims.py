"""The tree of a shared rate: leaves that claim it, nodes that group them, patterns of nodes.

A quantity is *set* by the caller or *computed* from those that are:

- leaf: work, weight and cap are set; how much is done, and at what reading it finishes, computed;
- node: weight and cap are set; its effective cap, the smaller of its cap and the sum of those of
  its active children, decides with its weight which cohort it is in, and the rest follows.
"""

from __future__ import annotations

from heapq import heappush
from math import inf
from typing import TypeAlias

from sim.resources.cohort import Allotment, Cohort, Entry, Follower

Profile: TypeAlias = tuple[tuple[float, float, int], ...]
"""Weight, effective cap and count of each cohort of a node, in order."""


class Leaf(Follower):
    """A claim with work to do: a running thread, a disk operation, a transfer.

    Its weight and cap are those of its cohort; it is in none once it has finished or left.
    """

    __slots__ = ("before", "cohort", "order", "owner", "parent", "work")

    def __init__(self, parent: Node, work: float, owner: object, order: int) -> None:
        self.parent = parent
        self.work = work
        self.owner = owner
        self.order = order
        self.before = 0.0  # work done before it joined its present cohort
        self.cohort: Cohort | None = None
        self.entry: Entry | None = None

    def start(self, cohort: Cohort, now: float) -> None:
        """Run what is left of its work in a cohort of its parent."""
        self.cohort = cohort
        self.anchor = clock = cohort.clock + cohort.speed * (now - cohort.time)
        cohort.count += 1
        cohort.followers[self] = None
        if self.work != inf:
            reading = clock + (self.work - self.before) / cohort.weight
            self.entry = entry = (reading, self.order, self)
            heappush(cohort.heap, entry)

    def stop(self, cohort: Cohort) -> None:
        """Leave its cohort."""
        self.cohort = None
        cohort.release(self)
        self.parent.lose(cohort)


class Node(Allotment):
    """A group of claims under one weight and one cap: a cgroup, a virtual machine, the root.

    It is solved itself, with its own speeds, only as the root or with solved nodes below it.
    Its cohorts otherwise follow other clocks: a single one that of the cohort that the node is
    in, and it needs no solving at all; several those of a pattern, solved once for all users.
    """

    __slots__ = ("cap", "cohort", "nodes", "parent", "rate", "solver", "weight")

    def __init__(
        self, rate: object, parent: Node | None, weight: float, cap: float, capacity: float
    ) -> None:
        super().__init__(capacity)
        self.rate = rate  # that it is part of; None once removed
        self.parent = parent
        self.weight = weight
        self.cap = cap
        self.nodes = 0  # nodes right below it, active or not
        self.cohort: Cohort | None = None  # the one that it is in, while active
        self.solver: Allotment | None = None  # itself, its pattern, or None where not solved


class Pattern(Allotment):
    """What nodes of one cohort share whose children are alike: the speeds inside.

    Such nodes have equal grants, and cohorts of equal weights, caps and counts; those of the
    pattern are the same again, and its solution is the solution of each node.
    """

    __slots__ = ("profile", "users")

    def __init__(self, profile: Profile, capacity: float) -> None:
        super().__init__(capacity)
        self.profile = profile
        self.users = 0
        for weight, cap, count in profile:
            self.cohort_of(weight, cap).count = count
