"""Cross-validation: predict rows with numbers that were fitted without them.

By levels: all rows of a calibration with one number at once, one number running, one size of guest
or one number of clients are left out, and the numbers fitted to the rest. By sources: all rows of a
source are; numbers that other sources tell are fitted to those, others are what they would be taken
for without any. Of a source a row of a single instance sets the level on each platform and for each
metric, since intervals and machines differ between sources, and the rest is judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sim.catalog.observed import calibrations, catalog_observations
from sim.spec.observation import Observation
from sim.studies.accuracy import platform_of
from sim.studies.fitting import Sensitivity, sensitivity
from sim.studies.judging import Judged, Question, outcomes

LEVELS = ("started_at_once", "in_flight", "already_running", "guest_memory", "clients")
"""The columns along which levels are left out."""

LEAST_LEVELS = 3
"""A level is left out where as many stand in a calibration's rows: two tell no curve."""


@dataclass(frozen=True)
class Fold:
    """Rows that are left out together, and the numbers that were fitted without them.

    `by` is the column, or `source`, and `level` what of it was left out.
    """

    by: str
    level: str
    rows: tuple[Observation, ...]
    numbers: Mapping[str, str]


@dataclass(frozen=True)
class Crossed:
    """A row that was judged by numbers fitted without it."""

    by: str
    level: str
    judged: Judged


def cross_validate(jobs: int = 1) -> list[Crossed]:
    """Judge every row that can be left out, by levels and by sources, with numbers that lack it."""
    folds = _folds(jobs)
    questions = [Question(row, fold.numbers) for fold in folds for row in fold.rows]
    told = (value for value, _ in outcomes(questions, jobs))
    return [each for fold in folds for each in _crossed(fold, told)]


def _crossed(fold: Fold, told: Iterator[float | None]) -> Iterator[Crossed]:
    """What is said of a fold's rows, which is told in their order."""
    judged = [_judged(row, next(told)) for row in fold.rows]
    for each in _levelled(judged) if fold.by == "source" else judged:
        yield Crossed(fold.by, fold.level, each)


def _folds(jobs: int) -> list[Fold]:
    """All that is left out in turn, each with the numbers that were fitted without it."""
    known = {row.observation.id: row.observation for row in catalog_observations()}
    fitted = (each for each in calibrations() if each.numbers)
    sets = [sensitivity(each, [known[row] for row in each.rows], jobs) for each in fitted]
    return [*_by_levels(sets, known), *_by_sources(sets, [*known.values()])]


def _judged(row: Observation, value: float | None) -> Judged:
    return Judged(row, None if value is None else value / row.factor, "left-out")


def _by_levels(sets: Sequence[Sensitivity], known: Mapping[str, Observation]) -> Iterator[Fold]:
    for each in sets:
        rows = [known[row] for row in each.rows]
        for column in LEVELS:
            groups = _grouped(rows, column)
            for level, left_out in groups.items() if len(groups) >= LEAST_LEVELS else ():
                numbers = each.numbers({row.id for row in left_out})
                yield Fold(column, level, tuple(left_out), numbers)


def _grouped(rows: Sequence[Observation], column: str) -> dict[str, list[Observation]]:
    groups: dict[str, list[Observation]] = defaultdict(list)
    for row in rows:
        level = getattr(row, column)
        if level is not None:
            groups[str(level)].append(row)
    return groups


def _by_sources(sets: Sequence[Sensitivity], rows: Sequence[Observation]) -> Iterator[Fold]:
    for source, left_out in _grouped(rows, "source").items():
        names = {row.id for row in left_out}
        numbers: dict[str, str] = {}
        for each in sets:
            if names & set(each.rows):
                numbers |= each.numbers(names)
        if len(left_out) > 1:
            yield Fold("source", source, tuple(left_out), numbers)


def _levelled(judged: Sequence[Judged]) -> Iterator[Judged]:
    """Of a source, the rest of its rows once those of single instances have set their level."""
    groups: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for each in judged:
        groups[platform_of(each.observation), each.observation.metric].append(each)
    for group in groups.values():
        yield from _rest(group)


def _rest(group: Sequence[Judged]) -> Iterator[Judged]:
    single = next((each for each in group if _sets_level(each)), None)
    factor = 1.0 if single is None else 1.0 / (1.0 + (single.error or 0.0))
    yield from (_times(each, factor) for each in group if each is not single)


def _times(each: Judged, factor: float) -> Judged:
    return replace(each, predicted=None if each.predicted is None else each.predicted * factor)


def _sets_level(each: Judged) -> bool:
    """Whether it is a row of a single instance, and of a single client, with a prediction."""
    is_single = each.observation.is_alone and (each.observation.clients or 1) == 1
    return is_single and each.predicted is not None
