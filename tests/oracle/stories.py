"""Random stories of a shared rate, and one way to perform them on any of its forms.

A story is a tree and what happens to it at given times. Threads are closed loops: work, block,
wake at the next tick of a grid, work again. The grid keeps wake-ups at the same instants in
every form, whatever its rounding, so that ties are ties in all of them.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, inf
from random import Random
from typing import Any

GRID = 64
"""Ticks a second."""

ROUNDING = Fraction(1, 1_000_000)
"""A time this little after a tick is the tick."""


@dataclass(frozen=True)
class Change:
    """Something that happens to a claim at a tick: join, leave, recap leaf or node."""

    tick: int
    kind: str
    place: int
    amounts: tuple[float, float, float]


@dataclass(frozen=True)
class Story:
    """A capacity, a tree of nodes as (parent, weight, cap), changes, and threads."""

    capacity: float
    efficiency: Callable[[Any], Any] | None  # of a float or a rational, as the form has it
    nodes: list[tuple[int, float, float]]
    changes: list[Change]
    bursts: int


@dataclass
class Account:
    """What came of a story: completions as (owner, time), and readings taken along the way."""

    completions: list[tuple[int, float]] = field(default_factory=list)
    readings: list[float] = field(default_factory=list)


def crowding(demand: Any) -> Any:  # float or Fraction
    """Return an efficiency that falls with demand down to one half."""
    return max(Fraction(1, 2), 1 - demand / 64) if demand < inf else Fraction(1, 2)


def standstill(demand: Any) -> Any:  # float or Fraction
    """Return an efficiency of nothing at all past a demand of six."""
    return min(1, max(0, 6 - demand)) if demand < inf else 0


def some_weight(random: Random) -> float:
    """Return a weight, mostly an ordinary one."""
    return random.choice([1.0, 1.0, 1.0, 2.0, 0.5, 0.1, random.uniform(0.01, 100.0)])


def some_cap(random: Random) -> float:
    """Return the cap of a leaf, sometimes nothing or unlimited."""
    return random.choice([1.0, 1.0, 1.0, 1.0, 0.5, 0.3, 0.0, inf, random.uniform(0.001, 3.0)])


def some_limit(random: Random) -> float:
    """Return the cap of a node, mostly a binding one."""
    return random.choice([inf, 1.0, 1.0, 2.0, 0.5, 0.3, 0.0, random.uniform(0.01, 4.0)])


def some_work(random: Random) -> float:
    """Return an amount of work, often one that others have too, sometimes without an end."""
    return random.choice([1.0, 1.0, 0.5, 0.25, 0.0, inf, random.uniform(0.0, 2.0), 0.1])


def some_tree(random: Random, nodes: int) -> list[tuple[int, float, float]]:
    """Return nodes in up to four levels, any weights and caps."""
    tree: list[tuple[int, float, float]] = []
    depth = [0]
    for index in range(nodes):
        parent = random.choice([place for place in range(index + 1) if depth[place] < 4])
        depth.append(depth[parent] + 1)
        tree.append((parent, some_weight(random), some_limit(random)))
    return tree


def regular_tree(random: Random, nodes: int) -> list[tuple[int, float, float]]:
    """Return nodes level by level with equal numbers of children, and mostly equal besides."""
    fan_out = random.choice([3, 5, 100])
    weight, limit = some_weight(random), some_limit(random)
    tree = [(index // fan_out, weight, limit) for index in range(nodes)]
    if tree and random.random() < 0.3:
        tree[-1] = (tree[-1][0], some_weight(random), some_limit(random))
    return tree


def some_change(random: Random, alike: bool) -> Change:
    """Return a change at some tick of the first four seconds."""
    kind = random.choice(["join"] * 8 + ["leave", "leaf", "node", "capacity"])
    weight, cap = some_weight(random), some_cap(random)
    if alike and kind == "join":
        weight, cap = 1.0, random.choice([1.0, 1.0, 0.1])
    if kind == "node":
        cap = some_limit(random)
    tick = random.choice([0, random.randrange(4 * GRID)])
    return Change(tick, kind, random.randrange(1 << 30), (some_work(random), weight, cap))


def some_story(random: Random, size: int) -> Story:
    """Return a story of about `size` changes; in some every node has a steady demand too."""
    alike = random.random() < 0.5
    nodes = (regular_tree if alike else some_tree)(random, random.randrange(0, max(2, size // 2)))
    changes = [some_change(random, alike) for _ in range(size)]
    if random.random() < 0.3:
        changes += [Change(0, "join", place, (inf, 1.0, 0.1)) for place in range(len(nodes) + 1)]
    changes.sort(key=lambda change: change.tick)
    return Story(
        capacity=random.choice([0.0, 1.0, 2.0, 4.0, random.uniform(0.1, 8.0), 16.0]),
        efficiency=random.choice([None, None, crowding, standstill]),
        nodes=nodes,
        changes=changes,
        bursts=random.randrange(0, 4),
    )


def some_storm(random: Random, size: int) -> Story:
    """Return a story of equal machines, each with a steady demand and bursts that start at once."""
    machines = max(2, size // 2)
    weight, limit = some_weight(random), random.choice([inf, 1.0, 2.0])
    changes = [Change(0, "join", place + 1, (inf, 1.0, 0.1)) for place in range(machines)]
    for index in range(size):
        work = random.choice([0.5, random.expovariate(1.0)])
        changes.append(Change(0, "join", 1 + index % machines, (work, 1.0, 1.0)))
    changes += [some_change(random, True) for _ in range(size // 8)]
    changes.sort(key=lambda change: change.tick)
    nodes = [(0, weight, limit)] * machines
    return Story(random.choice([2.0, 16.0]), None, nodes, changes, bursts=2)


class Performance:
    """A story in progress on one form of a rate."""

    def __init__(self, form: Any, story: Story) -> None:  # any class with the contract of Rate
        self.story = story
        self.rate = form(story.capacity, efficiency=story.efficiency)
        self.number = getattr(self.rate, "number", float)
        self.nodes = [self.rate.root]
        for parent, weight, cap in story.nodes:
            self.nodes.append(self.rate.share(self.nodes[parent], weight=weight, cap=cap))
        self.alive: dict[int, Any] = {}
        self.bursts: dict[int, int] = {}
        self.account = Account()
        self.timers = [(change.tick, order) for order, change in enumerate(story.changes)]
        heapq.heapify(self.timers)

    def run(self) -> Account:
        """Perform it to the end: completions first, then what happens at the same instant."""
        while self.timers or self.rate.next() < inf:
            tick = self.timers[0][0] if self.timers else inf
            at_tick = self.number(tick / GRID)
            due = min(self.rate.next(), at_tick)
            self.finish(due)
            while due == at_tick and self.timers and self.timers[0][0] == tick:
                self.change(heapq.heappop(self.timers)[1], due)
            if due == at_tick:
                self.read(due)
        return self.account

    def finish(self, now: Any) -> None:
        """Take out what is due; a thread with bursts left blocks until the next tick but two."""
        for leaf in self.rate.complete(now):
            owner = leaf.owner
            del self.alive[owner]
            self.account.completions.append((owner, float(now)))
            if self.bursts[owner] > 0:
                tick = ceil((now - ROUNDING) * GRID) + 3
                heapq.heappush(self.timers, (tick, owner))

    def change(self, order: int, now: Any) -> None:
        """Do one change, where there is something to do it to."""
        change = self.story.changes[order]
        _, weight, cap = change.amounts
        if change.kind == "join":
            self.join(order, change, now)
        elif change.kind == "capacity":
            self.rate.recap(self.rate.root, now, cap=self.story.capacity + change.place % 3)
        elif change.kind == "node":
            for node in self.nodes[1:][change.place % len(self.nodes) :][:1]:
                self.rate.recap(node, now, cap=cap, weight=weight)
        elif self.alive:
            owner = sorted(self.alive)[change.place % len(self.alive)]
            if change.kind == "leaf":
                self.rate.recap(self.alive[owner], now, cap=cap, weight=weight)
            else:
                self.account.readings.append(float(self.rate.leave(self.alive.pop(owner), now)))

    def join(self, owner: int, change: Change, now: Any) -> None:
        """Start a burst of a thread."""
        work, weight, cap = change.amounts
        node = self.nodes[change.place % len(self.nodes)]
        self.bursts[owner] = self.bursts.get(owner, self.story.bursts + 1) - 1
        leaf = self.rate.join(node, work, now, weight=weight, cap=cap, owner=owner)
        self.alive[owner] = leaf

    def read(self, now: Any) -> None:
        """Take every reading that there is."""
        take = self.account.readings.append
        take(float(self.rate.served(now)))
        for node in self.nodes:
            take(float(self.rate.rate(node)))
        for owner in sorted(self.alive):
            take(float(self.rate.rate(self.alive[owner])))
            take(float(self.rate.done(self.alive[owner], now)))


def worst(account: Account, oracle: Account) -> float:
    """Return the greatest relative difference of two accounts; of values below one, absolute.

    Raises: AssertionError where they differ in who finished or in what order.
    """
    assert [owner for owner, _ in account.completions] == [owner for owner, _ in oracle.completions]
    assert len(account.readings) == len(oracle.readings)
    ours = [time for _, time in account.completions] + account.readings
    theirs = [time for _, time in oracle.completions] + oracle.readings
    pairs = zip(ours, theirs, strict=True)
    return max((abs(a - b) / max(1.0, abs(b)) for a, b in pairs if a != b), default=0.0)
