"""Requests to a server in closed form: throughput and mean response without simulating them.

What `requests` simulates, in steady state: exact wherever the field has an exact form; where it
has none, the docstring says what stands in and how far off it is. A quota counts as a smooth cap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from math import expm1, inf

from sim.resources.requests import SHORTEST_DELAY, Server
from sim.resources.waiting import (
    AWAKE,
    batch_throughput,
    beside,
    gated_response,
    level_sums,
    sharing_response,
    turn_throughput,
    waking_to_clients,
)

MANY_CLIENTS = 200
"""So many clients and more send nearly a Poisson stream."""

_HALVINGS = 36  # of the interval that holds a throughput: to 1e-11 of it


NEARLY = 1.0 - 1e-9
"""Of what a server can do: beyond it, what is left is rounding, and nobody waits for an end."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Means of a steady state.

    `response` is delay and time at the server, infinite where more comes than is served;
    `utilisation` is that of the cores that the threads can use, and `cores` the CPU in use.
    """

    throughput: float
    response: float
    utilisation: float
    cores: float


@lru_cache(maxsize=4096)
def open_estimate(server: Server, capacity: float, rate: float, disk: float = 1.0) -> Estimate:
    """Return what becomes of a Poisson stream, as if no queue were too short for it.

    Each station is taken to get a Poisson stream, which is exact where there is only one.
    """
    most = limit(server, capacity, disk)
    if rate >= most * NEARLY:
        return _estimate(server, capacity, most, inf)
    device = server.disk / disk if server.disk else 0.0
    response = (
        server.delay
        + gated_response(rate, server.aside, 0.0, 0.0)  # M/D/1
        + server_response(server, capacity, rate)
        + device / (1.0 - rate * device)  # M/G/1-PS
    )
    return _estimate(server, capacity, rate, response)


@lru_cache(maxsize=4096)  # asked for anew in each window of each instance, and most are alike
def closed_estimate(server: Server, capacity: float, clients: int, disk: float = 1.0) -> Estimate:
    """Return what clients get, each of which sends a mean delay after the reply to its last.

    Without a wake: exact for one thread in turn, and for exponential work in turn or any that is
    shared, on one core or on each, a disk included. With one: exact for exponential work that is
    shared; within 1 % for one thread in turn; else the mean of a form that is high and of one that
    is low, within 10 % where the wake is no longer than the work. Clients that a full queue
    refuses are away.
    """
    if not limit(server, capacity, disk):
        return _estimate(server, capacity, 0.0, inf)
    if clients > server.queue:
        throughput, inside = _by_levels(server, capacity, clients, disk)
        return _estimate(server, capacity, throughput, server.delay + inside / throughput)
    throughput = _throughput(server, capacity, clients, disk)
    return _estimate(server, capacity, throughput, clients / throughput)


def limit(server: Server, capacity: float, disk: float = 1.0) -> float:
    """Return the throughput at which the busiest station is always busy."""
    aside = 1.0 / server.aside if server.aside else inf
    device = disk / server.disk if server.disk else inf
    return min(usable_cores(server, capacity) / server.work, aside, device)


def usable_cores(server: Server, capacity: float) -> float:
    """Return the capacity that the threads can use."""
    return min(capacity, server.threads, inf if server.quota is None else server.quota)


def server_response(server: Server, capacity: float, rate: float) -> float:
    """Return the mean time at the threads, where a Poisson stream does not overload them.

    Exact for one thread in turn, and shared without a wake or with exponential work. Several in
    turn: exact for c = 1; Allen and Cunneen's form, (1 + c²)/2 of the wait of M/M/k, where each
    has a core; where they share fewer, that is the part of the wait outside the threads.
    """
    cores = usable_cores(server, capacity)
    work = _alone(server, cores)
    if not rate:
        return server.wake + work
    if server.order == "by-core":
        return work / (1.0 - rate * server.work / cores)  # M/G/1-PS on each
    if server.order == "shared":
        return sharing_response(rate, server.work, cores, server.wake)
    if server.threads == 1:
        return gated_response(rate, work, server.variation, server.wake)
    wait = sharing_response(rate, server.work, cores, 0.0) - work
    behind: float = (rate * server.work / cores) ** (server.threads - cores)  # or mypy sees Any
    together = work + wait + wait * behind * (server.variation**2 - 1.0) / 2.0
    return together + (_wake_response(server, cores, rate) if server.wake else 0.0)


def _wake_response(server: Server, cores: float, rate: float) -> float:
    """Return what a wake adds where several threads serve in turn.

    Its own wake is all, where a thread is idle. Where none is, the threads are like one that is
    k times as fast, and stops for the part of a wake in which they have run out of work: one of
    them at once, each other after an exponential time. Within 13 % of the simulation at up to
    four threads and a wake as long as the work, 3 % where it is a tenth.
    """
    threads, wake, work = server.threads, server.wake, _alone(server, cores)
    stop = _stop(threads, work, wake)
    fast = server.work / cores
    extra = gated_response(rate, fast, server.variation, stop) - stop
    extra -= gated_response(rate, fast, server.variation, 0.0)
    return wake + extra * _all_taken(threads, work + wake, rate)


def _stop(threads: int, work: float, wake: float) -> float:
    """Return for how long a wake of one thread stops all of them, in effect."""
    if not wake:
        return 0.0
    ran_out = 1.0 + expm1(-wake / work) * work / wake
    return wake * (1.0 + (threads - 1.0) * ran_out) / threads


def _all_taken(threads: int, time: float, rate: float) -> float:
    """Return the chance that all threads are taken, each for a time: Erlang's C formula."""
    spare = threads / time - rate
    return (sharing_response(rate, time, threads, 0.0) - time) * spare if spare > 0.0 else 1.0


