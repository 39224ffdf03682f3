"""How often the intervals of a sweep cover the truth: M/M/1 under processor sharing, 1 000 times.

The mean time in it is 1/(μ - λ). Each experiment is what a sweep does at a point: a trial tells the
warm-up, each replication the mean of its steady windows, and these means make an interval.
A thousand experiments tell a share of 95 % to ± 1.4 % (two standard deviations).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

import numpy as np
import pytest
from theory.processor_sharing import Times, leaving

from sim.records.steady import measure_steady, warmed_up_s
from sim.records.table import Table
from sim.resources.course import Course, gamma_factors, poisson_times
from sim.resources.requests import Server, Window, serve_open
from sim.studies.intervals import Interval, interval
from sim.studies.sweeps.precision import decide

SEED = 1
"""The one that was taken first; no other number here was changed after a look at what came out."""

RATE, HORIZON, WINDOWS = 0.3, 2000.0, 100
"""Work is 1 on average, so the server is busy for 30 %, and forgets in some 5 units of time."""

GROUP = np.full(WINDOWS, "queue", dtype=object)

TRUTH = 1.0 / (1.0 - RATE)
EXPERIMENTS, REPLICATIONS, AT_MOST = 1000, 20, 100
PRECISION = 0.05
AT_ONCE = 1000
"""Queues that are simulated together: so few fit the cache of a processor."""


@dataclass
class Experiment:
    """When the trial of an experiment had settled, its replications, and their means from then."""

    since_s: float
    runs: Sequence[Table]
    means: list[float]


def simulated(count: int, generator: np.random.Generator, backlog: int = 0) -> list[Table]:
    """The windows of so many queues, which begin with a backlog, as a run tells them."""
    most = int(RATE * HORIZON + 7.0 * np.sqrt(RATE * HORIZON)) + 1
    arrivals = generator.exponential(1.0 / RATE, (count, most)).cumsum(axis=1)
    arrivals[arrivals >= HORIZON] = np.inf
    assert np.isinf(arrivals[:, -1]).all()
    arrivals = np.hstack([np.zeros((count, backlog)), arrivals])
    left = leaving(arrivals, generator.exponential(1.0, arrivals.shape))
    return [_windows(came, gone) for came, gone in zip(arrivals, left, strict=True)]


def _windows(came: Times, left: Times) -> Table:
    """What finished by the horizon: by window of arrival, but for `done`, which is when it left."""
    is_told = left <= HORIZON
    came, left = came[is_told], left[is_told]
    every = HORIZON / WINDOWS
    place = (came / every).astype(int)
    count = np.bincount(place, minlength=WINDOWS).astype(float)
    spent = np.bincount(place, weights=left - came, minlength=WINDOWS)
    starts = every * np.arange(WINDOWS)
    mean = np.divide(spent, count, out=np.full(WINDOWS, np.nan), where=count > 0)
    done = np.bincount((left / every).astype(int), minlength=WINDOWS)[:WINDOWS]
    return Table({
        "group": GROUP, "start_s": starts, "end_s": starts + every, "done": done,
        "answered": count, "simulated": count, "mean_s": mean,
    })  # fmt: skip


def steady_mean(run: Table, since_s: float) -> float:
    return measure_steady(run, since_s)["steady_request_mean_s"]


def experiments(count: int, replications: int, seed: int, backlog: int = 0) -> list[Experiment]:
    """So many experiments, each with a trial and its replications."""
    stream = without_end(np.random.default_rng(seed), backlog)
    return [experiment(*islice(stream, 1 + replications)) for _ in range(count)]


def experiment(trial: Table, *runs: Table) -> Experiment:
    since = warmed_up_s(trial)
    return Experiment(since, runs, [steady_mean(run, since) for run in runs])


def without_end(generator: np.random.Generator, backlog: int = 0) -> Iterator[Table]:
    """Runs, simulated a thousand at a time."""
    while True:
        yield from simulated(AT_ONCE, generator, backlog)


@cache
def thousand() -> list[Experiment]:
    return experiments(EXPERIMENTS, REPLICATIONS, SEED)


def covers(found: Interval) -> bool:
    return found.low <= TRUTH <= found.high


def test_many_queues_at_once_are_what_one_station_makes_of_the_same_requests() -> None:
    for seed in range(3):
        window = Window(0.0, HORIZON, 1.0, RATE)
        server = Server("shared", 1, 1.0, 1.0, queue=1_000_000)
        served = serve_open(server, [window], np.random.default_rng(seed), 10**9)
        gaps, factors, _ = np.random.default_rng(seed).spawn(3)
        came = np.array(poisson_times(Course([window], [RATE], 1e9), [RATE], gaps))
        works = gamma_factors(1.0, factors, len(came))
        left = leaving(np.append(came, np.inf)[None], np.append(works, 1.0)[None])[0, :-1]
        is_told = left <= HORIZON
        assert came[is_told] == pytest.approx(served.arrived)
        assert (left - came)[is_told] == pytest.approx(served.latency, abs=1e-9)


def test_intervals_of_twenty_long_replications_cover_the_truth_as_often_as_they_say() -> None:
    share = np.mean([covers(interval(each.means)) for each in thousand()])
    assert 0.93 <= share <= 0.97


def test_intervals_as_narrow_as_was_asked_for_cover_the_truth_a_little_less_often() -> None:
    more = without_end(np.random.default_rng((SEED, 1)))
    found = [until_narrow(each, more) for each in thousand()]
    lengths = np.array([each.n for each in found])
    assert lengths.min() == 10
    assert lengths.max() > REPLICATIONS
    assert all(each.high - each.mean <= PRECISION * each.mean for each in found)
    assert np.mean([covers(each) for each in found]) >= 0.90


def until_narrow(experiment: Experiment, more: Iterator[Table]) -> Interval:
    """The interval at which the rule of precision stops, with more replications as it asks."""
    means = list(experiment.means)
    while (wanted := decide({"": means}, PRECISION, AT_MOST).replications) > len(means):
        means.append(steady_mean(next(more), experiment.since_s))
    return interval(means[:wanted])


def test_a_warm_up_that_each_run_finds_for_itself_would_leave_out_its_bad_times() -> None:
    """Means come out low, which is why a trial of its own tells the warm-up."""
    some = thousand()[:200]
    own = [[steady_mean(run, warmed_up_s(run)) for run in each.runs] for each in some]
    assert np.mean(own) < np.mean([each.means for each in some]) < TRUTH * 1.002
    assert np.mean([covers(interval(means)) for means in own]) < 0.90


def test_a_backlog_at_the_beginning_is_left_out_by_the_rule() -> None:
    """Fifty requests at once take some 70 units of time to go, 4 % of the run."""
    found = experiments(200, 10, SEED, backlog=50)
    whole = [interval([steady_mean(run, 0.0) for run in each.runs]) for each in found]
    assert not any(map(covers, whole))
    assert np.mean([covers(interval(each.means)) for each in found]) >= 0.90
