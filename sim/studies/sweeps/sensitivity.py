"""How far each input moves an answer, over intervals of all of them: Morris and Sobol' by SALib."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import UsageError
from sim.records.sweep_schema import sweep_columns
from sim.studies.sweeps import salib
from sim.studies.sweeps.inputs import Input
from sim.studies.sweeps.salib import Index, Numbers
from sim.studies.sweeps.samples import Sample

LEAST_SHARE = 0.5
"""Of the experiments, so many must have come off whole for those to stand for all."""


@dataclass(frozen=True)
class Outputs:
    """What came of the rows of a design on one platform: a metric's mean over replications each.

    A value is nan where there is none; `reasons` tells why, by the number of the row. `beside` is
    what must be said of them besides.
    """

    metric: str
    platform: str
    values: Sequence[float]
    unit: str = ""
    reasons: Mapping[int, str] = field(default_factory=dict)
    beside: str = ""

    def why(self, rows: Iterable[int]) -> str:
        """The first reason that is told of some rows without a value."""
        told = (self.reasons[row] for row in rows if row in self.reasons)
        return next(told, "their runs do not have it")


class _Experiments(NamedTuple):
    """The rows of the experiments that came off whole, and what is to be said of the others."""

    rows: list[int]
    reason: str


def morris(inputs: Sequence[Input], seed: int, count: int) -> Sample:
    """Draw trajectories in which one input after the other changes, each once."""
    places = salib.trajectories(len(inputs), count, seed)
    return Sample("morris", tuple(inputs), places, seed)


def saltelli(inputs: Sequence[Input], seed: int, count: int) -> Sample:
    """Draw base points, and around each what first-order and total-order indices need.

    Raises UsageError where `count` is no power of 2, for which alone a Sobol' sequence is even.
    """
    if count < 1 or count & (count - 1):
        near = 2 ** max(1, round(np.log2(max(count, 2))))
        problem = f"a Sobol' sequence is even only over a power of 2, and {count} is none"
        raise UsageError(problem, f"write {near}")
    places = salib.base_points(len(inputs), count, seed)
    return Sample("sobol", tuple(inputs), places, seed)


def sensitivity(sample: Sample, outputs: Outputs) -> pd.DataFrame:
    """Work out the indices of each input, those that move the answer most first.

    Experiments in which a row failed are left out as a whole, and `reason` says so; where over
    half of them are, there are no indices.
    """
    whole = _whole(sample, outputs)
    indices = _indices(sample, outputs, whole.rows) if whole.rows else {}
    reason = "; ".join(filter(None, [whole.reason, outputs.beside]))
    table = pd.DataFrame(
        {"metric": outputs.metric, "platform": outputs.platform}
        | {"input": [varied.path for varied in sample.inputs]}
        | indices
        | {"evidence": [varied.evidence for varied in sample.inputs], "reason": reason},
        columns=sweep_columns("sensitivity", ()),
    )
    numbers = table.columns.drop(["metric", "platform", "input", "evidence", "reason"])
    size = "mu_star" if sample.method == "morris" else "total"
    table = table.astype(dict.fromkeys(numbers, float))
    return table.sort_values(size, ascending=False, kind="stable", ignore_index=True)


def _whole(sample: Sample, outputs: Outputs) -> _Experiments:
    failed = [row for row, value in enumerate(outputs.values) if isnan(value)]
    broken = {row // sample.block for row in failed}
    rows = [row for row in range(len(sample)) if row // sample.block not in broken]
    if not failed:
        return _Experiments(rows, "")
    said = f"{len(failed)} of {len(sample)} rows give no {outputs.metric}: {outputs.why(failed)}"
    if len(rows) < max(2 * sample.block, LEAST_SHARE * len(sample)):
        return _Experiments([], f"{said}; narrow the intervals to where all of them run")
    return _Experiments(rows, f"{said}; {_left_out(sample, len(broken))}")


def _left_out(sample: Sample, broken: int) -> str:
    kind = "trajectories" if sample.method == "morris" else "base points"
    return f"{broken} of {len(sample) // sample.block} {kind} are left out with them"


def _indices(sample: Sample, outputs: Outputs, rows: Sequence[int]) -> dict[str, Numbers]:
    values = np.asarray(outputs.values, dtype=float)[rows]
    if sample.method == "morris":
        star, sigma = salib.elementary_effects(sample.places[rows], values, sample.seed)
        return _with_bounds("mu_star", star) | {"sigma": sigma}
    first, total = salib.variance_shares(len(sample.inputs), values, sample.seed)
    return _with_bounds("first", first) | _with_bounds("total", total)


def _with_bounds(name: str, index: Index) -> dict[str, Numbers]:
    low, high = index.values - index.halves, index.values + index.halves
    return {name: index.values, f"{name}_low": low, f"{name}_high": high}
