"""Stations that serve numbered requests: in turn or shared, gated, throttled, one after another.

A station has a clock that moves at the pace of each request in service, so that a request of work
x that begins at the reading V finishes at V + x, whatever the pace does. The caller joins
requests and steps from one event to the next, never past `due`; nothing here knows where requests
come from. Set by the caller: work, threads and the capacity granted. Computed: all the rest.

Units: time in seconds, work in core-seconds or device-seconds, capacity in cores or devices.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Sequence
from heapq import heappop, heappush, heapreplace
from math import floor, inf
from typing import Protocol

NOBODY = -1
"""What a step returns in which no request finished."""


class Line(Protocol):
    """What requests pass: a station, or some that are put together."""

    work: list[float]

    @property
    def due(self) -> float:
        """When its next event is, infinite if there is none."""

    def join(self, now: float, number: int) -> None:
        """Take in a request, whose work is known by its number."""

    def step(self) -> int:
        """Go to the time that is due, and return who finished, or NOBODY."""


class Processor(Line, Protocol):
    """A line of one station, or of several that are alike, to which a capacity is granted."""

    @property
    def burn(self) -> float:
        """The capacity in use."""

    def grant(self, now: float, capacity: float) -> None:
        """Have this much capacity from now on."""


class Station:
    """Requests in service share a capacity: at most so many, each at most at full speed.

    `in-turn` has a place for each thread, and others wait in order; `shared` has a place for all,
    who share what the threads can use.
    """

    __slots__ = (
        "_clock",
        "_cores",
        "_fastest",
        "_heap",
        "_now",
        "_pace",
        "_places",
        "_threads",
        "_waiting",
        "due",
        "work",
    )

    def __init__(self, threads: int, *, is_shared: bool, fastest: float = 1.0) -> None:
        """Start idle; one request is no faster than `fastest`."""
        self.due = inf
        self.work: list[float] = []
        self._threads = threads
        self._fastest = fastest
        self._places = sys.maxsize if is_shared else threads
        self._cores = 0.0  # the most that all get
        self._now = self._clock = self._pace = 0.0
        self._heap: list[tuple[float, int]] = []  # those in service, by the reading at their end
        self._waiting: deque[int] = deque()

    @property
    def burn(self) -> float:
        """Return the capacity in use."""
        return self._pace * len(self._heap)

    def grant(self, now: float, capacity: float) -> None:
        """Have this much capacity from now on."""
        self._settle(now)
        self._cores = min(capacity, self._threads * self._fastest)
        self._plan()

    def join(self, now: float, number: int) -> None:
        """Serve a request, or let it wait where all places are taken."""
        if len(self._heap) < self._places:
            self._clock += (now - self._now) * self._pace
            self._now = now
            heappush(self._heap, (self._clock + self.work[number], number))
            self._plan()
        else:
            self._waiting.append(number)

    def step(self) -> int:
        """Finish the request that is due, and begin with the one that waited longest."""
        self._now = self.due
        self._clock, number = self._heap[0]
        if self._waiting:
            following = self._waiting.popleft()
            heapreplace(self._heap, (self._clock + self.work[following], following))
        else:
            heappop(self._heap)
        self._plan()
        return number

    def _settle(self, now: float) -> None:
        """Bring the clock up to now, at the pace that ends here."""
        self._clock += (now - self._now) * self._pace
        self._now = now

    def _plan(self) -> None:
        """Find the pace of each in service, and when the first of them finishes."""
        heap = self._heap
        served = len(heap)
        if served:
            share = self._cores / served
            self._pace = pace = share if share < self._fastest else self._fastest
            self.due = self._now + (heap[0][0] - self._clock) / pace if pace else inf
        else:
            self._clock = self._pace = 0.0  # from zero again, where its ulp is smallest
            self.due = inf


class Cores:
    """Cores with a queue each, to which requests fall however many others are there.

    Each core has an equal part of what is granted, and shares that among its own.
    """

    __slots__ = ("_cores", "_dues", "_threads", "_where", "due", "work")

    def __init__(self, count: int, threads: int, where: Sequence[int]) -> None:
        """Start idle; a request falls to the core that stands at its number in `where`."""
        self.due = inf
        self.work: list[float] = []
        self._threads = threads
        self._where = where
        self._cores = [Station(1, is_shared=True) for _ in range(count)]
        self._dues = [inf] * count  # of each core
        for core in self._cores:
            core.work = self.work

    @property
    def burn(self) -> float:
        """Return the capacity in use."""
        return sum(core.burn for core in self._cores)

    def grant(self, now: float, capacity: float) -> None:
        """Have this much capacity from now on."""
        part = min(capacity, self._threads) / len(self._cores)
        for core in self._cores:
            core.grant(now, part)
        self._dues = [core.due for core in self._cores]
        self.due = min(self._dues)

    def join(self, now: float, number: int) -> None:
        """Serve a request on its core."""
        place = self._where[number]
        core = self._cores[place]
        core.join(now, number)
        self._dues[place] = core.due
        self.due = min(self._dues)

    def step(self) -> int:
        """Finish the request that is due."""
        place = self._dues.index(self.due)
        core = self._cores[place]
        number = core.step()
        self._dues[place] = core.due
        self.due = min(self._dues)
        return number


class Throttle:
    """A station under a quota: so many core-seconds in each period, then none until the next.

    What a period leaves is not kept, and periods begin at the multiples of their length, as
    those of cpu.max do on Linux without a burst.
    """

    __slots__ = (
        "_allowance",
        "_capacity",
        "_end",
        "_is_stalled",
        "_left",
        "_now",
        "_period",
        "_station",
        "due",
        "work",
    )

    def __init__(self, station: Processor, quota: float, period: float) -> None:
        self.work = station.work
        self._station = station
        self._allowance = quota * period
        self._period = period
        self._left = self._allowance
        self._is_stalled = False
        self._end = period
        self._now = 0.0
        self._capacity = 0.0
        self.due = inf

    def grant(self, now: float, capacity: float) -> None:
        """Have this much capacity from now on, while the quota lasts."""
        self._spend(now)
        self._capacity = capacity
        if not self._is_stalled:
            self._station.grant(now, capacity)
        self._plan()

    def join(self, now: float, number: int) -> None:
        """Pass a request on."""
        self._spend(now)
        self._station.join(now, number)
        self._plan()

    def step(self) -> int:
        """Finish a request, or stop the station or let it go on."""
        now, number = self.due, NOBODY
        is_period_over = now >= self._end
        self._spend(now)
        if self._station.due <= now:
            number = self._station.step()
        elif not is_period_over:
            self._is_stalled = True
            self._station.grant(now, 0.0)
        self._plan()
        return number

    def _plan(self) -> None:
        """Find when a request finishes, the quota is spent, or a period ends that may matter."""
        due, burn, end = self._station.due, self._station.burn, self._end
        if not self._is_stalled:
            spent = self._now + self._left / burn if burn else inf
            if spent < end:
                end = spent
            elif burn * self._period <= self._allowance:
                end = inf
        self.due = due if due < end else end

    def _spend(self, now: float) -> None:
        """Count what was used up to now, or since the present period began."""
        burn, since = self._station.burn, self._now
        self._now = now
        if now >= self._end:
            since = floor(now / self._period) * self._period
            if since + self._period <= now:  # by rounding, and one begins just now
                since = now
            self._end = since + self._period
            self._left = self._allowance
            self._go_on(now)
        self._left = max(0.0, self._left - burn * (now - since))

    def _go_on(self, now: float) -> None:
        if self._is_stalled:
            self._is_stalled = False
            self._station.grant(now, self._capacity)


class Tandem:
    """Stations that a request passes one after another, but for those where it has no work."""

    __slots__ = ("_dues", "_stations", "due", "work")

    def __init__(self, stations: Sequence[Line]) -> None:
        self.work = stations[0].work
        self._stations = stations
        self.look()

    def look(self) -> None:
        """See when the next event is at each, after something was granted to one of them."""
        self._dues = [station.due for station in self._stations]
        self.due = min(self._dues)

    def join(self, now: float, number: int) -> None:
        """Take in a request at the first station."""
        self._join(0, now, number)
        self.due = min(self._dues)

    def step(self) -> int:
        """Step the station that is due, and pass on who finished there."""
        now = self.due
        place = self._dues.index(now)
        station = self._stations[place]
        number = station.step()
        self._dues[place] = station.due
        if number != NOBODY:
            number = self._pass_on(place + 1, now, number)
        self.due = min(self._dues)
        return number

    def _pass_on(self, place: int, now: float, number: int) -> int:
        """Send a request to the next station where it has work; return it if there is none."""
        for following in range(place, len(self._stations)):
            if self._stations[following].work[number]:
                self._join(following, now, number)
                return NOBODY
        return number

    def _join(self, place: int, now: float, number: int) -> None:
        station = self._stations[place]
        station.join(now, number)
        self._dues[place] = station.due
