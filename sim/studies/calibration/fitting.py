"""Stretch the steps of a platform's start until the model gives back what was measured."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import cast, get_args

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares

from sim.probes.readings import Measured
from sim.spec.document import Tree
from sim.spec.host import Host
from sim.studies.calibration.modelled import Entries, Times, predict
from sim.studies.calibration.phases import (
    TIMED,
    Address,
    Part,
    Start,
    amount,
    laid,
    read_start,
)

_MOST = 1000.0
_STEP = 0.02
_EVALUATIONS = 20
_OF_CPU = 1.0
"""How much CPU of a start counts beside the time of the last of several."""

_OF_SHAPE = 0.02
"""How much the catalog's shares of the parts count, for what times leave open."""

_OF_TIMES = {"first": 0.5, "median": 0.5, "last": 1.0}


@dataclass(frozen=True)
class Fit:
    """Factors for the parts of a start, and what the model then gives for each count."""

    start: Start
    factors: Mapping[Part, float]
    times: Mapping[int, Times]


def fit(entries: Entries, measured: Measured, cpu: float) -> Fit:
    """Find the factors with which the model comes closest to the times and the CPU of starts.

    `cpu` are the core-seconds of a start, of the reference core. The variation of starts is left
    out of the search, so that chance does not move it.
    """
    start = read_start(entries.platform)
    parts: list[Part] = [part for part in get_args(Part) if part in start.parts]
    spinning = _spinning(entries.host, max(measured.counts))
    steady = Entries(entries.host, _without_chance(entries.platform), entries.workload)

    def times(factors: Mapping[Part, float]) -> dict[int, Times]:
        numbers = {
            address: amount(address, value) for address, value in start.stretched(factors).items()
        }
        changed = Entries(steady.host, with_numbers(steady.platform, numbers), steady.workload)
        return {count: predict(changed, count) for count in measured.counts}

    def misses(logs: npt.NDArray[np.float64]) -> list[float]:
        factors = _factors(parts, logs)
        shape = [_OF_SHAPE * float(each) for each in logs - logs.mean()]
        of_cpu = _OF_CPU * math.log(start.computed(factors, spinning) / cpu)
        return [of_cpu, *_misses(times(factors), measured), *shape]

    guess = np.log(_guess(start, parts, measured, cpu, spinning))
    bound = math.log(_MOST)
    found = least_squares(
        misses,
        guess.clip(-bound, bound),
        bounds=(-bound, bound),
        diff_step=[_STEP],
        max_nfev=_EVALUATIONS,
    )
    factors = _factors(parts, found.x)
    return Fit(start, factors, times(factors))


def with_numbers(platform: Tree, numbers: Mapping[Address, Tree]) -> Tree:
    """A platform with numbers put in their places."""
    tree = cast("dict[str, Tree]", platform)
    boundaries = cast("Mapping[str, Tree]", tree["boundaries"])
    return tree | {
        "boundaries": reduce(
            lambda so_far, item: laid(so_far, *item), numbers.items(), dict(boundaries)
        )
    }


def _spinning(host: Tree, count: int) -> float:
    """Core-seconds, of the reference core, of a second in which each of so many keeps one busy."""
    machine = Host.model_validate(host)
    return machine.speed.value * min(1.0, machine.cores.value / count)


def _without_chance(platform: Tree) -> Tree:
    tree = cast("dict[str, Tree]", platform)
    walls = cast("Mapping[str, dict[str, Tree]]", tree["boundaries"])
    return tree | {
        "boundaries": {name: wall | {"variation": "0 %"} for name, wall in walls.items()}
    }


def _factors(parts: Sequence[Part], logs: npt.NDArray[np.float64]) -> dict[Part, float]:
    return {part: math.exp(each) for part, each in zip(parts, logs, strict=True)}


def _guess(
    start: Start, parts: Sequence[Part], measured: Measured, cpu: float, spinning: float
) -> list[float]:
    """All CPU as the catalog shares it, and for the waits what is then left of a start alone.

    How long a kernel times its loops is up to it and not to the machine, so it stays.
    """
    alone = measured.last_s(min(measured.counts)).middle
    ones = dict.fromkeys(parts, 1.0)
    spun = start.computed(ones, spinning) - start.computed(ones, 0.0)
    waits = sum(sum(start.parts[part].values()) for part in parts if part in ("wait", "held"))
    left = max(alone - cpu, alone / 10)
    of_time = {"spin": 1.0, "wait": left / waits if waits else 1.0}
    of_time["held"] = of_time["wait"]
    of_work = max(cpu - spun, cpu / 10) / start.computed(ones, 0.0)
    return [of_time[part] if part in TIMED else of_work for part in parts]


def _misses(times: Mapping[int, Times], measured: Measured) -> Iterator[float]:
    for count, said in times.items():
        read = {
            "first": measured.first_s(count),
            "median": measured.median_s(count),
            "last": measured.last_s(count),
        }
        for name, weight in _OF_TIMES.items():
            yield weight * math.log(float(getattr(said, name)) / read[name].middle)
