"""Many queues under processor sharing at once, event by event, each of them exactly.

A request of work x that comes when the clock of its server reads V is over when it reads V + x, and
the clock moves at one over the number of those inside. All queues take a step together, so that
numpy does for thousands of them what an interpreter does for one.
"""

import numpy as np
import numpy.typing as npt

Times = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


def leaving(arrivals: Times, works: Times) -> Times:
    """When each request leaves, by queue and order of arrival.

    A row is a queue: its arrivals in order, and an infinite one at the end at least.
    """
    queues = Queues(arrivals, works)
    with np.errstate(invalid="ignore"):  # those that are over stand at infinity
        while queues.step():
            pass
    return queues.left


class Queues:
    """All queues at the time that each has come to."""

    def __init__(self, arrivals: Times, works: Times) -> None:
        count = len(arrivals)
        self.left = np.full(arrivals.shape, np.inf)
        self._arrivals, self._works = arrivals, works
        self._every = np.arange(count)
        self._came = np.zeros(count, dtype=np.int64)
        self._inside = np.zeros(count, dtype=np.int64)
        self._now, self._clock = np.zeros(count), np.zeros(count)
        self._ends = np.full((1, count), np.inf)  # on the clock, of those inside; the rest infinite
        self._numbers = np.zeros((1, count), dtype=np.int64)

    def step(self) -> bool:
        """Go to the next event of each queue; return whether there was any."""
        place = self._ends[: max(1, int(self._inside.max()))].argmin(axis=0)
        sharing = np.maximum(self._inside, 1)
        due = self._now + (self._ends[place, self._every] - self._clock) * sharing
        arrival = self._arrivals[self._every, self._came]
        time = np.minimum(due, arrival)
        self._clock += (time - self._now) / sharing  # of an idle one as well, which is as good
        self._now = time
        is_first = arrival < due
        self._join(np.flatnonzero(is_first))
        self._leave(np.flatnonzero(~is_first & (time < np.inf)), place)
        return bool(np.isfinite(time).any())

    def _leave(self, queues: Counts, place: Counts) -> None:
        """Let the first of some queues go; the last of each takes its place."""
        gone, last = place[queues], self._inside[queues] - 1
        self.left[queues, self._numbers[gone, queues]] = self._now[queues]
        self._ends[gone, queues] = self._ends[last, queues]
        self._numbers[gone, queues] = self._numbers[last, queues]
        self._ends[last, queues] = np.inf
        self._inside[queues] = last

    def _join(self, queues: Counts) -> None:
        number, place = self._came[queues], self._inside[queues]
        if len(place) and place.max() == len(self._ends):
            self._ends = np.vstack([self._ends, np.full_like(self._ends, np.inf)])
            self._numbers = np.vstack([self._numbers, self._numbers])
        self._ends[place, queues] = self._clock[queues] + self._works[queues, number]
        self._numbers[place, queues] = number
        self._inside[queues] += 1
        self._came[queues] += 1
