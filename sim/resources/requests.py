"""Requests to one server, one by one: a Poisson stream of them, or clients that wait for replies.

A request passes the network and its client's own time (the delay), a thread that carries packets
(aside), the threads of the server, and the disk. Kendall would write M/G/k, or M/G/k//N for
clients, with gates and quotas.

A client is away for an exponential time between a reply and its next request. So all who are away
are one Poisson stream, at their number over the mean delay; one who is refused, and tries again
after a delay, is as if it had not tried; and a million take no more memory than one. Without a
wake the throughput depends on the mean of the delay alone.

Units: time in seconds, work in core-seconds, capacity in cores.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from sim.resources.course import (
    DRAWN_AT_ONCE,
    Counts,
    Course,
    Draws,
    Times,
    Window,
    gamma_factors,
    poisson_times,
)
from sim.resources.gates import GatedStation, WakingStation
from sim.resources.server import Server
from sim.resources.stations import NOBODY, Cores, Line, Processor, Station, Tandem, Throttle

__all__ = ["Served", "Server", "Window", "serve_closed", "serve_open"]

RETRY_S = 1.0
"""A client that is refused tries again after so many seconds: TCP's first time-out in Linux."""

SHORTEST_DELAY = 1e-9
"""Seconds that a client is away at least: within so many, two times are one."""

SOONEST = sys.float_info.min
"""What is left of a gap at least, so that it never ends while nobody is away to end it."""

CHEAP_PERIODS = 10
"""So many periods of a quota take about as long to simulate as a request."""

MOST_COUNTED = 2**53
"""Tries of refused clients are counted up to here, where floats cease to tell one from the next."""


@dataclass(frozen=True, slots=True)
class Served:
    """What became of the requests.

    Of each that finished, in order of arrival: when it `arrived` at the server, its `latency` as
    its client saw it, with the mean delay, and the `window` of its arrival. Of each window: how
    many were `done` and `lost` in it, and the seconds of it that were simulated. `backlog` are
    inside at the end.
    """

    arrived: Times
    latency: Times
    window: Counts
    done: Counts
    lost: Counts
    backlog: int
    simulated_s: Times


def serve_open(server: Server, windows: Sequence[Window], generator: Draws, most: int) -> Served:
    """Serve a Poisson stream of requests, at the rate of each window.

    Where more than `most` are expected, an equal leading part of each window is simulated, as if
    no time had passed between: what takes longer than such a part to build up is seen too small.
    One that is throttled for long counts as many, one for each ten periods that its work takes.
    The n-th gap and the n-th work are those of the n-th request, whatever the server.
    """
    rates = [window.rate for window in windows]
    course = Course(windows, rates, most / _cost(server))
    gaps, *others = generator.spawn(3)
    stages = Stages(server, *others)
    run = Run(poisson_times(course, rates, gaps))
    stages.draw(len(run.sent))
    for window, start, end in course.parts():
        stages.grant(start, window)
        run.lost.append(offer(stages.line, run, server.queue, end))
        drain(stages.line, run, end)
    return told(server, course, run)


def serve_closed(
    server: Server, clients: int, windows: Sequence[Window], generator: Draws, most: int
) -> Served:
    """Serve clients of which each sends its next request a delay after the reply to its last.

    All are away at first. For `most` and the draws see `serve_open`. One who is refused tries
    again after the delay, or a second if that is shorter; of such tries, which change nothing, the
    expected number is counted as lost.
    """
    rates = [_most_served(server, clients, window) for window in windows]
    course = Course(windows, rates, most / _cost(server))
    gaps, *others = generator.spawn(3)
    stages = Stages(server, *others)
    run = Run([])
    source = Clients(clients, server, stages, run, gaps)
    for window, start, end in course.parts():
        stages.grant(start, window)
        run.lost.append(source.circulate(start, end))
    return told(server, course, run)


def _most_served(server: Server, clients: int, window: Window) -> float:
    """Return a rate that clients never exceed: none waits for another, or no core is ever idle."""
    quota = inf if server.quota is None else server.quota
    cores = min(window.capacity, server.threads, quota)
    wake = server.wake if server.order == "in-turn" else 0.0  # shared, not all pay it
    alone = server.delay + server.aside + wake + server.work + server.disk
    return min(clients / alone, cores / server.work)


def _cost(server: Server) -> float:
    """Return what a request costs to simulate: one, or a tenth of each period that it takes."""
    if server.quota is None:
        return 1.0
    return max(1.0, server.work / min(1.0, server.quota) / server.period / CHEAP_PERIODS)


