"""The schema of a sweep describes every column of its tables, in order."""

from __future__ import annotations

import pytest
from studies.swept_problems import Lines, at

from sim.records.sweep_schema import SWEEP_TABLES, sweep_columns
from sim.studies.sweeps.answers import gathered
from sim.studies.sweeps.axes import Axis, Writing
from sim.studies.sweeps.conduct import conducting
from sim.studies.sweeps.rules import Fixed

GATHERED = ("points", "summary", "differences", "winners", "effects", "failures")


@pytest.mark.parametrize("table", GATHERED)
def test_a_frame_has_the_columns_that_are_described(table: str) -> None:
    with conducting(Lines(), Fixed(2), jobs=1) as conduct:
        told = conduct.told(at(1, 2), conduct.run(at(1, 2)))
        answers = gathered(told, [Axis("x", (1, 2), writing=Writing())], ["cost"], 2)
    assert [*getattr(answers, table).columns] == sweep_columns(table, ["x"])


def test_every_column_says_what_it_means() -> None:
    for columns in SWEEP_TABLES.values():
        assert all(column.meaning for column in columns)
        assert len({column.name for column in columns}) == len(columns)
