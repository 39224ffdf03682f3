"""Stations with latency that is paid one after the other: nobody is served while they wake up.

In turn each batch pays, shared whoever finds nobody: the interrupt or the notification that tells
a sleeping server of its packets, and more of them that come meanwhile, costs once.
"""

from __future__ import annotations

from collections import deque
from heapq import heappush

from sim.resources.stations import NOBODY, Station


class GatedStation(Station):
    """Serves in turn, by batches: a thread that finds nobody let in lets in all who wait.

    That takes it `wake` seconds, in which others come to wait for the next time.
    """

    __slots__ = ("_outside", "_wake", "_waking")

    def __init__(self, threads: int, wake: float) -> None:
        super().__init__(threads, is_shared=False)
        self._wake = wake
        self._outside: list[int] = []
        self._waking: deque[tuple[float, list[int]]] = deque()  # threads: until when, for whom

    def join(self, now: float, number: int) -> None:
        """Let a request wait outside, and wake an idle thread for it if there is one."""
        self._outside.append(number)
        if len(self._heap) + len(self._waking) < self._threads:
            self._clock += (now - self._now) * self._pace
            self._now = now
            self._open()
            self._plan()

    def step(self) -> int:
        """Let in a batch, or finish a request, whose thread goes on with the next or wakes."""
        waking = self._waking
        if waking and waking[0][0] == self.due:
            self._settle(self.due)
            self._waiting.extend(waking.popleft()[1])
            self._start()
            return NOBODY
        number = Station.step(self)
        if self._outside and len(self._heap) + len(self._waking) < self._threads:
            self._open()
            self._plan()
        return number

    def _open(self) -> None:
        self._waking.append((self._now + self._wake, self._outside))
        self._outside = []

    def _start(self) -> None:
        """Give those let in to the threads that are free."""
        waiting, heap, clock = self._waiting, self._heap, self._clock
        free = self._threads - len(heap) - len(self._waking)
        while waiting and free > 0:
            number = waiting.popleft()
            heappush(heap, (clock + self.work[number], number))
            free -= 1
        self._plan()

    def _plan(self) -> None:
        Station._plan(self)
        if self._waking and (woken := self._waking[0][0]) < self.due:
            self.due = woken


class WakingStation(Station):
    """Shares its capacity, but serves nobody for `wake` seconds after it was idle."""

    __slots__ = ("_awake", "_wake")

    def __init__(self, threads: int, wake: float) -> None:
        super().__init__(threads, is_shared=True)
        self._wake = wake
        self._awake = 0.0  # when it is, or was

    def join(self, now: float, number: int) -> None:
        """Take in a request, and begin to wake up if there was none."""
        if not self._heap:
            self._awake = now + self._wake
        super().join(now, number)

    def step(self) -> int:
        """Begin to serve, or finish a request."""
        if self._now >= self._awake:
            return super().step()
        self._now = self._awake
        self._plan()
        return NOBODY

    def _plan(self) -> None:
        super()._plan()
        if self._heap and self._now < self._awake:
            self._pace = 0.0
            self.due = self._awake
