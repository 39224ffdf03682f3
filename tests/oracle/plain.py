"""A shared rate in its plain form: at each change, settle every leaf and share out anew.

The same contract as `sim.resources.rate`, in O(n) an event and with nothing clever in it, to be
right at a glance. It is written for any number, so that `exact` can run it on rationals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from math import fsum, inf, ulp
from typing import TypeAlias

Number: TypeAlias = float | Fraction


class PlainLeaf:
    """A claim, with what it has done and its present rate."""

    def __init__(
        self, parent: PlainNode, work: Number, weight: Number, cap: Number, owner: object
    ) -> None:
        self.parent = parent
        self.work = work
        self.weight = weight
        self.cap = cap
        self.owner = owner
        self.performed: Number = 0
        self.speed: Number = 0

    def demand(self, total: Callable[[Iterable[Number]], Number]) -> Number:
        """Return the most it can use."""
        return self.cap

    def finish(self, now: Number) -> Number:
        """Return when it finishes if nothing changes."""
        left = self.work - self.performed
        if left <= 0:
            return now
        return now + left / self.speed if self.speed > 0 and left < inf else inf


class PlainNode:
    """A group of claims, in the order in which they joined."""

    def __init__(self, parent: PlainNode | None, weight: Number, cap: Number) -> None:
        self.parent = parent
        self.weight = weight
        self.cap = cap
        self.children: list[PlainLeaf | PlainNode] = []
        self.speed: Number = 0

    def demand(self, total: Callable[[Iterable[Number]], Number]) -> Number:
        """Return the most that it and the claims below it can use."""
        return min(self.cap, total(child.demand(total) for child in self.children))

    def leaves(self) -> Iterator[PlainLeaf]:
        """Yield every leaf below it."""
        for child in self.children:
            if isinstance(child, PlainLeaf):
                yield child
            else:
                yield from child.leaves()


class PlainRate:
    """The plain form of `Rate`."""

    def __init__(
        self,
        capacity: float,
        *,
        resolution: float = 1e-9,
        efficiency: Callable[[Number], Number] | None = None,
    ) -> None:
        self.root = PlainNode(None, 1, self.number(capacity))
        self.resolution = resolution
        self.efficiency = efficiency
        self.now: Number = 0
        self.delivered: Number = 0
        self.joined: list[PlainLeaf] = []

    def number(self, value: Number) -> Number:
        """Return a value as the number that this form computes with."""
        return float(value)

    def total(self, values: Iterable[Number]) -> Number:
        """Return a sum that does not depend on the order of its terms."""
        return fsum(values)

    def tolerance(self) -> float:
        """Return the time within which two times are one."""
        return max(self.resolution, 4 * ulp(float(self.now)))

    def share(self, parent: PlainNode, *, weight: float = 1.0, cap: float = inf) -> PlainNode:
        """Return a new node under `parent`."""
        node = PlainNode(parent, self.number(weight), self.number(cap))
        parent.children.append(node)
        return node

    def join(
        self,
        parent: PlainNode,
        work: float,
        now: Number,
        *,
        weight: float = 1.0,
        cap: float = 1.0,
        owner: object = None,
    ) -> PlainLeaf:
        """Start a claim."""
        self.advance(now)
        amounts = self.number(work), self.number(weight), self.number(cap)
        leaf = PlainLeaf(parent, *amounts, owner)
        parent.children.append(leaf)
        self.joined.append(leaf)
        self.share_out()
        return leaf

    def leave(self, leaf: PlainLeaf, now: Number) -> Number:
        """Cancel a claim and return the work done."""
        self.advance(now)
        self.drop(leaf)
        self.share_out()
        return leaf.performed

    def recap(
        self,
        claim: PlainLeaf | PlainNode,
        now: Number,
        *,
        cap: float | None = None,
        weight: float | None = None,
    ) -> None:
        """Change a claim's cap, its weight or both."""
        self.advance(now)
        claim.cap = claim.cap if cap is None else self.number(cap)
        claim.weight = claim.weight if weight is None else self.number(weight)
        self.share_out()

    def next(self) -> Number:
        """Return the time of the next completion."""
        return min((leaf.finish(self.now) for leaf in self.root.leaves()), default=inf)

    def complete(self, now: Number) -> list[PlainLeaf]:
        """Take out and return the leaves that finish by now, within the resolution."""
        self.advance(now)
        limit = now + self.number(self.tolerance())
        due = [leaf for leaf in self.joined if leaf.finish(self.now) <= limit]
        for leaf in due:
            self.drop(leaf)
            leaf.performed = leaf.work
        self.share_out()
        return due

    def done(self, leaf: PlainLeaf, now: Number) -> Number:
        """Return the work done on a leaf so far."""
        self.advance(now)
        return leaf.performed

    def rate(self, claim: PlainLeaf | PlainNode) -> Number:
        """Return the present rate of a leaf or node."""
        return claim.speed

    def served(self, now: Number) -> Number:
        """Return the work delivered to all claims since the start."""
        self.advance(now)
        return self.delivered

    def advance(self, now: Number) -> None:
        """Settle every leaf at its present rate."""
        elapsed = now - self.now
        for leaf in self.joined:
            leaf.performed = min(leaf.work, leaf.performed + leaf.speed * elapsed)
        self.delivered += self.root.speed * elapsed
        self.now = now

    def drop(self, leaf: PlainLeaf) -> None:
        """Take a leaf out of the tree."""
        leaf.parent.children.remove(leaf)
        self.joined.remove(leaf)
        leaf.speed = 0

    def share_out(self) -> None:
        """Give every node and leaf its rate, from the root down."""
        demand = self.root.demand(self.total)
        grant = min(self.total(c.demand(self.total) for c in self.root.children), self.root.cap)
        if self.efficiency is not None:
            demand = self.total(child.demand(self.total) for child in self.root.children)
            grant = min(demand, self.root.cap * self.number(self.efficiency(demand)))
        self.fill(self.root, grant)

    def fill(self, node: PlainNode, grant: Number) -> None:
        """Share a grant among children: the smallest claim for its weight is satisfied first."""
        node.speed = grant
        demands = [(child.demand(self.total), child) for child in node.children]
        demands.sort(key=lambda claim: claim[0] / claim[1].weight)
        weight = self.total(child.weight for _, child in demands)
        for position, (demand, child) in enumerate(demands):
            weight = self.total(other.weight for _, other in demands[position:])
            given = min(demand, grant * child.weight / weight)
            grant = max(0, grant - given)
            if isinstance(child, PlainLeaf):
                child.speed = given
            else:
                self.fill(child, given)
