"""Stretch the steps of a platform's start until the model gives back what was measured."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares

from sim.probes.readings import Measured
from sim.spec.document import Tree
from sim.spec.host import Host
from sim.studies.calibration.modelled import Entries, Times, predict
from sim.studies.calibration.phases import Address, Part, Start, laid, read_start

_MOST = 7.0
"""The furthest off the first guess, as a logarithm: a thousandth, or a thousand times."""

_STEP = 0.02
_EVALUATIONS = 20
_CLOSE = 1e-3
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

    `cpu` are the core-seconds here of each of the most that were started at once. The variation of
    starts is left out of the search, so that chance does not move it.
    """
    search = _Search(entries, measured, cpu)
    start = np.zeros(len(search.parts))
    found = least_squares(
        search.misses,
        start,
        jac=search.slopes,
        bounds=(-_MOST, _MOST),
        ftol=_CLOSE,
        xtol=_CLOSE,
        max_nfev=_EVALUATIONS,
    )
    factors = search.factors(found.x)
    return Fit(search.start, factors, search.times(factors))


class _Search:
    """What is stretched, what it is compared with, and where it begins."""

    def __init__(self, entries: Entries, measured: Measured, cpu: float) -> None:
        self.start = read_start(entries.platform)
        self.parts = self.start.parts
        self._steady = replace(entries, platform=_without_chance(entries.platform))
        self._measured = measured
        self._cpu = cpu
        host = Host.model_validate(entries.host)
        self._speed = host.speed.value
        self._free = min(1.0, host.cores.value / max(measured.counts))
        self._guess = self._first_guess()

    def factors(self, logs: npt.NDArray[np.float64]) -> dict[Part, float]:
        """The factors of all parts, from the logarithms of how far they are off the first guess."""
        pairs = zip(self.parts, logs, strict=True)
        return {part: self._guess[part] * math.exp(each) for part, each in pairs}

    def times(self, factors: Mapping[Part, float]) -> dict[int, Times]:
        """What the model gives for each count that was measured."""
        numbers: dict[Address, Tree] = {
            address: f"{value:.9f} {'core-s' if address[-1] == 'compute' else 's'}"
            for address, value in self.start.stretched(factors).items()
        }
        platform = with_numbers(self._steady.platform, numbers)
        changed = replace(self._steady, platform=platform)
        return {count: predict(changed, count) for count in self._measured.counts}

    def slopes(self, logs: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """How the misses change with each part, by steps that a simulation can tell apart."""
        here = np.array(self.misses(logs))
        steps = _STEP * np.eye(len(logs))
        return np.array([(self.misses(logs + step) - here) / _STEP for step in steps]).T

    def misses(self, logs: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """How far off times and CPU are, and how far the parts are from the catalog's shares."""
        factors = self.factors(logs)
        of_cpu = _OF_CPU * math.log(self._computed(factors) / self._cpu)
        shares = np.log([factors[part] for part in self.parts])
        shape = _OF_SHAPE * (shares - shares.mean())
        return np.array([of_cpu, *_misses(self.times(factors), self._measured), *shape])

    def _computed(self, factors: Mapping[Part, float]) -> float:
        """Core-seconds here of each of the most at once.

        A step that spins takes what it has of the cores until its time is up, or its least work.
        """
        computed = self.start.total(factors, "compute", "parallel") / self._speed
        return computed + sum(
            max(self._free * seconds, work / self._speed)
            for seconds, work in self.start.spinning(factors)
        )

    def _first_guess(self) -> dict[Part, float]:
        """CPU as the catalog shares it, and for the waits what is then left of a start alone.

        How long a kernel times its loops is up to it and not to the machine, so it stays.
        """
        ones: dict[Part, float] = dict.fromkeys(self.parts, 1.0)
        alone = self._measured.last_s(min(self._measured.counts)).middle
        waits = self.start.total(ones, "wait", "held")
        spun = sum(seconds for seconds, _ in self.start.spinning(ones))
        idle = max(alone - spun - self._cpu, alone / 10) / waits if waits else 1.0
        computed = self._computed(ones | {"spin": 0.0})
        busy = max(self._cpu - self._free * spun, self._cpu / 10) / computed
        of_time: dict[Part, float] = {"wait": idle, "held": idle, "spin": 1.0}
        return {part: of_time.get(part, busy) for part in self.parts}


def with_numbers(platform: Tree, numbers: Mapping[Address, Tree]) -> Tree:
    """A platform with numbers put in their places."""
    tree = cast("dict[str, Tree]", platform)
    boundaries = dict(cast("Mapping[str, Tree]", tree["boundaries"]))
    return tree | {
        "boundaries": reduce(lambda far, item: laid(far, *item), numbers.items(), boundaries)
    }


def _without_chance(platform: Tree) -> Tree:
    tree = cast("dict[str, Tree]", platform)
    walls = cast("Mapping[str, dict[str, Tree]]", tree["boundaries"])
    return tree | {
        "boundaries": {name: wall | {"variation": "0 %"} for name, wall in walls.items()}
    }


def _misses(times: Mapping[int, Times], measured: Measured) -> Iterator[float]:
    for count, said in times.items():
        read = {
            "first": measured.first_s(count),
            "median": measured.median_s(count),
            "last": measured.last_s(count),
        }
        for name, weight in _OF_TIMES.items():
            yield weight * math.log(float(getattr(said, name)) / read[name].middle)