class Stages:
    """The stations that a server is made of, and what requests ask for at each."""

    def __init__(self, server: Server, factors: Draws, misses: Draws) -> None:
        self._server = server
        self._factors = factors
        self._misses = misses
        self._places: list[int] = []
        station = _station(server, self._places)
        quota = server.quota
        self._cpu = station if quota is None else Throttle(station, quota, server.period)
        self._aside = Station(1, is_shared=False)
        self._disk = Station(1, is_shared=True, fastest=inf)
        before = [self._aside] if server.aside else []
        after = [self._disk] if server.disk else []
        stations: list[Line] = [*before, self._cpu, *after]
        self.line: Line = stations[0] if len(stations) == 1 else Tandem(stations)

    def grant(self, now: float, window: Window) -> None:
        """Have from now on what a window gives."""
        self._aside.grant(now, 1.0)
        self._cpu.grant(now, window.capacity)
        self._disk.grant(now, window.disk)
        if isinstance(self.line, Tandem):
            self.line.look()

    def draw(self, count: int) -> None:
        """Draw what the next requests ask for."""
        server = self._server
        factors = gamma_factors(server.variation, self._factors, count)
        self._cpu.work += (server.work * factors).tolist()
        if server.aside:
            self._aside.work += [server.aside] * count
        if server.order == "by-core":
            self._places += self._misses.integers(server.cores, size=count).tolist()
        if server.disk:
            is_miss = self._misses.random(count) < server.miss
            self._disk.work += (is_miss * (server.disk / server.miss)).tolist()


def _station(server: Server, places: Sequence[int]) -> Processor:
    if server.order == "by-core":
        return Cores(server.cores, server.threads, places)
    is_shared = server.order == "shared"
    if not server.wake:
        return Station(server.threads, is_shared=is_shared)
    kind = WakingStation if is_shared else GatedStation
    return kind(server.threads, server.wake)


class Run:
    """What happens: who was sent when, and who left, in order; requests are numbered from 0."""

    def __init__(self, sent: list[float]) -> None:
        self.sent = sent
        self.offered = 0
        self.refused = 0
        self.finished: list[int] = []
        self.left: list[float] = []  # when each of them did
        self.lost: list[int] = []  # in each window


def offer(line: Line, run: Run, queue: int, end: float) -> int:
    """Let a stream arrive until a part of a window ends; return how many were refused."""
    sent, finished = run.sent, run.finished
    refused = before = run.refused
    stop = bisect_left(sent, end, run.offered)
    for number in range(run.offered, stop):
        now = sent[number]
        if line.due <= now:
            drain(line, run, now)
        if number - refused - len(finished) < queue:
            line.join(now, number)
        else:
            refused += 1
    run.offered, run.refused = stop, refused
    return refused - before


def drain(line: Line, run: Run, end: float) -> None:
    """Serve those who are there until a time comes."""
    while (due := line.due) <= end:
        number = line.step()
        if number != NOBODY:
            run.finished.append(number)
            run.left.append(due)


class Clients:
    """So many that send, wait for the reply, and are away for a while."""

    def __init__(self, count: int, server: Server, stages: Stages, run: Run, gaps: Draws) -> None:
        self._count = count
        self._queue = server.queue
        delay = max(server.delay, SHORTEST_DELAY)
        most = min(count, server.queue)
        self._pauses = [delay / (count - inside) for inside in range(most)]  # between arrivals
        self._pauses.append(inf)
        self._patience = max(server.delay, RETRY_S)
        self._stages = stages
        self._run = run
        self._gaps = self._draw(gaps)
        self._gap = next(self._gaps)  # what is left of it, in pauses

    def circulate(self, now: float, end: float) -> int:
        """Send and serve until a part of a window ends; return how many were refused."""
        line, queue, pauses, gap = self._stages.line, self._queue, self._pauses, self._gap
        sent, finished, left = self._run.sent, self._run.finished, self._run.left
        gaps = self._gaps
        inside = len(sent) - len(finished)
        full = 0.0  # seconds
        while now < end:
            pause = pauses[inside]
            arrival = now + gap * pause
            due = line.due
            until = due if due < end else end
            if arrival < until:
                now = arrival
                line.join(now, len(sent))
                sent.append(now)
                inside += 1
                gap = next(gaps)
                continue
            gap = max(SOONEST, gap - (until - now) / pause)
            if inside == queue:
                full += until - now
            now = until
            number = line.step() if due <= end else NOBODY
            if number != NOBODY:
                finished.append(number)
                left.append(now)
                inside -= 1
        self._run.offered, self._gap = len(sent), gap
        tries = full * max(0, self._count - queue) / self._patience
        return round(min(tries, MOST_COUNTED))

    def _draw(self, gaps: Draws) -> Iterator[float]:
        """Yield unit exponentials without end, having drawn the work of as many requests."""
        while True:
            self._stages.draw(DRAWN_AT_ONCE)
            yield from gaps.standard_exponential(DRAWN_AT_ONCE).tolist()


def told(server: Server, course: Course, run: Run) -> Served:
    """Return what happened as it is told, in the windows' own time."""
    finished, left = np.array(run.finished, dtype=np.int64), np.array(run.left)
    done = np.bincount(course.window_of(left), minlength=len(course.windows))
    order = np.argsort(finished)
    arrived = np.array(run.sent)[finished[order]]
    window = course.window_of(arrived)
    return Served(
        arrived=course.real(arrived, window),
        latency=left[order] - arrived + server.delay,
        window=window,
        done=done,
        lost=np.array(run.lost, dtype=np.int64),
        backlog=run.offered - run.refused - len(finished),
        simulated_s=course.lengths,
    )
