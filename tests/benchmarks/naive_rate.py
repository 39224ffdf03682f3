"""A shared rate as one would first write it in SimPy, with the methods of the engine's own.

Each claim that comes, goes or changes makes it settle every running claim, share the capacity
out anew over the whole tree and start a process that waits for the next completion; each claim's
end is an event of its own. So an event costs O(n) in the claims that run.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from math import fsum, inf, ulp
from operator import attrgetter
from unittest.mock import patch

import simpy

by_level, by_order = attrgetter("level"), attrgetter("order")


class NaiveLeaf:
    """A claim, what it has done and its present rate."""

    __slots__ = (
        "before",
        "level",
        "most",
        "order",
        "owner",
        "parent",
        "rate",
        "runs",
        "weight",
        "work",
    )

    def __init__(
        self, parent: NaiveNode, work: float, weight: float, cap: float, owner: object, order: int
    ) -> None:
        self.parent = parent
        self.work = work
        self.weight = weight
        self.most = cap  # of the rate, that it can use
        self.level = cap / weight
        self.owner = owner
        self.order = order
        self.before = 0.0
        self.rate = 0.0
        self.runs = True


class NaiveNode:
    """A group of claims under one weight and one cap, and those of them that run."""

    __slots__ = ("cap", "level", "most", "parent", "rate", "running", "total", "weight")

    def __init__(self, parent: NaiveNode | None, weight: float, cap: float) -> None:
        self.parent = parent
        self.weight = weight
        self.cap = cap
        self.level = self.most = self.total = 0.0
        self.rate = 0.0
        self.running: dict[NaiveNode | NaiveLeaf, None] = {}

    @property
    def runs(self) -> bool:
        """Whether anything runs in it."""
        return bool(self.running)

    def demand(self) -> float:
        """Return what all that runs in it can use together."""
        return self.total

    def change(self, child: NaiveNode | NaiveLeaf) -> None:
        """Count a child in while it runs, and tell those around."""
        if child.runs:
            self.running[child] = None
        else:
            self.running.pop(child, None)
            child.rate = 0.0
        self.total = fsum([each.most for each in self.running])
        self.most = min(self.cap, self.total)
        self.level = self.most / self.weight
        if self.parent is not None:
            self.parent.change(self)

    def fill(self, grant: float) -> None:
        """Share a grant among what runs in it, the least demanding for its weight first."""
        self.rate = grant
        weight = sum([each.weight for each in self.running])
        for child in sorted(self.running, key=by_level):
            given = min(child.most, grant * child.weight / weight)
            grant -= given
            weight -= child.weight
            if isinstance(child, NaiveLeaf):
                child.rate = given
            else:
                child.fill(given)


class NaiveRate:
    """The part of the contract of `Rate` that the model uses, on a SimPy environment of its own."""

    def __init__(
        self, capacity: float, *, efficiency: Callable[[float], float] | None = None
    ) -> None:
        self.root = NaiveNode(None, 1.0, capacity)
        self._efficiency = efficiency
        self._environment = simpy.Environment()
        self._leaves: dict[NaiveLeaf, simpy.Event] = {}
        self._now = 0.0
        self._joined = 0
        self._served = 0.0
        self._soonest = inf
        self._generation = 0
        self._finished: list[NaiveLeaf] = []

    def share(self, parent: NaiveNode, *, weight: float = 1.0, cap: float = inf) -> NaiveNode:
        """Return a new node under `parent`, idle until a leaf joins below it."""
        return NaiveNode(parent, weight, cap)

    def remove(self, node: NaiveNode) -> None:
        """Take out an empty node: one that is idle is in nobody's books."""
        assert node.parent is not None and not node.running

    def join(
        self,
        parent: NaiveNode,
        work: float,
        now: float,
        *,
        weight: float = 1.0,
        cap: float = 1.0,
        owner: object = None,
    ) -> NaiveLeaf:
        """Start a claim; an event tells its end."""
        self._settle(now)
        self._joined += 1
        leaf = NaiveLeaf(parent, work, weight, cap, owner, self._joined)
        finished = self._environment.event()
        finished.callbacks.append(lambda event: self._finished.append(leaf))
        self._leaves[leaf] = finished
        parent.change(leaf)
        self._share_out()
        return leaf

    def leave(self, leaf: NaiveLeaf, now: float) -> float:
        """Cancel a claim and return the work done."""
        self._settle(now)
        self._drop(leaf)
        self._share_out()
        return leaf.before

    def recap(
        self,
        claim: NaiveLeaf | NaiveNode,
        now: float,
        *,
        cap: float | None = None,
        weight: float | None = None,
    ) -> None:
        """Change a claim's cap, its weight or both."""
        self._settle(now)
        claim.weight = claim.weight if weight is None else weight
        if isinstance(claim, NaiveNode):
            claim.cap = claim.cap if cap is None else cap
            claim.most = min(claim.cap, claim.total)
        else:
            claim.most = claim.most if cap is None else cap
        claim.level = claim.most / claim.weight
        if claim.parent is not None:
            claim.parent.change(claim)
        self._share_out()

    def next(self) -> float:
        """Return the time of the next completion, infinite if there is none."""
        return self._soonest

    def complete(self, now: float) -> list[NaiveLeaf]:
        """Let all that happens until now happen; return the claims that this ends, as joined."""
        self._settle(now)
        while self._environment.peek() <= now + self._resolution():
            self._environment.step()
        finished, self._finished = self._finished, []
        return sorted(finished, key=by_order)

    def done(self, leaf: NaiveLeaf, now: float) -> float:
        """Return the work done on a claim so far."""
        self._settle(now)
        return leaf.before

    def rate(self, claim: NaiveLeaf | NaiveNode) -> float:
        """Return the present rate of a claim."""
        return claim.rate

    def served(self, now: float) -> float:
        """Return the work delivered to all claims since the start."""
        self._settle(now)
        return self._served

    def _resolution(self) -> float:
        return max(1e-9, 4.0 * ulp(self._now))

    def _settle(self, now: float) -> None:
        """Bring every claim up to now."""
        elapsed = now - self._now
        self._now = now
        if elapsed:
            self._served += self.root.rate * elapsed
            for leaf in self._leaves:
                leaf.before += leaf.rate * elapsed

    def _share_out(self) -> None:
        """Give each claim its rate, and send out one who waits for the first end."""
        demand, capacity = self.root.demand(), self.root.cap
        if self._efficiency is not None and demand:
            capacity *= self._efficiency(demand)
        self.root.fill(min(demand, capacity))
        left = min(
            [
                (leaf.work - leaf.before) / leaf.rate
                if leaf.rate
                else (inf if leaf.work > leaf.before else 0.0)
                for leaf in self._leaves
            ],
            default=inf,
        )
        self._soonest = self._now + max(0.0, left)
        self._generation += 1
        if self._soonest < inf:
            self._environment.process(
                self._watch(self._soonest - self._environment.now, self._generation)
            )

    def _watch(self, delay: float, generation: int) -> Generator[simpy.Event, object, None]:
        """End what is due after a delay, unless something changed meanwhile."""
        yield self._environment.timeout(delay)
        if generation != self._generation:
            return
        resolution = self._resolution()
        due = [leaf for leaf in self._leaves if leaf.work - leaf.before <= leaf.rate * resolution]
        for leaf in due:
            self._leaves[leaf].succeed()
            self._drop(leaf)
            leaf.before = leaf.work
        self._share_out()

    def _drop(self, leaf: NaiveLeaf) -> None:
        del self._leaves[leaf]
        leaf.runs = False
        leaf.parent.change(leaf)


@contextmanager
def naive_sharing() -> Iterator[None]:
    """Let hosts and their network share in the naive way meanwhile; nothing else changes."""
    with patch("sim.model.engine.Rate", NaiveRate), patch("sim.model.origin.Rate", NaiveRate):
        yield
