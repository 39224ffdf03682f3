"""Every worked scenario gives the table beside it, and the report that is kept of it."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from scenarios.expected import (
    COMPARED,
    SCENARIOS,
    SWEPT,
    beside,
    compared,
    swept,
    table,
    table_of_sweep,
)

from sim.catalog.scenario import load
from sim.studies.comparison import Comparison
from sim.studies.sweeps.swept import Swept
from sim.studies.trust import judged

REPORTS = Path(__file__).parents[2] / "reports"
MOST_BYTES = 900_000
"""Of a report, over all of them: one of many platforms may be larger."""

by_scenario = pytest.mark.parametrize(
    "scenario",
    [pytest.param(path, id=path.stem) for path in COMPARED],
)
by_sweep = pytest.mark.parametrize(
    "scenario",
    [pytest.param(path, id=path.stem) for path in SWEPT],
)


@cache
def answer(scenario: Path) -> Comparison:
    return compared(scenario)


@cache
def answers(scenario: Path) -> Swept:
    return swept(scenario)


@by_scenario
def test_a_scenario_gives_its_expected_table(scenario: Path) -> None:
    expected = pd.read_csv(beside(scenario), index_col="platform")
    found = table(answer(scenario).summary)
    pd.testing.assert_frame_equal(
        found, expected, check_names=False, check_dtype=False, rtol=1e-7
    )


@by_scenario
def test_the_report_that_is_kept_tells_the_same(scenario: Path) -> None:
    kept = pd.read_csv(REPORTS / scenario.stem / "summary.csv", keep_default_na=False)
    found = answer(scenario).summary
    assert list(kept["metric"]) == list(found["metric"])
    assert kept["mean"].tolist() == pytest.approx(found["mean"].tolist(), rel=1e-7, abs=1e-7)


@by_sweep
def test_a_sweep_gives_its_expected_table(scenario: Path) -> None:
    found = table_of_sweep(answers(scenario))
    pd.testing.assert_frame_equal(
        found, pd.read_csv(beside(scenario)), check_names=False, check_dtype=False, rtol=1e-7
    )


@by_sweep
def test_the_report_that_is_kept_of_a_sweep_tells_the_same(scenario: Path) -> None:
    kept = pd.read_csv(REPORTS / scenario.stem / "summary.csv")
    found = answers(scenario)
    told = kept[kept["metric"].isin(found.metrics)]
    assert list(told["platform"]) == list(found.summary["platform"])
    assert told["mean"].tolist() == pytest.approx(found.summary["mean"].tolist(), rel=1e-7)


def test_the_reports_stay_small() -> None:
    sizes = [path.stat().st_size for path in REPORTS.rglob("*") if path.is_file()]
    assert 0 < sum(sizes) < MOST_BYTES * (len(SCENARIOS) + 1)  # and that of the validation


def test_the_page_of_the_validation_that_is_kept_tells_what_is_stored() -> None:
    kept = pd.read_csv(REPORTS / "validation" / "tables" / "observations.csv")
    stored = {each.observation.id: each.predicted for each in judged()}
    assert dict(zip(kept["id"], kept["predicted"], strict=True)) == pytest.approx(stored, rel=1e-7)


def test_every_scenario_asks_a_question() -> None:
    for scenario in SCENARIOS:
        assert load(scenario).question.endswith("?")
