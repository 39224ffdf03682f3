"""Shared rates against what theory says of them: processor sharing, Little's law, water-filling.

Simulated means are compared within four standard errors, taken from batch means, at fixed seeds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, sqrt
from random import Random
from statistics import fmean, stdev

import pytest

from sim.resources.rate import Rate

JOBS = 40_000
BATCHES = 20


@dataclass(frozen=True)
class Queue:
    """What was seen of a queue: each sojourn in order of departure, and time-weighted means."""

    sojourns: list[float]
    number_in_system: list[float]
    arrival_rate: float


def simulate(
    seed: int, arrivals: float, service: Callable[[Random], float], servers: float
) -> Queue:
    """Serve Poisson arrivals by sharing `servers` cores, at most one for each job."""
    random = Random(seed)
    rate = Rate(servers)
    next_arrival = random.expovariate(arrivals)
    sojourns: list[float] = []
    areas: list[float] = []
    area = last = mark = 0.0
    present = 0
    while len(sojourns) < JOBS:
        now = min(next_arrival, rate.next())
        area, last = area + present * (now - last), now
        for leaf in rate.complete(now):
            assert isinstance(leaf.owner, float)
            sojourns.append(now - leaf.owner)
            present -= 1
            if len(sojourns) % (JOBS // BATCHES) == 0:
                areas.append(area / (now - mark))
                area, mark = 0.0, now
        if now == next_arrival:
            rate.join(rate.root, service(random), now, owner=now)
            present += 1
            next_arrival = now + random.expovariate(arrivals)
    return Queue(sojourns, areas, JOBS / last)


def batch_means(values: list[float]) -> list[float]:
    """Return the mean of each of the batches, which are long enough to be nearly independent."""
    size = len(values) // BATCHES
    return [fmean(values[start : start + size]) for start in range(0, len(values), size)]


def standard_errors_off(means: list[float], theory: float) -> float:
    """Return how far the mean of batch means is from theory."""
    return abs(fmean(means) - theory) / (stdev(means) / sqrt(len(means)))


def test_the_mean_sojourn_of_m_m_1_under_sharing_is_1_over_mu_minus_lambda() -> None:
    # lambda = 0.7, mu = 1: W = 1 / (1 - 0.7) = 3.33 s and L = 0.7 / (1 - 0.7) = 2.33.
    queue = simulate(1, 0.7, lambda random: random.expovariate(1.0), 1.0)
    assert standard_errors_off(batch_means(queue.sojourns), 1 / 0.3) < 4
    assert standard_errors_off(queue.number_in_system, 0.7 / 0.3) < 4


def test_sharing_is_insensitive_to_the_distribution_of_work() -> None:
    # M/G/1-PS has the mean of M/M/1; first come, first served would give 2.17 s for constant
    # work, 1 + 0.7 E[S^2] / 0.6, and 4.79 s for this mixture.
    for seed, service in enumerate([lambda _: 1.0, one_in_ten_is_long]):
        queue = simulate(seed, 0.7, service, 1.0)
        assert standard_errors_off(batch_means(queue.sojourns), 1 / 0.3) < 4


def one_in_ten_is_long(random: Random) -> float:
    """Return work of mean 1: 0.5 nine times in ten, else 5.5."""
    return 5.5 if random.random() < 0.1 else 0.5


def erlang_c_number(load: float, servers: int) -> float:
    """Return the mean number in an M/M/c system, from Erlang's C formula."""
    terms = [load]  # of load^n / n!, from n = 1
    for number in range(2, servers + 1):
        terms.append(terms[-1] * load / number)
    all_busy = terms[-1] * servers / (servers - load)
    waiting = all_busy / (1.0 + sum(terms[:-1]) + all_busy)
    return load + waiting * load / (servers - load)


def test_jobs_of_one_core_on_four_are_as_many_as_in_m_m_c() -> None:
    # With exponential work the number in system goes up at lambda and down at min(n, c) mu under
    # either discipline. lambda = 3, mu = 1, c = 4: L = 3 + 0.5094 * 3 = 4.528.
    assert erlang_c_number(3.0, 4) == pytest.approx(4.528, abs=5e-4)
    queue = simulate(3, 3.0, lambda random: random.expovariate(1.0), 4.0)
    assert standard_errors_off(queue.number_in_system, erlang_c_number(3.0, 4)) < 4
    assert standard_errors_off(batch_means(queue.sojourns), erlang_c_number(3.0, 4) / 3.0) < 4


def test_littles_law_holds_on_any_run() -> None:
    # An identity of the sample path, but for the few jobs present at the end and unequal batches.
    queue = simulate(4, 1.5, lambda random: random.uniform(0.0, 1.0), 1.0)
    expected = queue.arrival_rate * fmean(queue.sojourns)
    assert fmean(queue.number_in_system) == pytest.approx(expected, rel=0.02)


def test_the_water_level_fills_the_small_claims_first() -> None:
    # 6 cores among caps 1, 2, 4, 4: fair is 1.5, so 1 is full; 5/3 does not fill 2 either, so
    # the other three have 5/3 each.
    rate = Rate(6.0)
    leaves = [rate.join(rate.root, 9.0, 0.0, cap=cap) for cap in (1.0, 2.0, 4.0, 4.0)]
    assert [rate.rate(leaf) for leaf in leaves] == pytest.approx([1, 5 / 3, 5 / 3, 5 / 3])


def test_what_a_capped_node_leaves_goes_to_others_by_weight() -> None:
    # 8 cores. A (weight 3, cap 2) would have 3/6 of 8 = 4 and takes 2; B (weight 1) and
    # C (weight 2) share 6 as 2 and 4. In C two threads of weights 1 and 3, caps 1 and 4: by
    # weight they would have 1 and 3, so both fit.
    rate = Rate(8.0)
    a = rate.share(rate.root, weight=3.0, cap=2.0)
    b = rate.share(rate.root, weight=1.0)
    c = rate.share(rate.root, weight=2.0)
    for _ in range(5):
        rate.join(a, inf, 0.0)
        rate.join(b, inf, 0.0)
    light = rate.join(c, inf, 0.0, weight=1.0, cap=1.0)
    heavy = rate.join(c, inf, 0.0, weight=3.0, cap=4.0)
    assert [rate.rate(node) for node in (a, b, c)] == pytest.approx([2, 2, 4])
    assert [rate.rate(leaf) for leaf in (light, heavy)] == pytest.approx([1, 3])


def test_a_quota_inside_a_machine_inside_a_host() -> None:
    # A host of 4 cores: a machine of 2 vCPUs and five bare threads. By weight the machine has
    # 4/6 core. In it a container with a quota of 0.25 and one thread, which would have half of
    # 4/6 and keeps 1/4; a bare thread beside it has the other 5/12.
    rate = Rate(4.0)
    machine = rate.share(rate.root, cap=2.0)
    container = rate.share(machine, cap=0.25)
    inside = rate.join(container, inf, 0.0)
    beside = rate.join(machine, inf, 0.0)
    bare = [rate.join(rate.root, inf, 0.0) for _ in range(5)]
    assert rate.rate(machine) == pytest.approx(2 / 3)
    assert rate.rate(inside) == pytest.approx(1 / 4)
    assert rate.rate(beside) == pytest.approx(5 / 12)
    assert rate.rate(bare[0]) == pytest.approx(2 / 3)
