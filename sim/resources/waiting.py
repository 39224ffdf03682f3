"""Formulas for waiting at one station: exact forms on plain numbers, from which estimates are made.

Work is gamma, with a mean and a coefficient of variation; clients are away for an exponential
time; a wake is constant.

Symbols in formulas: rate λ, work s, its coefficient of variation c, utilisation ρ, wake V,
clients N, their mean delay Z, throughput X, and B, the Laplace transform of the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from math import ceil, exp, expm1, inf, log1p, sqrt

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

_STEPS = 500
_LINEAR = 1e-4  # steps so much shorter than 1 - ρ shrink like the powers of ρ
_NEGLIGIBLE = 1e-18
_LARGE = 1e200
_SMALL = 1e-200


def gated_response(rate: float, work: float, variation: float, wake: float) -> float:
    """Return the mean time at a gated server in turn that gets a Poisson stream.

    A request waits for the rest of the present batch, then the wake, then those before it in its
    own batch. With m and M the mean and the second factorial moment of a batch, and C a cycle,
    wake and batch: T = V + s(1 + M/2m) + λE[C²]/2m. The generating function G of the batches
    obeys G(z) = exp(-λ(1-z)V) G(B(λ(1-z))) - p(1-z), p the chance that none come in a cycle;
    so m = (λV + p)/(1-ρ), M = ((λV)² + 2λVρm + λ²E[S²]m)/(1-ρ²). Without a wake this is
    Pollaczek and Khinchine's s + λE[S²]/2(1-ρ), whatever p.
    """
    load, second = rate * work, work * work * (1.0 + variation * variation)
    come = rate * wake
    empty = _empty_cycle(rate, work, variation, wake)
    mean = (come + empty) / (1.0 - load)
    pairs = (come * come + (2.0 * come * load + rate * rate * second) * mean) / (1.0 - load * load)
    cycle = wake * wake + (2.0 * wake * work + second) * mean + work * work * pairs
    return wake + work * (1.0 + pairs / (2.0 * mean)) + rate * cycle / (2.0 * mean)


def _empty_cycle(rate: float, work: float, variation: float, wake: float) -> float:
    """Return the chance that nobody comes in a cycle: G(0) = 0, followed to G(1) = 1."""
    passed, missing = 1.0, 0.0
    away = 1.0 - transform(rate, work, variation)  # 1 - z, in steps towards 0
    spare = 1.0 - rate * work
    for _ in range(_STEPS):
        missing += away * passed
        passed *= exp(-rate * wake * away)
        away = 1.0 - transform(rate * away, work, variation)
        if away < _LINEAR * spare:
            break
    rest = away / spare  # the sum of the steps that are left, each ρ of the last
    ended = passed * exp(-rate * wake * rest)
    missing += rest * (passed + ended) / 2.0
    nobody = exp(-rate * wake)
    return nobody * ended / (1.0 + nobody * missing)


def transform(rate: float, work: float, variation: float) -> float:
    """Return the Laplace transform of the work: the chance that a stream brings none in it."""
    return exp(-_exponent(rate * work, variation))


def _exponent(load: float, variation: float) -> float:
    squared = variation * variation
    return log1p(load * squared) / squared if squared else load


def turn_throughput(clients: int, delay: float, work: float, variation: float) -> float:
    """Return the throughput of clients at one server in turn: M/G/1//N.

    Source: Takács, Introduction to the Theory of Queues (1962), chapter 5: who leaves does so
    from an empty server with chance q, 1/q = Σ binom(N-1, r) Π (1-B(i/Z))/B(i/Z), i to r; an empty
    server waits Z/N, and so X = 1/(s + qZ/N).
    """
    number = np.arange(1.0, clients)
    squared = variation * variation
    load = number * (work / delay)
    exponent = np.log1p(load * squared) / squared if squared else load
    odds = exponent + np.log(-np.expm1(-exponent))
    terms = np.concatenate([[0.0], np.cumsum(np.log((clients - number) / number) + odds)])
    largest = terms.max()
    empty = exp(-largest) / float(np.exp(terms - largest).sum())
    return 1.0 / (work + empty * delay / clients)


def batch_throughput(
    clients: int, delay: float, work: float, variation: float, wake: float
) -> float:
    """Return the throughput of clients at one gated server in turn.

    The sizes of batches are a Markov chain: after a batch of n the next are those of N - n who
    came back in the wake and the batch, and those of the batch who came back since their reply;
    if none did, the first one, Z/N later. Then X = m/(V + ms + pZ/N), with m the mean size and p
    the chance of none. Each is taken to come back with the mean chance, apart from the others:
    within 1 % of the truth.
    """
    chances = np.zeros((clients, clients + 1))
    missed = transform(1.0 / delay, work, variation)  # the chance not to be back in one work
    back = np.ones(1)  # the distribution of how many of the batch are back
    for size in range(1, clients + 1):
        back = np.convolve(back, [missed ** (size - 1), 1.0 - missed ** (size - 1)])
        others = _binomial(clients - size, exp(-wake / delay) * missed**size)
        chances[size - 1] = np.convolve(back, others)
    sizes = _stationary(chances)
    mean = float(np.arange(1, clients + 1) @ sizes)
    nobody = float(chances[:, 0] @ sizes)
    return mean / (wake + mean * work + nobody * delay / clients)


def _stationary(chances: Numbers) -> Numbers:
    """Return how often each batch is of one, two, …: where none came, the next is one."""
    steps = chances[:, 1:].copy()
    steps[:, 0] += chances[:, 0]
    equations = steps.T - np.eye(len(steps))
    equations[-1] = 1.0
    sums = np.zeros(len(steps))
    sums[-1] = 1.0
    return np.asarray(np.linalg.solve(equations, sums), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Waking:
    """A server that passes `wake` seconds when it was idle, before it serves.

    `during` are there on average meanwhile; more than n are there at the end with the chance
    `more[n]`.
    """

    wake: float
    during: float
    more: list[float]


AWAKE = Waking(0.0, 1.0, [1.0])
"""A server that serves at once."""


def waking_to_stream(rate: float, wake: float) -> Waking:
    """Return the waking of a server to which a Poisson stream comes."""
    if not wake:
        return AWAKE
    mean = rate * wake
    most = int(mean + 12.0 * sqrt(mean) + 40.0)
    others = _from_ratios(mean / np.arange(1.0, most + 1.0))
    return Waking(wake, 1.0 + mean / 2.0, _at_least(others))


def waking_to_clients(clients: int, delay: float, wake: float) -> Waking:
    """Return the waking of a server to which one of the clients comes."""
    if not wake:
        return AWAKE
    others = clients - 1
    during = 1.0 + others * (1.0 + expm1(-wake / delay) * delay / wake)
    return Waking(wake, during, _at_least(_binomial(others, exp(-wake / delay))))


@dataclass(frozen=True, slots=True)
class Levels:
    """How long a server is at each number of requests, summed, with 1 for idleness.

    `total` time, `number` times time, `flow` of requests that leave, and the `last` level's time.
    """

    total: float
    number: float
    flow: float
    last: float


def level_sums(births: Sequence[float], deaths: Iterable[float], waking: Waking = AWAKE) -> Levels:
    """Return the stationary levels of a birth–death process, the births from 0, the deaths from 1.

    What crosses a level upwards, by a birth or on waking up above it, equals what crosses it
    downwards: d(n+1) p(n+1) = b(n) p(n) + b(0) p(0) more(n). Exact for exponential work, and
    without a wake for any that is shared.
    """
    entry, weight = births[0], 0.0
    asleep = entry * waking.wake
    total, number, flow = 1.0 + asleep, asleep * waking.during, 0.0
    crossings = zip(births, deaths, chain(waking.more, repeat(0.0)), strict=False)
    for level, (birth, death, more) in enumerate(crossings, 1):
        weight = (birth * weight + entry * more) / death
        total += weight
        number += level * weight
        flow += death * weight
        if weight > _LARGE:
            entry, weight, total = entry / _LARGE, weight / _LARGE, total / _LARGE
            number, flow = number / _LARGE, flow / _LARGE
        elif weight < _NEGLIGIBLE * total and not more:
            break
    return Levels(total, number, flow, weight)


def sharing_response(rate: float, work: float, cores: float, wake: float) -> float:
    """Return the mean time at a server that shares cores among a Poisson stream, one each at most.

    Without a wake the mean number there is that of M/M/k, whatever the variation of the work.
    """
    waking = waking_to_stream(rate, wake)
    levels = max(len(waking.more), ceil(cores))
    deaths = [min(level, cores) / work for level in range(1, levels + 1)]
    sums = level_sums([rate] * levels, deaths, waking)
    ratio = rate * work / cores
    rest = sums.last * ratio / (1.0 - ratio)  # the levels above, a geometric series
    number = sums.number + rest * (levels + 1.0 / (1.0 - ratio))
    return number / (sums.total + rest) / rate


def beside(throughputs: Iterable[float], time: float) -> Iterator[float]:
    """Yield the throughput at 1, 2, … requests of stations put beside one that takes a time each.

    Norton's theorem for queues: in a network of product form they act as one, which passes the
    requests at the rate at which so many would circulate in them alone.
    """
    chance = 1.0  # that none is at the station
    for throughput in throughputs:
        chance /= throughput
        interval = chance + time
        chance /= interval
        yield 1.0 / interval


def _binomial(trials: int, missed: float) -> Numbers:
    """Return the distribution of successes, each of which is missed with a chance."""
    number = np.arange(1.0, trials + 1.0)
    odds = (1.0 - missed) / missed if missed else inf
    return _from_ratios((trials - number + 1.0) / number * min(odds, _LARGE))


def _from_ratios(ratios: Numbers) -> Numbers:
    """Return the distribution over 0, 1, … with these ratios from one to the next."""
    logarithms = np.concatenate([[0.0], np.cumsum(np.log(np.maximum(ratios, _SMALL)))])
    weights = np.exp(logarithms - logarithms.max())
    distribution: Numbers = weights / weights.sum()
    return distribution


def _at_least(distribution: Numbers) -> list[float]:
    chances: list[float] = distribution[::-1].cumsum()[::-1].tolist()
    return chances
