"""A rate shared over a tree of weighted, capped claims: a processor, a disk, a link.

Generalised processor sharing, weighted max-min fair and work-conserving, in virtual time: an
event costs O(depth log n) where claims are alike, and no more than a plain solution where all
differ. A leaf of weight w and cap c under a node that is granted r runs at ``min(c, w L)``, with
L, the water level, such that the rates under the node sum to the smaller of r and its demand.

Set by the caller: the capacity, and each claim's work, weight and cap. Computed: all the rest.
An *instant* is any number of changes at one time; it is solved once, when next asked.

Units: time in seconds; the rate in cores, device-seconds per second or bytes per second; work in
core-seconds, device-seconds or bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from math import inf, ulp
from operator import attrgetter

from sim.resources.claims import Leaf, Node
from sim.resources.cohort import Cohort
from sim.resources.fairness import clock_of, refresh, solve, speed_of, take_due
from sim.resources.offers import Path, offered, path_of

__all__ = ["Leaf", "Node", "Rate"]

RESOLUTION = 1e-9
"""Seconds within which two times are one."""

in_order = attrgetter("order")


class Rate:
    """A capacity shared among leaves that come, run and finish.

    Time starts at 0 and never goes back, nor past `next` by more than the resolution: a method
    given such a time raises ValueError. The resolution is at least 4 ulp of the time, so that a
    remainder too small to be told from rounding can never hold up a run.
    """

    __slots__ = (
        "_efficiency",
        "_joined",
        "_now",
        "_offers",
        "_resolution",
        "_served",
        "_touched",
        "root",
    )

    def __init__(
        self,
        capacity: float,
        *,
        resolution: float = RESOLUTION,
        efficiency: Callable[[float], float] | None = None,
    ) -> None:
        """Start idle. `efficiency` gives the useful part of the capacity at a total demand.

        Raises: ValueError where the capacity is negative or not finite.
        """
        self.root = Node(self, None, 1.0, finite(capacity), capacity)
        self._resolution = resolution
        self._efficiency = efficiency
        self._now = 0.0
        self._joined = 0
        self._served = 0.0
        self._touched: list[Node] = []
        self._offers: dict[Path, float] = {}  # worked out since the last solution

    def share(self, parent: Node, *, weight: float = 1.0, cap: float = inf) -> Node:
        """Return a new node under `parent`, idle until a leaf joins below it."""
        check(self, parent)
        check_claim(weight, cap)
        parent.nodes += 1
        return Node(self, parent, weight, cap, parent.capacity)

    def remove(self, node: Node) -> None:
        """Take out a node that has no claims and no nodes under it.

        Raises: ValueError where it has, and for the root.
        """
        check(self, node)
        if node.parent is None or node.nodes or node.cohorts:
            raise ValueError("only an empty node below the root can be removed")
        self.next()  # an idle node leaves its cohort when it is refreshed
        node.parent.nodes -= 1
        node.rate = None

    def join(
        self,
        parent: Node,
        work: float,
        now: float,
        *,
        weight: float = 1.0,
        cap: float = 1.0,
        owner: object = None,
    ) -> Leaf:
        """Start a claim; infinite work is a steady demand that never finishes."""
        if parent.rate is not self or not (0.0 < weight < inf and cap >= 0.0 and work >= 0.0):
            check(self, parent)
            check_claim(weight, cap)
            raise ValueError(f"work must be zero or more, not {work}")
        if now != self._now:
            self._advance(now)
        if not parent.touched:
            self._touch(parent)
        self._joined += 1
        leaf = Leaf(parent, work, owner, self._joined)
        leaf.start(parent.cohort_of(weight, cap), now)
        return leaf

    def leave(self, leaf: Leaf, now: float) -> float:
        """Cancel a claim and return the work done.

        Raises: ValueError where it has finished or left already.
        """
        self._suspend(leaf, now)
        return leaf.before

    def recap(
        self,
        claim: Leaf | Node,
        now: float,
        *,
        cap: float | None = None,
        weight: float | None = None,
    ) -> None:
        """Change a claim's cap, weight or both while it runs; the root's cap is the capacity."""
        present = running(claim) if isinstance(claim, Leaf) else claim
        cap = present.cap if cap is None else cap
        weight = present.weight if weight is None else weight
        check_claim(weight, cap)
        if isinstance(claim, Leaf):
            self._suspend(claim, now)
            claim.start(claim.parent.cohort_of(weight, cap), now)
            return
        check(self, claim)
        if now != self._now:
            self._advance(now)
        self._touch(claim)
        claim.cap = cap if claim is not self.root else finite(cap)
        claim.weight = weight

    def next(self) -> float:
        """Return the time of the next completion, infinite if there is none."""
        if self._touched:
            self._solve()
        return self.root.next

    def complete(self, now: float) -> list[Leaf]:
        """Take out and return the leaves that finish by `now`, within the resolution, as joined."""
        if now != self._now:
            self._advance(now)
        limit = now + self._tolerance(now)
        due: list[Leaf] = []
        if self.next() <= limit:
            take_due(self.root, limit, due)
            for leaf in due:
                self._finish(leaf)
            if len(due) > 1:
                due.sort(key=in_order)
        return due

    def done(self, leaf: Leaf, now: float) -> float:
        """Return the work done on a leaf so far; all of it once it has finished."""
        if now != self._now:
            self._advance(now)
        cohort = leaf.cohort
        if cohort is None:
            return leaf.before
        ran = clock_of(cohort, now) - leaf.anchor
        return min(leaf.work, leaf.before + ran * cohort.weight)

    def claim(self, leaf: Leaf) -> tuple[float, float]:
        """Return the cap and the weight of a claim that runs.

        Raises: ValueError where it has finished or left already.
        """
        cohort = running(leaf)
        return cohort.cap, cohort.weight

    def offer(self, leaf: Leaf, least: float, lifted: Container[Node] = ()) -> float:
        """Return what rate a leaf would have if its cap were at least so much; nothing changes.

        Nodes around it that are to be `lifted` as well are taken to have such a cap, too.
        """
        running(leaf)
        self.next()
        path = least, *path_of(leaf, lifted)
        found = self._offers.get(path)
        if found is None:
            found = self._offers[path] = offered(leaf, least, lifted, self._useful)
        return found

    def rate(self, claim: Leaf | Node) -> float:
        """Return the present rate of a leaf or node, 0 if it is idle or has finished."""
        self.next()
        if claim is self.root:
            return self.root.grant
        cohort = claim.cohort
        return 0.0 if cohort is None else speed_of(cohort) * cohort.weight

    def served(self, now: float) -> float:
        """Return the work delivered to all claims since the start."""
        if now != self._now:
            self._advance(now)
        return self._served

    def _advance(self, now: float) -> None:
        if self._touched:
            self._solve()
        root = self.root
        elapsed = now - self._now
        if not elapsed >= 0.0 or (now > root.next and now > root.next + self._tolerance(now)):
            raise ValueError(f"time {now} is not between {self._now} and {root.next}")
        self._served += root.grant * elapsed
        self._now = now

    def _tolerance(self, now: float) -> float:
        ulps = 4.0 * ulp(now)
        return ulps if ulps > self._resolution else self._resolution

    def _touch(self, node: Node) -> None:
        """Mark a node and those above it as changed, settling clocks from the root down."""
        if node.touched:
            return
        parent = node.parent
        if parent is not None:
            if not parent.touched:
                self._touch(parent)
            for cohort in node.cohorts.values():
                cohort.settle(self._now)
        node.touched = True
        self._touched.append(node)

    def _finish(self, leaf: Leaf) -> None:
        if not leaf.parent.touched:
            self._touch(leaf.parent)
        leaf.before = leaf.work
        if leaf.cohort is not None:
            leaf.stop(leaf.cohort)

    def _suspend(self, leaf: Leaf, now: float) -> None:
        check(self, leaf.parent)
        cohort = running(leaf)
        leaf.before = self.done(leaf, now)
        self._touch(leaf.parent)
        leaf.stop(cohort)

    def _solve(self) -> None:
        """Refresh what changed, children before parents, and solve once from the root."""
        touched, root, now = self._touched, self.root, self._now
        self._offers.clear()
        for node in touched[:0:-1]:  # the root is always the first
            refresh(node, now)
        demand = root.demand()
        useful = self._useful(demand)
        solve(root, demand if demand < useful else useful, now)
        root.next = max(root.next, now)
        for node in touched:
            node.touched = False
        touched.clear()

    def _useful(self, demand: float) -> float:
        """Return the part of the capacity that there is to share at a total demand."""
        capacity = self.root.cap
        useful = capacity if self._efficiency is None else capacity * self._efficiency(demand)
        if not 0.0 <= useful < inf:
            raise ValueError(f"efficiency at {demand} must be finite and not negative")
        return useful


def finite(capacity: float) -> float:
    """Return a capacity if it is one, zero or more and finite."""
    if not 0.0 <= capacity < inf:
        raise ValueError(f"capacity must be finite and not negative, not {capacity}")
    return capacity


def check(rate: Rate, node: Node) -> None:
    """Refuse a node of another rate, or one that was removed."""
    if node.rate is not rate:
        raise ValueError("this node is not part of this rate")


def running(leaf: Leaf) -> Cohort:
    """Return the cohort of a leaf that has neither finished nor left."""
    if leaf.cohort is None:
        raise ValueError("this claim has finished or left already")
    return leaf.cohort


def check_claim(weight: float, cap: float) -> None:
    """Refuse a weight or a cap that no claim can have."""
    if not (0.0 < weight < inf and cap >= 0.0):
        raise ValueError(f"weight {weight} or cap {cap} is out of range")
