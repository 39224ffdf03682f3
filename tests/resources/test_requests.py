"""Requests through stations, worked out by hand and by a plain form; and what is told of them.

Units: seconds and core-seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.resources.gates import GatedStation, WakingStation
from sim.resources.requests import Served, Server, Window, serve_closed, serve_open
from sim.resources.stations import NOBODY, Processor, Station, Tandem, Throttle

CONSTANT = Server("in-turn", 1, 1.0, variation=0.0)
Grants = Sequence[tuple[float, float]]


def draws(seed: int = 1) -> np.random.Generator:
    """Return a generator as a caller has it."""
    return np.random.default_rng(seed)


def departures(
    line: Processor, arrivals: Sequence[tuple[float, float]], grants: Grants = ((0.0, 1.0),)
) -> list[float]:
    """Return when each of the requests, given by time and work, leaves a station."""
    events: list[tuple[float, int, float]] = [(time, -1, cores) for time, cores in grants]
    events += [(time, number, 0.0) for number, (time, _) in enumerate(arrivals)]
    line.work += [work for _, work in arrivals]
    left = [inf] * len(arrivals)
    for now, number, cores in [*sorted(events), (inf, -1, 0.0)]:
        while line.due <= now and line.due < inf:
            due = line.due
            finished = line.step()
            if finished != NOBODY:
                left[finished] = due
        if number >= 0:
            line.join(now, number)
        elif now < inf:
            line.grant(now, cores)
    return left


def in_turn(threads: int = 1) -> Station:
    return Station(threads, is_shared=False)


def shared(threads: int = 1) -> Station:
    return Station(threads, is_shared=True)


def test_one_thread_serves_in_turn() -> None:
    assert departures(in_turn(), [(0.0, 3.0), (1.0, 1.0), (5.0, 1.0)]) == [3.0, 4.0, 6.0]


def test_a_second_thread_overtakes() -> None:
    # On two cores: the short one leaves at 2, and the third takes its thread then.
    arrivals = [(0.0, 3.0), (1.0, 1.0), (1.0, 0.5)]
    assert departures(in_turn(2), arrivals, [(0.0, 2.0)]) == [3.0, 2.0, 2.5]


def test_threads_in_turn_share_a_core_that_is_one_too_few() -> None:
    # One core for two threads: full speed alone, half speed each, and a third waits for a thread.
    assert departures(in_turn(2), [(0.0, 1.0)], [(0.0, 1.0)]) == [1.0]
    three = [(0.0, 1.0)] * 3
    assert departures(in_turn(2), three, [(0.0, 1.0)]) == pytest.approx([2.0, 2.0, 3.0])


def test_a_shared_core_serves_all_alike() -> None:
    # Alone until 1, then at half speed: the short one leaves at 3, when 1 is left of the long one.
    assert departures(shared(), [(0.0, 3.0), (1.0, 1.0)]) == pytest.approx([4.0, 3.0])


def test_nobody_gets_more_than_a_core_and_all_together_no_more_than_the_threads() -> None:
    three = [(0.0, 2.0)] * 3
    assert departures(shared(8), three[:1], [(0.0, 4.0)]) == [2.0]
    assert departures(shared(8), three, [(0.0, 2.0)]) == pytest.approx([3.0] * 3)
    assert departures(shared(2), three, [(0.0, 8.0)]) == pytest.approx([3.0] * 3)


@pytest.mark.parametrize("station", [in_turn, shared])
def test_capacity_changes_between_windows(station: Callable[[], Station]) -> None:
    # 1 at full speed until 1, nothing until 3, then 1 at half speed.
    grants = [(0.0, 1.0), (1.0, 0.0), (3.0, 0.5)]
    assert departures(station(), [(0.0, 2.0)], grants) == [5.0]


def test_a_batch_waits_for_its_own_wake_and_the_batch_before() -> None:
    # Wake 0-1, serve the first 1-2; those who came meanwhile: wake 2-3, serve 3-4 and 4-5.
    arrivals = [(0.0, 1.0), (0.5, 1.0), (1.2, 1.0), (9.0, 1.0)]
    assert departures(GatedStation(1, 1.0), arrivals) == [2.0, 4.0, 5.0, 11.0]


def test_each_idle_thread_wakes_by_itself() -> None:
    # Two threads: wakes 0-1 and 0.5-1.5; the third and fourth are let in at 2, and wake 2-3.
    arrivals = [(0.0, 1.0), (0.5, 1.0), (0.6, 1.0), (0.7, 1.0)]
    assert departures(GatedStation(2, 1.0), arrivals, [(0.0, 2.0)]) == [2.0, 2.5, 4.0, 4.0]


def test_a_shared_server_wakes_only_from_idleness() -> None:
    # Wake 0-1, share 1-3; the third comes at 2.5 and finds it awake; idle again, it wakes 9-10.
    arrivals = [(0.0, 1.0), (0.5, 1.0), (2.5, 1.0), (9.0, 1.0)]
    left = departures(WakingStation(1, 1.0), arrivals)
    assert left == pytest.approx([3.25, 3.25, 4.0, 11.0])


def test_capacity_that_changes_during_a_wake_counts_after_it() -> None:
    grants = [(0.0, 1.0), (0.5, 0.5)]
    assert departures(WakingStation(1, 1.0), [(0.0, 1.0)], grants) == [3.0]
    assert departures(GatedStation(1, 1.0), [(0.0, 1.0)], grants) == [3.0]


def throttled(station: Station) -> Throttle:
    """Return a station under half a core in each 100 ms."""
    return Throttle(station, quota=0.5, period=0.1)


@pytest.mark.parametrize("station", [in_turn, shared])
def test_a_quota_stalls_for_the_rest_of_its_period(station: Callable[[int], Station]) -> None:
    # 80 ms of work: 50 ms run, a stall until 100 ms, and 30 ms more.
    assert departures(throttled(station(1)), [(0.0, 0.08)]) == pytest.approx([0.13])
    # Smooth, at half a core, it would take 160 ms; begun at 90 ms it takes 130 ms again:
    # 10 ms of this period, 50 of the next, and 20 of the one after that, from 200 ms on.
    assert departures(throttled(station(1)), [(0.09, 0.08)]) == pytest.approx([0.22])


def test_two_threads_spend_a_quota_twice_as_fast() -> None:
    # 25 ms each in a period: 25, 50, 75 of 80 ms by 225 ms, and the rest from 300 to 305 ms.
    line = throttled(in_turn(2))
    left = departures(line, [(0.0, 0.08), (0.0, 0.08)], [(0.0, 2.0)])
    assert left == pytest.approx([0.305, 0.305])


def test_a_period_in_which_nothing_ran_leaves_nothing_for_the_next() -> None:
    # Idle for 1 s, then 60 ms of work: 50 ms, a stall from 1.05 to 1.1, and 10 ms.
    assert departures(throttled(shared()), [(1.0, 0.06)]) == pytest.approx([1.11])


def test_a_quota_counts_what_the_present_period_has_used_so_far() -> None:
    # At a twentieth of a core no period is spent: 48.5 ms by 0.97. Of the 50 ms of that period
    # 3.5 are gone; at two cores the rest lasts to 0.99325, 50 ms more to 1.025, 0.5 to 1.10025.
    line = throttled(shared(2))
    arrivals = [(0.0, 0.0485 / 2 + 0.0485), (0.0, 0.0485 / 2 + 0.0485)]
    left = departures(line, arrivals, [(0.0, 0.05), (0.97, 2.0)])
    assert left == pytest.approx([1.10025] * 2)


def test_a_request_that_comes_in_a_stall_waits_for_the_period() -> None:
    arrivals = [(0.0, 0.05), (0.06, 0.01)]
    assert departures(throttled(in_turn()), arrivals) == pytest.approx([0.05, 0.11])


def test_a_wake_uses_no_quota() -> None:
    # Wake until 80 ms, 20 ms of this period, 50 of the next, a stall to 200, 10 more.
    line = throttled(GatedStation(1, 0.08))
    assert departures(line, [(0.0, 0.08)]) == pytest.approx([0.21])


def test_stations_in_tandem_work_at_the_same_time() -> None:
    first, second, third = in_turn(), in_turn(), shared()
    for station in (first, second, third):
        station.grant(0.0, 1.0)
    first.work += [1.0, 1.0, 1.0]
    second.work += [2.0, 0.5, 1.0]
    third.work += [0.0, 0.0, 3.0]  # two of them have what they read in the cache
    line = Tandem([first, second, third])
    for number in range(3):
        line.join(0.0, number)
    left = {}
    while line.due < inf:
        due = line.due
        left[line.step()] = due
    # The first station ends at 1, 2, 3; the second at 3, 3.5, 4.5; the last holds one until 7.5.
    del left[NOBODY]
    assert left == {0: 3.0, 1: 3.5, 2: 7.5}


def test_a_request_is_told_by_its_arrival_and_what_its_client_saw() -> None:
    server = replace(CONSTANT, work=0.001, delay=0.05)
    served = serve_open(server, [Window(10.0, 110.0, 1.0, rate=1.0)], draws(), 10_000)
    gaps = draws().spawn(3)[0].standard_exponential(200)
    arrivals = 10.0 + np.cumsum(gaps)
    expected = arrivals[arrivals < 110.0]
    assert served.arrived == pytest.approx(expected)
    assert np.median(served.latency) == pytest.approx(0.051)  # most find nobody
    assert (served.done.tolist(), served.lost.tolist(), served.backlog) == (
        [len(expected)],
        [0],
        0,
    )
    assert served.simulated_s.tolist() == [100.0]


def test_requests_that_are_not_done_are_carried_into_the_next_window() -> None:
    windows = [
        Window(0.0, 10.0, 0.0, rate=5.0),  # stalled: nothing is done
        Window(10.0, 10.0, 1.0, rate=5.0),  # no time at all
        Window(10.0, 11.0, 1.0),
        Window(11.0, 100.0, 1.0),
    ]
    served = serve_open(replace(CONSTANT, work=0.1), windows, draws(), 10_000)
    come = len(served.arrived)
    assert served.done.tolist() == [0, 0, 10, come - 10]  # ten in a second, the rest later
    assert set(served.window) == {0}
    first, second = served.arrived[:2]
    assert served.latency[:2] == pytest.approx([10.1 - first, 10.2 - second])


def test_the_rate_follows_the_windows() -> None:
    rates = [50.0, 0.0, 200.0]
    windows = [Window(100.0 * i, 100.0 * i + 100.0, 1.0, rate) for i, rate in enumerate(rates)]
    served = serve_open(replace(CONSTANT, work=0.0001), windows, draws(), 100_000)
    assert served.done == pytest.approx([5_000, 0, 20_000], rel=0.04)


def test_where_too_many_are_expected_a_leading_part_of_each_window_is_simulated() -> None:
    windows = [Window(0.0, 100.0, 1.0, 100.0), Window(100.0, 200.0, 1.0, 300.0)]
    served = serve_open(replace(CONSTANT, work=0.001), windows, draws(), 4_000)
    assert served.simulated_s == pytest.approx([10.0, 10.0])  # a tenth of 40 000
    assert served.done == pytest.approx([1_000, 3_000], rel=0.1)
    for place, window in enumerate(windows):
        arrived = served.arrived[served.window == place] - window.start
        assert (arrived.min() > 0.0, arrived.max() < 10.0) == (True, True)


def test_a_request_that_takes_many_periods_of_a_quota_counts_as_many() -> None:
    # One of 10 s takes a thousand periods, and counts as a hundred: 500 are five, so some 500 s.
    server = replace(CONSTANT, work=10.0, quota=0.1, delay=1e-3)
    served = serve_closed(server, 1, [Window(0.0, 1e6, 1.0)], draws(), 500)
    assert served.simulated_s[0] == pytest.approx(500.0, rel=0.01)
    assert served.latency == pytest.approx([100.0] * len(served.latency), rel=0.01)
    brief = replace(server, work=0.01)  # all of a period: it counts as one
    assert serve_open(brief, [Window(0.0, 1e3, 1.0, 5.0)], draws(), 5_000).simulated_s[0] == 1e3


def test_a_backlog_is_carried_over_the_time_that_is_left_out() -> None:
    # 200 a second to a server of 100: 10 s of 100 s are simulated, and leave 1 000 behind.
    windows = [Window(0.0, 100.0, 1.0, 200.0), Window(100.0, 200.0, 1.0)]
    served = serve_open(replace(CONSTANT, work=0.01), windows, draws(), 2_000)
    assert served.done == pytest.approx([1_000, 1_000], rel=0.1)
    late = served.latency.max()
    assert late == pytest.approx(10.0, rel=0.1)  # not 100


def test_all_servers_meet_the_same_requests() -> None:
    windows = [Window(0.0, 200.0, 1.0, 5.0), Window(200.0, 300.0, 1.0, 2.0)]
    plain = serve_open(Server("in-turn", 1, 0.01), windows, draws(), 10_000)
    other = serve_open(
        Server("shared", 4, 0.012, wake=0.01, aside=0.001, disk=0.002, miss=0.1),
        windows,
        draws(),
        10_000,
    )
    assert other.arrived == pytest.approx(plain.arrived)
    alone = Server("in-turn", 1000, 0.01)  # nobody waits: latency is work
    slow = replace(alone, work=0.03)
    windows = [Window(0.0, 200.0, 1000.0, 5.0)]
    times = [serve_open(each, windows, draws(), 10_000).latency for each in (alone, slow)]
    assert times[1] == pytest.approx(3.0 * times[0])


def test_what_a_full_server_refuses_is_lost_and_never_grows() -> None:
    # Three times too many: two thirds are lost, and each waits for a full queue of 10 at most.
    server = replace(CONSTANT, work=0.01, queue=10)
    served = serve_open(server, [Window(0.0, 100.0, 1.0, 300.0)], draws(), 100_000)
    assert served.lost.sum() == pytest.approx(20_000, rel=0.05)
    assert served.done.sum() == pytest.approx(10_000, rel=0.01)
    assert served.backlog <= 10
    assert served.latency.max() <= 0.1 + 1e-9


def test_a_server_that_gets_nothing_refuses_what_its_queue_cannot_hold() -> None:
    server = replace(CONSTANT, queue=7)
    served = serve_open(server, [Window(0.0, 10.0, 0.0, 100.0)], draws(), 10_000)
    assert served.backlog == 7
    assert served.lost[0] == pytest.approx(1_000, rel=0.1)
    assert len(served.arrived) == 0
    stuck = serve_closed(replace(server, delay=0.1), 9, [Window(0.0, 10.0, 0.0)], draws(), 10_000)
    assert stuck.backlog == 7
    assert stuck.lost[0] == pytest.approx(2 * 10.0, rel=0.05)  # two try once a second


def test_no_windows_and_no_requests_are_served_as_such() -> None:
    for served in (
        serve_open(CONSTANT, [], draws(), 10),
        serve_open(CONSTANT, [Window(0.0, 9.0, 1.0)], draws(), 10),
        serve_closed(CONSTANT, 3, [], draws(), 10),
        serve_closed(CONSTANT, 3, [Window(0.0, 9.0, 1.0)], draws(), 0),
    ):
        assert (len(served.arrived), served.done.sum(), served.backlog) == (0, 0, 0)


def test_one_client_waits_for_each_reply() -> None:
    # A cycle is 3 s away on average and 1 s of work.
    server = replace(CONSTANT, delay=3.0)
    served = serve_closed(server, 1, [Window(0.0, 40_000.0, 1.0)], draws(), 100_000)
    assert served.latency == pytest.approx(np.full(len(served.latency), 4.0))
    assert served.done.sum() == pytest.approx(10_000, rel=0.03)
    assert np.diff(served.arrived).min() >= 1.0 - 1e-9


def test_clients_without_a_delay_keep_the_server_busy() -> None:
    # Four clients, room for three: one is always refused, and tries again each second.
    server = replace(CONSTANT, work=0.01, queue=3)
    served = serve_closed(server, 4, [Window(0.0, 10.0, 1.0)], draws(), 10_000)
    assert served.done.sum() == pytest.approx(1_000, abs=2)
    assert np.median(served.latency) == pytest.approx(0.03)
    assert served.lost.sum() == pytest.approx(10, abs=1)


def test_a_million_clients_take_no_more_than_the_queue_holds() -> None:
    server = Server("in-turn", 1, 1e-4, delay=1.0, queue=100)
    served = serve_closed(server, 1_000_000, [Window(0.0, 3600.0, 1.0)], draws(), 20_000)
    assert served.done.sum() == pytest.approx(20_000, rel=0.05)
    assert served.simulated_s.sum() == pytest.approx(2.0)
    assert served.backlog <= 100
    assert served.lost.sum() == pytest.approx(2.0 * 1_000_000, rel=0.01)


@pytest.mark.parametrize("wrong", ["threads", "queue", "work", "period", "quota", "miss"])
def test_a_server_that_could_never_answer_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="can never answer"):
        replace(CONSTANT, **{wrong: 0})  # type: ignore[arg-type]


def plain_departures(
    arrivals: Sequence[tuple[float, float]], grants: Grants, server: Server
) -> list[float]:
    """Serve by looking at all requests at each instant: as plain as can be."""
    left, remains = [inf] * len(arrivals), [work for _, work in arrivals]
    changes = sorted({time for time, _ in (*arrivals, *grants)})
    now, inside = 0.0, [number for number, (time, _) in enumerate(arrivals) if time == 0.0]
    while now < inf:
        cores = next(cores for time, cores in reversed(grants) if time <= now)
        served = inside if server.order == "shared" else inside[: server.threads]
        speed = min(1.0, min(cores, server.threads) / max(1, len(served)))
        ends = [now + remains[number] / speed if speed else inf for number in served]
        change = next((time for time in changes if time > now), inf)
        until = min([change, *ends])
        for number in served:
            remains[number] -= (until - now) * speed if speed else 0.0
        if until < inf and until in ends:
            left[served[ends.index(until)]] = until
            inside.remove(served[ends.index(until)])
        if until > now:
            inside += [number for number, (time, _) in enumerate(arrivals) if time == until]
        now = until
    return left


servers = st.builds(
    Server,
    st.sampled_from(["in-turn", "shared"]),
    st.integers(1, 4),
    st.just(1.0),
)
times = st.floats(0.0, 30.0)
first = itemgetter(0)


@settings(max_examples=60, deadline=None)
@given(
    servers,
    st.lists(st.tuples(times, st.floats(0.01, 5.0)), min_size=1, max_size=12, unique_by=first),
    st.lists(st.tuples(st.floats(0.1, 30.0), st.floats(0.1, 5.0)), max_size=4, unique_by=first),
)
def test_stations_serve_as_the_plain_form_does(
    server: Server, arrivals: list[tuple[float, float]], grants: list[tuple[float, float]]
) -> None:
    arrivals, grants = sorted(arrivals), [(0.0, 1.5), *sorted(grants), (31.0, 1.0)]
    station = Station(server.threads, is_shared=server.order == "shared")
    plain = plain_departures(arrivals, grants, server)
    assert departures(station, arrivals, grants) == pytest.approx(plain, rel=1e-9)


any_server = st.builds(
    Server,
    st.sampled_from(["in-turn", "shared"]),
    st.integers(1, 3),
    st.floats(0.001, 0.1),
    variation=st.sampled_from([0.0, 0.5, 1.0, 3.0]),
    delay=st.floats(0.0, 1.0),
    wake=st.sampled_from([0.0, 0.01]),
    aside=st.sampled_from([0.0, 0.005]),
    disk=st.sampled_from([0.0, 0.02]),
    queue=st.sampled_from([1, 3, 100]),
    quota=st.sampled_from([None, 0.4]),
    miss=st.sampled_from([0.2, 1.0]),
)
capacities = st.lists(st.floats(0.0, 4.0), min_size=1, max_size=4)


def windows_of(capacities: list[float], rate: float) -> list[Window]:
    return [
        Window(5.0 * place, 5.0 * place + 5.0, cores, rate * (place + 1), disk=0.5)
        for place, cores in enumerate(capacities)
    ]


def check_told(server: Server, served: Served, windows: list[Window]) -> None:
    """What holds of every run."""
    assert len(served.latency) == len(served.arrived) == served.done.sum()
    assert (served.lost >= 0).all()
    assert 0 <= served.backlog <= server.queue
    assert (np.diff(served.arrived) >= 0.0).all()
    for place, window in enumerate(windows):
        arrived = served.arrived[served.window == place]
        assert ((window.start <= arrived) & (arrived <= window.end)).all()


def all_that_come(server: Server, windows: list[Window], seed: int) -> Served:
    """Serve the same stream with a core for each request, until all are done: latency is work."""
    ideal = Server("in-turn", 1_000, server.work, server.variation)
    unlimited = [replace(window, capacity=1_000.0) for window in windows]
    drained = Window(windows[-1].end, 1e6, 1_000.0)
    return serve_open(ideal, [*unlimited, drained], draws(seed), 100_000)


@settings(max_examples=60, deadline=None)
@given(any_server, capacities, st.floats(0.0, 30.0), st.integers(0, 9))
def test_every_request_is_done_lost_or_still_there(
    server: Server, capacities: list[float], rate: float, seed: int
) -> None:
    windows = windows_of(capacities, rate)
    served = serve_open(server, windows, draws(seed), 10_000)
    check_told(server, served, windows)
    come = all_that_come(server, windows, seed)
    assert served.done.sum() + served.lost.sum() + served.backlog == len(come.arrived)
    work = come.latency[np.searchsorted(come.arrived, served.arrived)]
    assert (served.latency >= server.delay + server.aside + work - 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(any_server, capacities, st.integers(1, 200), st.integers(0, 9))
def test_clients_are_never_more_than_there_are(
    server: Server, capacities: list[float], clients: int, seed: int
) -> None:
    windows = windows_of(capacities, 0.0)
    served = serve_closed(server, clients, windows, draws(seed), 2_000)
    check_told(server, served, windows)
    assert served.backlog <= clients
    assert served.lost.sum() == 0 or clients > server.queue
    assert (served.latency >= server.delay).all()
