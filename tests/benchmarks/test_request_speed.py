"""Requests one by one against SimPy, side by side on the same arrivals and work: a ratio only.

SimPy's are written as well as they can be: a process for each request, with a `simpy.Resource` to
wait in turn, and for sharing a station in virtual time, with one timer that is due at the first
completion. The numbers that come out are compared, too.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import TypeAlias

import numpy as np
import pytest
import simpy

from sim.resources.course import Times
from sim.resources.requests import Server, Window, serve_open

pytestmark = pytest.mark.alone

REQUESTS = 100_000
LOAD = 0.8
PAIRS = 2

Process: TypeAlias = Generator[simpy.Event, object, None]


class SharedStation:
    """A core that all present share, in virtual time: an event each, one timer in all."""

    def __init__(self, environment: simpy.Environment) -> None:
        self.environment = environment
        self.present: list[tuple[float, int, simpy.Event]] = []
        self.clock = self.settled = 0.0
        self.joined = self.timers = 0

    def serve(self, work: float) -> simpy.Event:
        """Return an event that fires when a request has had its work."""
        self.settle()
        done = self.environment.event()
        self.joined += 1
        heappush(self.present, (self.clock + work, self.joined, done))
        self.await_first()
        return done

    def settle(self) -> None:
        """Bring the clock up to now."""
        now = self.environment.now
        if self.present:
            self.clock += (now - self.settled) / len(self.present)
        self.settled = now

    def await_first(self) -> None:
        """Set the timer for the first completion; an older timer finds that it is stale."""
        self.timers += 1
        left = max(0.0, self.present[0][0] - self.clock) * len(self.present)
        timer = self.environment.timeout(left, self.timers)
        timer.callbacks.append(self.finish)

    def finish(self, timer: simpy.Event) -> None:
        """Take out the request that is due, unless something changed meanwhile."""
        if timer.value != self.timers:
            return
        self.settle()
        heappop(self.present)[2].succeed()
        if self.present:
            self.await_first()


def run_simpy(arrivals: list[float], work: list[float], *, is_shared: bool) -> list[float]:
    """Return the time that each request takes, in order of arrival."""
    environment = simpy.Environment()
    thread = simpy.Resource(environment, 1)
    station = SharedStation(environment)
    taken = [0.0] * len(arrivals)

    def in_turn(number: int) -> Process:
        with thread.request() as turn:
            yield turn
            yield environment.timeout(work[number])
        taken[number] = environment.now - arrivals[number]

    def shared(number: int) -> Process:
        yield station.serve(work[number])
        taken[number] = environment.now - arrivals[number]

    def source() -> Process:
        request = shared if is_shared else in_turn
        for number, arrival in enumerate(arrivals):
            yield environment.timeout(arrival - environment.now)
            environment.process(request(number))

    environment.process(source())
    environment.run()
    return taken


def run_ours(*, is_shared: bool) -> tuple[Times, Times]:
    """Return when requests arrive and the time that each takes, and serve until all are done."""
    server = Server("shared" if is_shared else "in-turn", 1, 1.0, queue=REQUESTS)
    windows = [Window(0.0, REQUESTS / LOAD, 1.0, LOAD), Window(REQUESTS / LOAD, 1e9, 1.0)]
    served = serve_open(server, windows, np.random.default_rng(1), 2 * REQUESTS)
    return served.arrived, served.latency


def seconds(run: Callable[[], object]) -> float:
    """Return the CPU seconds that a run takes, without garbage collection."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        run()
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("is_shared", [False, True], ids=["in turn", "shared"])
def test_requests_take_at_most_a_third_of_what_they_take_in_simpy(is_shared: bool) -> None:
    arrived, latency = run_ours(is_shared=is_shared)
    work = np.random.default_rng(1).spawn(3)[1].standard_gamma(1.0, len(arrived)).tolist()
    arrivals: list[float] = arrived.tolist()
    expected = run_simpy(arrivals, work, is_shared=is_shared)
    assert latency == pytest.approx(np.array(expected), rel=1e-6, abs=1e-6)
    ours, simpys = [], []
    for _ in range(PAIRS):
        ours.append(seconds(lambda: run_ours(is_shared=is_shared)))
        simpys.append(seconds(lambda: run_simpy(arrivals, work, is_shared=is_shared)))
    ratio = min(ours) / min(simpys)
    each = f"{min(ours) / len(work) * 1e6:.2f} µs against {min(simpys) / len(work) * 1e6:.2f} µs"
    print(f"{each} a request: {ratio:.3f}")
    assert ratio <= 1 / 3, each
