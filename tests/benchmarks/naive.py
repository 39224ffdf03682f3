"""The sharing problem as one would first write it in SimPy: a process per instance, O(n) re-shares.

Each host has a processor and a disk. Each change on one of them settles all its running claims,
shares the capacity out anew, first among the containers by weight and cap and then inside each,
and starts a process that waits for the next completion.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import simpy

SimpyProcess = Generator[simpy.Event, Any, None]


@dataclass
class Claim:
    """A running burst or read."""

    left: float
    finished: simpy.Event
    weight: float = 1.0
    cap: float = 1.0
    rate: float = 0.0


@dataclass
class Container:
    """A cgroup with a weight and a quota, and the claims that run in it."""

    weight: float
    quota: float
    claims: list[Claim] = field(default_factory=list)
    cap: float = 0.0
    rate: float = 0.0

    def start(self, claim: Claim) -> None:
        """Let a claim run in it."""
        self.claims.append(claim)
        self.cap = min(self.quota, sum(claim.cap for claim in self.claims))

    def finish(self, claim: Claim) -> None:
        """Take out a claim that is done."""
        self.claims.remove(claim)
        self.cap = min(self.quota, sum(claim.cap for claim in self.claims))
        claim.finished.succeed()


def share_among(claims: Sequence[Claim | Container], capacity: float) -> None:
    """Give each claim its weighted max-min fair rate, the least demanding for its weight first."""
    weight = sum([claim.weight for claim in claims])
    for claim in sorted(claims, key=lambda claim: claim.cap / claim.weight):
        claim.rate = min(claim.cap, capacity * claim.weight / weight)
        capacity -= claim.rate
        weight -= claim.weight


class SharedResource:
    """A capacity that running containers share by weight, up to their caps."""

    def __init__(self, environment: simpy.Environment, capacity: float) -> None:
        self.environment = environment
        self.capacity = capacity
        self.running: list[Container] = []
        self.settled = 0.0
        self.generation = 0

    def use(self, container: Container, work: float) -> simpy.Event:
        """Return an event that fires when this much work is done."""
        self.settle()
        claim = Claim(work, self.environment.event())
        container.start(claim)
        if len(container.claims) == 1:
            self.running.append(container)
        self.share()
        return claim.finished

    def settle(self) -> None:
        """Bring every claim up to now."""
        elapsed = self.environment.now - self.settled
        self.settled = self.environment.now
        for container in self.running:
            for claim in container.claims:
                claim.left -= claim.rate * elapsed

    def share(self) -> None:
        """Give each claim its rate, and wait for the first of them."""
        soonest = float("inf")
        share_among(self.running, self.capacity)
        for container in self.running:
            share_among(container.claims, container.rate)
            for claim in container.claims:
                soonest = min(soonest, claim.left / claim.rate)
        self.generation += 1
        if soonest < float("inf"):
            self.environment.process(self.watch(max(0.0, soonest), self.generation))

    def watch(self, delay: float, generation: int) -> SimpyProcess:
        """Finish what is due after a delay, unless something changed meanwhile."""
        yield self.environment.timeout(delay)
        if generation != self.generation:
            return
        self.settle()
        for container in self.running:
            for claim in [claim for claim in container.claims if claim.left < 1e-9]:
                container.finish(claim)
        self.running = [container for container in self.running if container.claims]
        self.share()


def instance(
    environment: simpy.Environment,
    processor: SharedResource,
    disk: SharedResource,
    work: list[float],
    ready: list[float],
) -> SimpyProcess:
    """Live one life: bursts on the processor, with reads from the disk between the first five."""
    compute, read = Container(1.0, 1.0), Container(1.0, 1.0)
    for step, amount in enumerate(work):
        if step % 2 == 1 and step < 8:
            yield disk.use(read, amount)
        else:
            yield processor.use(compute, amount)
    ready.append(environment.now)


def run_naively(hosts: list[list[list[float]]], cores: float) -> list[float]:
    """Return when each instance of each host is done, in order of time."""
    environment = simpy.Environment()
    ready: list[float] = []
    for lives in hosts:
        processor = SharedResource(environment, cores)
        disk = SharedResource(environment, 1.0)
        for work in lives:
            environment.process(instance(environment, processor, disk, work, ready))
    environment.run()
    return sorted(ready)
