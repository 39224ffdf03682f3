"""Fit numbers of the catalog to observations, and say what they would be without some of these.

Let p be the model's predictions and m the measurements of the rows, both as logarithms, and x the
logarithms of the numbers against those of the catalog. Near the catalog p(x) = p(0) + J·x, with J
found by simulating each row once more for each number. Without some rows the numbers are the
least-squares solution of J·x = m − p(0) over all others, held weakly to what each would be taken
for without any row, so that rows which do not tell a number leave it there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from sim.catalog.loader import Kind, entry
from sim.catalog.observed import Calibration
from sim.spec.document import Tree, child
from sim.spec.observation import Observation
from sim.studies.judging import Outcome, Question, outcomes
from sim.units import DIMENSIONS

Floats = NDArray[np.float64]

STEP = 1.1
"""The factor by which a number is changed to see how predictions follow."""

HOLD = 0.03
"""How weakly a number is held to what it would be taken for: as by a row of 3 % of the weight."""

MOST = 8.0
"""No number is fitted to more than so many times, or less than one in so many of, the catalog's."""

_LEAST = 1e-12

_AMOUNT = re.compile(r"([0-9.eE+-]+)\s*(.*)")


@dataclass(frozen=True)
class Sensitivity:
    """How the predictions of some rows follow the numbers that were fitted to them.

    `jacobian` has a row an observation and a column a number: d log prediction / d log number;
    `missing` is what each prediction lacks, log measured − log predicted; `without` the logarithm
    of what each number would be taken for, against the catalog's.
    """

    calibration: Calibration
    rows: tuple[str, ...]
    jacobian: Floats
    missing: Floats
    without: Floats

    def numbers(self, left_out: Collection[str] = ()) -> dict[str, str]:
        """The numbers by path, as they would be fitted without some rows."""
        kept = np.array([row not in left_out for row in self.rows])
        weight = HOLD * max(1, int(kept.sum())) ** 0.5
        held = weight * np.eye(len(self.without))
        slopes = np.vstack([self.jacobian[kept], held])
        wanted = np.concatenate([self.missing[kept], weight * self.without])
        found = np.linalg.lstsq(slopes, wanted, rcond=None)[0]
        most = math.log(MOST)
        factors = np.exp(np.clip(found, -most, most))
        pairs = zip(self.calibration.numbers, factors, strict=True)
        return {path: scaled(path, float(factor)) for path, factor in pairs}


def sensitivity(
    calibration: Calibration, observations: Sequence[Observation], jobs: int = 1
) -> Sensitivity:
    """Simulate the rows of a calibration under each of its numbers, changed a little in turn.

    The observations are those of its rows, in their order.
    """
    paths = list(calibration.numbers)
    suppositions = [{}, *({path: scaled(path, STEP)} for path in paths)]
    base, *changed = _predictions(suppositions, observations, jobs)
    measured = np.log([each.value * each.factor for each in observations])
    told = np.isfinite(base)
    slopes = np.array([each[told] - base[told] for each in changed]).T / math.log(STEP)
    return Sensitivity(
        calibration=calibration,
        rows=tuple(row for row, is_told in zip(calibration.rows, told, strict=True) if is_told),
        jacobian=np.nan_to_num(slopes),
        missing=(measured - base)[told],
        without=np.array([_log_taken(calibration, path) for path in paths]),
    )


def _predictions(
    suppositions: Sequence[Mapping[str, str]], observations: Sequence[Observation], jobs: int
) -> list[Floats]:
    """The logarithms of what is predicted for all rows, under each supposition."""
    questions = [Question(each, changed) for changed in suppositions for each in observations]
    said = np.array([_log(outcome) for outcome in outcomes(questions, jobs)])
    return np.split(said, len(suppositions))


def scaled(path: str, factor: float) -> str:
    """A number of the catalog times a factor, as a file has it; a share is at most all."""
    number, unit = _parts(stated(path))
    value = number * factor
    return f"{min(value, 100.0) if unit == '%' else value:.6g} {unit}".strip()


def stated(path: str) -> str:
    """The value of a number as the catalog states it."""
    kind, name, *steps = path.split(".")
    tree: Tree = dict(entry(cast("Kind", kind), name))
    for step in (*steps, "value"):
        tree = child(tree, step)
    return str(tree)


def _log_taken(calibration: Calibration, path: str) -> float:
    """The logarithm of what a number would be taken for without its rows, against what it is."""
    taken = str(cast("Mapping[str, Tree]", calibration.numbers[path])["without"])
    return math.log(_amount(taken) / _amount(stated(path)))


def _parts(text: str) -> tuple[float, str]:
    found = _AMOUNT.fullmatch(text)
    assert found is not None, text
    return float(found[1]), found[2]


def _amount(text: str) -> float:
    """A quantity in the base unit of whichever dimension it is of, above zero."""
    number, unit = _parts(text)
    factors = (dimension.factor(unit) for dimension in DIMENSIONS)
    return max(number * float(next(each for each in factors if each is not None)), _LEAST)


def _log(outcome: Outcome) -> float:
    value, _ = outcome
    return math.nan if value is None else math.log(value)
