"""The engine against the naive form, side by side on the same work: a ratio, never a time.

Each instance is a container node with one thread, 6 bursts on the processor and 4 reads from the
disk between them; all of a host's instances start together.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import inf
from random import Random

import pytest
from benchmarks.naive import run_naively

from sim.resources.rate import Node, Rate

pytestmark = pytest.mark.alone

CORES = 16.0
MEAN_BURST = 0.1
MEAN_READ = 0.01
READS = (1, 3, 5, 7)
STEPS = 10


class Life:
    """An instance: its containers on the two resources, its work and how far it has come."""

    __slots__ = ("compute", "read", "step", "work")

    def __init__(self, compute: Node, read: Node, work: list[float]) -> None:
        self.compute = compute
        self.read = read
        self.work = work
        self.step = 0


class Host:
    """A processor and a disk, and instances with one cursor each and perhaps a steady demand."""

    def __init__(self, lives: list[list[float]], cores: float, steady: float = 0.0) -> None:
        self.processor = Rate(cores)
        self.disk = Rate(1.0)
        self.ready: list[float] = []
        for work in lives:
            compute = self.processor.share(self.processor.root, cap=1.0)
            read = self.disk.share(self.disk.root, cap=1.0)
            if steady:
                self.processor.join(compute, inf, 0.0, cap=steady)
            self.proceed(Life(compute, read, work), 0.0)

    def proceed(self, life: Life, now: float) -> None:
        """Start the next step of a life, or note that it is done."""
        step = life.step
        life.step = step + 1
        if step == STEPS:
            self.ready.append(now)
        elif step in READS:
            self.disk.join(life.read, life.work[step], now, owner=life)
        else:
            self.processor.join(life.compute, life.work[step], now, owner=life)

    def next(self) -> float:
        """Return the time of its next event."""
        compute, read = self.processor.next(), self.disk.next()
        return compute if compute < read else read

    def perform(self, now: float) -> None:
        """Complete what is due now on both resources."""
        for resource in (self.processor, self.disk):
            if resource.next() <= now:
                for leaf in resource.complete(now):
                    assert isinstance(leaf.owner, Life)
                    self.proceed(leaf.owner, now)


def run_engine(hosts: list[list[list[float]]], cores: float, steady: float = 0.0) -> list[float]:
    """Return when each instance of each host is done, in order of time; hosts run one by one."""
    ready: list[float] = []
    for lives in hosts:
        host = Host(lives, cores, steady)
        while (now := host.next()) < inf:
            host.perform(now)
        ready += host.ready
    return sorted(ready)


def some_lives(count: int, seed: int) -> list[list[float]]:
    """Return the work of each step of some instances."""
    random = Random(seed)
    means = [MEAN_READ if step in READS else MEAN_BURST for step in range(STEPS)]
    return [[random.expovariate(1 / mean) for mean in means] for _ in range(count)]


@contextmanager
def frozen_garbage() -> Iterator[None]:
    """Keep garbage collection out of what is measured."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def measure(
    run: Callable[[list[list[list[float]]], float], list[float]], hosts: list[list[list[float]]]
) -> tuple[float, list[float]]:
    """Return the CPU seconds of a run, and what it gave."""
    with frozen_garbage():
        start = time.process_time()
        ready = run(hosts, CORES)
        return time.process_time() - start, ready


@pytest.mark.parametrize(
    ("hosts", "instances", "at_least"),
    [(1, 1_000, 20.0), (1_000, 10, 3.0)],  # the second is 3.3 to 5.7, by the processor's caches
    ids=["1 000 on one host", "10 000 on 1 000 hosts"],
)
def test_the_engine_outruns_the_naive_form(hosts: int, instances: int, at_least: float) -> None:
    work = [some_lives(instances, seed) for seed in range(hosts)]
    before, ready = measure(run_engine, work)
    slow, expected = measure(run_naively, work)
    after, _ = measure(run_engine, work)
    fast = min(before, after)  # on either side of the other, since a machine's speed drifts
    assert ready == pytest.approx(expected, rel=1e-6)
    assert slow / fast >= at_least, f"{slow:.2f} s against {fast:.2f} s: {slow / fast:.1f} times"
    print(f"{slow:.2f} s against {fast:.2f} s: {slow / fast:.1f} times")


def test_a_steady_demand_in_each_of_many_machines_costs_little() -> None:
    # A machine with a steady demand and a burst has two cohorts and needs solving; those alike
    # are solved once. Solved one by one they would cost some fifty times as much, not two.
    work = [some_lives(1_000, seed=1)]
    without, _ = measure(run_engine, work)
    steady, ready = measure(partial(run_engine, steady=0.001), work)
    assert len(ready) == len(work[0])
    assert steady / without <= 6.0, f"{steady:.2f} s against {without:.2f} s"
