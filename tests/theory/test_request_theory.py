"""Requests against queueing theory, and the closed forms against requests one by one.

Simulated means are compared within some standard errors, taken from batch means, at fixed seeds.
Work is 1 s, unless a story is about a machine. Sources of formulas: Kleinrock, Queueing Systems I
and II; Coffman, Muntz and Trotter (1970) for the variance under processor sharing; Felter et al.
(2014) for Redis.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp, factorial, inf, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.resources.course import Times
from sim.resources.queueing import closed_estimate, limit, open_estimate
from sim.resources.requests import Served, Server, Window, serve_closed, serve_open
from sim.resources.waiting import (
    batch_throughput,
    gated_response,
    level_sums,
    sharing_response,
    turn_throughput,
)

REQUESTS = 100_000
BATCHES = 20
FOREVER = 1e9


def standard_error(values: Times) -> float:
    """Return that of the mean, from batches that are long enough to be nearly independent."""
    means = [float(batch.mean()) for batch in np.array_split(values, BATCHES)]
    return float(np.std(means, ddof=1)) / sqrt(BATCHES)


def is_near(values: Times, theory: float, errors: float = 4.0) -> bool:
    """Return whether a mean is within so many standard errors of what theory says."""
    return abs(float(values.mean()) - theory) < errors * standard_error(values)


def check_little(served: Served, server: Server, clients: int | None = None) -> None:
    """Check that mean number = throughput × mean time: of clients, all that there are.

    The number at an open server is seen at moments of its own, evenly spaced.
    """
    seconds = float(served.simulated_s.sum())
    throughput = len(served.latency) / seconds
    if clients is not None:
        assert throughput * served.latency.mean() == pytest.approx(clients, rel=0.02)
        return
    inside = served.latency - server.delay
    moments = np.linspace(0.0, seconds, 100_000)
    came = np.searchsorted(served.arrived, moments)
    left = np.searchsorted(np.sort(served.arrived + inside), moments)
    assert (came - left).mean() == pytest.approx(throughput * inside.mean(), rel=0.02)


def opened(
    server: Server, rate: float, capacity: float = inf, disk: float = 1.0, seed: int = 1
) -> Served:
    """Serve a Poisson stream for long; without a limit each thread has its core."""
    window = Window(0.0, FOREVER, min(capacity, server.threads), rate, disk)
    served = serve_open(server, [window], np.random.default_rng(seed), REQUESTS)
    check_little(served, server)
    return served


def closed(
    server: Server, clients: int, capacity: float = inf, disk: float = 1.0, seed: int = 1
) -> Served:
    """Serve clients for long."""
    window = Window(0.0, FOREVER, min(capacity, server.threads), disk=disk)
    served = serve_closed(server, clients, [window], np.random.default_rng(seed), REQUESTS)
    check_little(served, server, clients)
    return served


def throughput(served: Served) -> float:
    return float(served.done.sum() / served.simulated_s.sum())


def in_turn(threads: int = 1, variation: float = 1.0, **more: float) -> Server:
    return Server("in-turn", threads, 1.0, variation, queue=1_000_000, **more)


def shared(threads: int = 1, variation: float = 1.0, **more: float) -> Server:
    return Server("shared", threads, 1.0, variation, queue=1_000_000, **more)


def by_core(cores: int, **more: float) -> Server:
    return Server("by-core", 1000, 1.0, cores=cores, queue=1_000_000, **more)


# One server, a Poisson stream


@pytest.mark.parametrize("load", [0.3, 0.8])
def test_the_time_in_m_m_1_is_exponential_with_rate_mu_minus_lambda(load: float) -> None:
    served = opened(in_turn(), load)
    assert is_near(served.latency, 1.0 / (1.0 - load))
    for share in (0.1, 0.5, 0.9, 0.99):
        quantile = -log(1.0 - share) / (1.0 - load)
        assert is_near((served.latency <= quantile).astype(float), share)


@pytest.mark.parametrize("variation", [0.0, 0.5, 1.0, 2.0])
def test_a_queue_in_turn_waits_as_pollaczek_and_khinchine_say(variation: float) -> None:
    # W = s + λ E[S²] / 2(1 - ρ), E[S²] = s²(1 + c²)
    theory = 1.0 + 0.6 * (1.0 + variation**2) / (2.0 * 0.4)
    assert is_near(opened(in_turn(variation=variation), 0.6).latency, theory)
    assert open_estimate(in_turn(variation=variation), 1.0, 0.6).response == pytest.approx(theory)


@pytest.mark.parametrize("variation", [0.0, 0.5, 1.0, 2.0])
def test_sharing_does_not_mind_the_variation_of_work(variation: float) -> None:
    theory = 1.0 / (1.0 - 0.6)
    assert is_near(opened(shared(variation=variation), 0.6).latency, theory)
    estimate = open_estimate(shared(variation=variation), 1.0, 0.6)
    assert (estimate.response, estimate.utilisation, estimate.cores) == pytest.approx(
        (theory, 0.6, 0.6)
    )


@pytest.mark.parametrize("capacity", [4.0, 2.0])
def test_cores_with_queues_of_their_own_are_so_many_queues(capacity: float) -> None:
    server = by_core(4, variation=0.5)
    theory = (4.0 / capacity) / (1.0 - 1.2 / capacity)
    assert is_near(opened(server, 1.2, capacity).latency, theory)
    assert open_estimate(server, capacity, 1.2).response == pytest.approx(theory)


@pytest.mark.parametrize("clients", [3, 16, 60])
def test_clients_of_cores_with_queues_keep_all_busy_only_when_they_are_many(clients: int) -> None:
    """A network of product form: at n requests inside, n/(n + 3) of four cores are busy."""
    server = by_core(4, variation=0.5, delay=2.0)
    exact = closed_estimate(server, 4.0, clients).throughput
    assert throughput(closed(server, clients, 4.0)) == pytest.approx(exact, rel=0.02)
    balanced = closed_estimate(shared(4, delay=2.0), 4.0, clients).throughput
    assert exact < balanced < 4.0 * (1.0 + 1e-9)


def test_under_sharing_a_request_is_slowed_in_proportion_to_its_work() -> None:
    # E[T | x] = x / (1 - ρ), for the short and the long alike.
    served = opened(shared(), 0.6)
    work = np.random.default_rng(1).spawn(3)[1].standard_gamma(1.0, len(served.latency))
    for least, most in ((0.05, 0.2), (0.5, 1.0), (2.0, 3.0), (4.0, inf)):
        chosen = (least < work) & (work < most)
        assert is_near(served.latency[chosen] / work[chosen], 1.0 / 0.4)


def test_the_variance_of_m_m_1_under_sharing() -> None:
    # (2 + ρ) / (2 - ρ) times the square of the mean, 1 / (1 - ρ).
    mean = 1.0 / 0.4
    squares = (opened(shared(), 0.6).latency - mean) ** 2
    assert is_near(squares, mean**2 * 2.6 / 1.4)


def test_sharing_is_that_of_a_plain_simulation_request_by_request() -> None:
    served = opened(shared(), 0.8)
    work = np.random.default_rng(1).spawn(3)[1].standard_gamma(1.0, 3_000)
    plain = plain_sharing(served.arrived[:3_000].tolist(), work.tolist())
    assert served.latency[:2_500] == pytest.approx(plain[:2_500], rel=1e-9)  # the cut is far


def plain_sharing(arrivals: list[float], work: list[float]) -> Times:
    """Return the times in a system that gives each of n requests 1/n of a core, by definition."""
    left = np.full(len(work), inf)
    remains: dict[int, float] = {}
    now = 0.0
    for number, arrival in [*enumerate(arrivals), (len(arrivals), inf)]:
        while remains and now + min(remains.values()) * len(remains) <= arrival:
            first = min(remains, key=remains.__getitem__)
            done = remains.pop(first)
            now += done * (len(remains) + 1)
            left[first] = now
            remains = {each: rest - done for each, rest in remains.items()}
        if number < len(arrivals):
            done = (arrival - now) / len(remains) if remains else 0.0
            remains = {each: rest - done for each, rest in remains.items()} | {number: work[number]}
            now = arrival
    times: Times = left - np.array(arrivals)
    return times


# Several threads


def erlang_c(threads: int, offered: float) -> float:
    """Return the chance to wait in M/M/k, by its textbook sum."""
    last = offered**threads / factorial(threads) * threads / (threads - offered)
    return last / (sum(offered**n / factorial(n) for n in range(threads)) + last)


@pytest.mark.parametrize("threads", [2, 5])
def test_threads_in_turn_and_shared_have_the_mean_of_m_m_k(threads: int) -> None:
    rate = 0.7 * threads
    theory = 1.0 + erlang_c(threads, rate) / (threads - rate)
    assert open_estimate(in_turn(threads), threads, rate).response == pytest.approx(theory)
    assert open_estimate(shared(threads), threads, rate).response == pytest.approx(theory)
    assert is_near(opened(in_turn(threads), rate).latency, theory)
    assert is_near(opened(shared(threads, variation=2.0), rate).latency, theory)


def test_two_threads_on_one_core_are_one_processor() -> None:
    """As many are there as in M/M/1, since who waits for a thread would only share the core."""
    rate, theory = 0.7, 1.0 / (1.0 - 0.7)
    estimate = open_estimate(in_turn(2), 1.0, rate)
    assert (estimate.response, estimate.utilisation) == pytest.approx((theory, 0.7))
    assert is_near(opened(in_turn(2), rate, capacity=1.0).latency, theory)


@pytest.mark.parametrize("variation", [0.0, 2.0])
@pytest.mark.parametrize("cores", [1.0, 2.0])
def test_how_work_varies_matters_only_to_those_who_wait_for_a_thread(
    cores: float, variation: float
) -> None:
    server = in_turn(4, variation=variation)
    rate = 0.8 * cores
    estimate = open_estimate(server, cores, rate)
    found = opened(server, rate, capacity=cores).latency.mean()
    assert estimate.response == pytest.approx(float(found), rel=0.08)


# Clients


def mean_value_analysis(clients: int, delay: float, stations: tuple[float, ...]) -> float:
    """Return the throughput of clients and single stations, from one client up: exact."""
    queues = [0.0] * len(stations)
    rate = 0.0
    for number in range(1, clients + 1):
        times = [work * (1.0 + queue) for work, queue in zip(stations, queues, strict=True)]
        rate = number / (delay + sum(times))
        queues = [rate * time for time in times]
    return rate


@pytest.mark.parametrize("clients", [1, 12, 40])
def test_clients_get_what_mean_value_analysis_says(clients: int) -> None:
    theory = mean_value_analysis(clients, 10.0, (1.0,))
    assert turn_throughput(clients, 10.0, 1.0, 1.0) == pytest.approx(theory)
    assert closed_estimate(shared(delay=10.0), 1.0, clients).throughput == pytest.approx(theory)
    for server in (in_turn(delay=10.0), shared(variation=2.0, delay=10.0)):
        assert throughput(closed(server, clients)) == pytest.approx(theory, rel=0.01)


@pytest.mark.parametrize("clients", [4, 40])
def test_clients_at_a_processor_and_a_disk(clients: int) -> None:
    server = in_turn(delay=10.0, disk=0.45, miss=0.3)
    theory = mean_value_analysis(clients, 10.0, (1.0, 0.9))
    assert closed_estimate(server, 1.0, clients, disk=0.5).throughput == pytest.approx(theory)
    assert throughput(closed(server, clients, disk=0.5)) == pytest.approx(theory, rel=0.015)


def test_repairmen_and_machines() -> None:
    # Kleinrock: of N machines that run for 10 on average and k = 3 repairmen, n are down with the
    # weight binom(N, n) (1/10)^n, times n!/(3! 3^(n-3)) above 3.
    machines, repairmen = 30, 3
    weights = [1.0]
    for down in range(1, machines + 1):
        weights.append(weights[-1] * (machines - down + 1) / 10.0 / min(down, repairmen))
    repaired = sum(min(down, 3) * weight for down, weight in enumerate(weights)) / sum(weights)
    server = in_turn(repairmen, delay=10.0)
    assert closed_estimate(server, 3.0, machines).throughput == pytest.approx(repaired)
    assert throughput(closed(server, machines)) == pytest.approx(repaired, rel=0.01)


@pytest.mark.parametrize("variation", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("clients", [2, 9])
def test_clients_at_one_thread_feel_the_variation_as_takacs_says(
    variation: float, clients: int
) -> None:
    server = in_turn(variation=variation, delay=5.0)
    estimate = closed_estimate(server, 1.0, clients)
    assert throughput(closed(server, clients)) == pytest.approx(estimate.throughput, rel=0.01)
    # Two clients and constant work: the other one is away all the work long with chance e^(-1/5).
    if (variation, clients) == (0.0, 2):
        assert estimate.throughput == pytest.approx(1.0 / (1.0 + exp(-0.2) * 2.5))


def test_clients_that_a_full_server_refuses_are_away() -> None:
    # Erlang's loss formula with a finite source (Engset): 6 clients, room for 2.
    server = Server("shared", 2, 1.0, delay=4.0, queue=2)
    weights = [1.0, 6 / 4, 6 * 5 / 4**2 / 2]
    theory = (weights[1] + 2 * weights[2]) / sum(weights)
    served = serve_closed(server, 6, [Window(0.0, FOREVER, 2.0)], np.random.default_rng(1), 100_000)
    assert throughput(served) == pytest.approx(theory, rel=0.01)
    estimate = closed_estimate(server, 2.0, 6)
    assert (estimate.throughput, estimate.response) == pytest.approx((theory, 5.0))
    refused = weights[2] / sum(weights) * 4 / 4.0  # while both places are taken, 4 try in 4 s
    assert served.lost.sum() / served.simulated_s.sum() == pytest.approx(refused, rel=0.02)


def test_a_million_clients_are_estimated_at_once() -> None:
    server = Server("in-turn", 1, 1e-5, delay=20.0)
    estimate = closed_estimate(server, 1.0, 1_000_000)
    assert estimate.throughput == pytest.approx(50_000.0, rel=1e-4)  # half of what it could do
    crowd = closed_estimate(Server("shared", 4, 1e-4, delay=20.0), 4.0, 1_000_000)
    assert crowd.throughput == pytest.approx(40_000.0)  # 50 000 a second are tried
    assert crowd.response == pytest.approx(20.0 + 4096 / 40_000.0, rel=1e-3)


# A wake that is paid one after the other


@pytest.mark.parametrize("variation", [0.0, 1.0, 2.0])
@pytest.mark.parametrize(("wake", "load"), [(0.2, 0.5), (1.0, 0.8), (4.0, 0.3)])
def test_a_gate_in_turn_waits_as_its_formula_says(
    variation: float, wake: float, load: float
) -> None:
    served = opened(in_turn(variation=variation, wake=wake), load)
    assert is_near(served.latency, gated_response(load, 1.0, variation, wake))


def test_a_gate_that_few_pass_costs_each_its_wake() -> None:
    assert gated_response(1e-9, 1.0, 1.0, 3.0) == pytest.approx(4.0)


@pytest.mark.parametrize(("wake", "load"), [(0.2, 0.5), (1.0, 0.8), (4.0, 0.3)])
def test_a_shared_server_wakes_as_a_queue_with_set_up_times(wake: float, load: float) -> None:
    # M/M/1 with a set-up time: 1/(1 - λ) + (2V + λV²)/2(1 + λV).
    theory = 1.0 / (1.0 - load) + (2 * wake + load * wake**2) / (2.0 * (1.0 + load * wake))
    assert sharing_response(load, 1.0, 1.0, wake) == pytest.approx(theory)
    assert is_near(opened(shared(wake=wake), load).latency, theory)
    assert is_near(
        opened(shared(3, wake=wake), 3 * load).latency,
        sharing_response(3 * load, 1.0, 3.0, wake),
    )


@pytest.mark.parametrize("clients", [1, 2, 5, 30])
@pytest.mark.parametrize(("wake", "delay"), [(0.5, 5.0), (4.0, 2.0)])
def test_clients_at_a_gate_get_what_the_chain_of_batches_says(
    clients: int, wake: float, delay: float
) -> None:
    served = closed(in_turn(wake=wake, delay=delay), clients)
    chain = batch_throughput(clients, delay, 1.0, 1.0, wake)
    assert throughput(served) == pytest.approx(chain, rel=0.01)
    if clients == 1:
        assert chain == pytest.approx(1.0 / (delay + wake + 1.0))


@pytest.mark.parametrize("clients", [2, 7, 30])
def test_clients_at_a_shared_server_that_wakes(clients: int) -> None:
    server = shared(2, wake=2.0, delay=10.0)
    estimate = closed_estimate(server, 2.0, clients)
    assert throughput(closed(server, clients)) == pytest.approx(estimate.throughput, rel=0.01)


def test_levels_are_the_same_however_large_they_grow() -> None:
    # 3 000 clients at a server that can serve one at a time: weights up to 10^8 000.
    births = [3_000.0 - number for number in range(3_000)]
    sums = level_sums(births, iter([1.0] * 3_000))
    assert sums.flow / sums.total == pytest.approx(1.0)
    assert sums.number / sums.total == pytest.approx(2_999.0)


# Closed forms against requests one by one


EXACT = [
    (in_turn(variation=0.0, delay=4.0), 0.5),
    (in_turn(delay=4.0), 0.5),
    (in_turn(4, delay=4.0), 4.0),
    (shared(4, variation=0.0, delay=4.0), 2.5),
    (shared(4, delay=4.0), 2.5),
]
"""Servers without a wake, and the cores that they get, where the forms are exact."""


@pytest.mark.parametrize(("server", "capacity"), EXACT)
@pytest.mark.parametrize("load", [0.3, 0.8])
def test_an_open_estimate_is_within_the_interval_of_a_simulation(
    server: Server, capacity: float, load: float
) -> None:
    rate = load * min(capacity, server.threads)
    estimate = open_estimate(server, capacity, rate)
    assert is_near(opened(server, rate, capacity, seed=4).latency, estimate.response, 2.09)


@pytest.mark.parametrize(("server", "capacity"), EXACT)
@pytest.mark.parametrize("load", [0.3, 0.8])
def test_a_closed_estimate_is_within_the_interval_of_a_simulation(
    server: Server, capacity: float, load: float
) -> None:
    clients = max(1, round(load * capacity * (server.delay + 1.0)))
    served = closed(server, clients, capacity, seed=4)
    gaps = np.diff(served.arrived)  # their mean is 1 / throughput
    estimate = closed_estimate(server, capacity, clients)
    assert is_near(gaps, 1.0 / estimate.throughput, 2.09)


@pytest.mark.parametrize(("wake", "most_off"), [(0.1, 0.05), (0.5, 0.1), (1.0, 0.15)])
@pytest.mark.parametrize("load", [0.3, 0.8])
def test_several_threads_with_a_wake_are_estimated_within_a_bound(
    wake: float, most_off: float, load: float
) -> None:
    threads = 4
    rate = load * threads
    server = in_turn(threads, wake=wake, delay=3.0)
    opened_response = open_estimate(server, threads, rate).response
    assert opened(server, rate).latency.mean() == pytest.approx(opened_response, rel=most_off)
    clients = round(5.0 * rate)
    estimate = closed_estimate(server, threads, clients)
    assert throughput(closed(server, clients)) == pytest.approx(estimate.throughput, rel=0.1)


def test_a_wake_before_a_disk_is_estimated_within_a_bound() -> None:
    server = in_turn(wake=1.0, delay=10.0, disk=0.5)
    for clients in (3, 15):
        estimate = closed_estimate(server, 1.0, clients)
        assert throughput(closed(server, clients)) == pytest.approx(estimate.throughput, rel=0.05)


def test_stations_in_tandem_are_estimated_as_if_each_got_a_stream() -> None:
    server = in_turn(aside=0.5, disk=0.3, miss=0.5, delay=2.0)
    estimate = open_estimate(server, 1.0, 0.6, disk=0.5)
    # 2 + M/D/1 at 0.3 + M/M/1 at 0.6 + M/G/1-PS at 0.36
    assert estimate.response == pytest.approx(2.0 + 0.5 + 0.15 / 1.4 + 2.5 + 0.6 / 0.64)
    served = opened(server, 0.6, disk=0.5)
    assert served.latency.mean() == pytest.approx(estimate.response, rel=0.03)


# Too much, and quotas


def test_more_than_can_be_served_is_lost_and_estimated_without_end() -> None:
    server = Server("shared", 1, 0.01, queue=50)
    served = serve_open(server, [Window(0.0, 1e4, 1.0, 150.0)], np.random.default_rng(1), 100_000)
    estimate = open_estimate(server, 1.0, 150.0)
    assert (estimate.throughput, estimate.response, estimate.cores) == (100.0, inf, 1.0)
    assert throughput(served) == pytest.approx(100.0, rel=0.01)
    assert served.lost.sum() / served.done.sum() == pytest.approx(0.5, rel=0.05)
    # Of 50 places 1/(ρ - 1) = 2 are free on average; the other 48 take 0.48 s, by Little.
    assert served.latency.mean() == pytest.approx(0.48, rel=0.02)


def test_nothing_is_served_without_cores() -> None:
    estimates = open_estimate(in_turn(), 0.0, 1.0), closed_estimate(in_turn(), 0.0, 5)
    assert [each.throughput for each in estimates] == [0.0, 0.0]
    assert [each.response for each in estimates] == [inf, inf]


def test_a_disk_or_a_thread_aside_limits_what_passes() -> None:
    assert open_estimate(in_turn(disk=2.0), 1.0, 0.9, disk=0.5).throughput == 0.25
    assert open_estimate(in_turn(aside=4.0), 1.0, 0.9).throughput == 0.25
    crowd = closed_estimate(in_turn(aside=4.0), 1.0, 50)
    assert (crowd.throughput, crowd.utilisation) == pytest.approx((0.25, 0.25))


def test_a_quota_in_periods_has_the_mean_throughput_of_a_smooth_cap_and_a_worse_tail() -> None:
    # Four threads on four cores spend a quota of one core in a quarter of each 100 ms: most
    # requests find it unspent, and those that do not wait for up to 75 ms.
    smooth = Server("shared", 4, 0.001, variation=0.0, delay=0.02)
    periods = replace(smooth, quota=1.0)
    assert closed_estimate(smooth, 1.0, 40) == closed_estimate(periods, 4.0, 40)
    even, uneven = (
        serve_closed(server, 40, [Window(0.0, 50.0, cores)], np.random.default_rng(1), 50_000)
        for server, cores in ((smooth, 1.0), (periods, 4.0))
    )
    assert [throughput(even), throughput(uneven)] == pytest.approx([1_000.0] * 2, rel=0.01)
    assert [even.latency.mean(), uneven.latency.mean()] == pytest.approx([0.04] * 2, rel=0.01)
    assert np.quantile(even.latency, 0.99) < 0.05
    assert 0.02 + 0.065 < np.quantile(uneven.latency, 0.99) < 0.02 + 0.08
    assert np.median(uneven.latency) < 0.6 * np.median(even.latency)


# Redis on one core, as Felter et al. measured it: requests per second at 1, 10 and 120 clients


@pytest.mark.parametrize(
    ("delay_us", "wake_us", "work_us", "measured"),
    [
        (52.0, 0.0, 8.85, {1: 16_421, 10: 105_435, 120: 112_947}),  # native
        (52.0, 0.0, 8.85, {1: 16_003, 10: 111_705, 120: 116_057}),  # on the host's network
        (60.0, 6.3, 12.0, {1: 12_767, 10: 73_947, 120: 83_317}),  # behind NAT
        (56.0, 40.6, 9.77, {1: 9_390, 10: 56_887, 120: 98_702}),  # in a virtual machine
    ],
)
def test_redis_comes_out_as_measured(
    delay_us: float, wake_us: float, work_us: float, measured: dict[int, int]
) -> None:
    server = Server("in-turn", 1, work_us * 1e-6, delay=delay_us * 1e-6, wake=wake_us * 1e-6)
    for clients, rate in measured.items():
        assert throughput(closed(server, clients)) == pytest.approx(rate, rel=0.035)
        assert closed_estimate(server, 1.0, clients).throughput == pytest.approx(rate, rel=0.03)


# What holds of every estimate

any_server = st.builds(
    Server,
    st.sampled_from(["in-turn", "shared"]),
    st.integers(1, 64),
    st.floats(1e-7, 10.0),
    variation=st.sampled_from([0.0, 0.3, 1.0, 4.0]),
    delay=st.sampled_from([0.0, 1e-6, 0.1, 100.0]),
    wake=st.sampled_from([0.0, 1e-5, 1.0]),
    aside=st.sampled_from([0.0, 1e-6, 0.1]),
    disk=st.sampled_from([0.0, 1e-4, 0.1]),
    queue=st.sampled_from([1, 10, 4096]),
    quota=st.sampled_from([None, 0.5]),
)


@settings(max_examples=100, deadline=None)
@given(any_server, st.floats(0.01, 100.0), st.integers(1, 100_000), st.floats(0.0, 2.0))
def test_an_estimate_is_between_what_must_be(
    server: Server, capacity: float, clients: int, load: float
) -> None:
    most = limit(server, capacity)
    alone = open_estimate(server, capacity, 0.0).response
    if server.order == "shared":
        alone -= server.wake  # who finds others there does not pay it
    stream = open_estimate(server, capacity, load * most)
    assert stream.throughput == pytest.approx(min(1.0, load) * most)
    assert stream.response >= alone * (1.0 - 1e-9)
    crowd = closed_estimate(server, capacity, clients)
    assert 0.0 < crowd.throughput <= min(most, clients / alone) * (1.0 + 1e-6)
    assert crowd.response >= alone * (1.0 - 1e-6)
    assert crowd.throughput * crowd.response <= clients * (1.0 + 1e-6)