def _throughput(server: Server, capacity: float, clients: int, disk: float) -> float:
    """Return the throughput of clients of which none is refused."""
    is_in_turn = server.order == "in-turn"
    is_single = is_in_turn and server.threads == 1 and not (server.aside or server.disk)
    if is_in_turn and server.wake:
        return _gated_throughput(server, capacity, clients, disk, is_single=is_single)
    if is_single:
        work = _alone(server, usable_cores(server, capacity))
        return turn_throughput(clients, _delay(server), work, server.variation)
    return _by_levels(server, capacity, clients, disk)[0]


def _gated_throughput(
    server: Server, capacity: float, clients: int, disk: float, *, is_single: bool
) -> float:
    if clients >= MANY_CLIENTS:
        return _as_stream(server, capacity, clients, disk)
    if is_single:
        work = _alone(server, usable_cores(server, capacity))
        return batch_throughput(clients, _delay(server), work, server.variation, server.wake)
    high, _ = _by_levels(server, capacity, clients, disk)
    return (high + _as_stream(server, capacity, clients, disk)) / 2.0


def _by_levels(server: Server, capacity: float, clients: int, disk: float) -> tuple[float, float]:
    """Return throughput and mean number inside, of a server that acts by how many are there.

    It passes them on at the rate at which so many would circulate in it without delay.
    """
    delay, most = _delay(server), min(clients, server.queue)
    is_shared_alone = server.order == "shared" and not (server.aside or server.disk)
    waking = waking_to_clients(clients, delay, server.wake) if is_shared_alone else AWAKE
    wake = server.wake - waking.wake
    passing = _circulation(server, usable_cores(server, capacity), wake)
    if server.aside:
        passing = beside(passing, server.aside)
    if server.disk:
        passing = beside(passing, server.disk / disk)
    births = [(clients - level) / delay for level in range(most)]
    sums = level_sums(births, passing, waking)
    return sums.flow / sums.total, sums.number / sums.total


def _circulation(server: Server, cores: float, wake: float) -> Iterator[float]:
    """Yield the throughput of 1, 2, … requests that all come back at once.

    By core, n of them find K equal stations of a network of product form, and n/(n + K - 1) of
    those busy. Shared, a server wakes for a single one alone; in turn, it wakes for all that are
    there.
    """
    threads, work = server.threads, _alone(server, cores)
    if server.order == "by-core":
        others = server.cores - 1
        yield from (number / (number + others) * cores / server.work for number in count(1))
    if server.order == "shared":
        yield 1.0 / (wake + work)
        yield from (min(number, cores) / server.work for number in count(2))
    fast = server.work / cores
    yield from (min(number / (wake + work), 1.0 / fast) for number in range(1, threads + 1))
    stop, each = _stop(threads, work, wake), max(fast, (wake + work) / threads)
    for number in count(threads + 1):
        yield number / max(wake + work, min(stop + number * fast, number * each))


def _as_stream(server: Server, capacity: float, clients: int, disk: float) -> float:
    """Return the throughput X at which a stream and clients meet: N = X(Z + response).

    Of what a request of a stream waits for others, it waits (N-1)/N, as Schweitzer has it.
    """
    alone = open_estimate(server, capacity, 0.0, disk).response
    low, high = 0.0, limit(server, capacity, disk)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        waiting = open_estimate(server, capacity, middle, disk).response - alone
        if middle * (alone + waiting * (clients - 1) / clients) < clients:
            low = middle
        else:
            high = middle
    return low


def _alone(server: Server, cores: float) -> float:
    """Return how long the work of a request takes while no other is there."""
    most = cores / server.cores if server.order == "by-core" else cores
    return server.work / min(1.0, most)


def _delay(server: Server) -> float:
    return max(server.delay, SHORTEST_DELAY)


def _estimate(server: Server, capacity: float, throughput: float, response: float) -> Estimate:
    used, usable = throughput * server.work, usable_cores(server, capacity)
    return Estimate(throughput, response, used / usable if usable else 1.0, used)
