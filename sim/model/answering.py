"""Requests answered after a run, in the windows that it noted: one by one, and in closed form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.model.fleet import Fleet
from sim.model.instance import Instance
from sim.model.service import Service, Span
from sim.model.streams import stream
from sim.resources.requests import Served, Server, Window, serve_closed, serve_open

Floats = NDArray[np.float64]

FAR_TOO_MUCH = 4.0
"""Of a stream that exceeds what can be served by more than this factor, the rest is not sent."""

LEAST_PERIODS = 50
"""A sample of fewer periods of a quota would spend what it never earned: it has a smooth cap."""

NO_TIME = 1e-15
"""Device time of a request that asks for none, in seconds."""

SHARES: tuple[float, ...] = tuple(
    float(share)
    for share in np.unique(
        np.round(
            np.concatenate(
                [np.linspace(0.02, 0.98, 49), 1.0 - np.logspace(-3, -1, 13), [0.001, 0.01]]
            ),
            4,
        )
    )
)
"""The shares of requests for which a latency is kept: all of the range, and closer at the tail."""


@dataclass(frozen=True)
class Answered:
    """The requests of one life of an instance: its windows, and what was simulated in them."""

    instance: Instance
    service: Service
    served: Served

    @property
    def group(self) -> str:
        """The group of its instance."""
        return self.instance.group

    @property
    def latency(self) -> Floats:
        """What clients waited for each simulated request, in seconds."""
        return np.asarray(self.served.latency - self.service.traffic.think, dtype=float)

    @cached_property
    def unsent(self) -> list[float]:
        """Requests a second that each window's stream had beyond what was sent."""
        return [
            max(0.0, span.window.rate - bearable(span.server, span)) for span in self.service.spans
        ]

    def weights(self) -> Floats:
        """How many requests each simulated one stands for."""
        lasted = np.array([span.window.end - span.window.start for span in self.service.spans])
        simulated = np.maximum(self.served.simulated_s, 1e-300)
        return np.asarray((lasted / simulated)[self.served.window], dtype=float)


def answer(fleet: Fleet, seed: int, replication: int) -> list[Answered]:
    """Simulate the requests of all lives that served, as many as the scenario allows."""
    lives = [
        (instance, number, service)
        for engine in fleet.engines
        for instance, number, service in engine.services
        if service.spans
    ]
    expected = sum(_expected(service) for _, _, service in lives)
    most = fleet.scenario.requests_in_detail
    part = 1.0 if expected <= most else most / expected
    return [
        _answer(instance, service, _stream(seed, replication, instance, number), part)
        for instance, number, service in lives
    ]


def _expected(service: Service) -> float:
    return sum(map(_expected_in, service.spans))


def _expected_in(span: Span) -> float:
    return span.estimate.throughput * (span.window.end - span.window.start)


def _stream(seed: int, replication: int, instance: Instance, number: int) -> np.random.Generator:
    purpose = f"requests/{instance.number}/{number}"
    return stream(seed, replication, instance.group, purpose)


def _answer(
    instance: Instance, service: Service, generator: np.random.Generator, part: float
) -> Answered:
    """Simulate one life; a part of the requests is a part of each window."""
    most = round(2.0 * _expected(service) + 1.0 if part == 1.0 else part * _expected(service))
    traffic = service.traffic
    server = _whole_server(service.spans)
    if server.quota is not None and part * _lasted(service) < LEAST_PERIODS * server.period:
        server = replace(server, quota=None)
    windows = [_as_for(server, span) for span in service.spans]
    if traffic.clients:
        served = serve_closed(server, traffic.clients, windows, generator, most)
    else:
        served = serve_open(server, windows, generator, most)
    return Answered(instance, service, served)


def _whole_server(spans: Sequence[Span]) -> Server:
    """The server of all windows: that of the most misses, with the mean of what passes outside."""
    worst = max((span.server for span in spans), key=lambda server: server.disk)
    asked = [_expected_in(span) for span in spans]
    if not worst.disk or not sum(asked):
        return worst
    delays = [span.server.delay for span in spans]
    return replace(worst, delay=float(np.average(delays, weights=asked)))


def _as_for(server: Server, span: Span) -> Window:
    """A window in which a server with more misses finds a disk that is as much faster.

    Of a stream that is far too much, only a part is sent: all beyond it is refused in any case.
    """
    window = span.window
    faster = server.disk / max(span.server.disk, NO_TIME) if server.disk else 1.0
    rate, capacity = min(window.rate, bearable(server, span)), window.capacity
    if server.quota is None and span.server.quota is not None:
        capacity = min(capacity, span.server.quota)
    return Window(window.start, window.end, capacity, rate, window.disk * faster)


def _lasted(service: Service) -> float:
    return sum(span.window.end - span.window.start for span in service.spans)


def bearable(server: Server, span: Span) -> float:
    """The most requests a second that a window is sent: more would only be refused."""
    lasts = max(span.window.end - span.window.start, NO_TIME)
    return FAR_TOO_MUCH * (span.most + server.queue / lasts)


def quantiles(answered: Iterable[Answered]) -> list[tuple[float, float]]:
    """Shares of requests and the latencies within which they are answered, in seconds."""
    lives = list(answered)
    latency = np.concatenate([life.latency for life in lives] or [np.empty(0)])
    if not len(latency):
        return []
    weight = np.concatenate([life.weights() for life in lives])
    order = np.argsort(latency, kind="stable")
    reached = np.cumsum(weight[order])
    places = np.searchsorted(reached, np.array(SHARES) * reached[-1])
    found = latency[order][np.minimum(places, len(latency) - 1)]
    return list(zip(SHARES, map(float, found), strict=True))
