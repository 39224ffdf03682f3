"""How far each input moves an answer, over intervals of all of them: Morris and Sobol' by SALib."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan, nan
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import TareError, UsageError
from sim.studies.sweeps import salib
from sim.studies.sweeps.inputs import Input
from sim.studies.sweeps.samples import Method, Sample
from sim.studies.sweeps.salib import Index, Numbers

TRAJECTORIES = 20
"""Trajectories of Morris where nobody says how many."""

BASE_POINTS = 64
"""Base points of Saltelli's scheme where nobody says how many."""

LEAST_SHARE = 0.5
"""Of the experiments, so many must have come off whole for those to stand for all."""

COLUMNS = (
    *("metric", "platform", "input", "mu_star", "mu_star_low", "mu_star_high", "sigma"),
    *("first", "first_low", "first_high", "total", "total_low", "total_high", "evidence"),
)


@dataclass(frozen=True)
class Outputs:
    """What came of the rows of a design on one platform: a metric's mean over replications each.

    A value is nan where there is none; `reasons` tells why, by the number of the row.
    """

    metric: str
    platform: str
    values: Sequence[float]
    unit: str = ""
    reasons: Mapping[int, str] = field(default_factory=dict)


class Sensitivity(NamedTuple):
    """How far each input moves an answer, and what must be said beside that."""

    table: pd.DataFrame
    notes: tuple[str, ...]


def morris(inputs: Sequence[Input], seed: int, count: int = TRAJECTORIES) -> Sample:
    """Draw trajectories in which one input after the other changes, each once."""
    places = salib.trajectories(len(_some(inputs)), count, seed)
    return Sample("morris", tuple(inputs), places, seed)


def saltelli(inputs: Sequence[Input], seed: int, count: int = BASE_POINTS) -> Sample:
    """Draw base points, and around each what first-order and total-order indices need.

    Raises UsageError where `count` is no power of 2, for which alone a Sobol' sequence is even.
    """
    if count < 1 or count & (count - 1):
        near = 2 ** max(1, round(np.log2(max(count, 2))))
        problem = f"a Sobol' sequence is even only over a power of 2, and {count} is none"
        raise UsageError(problem, f"write {near}")
    places = salib.base_points(len(_some(inputs)), count, seed)
    return Sample("sobol", tuple(inputs), places, seed)


def sampled(method: Method, inputs: Sequence[Input], seed: int, count: int | None) -> Sample:
    """Draw what a method needs, as many as are usual where nobody says how many."""
    if method == "morris":
        return morris(inputs, seed, count or TRAJECTORIES)
    return saltelli(inputs, seed, count or BASE_POINTS)


def sensitivity(sample: Sample, outputs: Outputs) -> Sensitivity:
    """Work out the indices of each input, those that move the answer most first.

    Experiments in which a row failed are left out as a whole, and the notes say so.
    Raises TareError where over half of them are.
    """
    whole, notes = _whole(sample, outputs)
    indices = _indices(sample, np.asarray(outputs.values, dtype=float)[whole], whole)
    size = indices["mu_star" if sample.method == "morris" else "total"]
    order = sorted(range(len(sample.inputs)), key=lambda place: -size[place])
    table = [_row(sample.inputs[place], outputs, indices, place) for place in order]
    return Sensitivity(pd.DataFrame(table, columns=[*COLUMNS]), notes)


def _some(inputs: Sequence[Input]) -> Sequence[Input]:
    if not inputs:
        remedy = "state axes with ranges, or write inputs: catalog"
        raise UsageError("there is no input whose sensitivity could be asked for", remedy)
    return inputs


def _whole(sample: Sample, outputs: Outputs) -> tuple[list[int], tuple[str, ...]]:
    """The rows of the experiments that came off whole, and what is to be said of the others."""
    size, every = sample.block, len(sample)
    blocks = [range(start, start + size) for start in range(0, every, size)]
    whole = [block for block in blocks if not any(isnan(outputs.values[row]) for row in block)]
    failed = [row for row in range(every) if isnan(outputs.values[row])]
    if len(whole) < max(2, LEAST_SHARE * len(blocks)):
        problem = f"{len(failed)} of {every} rows give no {_said(outputs)}: {_why(outputs, failed)}"
        raise TareError(problem, "narrow the intervals to where all of them run")
    return [row for block in whole for row in block], tuple(
        _left_out(sample, outputs, failed, len(blocks) - len(whole))
    )


def _left_out(
    sample: Sample, outputs: Outputs, failed: Sequence[int], blocks: int
) -> Iterator[str]:
    if failed:
        kind = "trajectories" if sample.method == "morris" else "base points"
        yield (
            f"{len(failed)} of {len(sample)} rows give no {_said(outputs)}, "
            f"{_why(outputs, failed)}; {blocks} of {len(sample) // sample.block} {kind} are left "
            "out with them, so the indices are those of where it runs"
        )


def _said(outputs: Outputs) -> str:
    return f"{outputs.metric} on {outputs.platform}" if outputs.platform else outputs.metric


def _why(outputs: Outputs, failed: Sequence[int]) -> str:
    """The first reason that is told."""
    reasons = (outputs.reasons[row] for row in failed if row in outputs.reasons)
    return next(reasons, "which their runs do not have")


def _indices(sample: Sample, values: Numbers, whole: Sequence[int]) -> dict[str, Numbers]:
    if sample.method == "morris":
        star, sigma = salib.elementary_effects(sample.places[whole], values, sample.seed)
        return _with_bounds("mu_star", star) | {"sigma": sigma}
    first, total = salib.variance_shares(len(sample.inputs), values, sample.seed)
    return _with_bounds("first", first) | _with_bounds("total", total)


def _with_bounds(name: str, index: Index) -> dict[str, Numbers]:
    low, high = index.values - index.halves, index.values + index.halves
    return {name: index.values, f"{name}_low": low, f"{name}_high": high}


def _row(
    varied: Input, outputs: Outputs, indices: Mapping[str, Numbers], place: int
) -> tuple[object, ...]:
    numbers = (float(indices[each][place]) if each in indices else nan for each in COLUMNS[3:-1])
    return outputs.metric, outputs.platform, varied.path, *numbers, varied.evidence
