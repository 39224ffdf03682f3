"""The tables of requests and of faults, read off a fleet that has run to its horizon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, floor, inf, isnan, nan

import numpy as np

from sim.model.answering import Answered, Floats, quantiles
from sim.model.fleet import Fleet
from sim.model.instance import Instance
from sim.model.service import Span
from sim.model.traffic import Traffic
from sim.records.schema import RUN_TABLES, column_names
from sim.records.table import Table

Row = tuple[object, ...]

SAMPLED = 1.001
"""A window of which less than one in so much was simulated is known by a sample."""


@dataclass(frozen=True, slots=True)
class Met:
    """What one life met in one of its windows.

    Of the `simulated_s` of it: how many requests were `done` and `lost`, and their latencies. And
    how many the queue `refused` if requests were a liquid, and a second were `unsent`.
    """

    span: Span
    latency: Floats
    simulated_s: float
    done: int
    lost: int
    refused: float
    unsent: float


@dataclass
class Tally:
    """What the instances of a group met in one window of the run, all together."""

    start: float
    end: float
    lasted: float = 0.0
    offered: float = 0.0
    done: float = 0.0
    done_fluid: float = 0.0
    lost: float = 0.0
    waited_fluid: float = 0.0
    worked: float = 0.0
    answered: float = 0.0
    latencies: list[Floats] = field(default_factory=list)

    def add(self, met: Met, traffic: Traffic) -> None:
        """Add what one life met in a window."""
        span, window = met.span, met.span.window
        lasted = window.end - window.start
        scale = lasted / met.simulated_s if met.simulated_s else 0.0
        fluid = span.estimate.throughput * lasted
        done = scale * met.done if scale else fluid
        self.lasted += lasted
        self.offered += window.rate * lasted
        self.done += done
        missing = span.server.miss if span.server.disk else 0.0
        self.answered += scale * len(met.latency)
        self.worked += done * traffic.cost(missing)
        is_known_better = met.refused > 0.0 and scale > SAMPLED
        self.lost += met.refused if is_known_better else scale * met.lost
        self.lost += met.unsent * lasted
        self.done_fluid += fluid
        self.waited_fluid += fluid * (response(span) - traffic.think)
        self.latencies.append(met.latency)

    def row(self, group: str) -> Row:
        """Return it as a row of the table."""
        latency = np.concatenate(self.latencies or [np.empty(0)])
        simulated = len(latency)
        waited = self.waited_fluid / self.done_fluid if self.done_fluid else nan
        return (
            *(group, self.start, self.end, self.lasted / (self.end - self.start)),
            *(self.offered, self.done, self.answered, self.done_fluid, self.lost, self.worked),
            *(simulated, float(latency.mean()) if simulated else nan, waited),
            *_quantiles(latency, 0.5, 0.99),
        )


def _quantiles(values: Floats, *shares: float) -> list[float]:
    """The quantiles as numpy has them, which for so few values takes long to begin."""
    if not len(values):
        return [nan] * len(shares)
    places = [share * (len(values) - 1) for share in shares]
    ranks = {rank for place in places for rank in (floor(place), ceil(place))}
    ordered = np.partition(values, sorted(ranks))
    return [_between(ordered, place) for place in places]


def _between(ordered: Floats, place: float) -> float:
    """What lies between two values of a row, from the nearer one."""
    low, high = float(ordered[floor(place)]), float(ordered[ceil(place)])
    part, rest = place - floor(place), 1.0 - (place - floor(place))
    return low + (high - low) * part if part < rest else high - (high - low) * rest


def response(span: Span) -> float:
    """The mean latency of a window in closed form; who meets a short stop waits for half of it."""
    lasts = span.window.end - span.window.start
    if span.estimate.response < inf or span.window.rate * lasts > span.server.queue:
        return span.estimate.response
    return span.server.delay + span.server.work + 0.5 * lasts


def read_requests(fleet: Fleet, answered: list[Answered]) -> Table:
    """A row for each group and window of the run in which somebody served, or refused it all."""
    found = {group: _tallies(fleet, lives) for group, lives in _by_group(answered).items()}
    found |= dict(_refusing(fleet))
    rows = [tally.row(group) for group in sorted(found) for tally in found[group]]
    return Table.of_rows(column_names(RUN_TABLES["requests"]), rows)


def _tallies(fleet: Fleet, lives: list[Answered]) -> list[Tally]:
    """The windows of the run, and what all lives of a group met in each."""
    tallies = _windows(fleet)
    for own in _by_instance(lives):
        for life in own:
            _add(life, tallies)
        _lose(own, tallies)
    return [tally for tally in tallies if tally.latencies or tally.lost]


def _by_group(answered: list[Answered]) -> dict[str, list[Answered]]:
    found: dict[str, list[Answered]] = {}
    for life in answered:
        found.setdefault(life.group, []).append(life)
    return found


def _refusing(fleet: Fleet) -> Iterator[tuple[str, list[Tally]]]:
    """The windows of the groups that nobody can reach, from when the first of each is there."""
    for group, plan in fleet.plans.items():
        if plan.traffic is not None and not plan.traffic.reaches:
            yield group, _refused(fleet, group, plan.traffic)


def _refused(fleet: Fleet, group: str, traffic: Traffic) -> list[Tally]:
    since = [one.ready_s for one in fleet.instances if one.group == group]
    begins = [ready for ready in since if not isnan(ready)]
    windows = [tally for tally in _windows(fleet) if tally.end > min(begins, default=inf)]
    for tally in windows:
        _refuse(tally, traffic, begins)
    return windows


def _refuse(tally: Tally, traffic: Traffic, since: list[float]) -> None:
    """Lose what is sent to instances that are there; clients who are refused send no more."""
    for ready in since:
        start = max(ready, tally.start)
        sent = traffic.rate_at(start) * max(0.0, tally.end - start)
        tally.offered += sent
        tally.lost += sent


def _windows(fleet: Fleet) -> list[Tally]:
    every = fleet.engines[0].window_s
    return [Tally(place * every, (place + 1) * every) for place in range(fleet.windows)]


def _by_instance(lives: list[Answered]) -> Iterable[list[Answered]]:
    """The lives of each instance, in order of time."""
    found: dict[Instance, list[Answered]] = {}
    for life in sorted(lives, key=lambda life: life.service.spans[0].window.start):
        found.setdefault(life.instance, []).append(life)
    return found.values()


def _add(life: Answered, tallies: list[Tally]) -> None:
    for met in _met(life):
        tallies[_place(met.span.window.start, tallies)].add(met, life.service.traffic)


def _met(life: Answered) -> Iterator[Met]:
    """What a life met, window by window."""
    spans, served, latency = life.service.spans, life.served, life.latency
    bounds = np.searchsorted(served.window, np.arange(len(spans) + 1)).tolist()
    counts = (served.simulated_s.tolist(), served.done.tolist(), served.lost.tolist())
    latencies = [latency[start:end] for start, end in pairwise(bounds)]
    return map(Met, spans, latencies, *counts, overflow(life), life.unsent)


def overflow(life: Answered) -> Iterator[float]:
    """Yield what the queue cannot take in each window, as if requests were a liquid.

    Samples of windows lie end to end, and are too short for a queue that fills over a whole run.
    """
    inside = 0.0
    for span, unsent in zip(life.service.spans, life.unsent, strict=True):
        window = span.window
        more = window.rate - unsent - span.most
        inside = max(0.0, inside + more * (window.end - window.start))
        yield max(0.0, inside - span.server.queue)
        inside = min(inside, span.server.queue)


def _place(time: float, tallies: list[Tally]) -> int:
    every = tallies[0].end
    return min(len(tallies) - 1, int(time / every * (1.0 + 1e-12)))


def _lose(lives: list[Answered], tallies: list[Tally]) -> None:
    """Count as lost what was sent to an instance between its lives, and after the last."""
    ends = [life.service.spans[-1].window.end for life in lives]
    begins = [life.service.spans[0].window.start for life in lives[1:]]
    for gone, back in zip(ends, [*begins, tallies[-1].end], strict=True):
        for place in range(_place(gone, tallies), _place(back, tallies) + 1):
            tally = tallies[place]
            start, end = max(gone, tally.start), min(back, tally.end)
            sent = lives[0].service.traffic.rate_at(start) * max(0.0, end - start)
            tally.offered += sent
            tally.lost += sent


def read_latencies(answered: list[Answered]) -> Table:
    """The distribution of latencies of each group, and of all together."""
    groups = sorted({life.group for life in answered})
    rows = [
        (group, share, latency)
        for group in ["", *groups]
        for share, latency in quantiles(life for life in answered if group in ("", life.group))
    ]
    return Table.of_rows(column_names(RUN_TABLES["latencies"]), rows)


def read_faults(fleet: Fleet) -> Table:
    """A row for each fault that happened."""
    rows = [
        (
            *(loss.time, loss.host, loss.kind, loss.target, loss.detail),
            *(len(loss.lost), loss.back, loss.recovered_s, loss.recovered_s - loss.time),
        )
        for loss in fleet.losses
    ]
    return Table.of_rows(column_names(RUN_TABLES["faults"]), rows)
