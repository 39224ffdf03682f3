"""What moves the answers of a sweep: each input alone, and then all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from math import nan
from statistics import fmean

import pandas as pd

from sim.records.movers import swings
from sim.records.sweep_schema import sweep_columns
from sim.spec.sweep import Sensitivity
from sim.studies.sweeps.asking import Question
from sim.studies.sweeps.conduct import Conduct
from sim.studies.sweeps.inputs import Input
from sim.studies.sweeps.rows import unit_of
from sim.studies.sweeps.samples import OneAtATime, Sample
from sim.studies.sweeps.sensitivity import Outputs, morris, saltelli, sensitivity
from sim.studies.sweeps.told import Told
from sim.studies.sweeps.tornado import tornado
from sim.studies.sweeps.winners import ready_share

WORTH = 0.01
"""Numbers of the catalog are varied together if alone they move an answer by this share, at least,
of what the one does that moves it most."""


def _joined(name: str, parts: Iterable[pd.DataFrame] = ()) -> pd.DataFrame:
    """Tables one below the other, or none."""
    told = [part for part in parts if not part.empty]
    nothing = pd.DataFrame(columns=sweep_columns(name, ()))
    return pd.concat(told, ignore_index=True) if told else nothing


@dataclass(frozen=True)
class Moving:
    """The tables `sensitivity` and `tornado` of a sweep; both are empty where it does not ask."""

    sensitivity: pd.DataFrame = field(default_factory=partial(_joined, "sensitivity"))
    tornado: pd.DataFrame = field(default_factory=partial(_joined, "tornado"))


def moving(
    conduct: Conduct,
    asked: Sensitivity | None,
    questions: Iterable[Question],
    metrics: Sequence[str],
    seed: int,
) -> Moving:
    """Vary each input alone, and then, unless that is all that is asked, all of them at once.

    Of the catalog's numbers, those that hardly do anything alone are not varied again. Where
    nothing is asked, nothing is varied.
    """
    if asked is None:
        return Moving()
    of = metrics if asked.of is None else [asked.of]
    found = [_answered(conduct, asked, question, of, seed) for question in questions]
    return Moving(
        _joined("sensitivity", [each.sensitivity for each in found]),
        _joined("tornado", [each.tornado for each in found]),
    )


def _answered(
    conduct: Conduct, asked: Sensitivity, question: Question, metrics: Sequence[str], seed: int
) -> Moving:
    alone = OneAtATime(question.inputs)
    outputs = _outputs(conduct, alone, question.platforms, metrics)
    swung = _joined("tornado", [tornado(alone, each) for each in outputs])
    inputs, reason = question.inputs, ""
    if asked.inputs == "catalog":
        inputs, reason = _worth(inputs, swung)
    if asked.method == "one-at-a-time" or not inputs:
        return Moving(tornado=swung)
    sample = _sample(asked, inputs, seed)
    outputs = _outputs(conduct, sample, question.platforms, metrics)
    moved = [sensitivity(sample, replace(each, beside=reason)) for each in outputs]
    return Moving(_joined("sensitivity", moved), swung)


def _sample(asked: Sensitivity, inputs: Sequence[Input], seed: int) -> Sample:
    if asked.method == "morris":
        return morris(inputs, seed, asked.trajectories)
    return saltelli(inputs, seed, asked.points)


def _worth(inputs: tuple[Input, ...], swung: pd.DataFrame) -> tuple[tuple[Input, ...], str]:
    """The inputs that alone move some answer by more than next to nothing, and who they are not."""
    reached = swings(swung)
    widest = reached.groupby([swung["metric"], swung["platform"]]).transform("max")
    moved = {*swung["input"][(reached > 0.0) & (reached >= WORTH * widest)]}
    kept = tuple(each for each in inputs if each.path in moved)
    if not (still := len(inputs) - len(kept)):
        return kept, ""
    which = f"{still} numbers that alone do less than {WORTH:.0%} of what another does"
    return kept, f"{which} stay as they are"


def _outputs(
    conduct: Conduct, design: OneAtATime | Sample, platforms: Sequence[str], metrics: Sequence[str]
) -> list[Outputs]:
    """Run the rows of a design, and keep of each no more than the mean of what is asked."""
    found = {pair: _Column() for pair in product(metrics, platforms)}
    for number, told in enumerate(conduct.told(design, conduct.run(design, platforms))):
        for (metric, platform), column in found.items():
            column.add(number, told, metric, platform)
    for column in found.values():
        column.leave_out_less()
    return [
        Outputs(metric, platform, column.values, unit_of(metric), column.reasons)
        for (metric, platform), column in found.items()
    ]


class _Column:
    """A metric of one platform, row by row."""

    def __init__(self) -> None:
        self.values: list[float] = []
        self.reasons: dict[int, str] = {}
        self._ready: list[float] = []

    def add(self, number: int, told: Told, metric: str, platform: str) -> None:
        """Take the mean over the replications of a row, or say why there is none."""
        values = told.metrics.get(platform, {}).get(metric)
        self.values.append(fmean(values) if values else nan)
        self._ready.append(ready_share(told, platform))
        if not values:
            failed = (run.reason for run in told.runs.get(platform, ()) if run.reason)
            if reason := told.reason or next(failed, ""):
                self.reasons[number] = reason

    def leave_out_less(self) -> None:
        """Take no value of a row at which a smaller share became ready: less work takes less."""
        most = max(self._ready)
        for number, share in enumerate(self._ready):
            if share < most and number not in self.reasons:
                self.values[number] = nan
                self.reasons[number] = f"only {share:.0%} of the instances became ready"
