"""The schema describes every column of every table, in order, and nothing that is not there."""

from functools import cache

import pandas as pd
import pytest
from scenarios.expected import FOLDER

from sim.catalog.scenario import load
from sim.records.result import Result
from sim.records.schema import COMPARISON_TABLES, RUN_TABLES, Column
from sim.simulation import simulate
from sim.studies.compare import compare
from sim.studies.comparison import Comparison

SUFFIXES = {"s": "_s", "bytes": "_bytes", "core-s": "_core_s", "cores": "cores"}
OVERRIDES = {"groups.web.count": 3, "replications": 2}


@cache
def comparison() -> Comparison:
    return compare(load(FOLDER / "web-fleet.yaml", overrides=OVERRIDES))


@cache
def result() -> Result:
    return simulate(load(FOLDER / "web-fleet.yaml", overrides=OVERRIDES).on("container-docker"))


def described(columns: tuple[Column, ...], frame: pd.DataFrame) -> list[str]:
    """The columns that the schema leads to expect, with the phases that the frame has."""
    names = [column.name for column in columns]
    if "<phase>_s" not in names:
        return names
    place = names.index("<phase>_s")
    known = {*names[:place], *names[place + 1 :]}
    phases = [name for name in frame.columns if name not in known]
    assert phases
    assert all(name.endswith("_s") for name in phases)
    return [*names[:place], *names[place + 1 :], *phases]


@pytest.mark.parametrize("table", RUN_TABLES)
def test_the_tables_of_a_run_are_as_described(table: str) -> None:
    frame = getattr(result(), table)
    assert set(described(RUN_TABLES[table], frame)) == set(frame.columns)


@pytest.mark.parametrize("table", COMPARISON_TABLES)
def test_the_tables_of_a_comparison_are_as_described(table: str) -> None:
    frame = getattr(comparison(), table)
    assert set(described(COMPARISON_TABLES[table], frame)) == set(frame.columns)


@pytest.mark.parametrize("column", [c for table in RUN_TABLES.values() for c in table])
def test_a_column_with_a_unit_says_it_in_its_name(column: Column) -> None:
    assert column.meaning
    if column.unit:
        assert column.name.endswith(SUFFIXES[column.unit])
