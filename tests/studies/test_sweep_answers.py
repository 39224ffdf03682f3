"""What came of points becomes tables: who is best, by how much, and where that turns."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from math import isnan
from pathlib import Path

import pytest
from studies.swept_problems import FLAT, UP, Lines, at

from sim.records.schema import integer, number, text
from sim.studies.sweeps.answers import Answers, gathered
from sim.studies.sweeps.axes import Axis, Writing
from sim.studies.sweeps.conduct import conducting
from sim.studies.sweeps.crossings import Along, Crossing, crossings
from sim.studies.sweeps.narrowing import Scale
from sim.studies.sweeps.rules import Fixed
from sim.studies.sweeps.runs import Outcome, Values
from sim.studies.sweeps.sheet import Sheet
from sim.studies.sweeps.told import Told
from sim.studies.sweeps.winners import ranking, short, winner

X = Axis("x", (1, 4, 10, 30), writing=Writing())


def _answers(design: list[dict[str, object]], replications: int = 2) -> Answers:
    with conducting(Lines(), Fixed(replications), jobs=1) as conduct:
        told = conduct.told(design, conduct.run(design))
        return gathered(told, [X], ["cost"], replications)


def _runs(**metrics: float) -> list[Outcome]:
    return [Outcome("", {name: value + run for name, value in metrics.items()}) for run in (0, 1)]


def test_each_metric_has_its_mean_and_interval_at_each_point() -> None:
    """Two runs of 4 and 5: 4.5 ± 12.706 · 0.7071 / √2 = 6.353."""
    summary = _answers(at(4)).summary
    row = summary[summary["platform"] == UP].iloc[0]
    assert (row["x"], row["mean"], row["n"]) == (4, 4.5, 2)
    assert row["high"] - row["mean"] == pytest.approx(6.353, abs=1e-3)


def test_a_difference_is_paired_by_replication_and_so_it_is_sure() -> None:
    """`flat` less `up` is 6 in each of two runs, though both vary from one run to the other."""
    (row,) = _answers(at(4)).differences.to_dict("records")
    assert (row["platform"], row["reference"]) == (FLAT, UP)
    assert (row["mean"], row["low"], row["high"]) == (6, 6, 6)
    assert row["ratio"] == pytest.approx(10.5 / 4.5)


def test_who_costs_least_wins_by_what_the_next_is_behind() -> None:
    rows = _answers(at(4, 30, 10)).winners.to_dict("records")
    assert [(row["winner"], row["second"], row["mean"]) for row in rows] == [
        (UP, FLAT, 6),
        (FLAT, UP, 20),
        (UP, FLAT, 0),
    ]
    assert [row["tie"] for row in rows] == [False, False, True]


def test_who_does_less_is_no_better_for_costing_less() -> None:
    told = Told(0, {}, "", {
        "half": _runs(memory_gross_bytes=5, instances_ready=50),
        "whole": _runs(memory_gross_bytes=9, instances_ready=100),
    })  # fmt: skip
    assert ranking(told, "memory_gross_bytes") == ["whole"]
    row = winner(told, [], "memory_gross_bytes")
    assert row is not None
    assert row[2:4] == ("whole", "")


def test_who_does_less_is_told_and_counts_in_no_main_effect() -> None:
    told = Told(0, {"x": 1}, "", {
        "half": _runs(cost=5, instances_ready=50),
        "whole": _runs(cost=9, instances_ready=100),
    })  # fmt: skip
    assert short(told) == {"half": (50.5, 100.5)}
    answers = gathered([told], [Axis("x", (1,), writing=Writing())], ["cost"], 2)
    assert answers.short.to_dict("records") == [
        {"point": 0, "platform": "half", "ready": 50.5, "most": 100.5}
    ]
    assert [*answers.effects["platform"]] == ["whole"]


def test_of_throughput_the_most_is_best_and_the_next_is_behind_by_less() -> None:
    told = Told(0, {}, "", {
        "slow": _runs(throughput_per_s=5), "quick": _runs(throughput_per_s=9),
    })  # fmt: skip
    row = winner(told, [], "groups.web.throughput_per_s")
    assert row is None
    row = winner(told, [], "throughput_per_s")
    assert row is not None
    assert row[2:5] == ("quick", "slow", 4)


def test_a_main_effect_is_the_mean_over_all_points_with_a_value() -> None:
    """Over y = 0 and 2, x = 1 costs `up` (1 + 3)/2 = 2, and (2 + 4)/2 in the next run: 2.5."""
    y = Axis("y", (0, 2), writing=Writing())
    told = [
        Told(n, {"x": x, "y": y}, "", {UP: _runs(cost=x + y)})
        for n, (x, y) in enumerate([(1, 0), (1, 2), (5, 0), (5, 2)])
    ]
    effects = gathered(told, [X, y], ["cost"], 2).effects
    found = {(row.axis, row.level): row.mean for row in effects.itertuples()}
    assert found == {("x", "1"): 2.5, ("x", "5"): 6.5, ("y", "0"): 3.5, ("y", "2"): 5.5}


def test_points_drawn_at_random_share_no_values_and_have_no_main_effects() -> None:
    y = Axis("y", (0, 2), writing=Writing())
    told = [Told(n, {"x": n / 7, "y": 9 - n}, "", {UP: _runs(cost=n)}) for n in range(60)]
    assert gathered(told[:4], [X, y], ["cost"], 2).effects.empty
    assert gathered(told, [X], ["cost"], 2).effects.empty


def test_failures_are_counted_by_reason() -> None:
    failures = _answers(at(1, 13, -1, -2)).failures.to_dict("records")
    assert [(row["platform"], row["points"], row["runs"]) for row in failures] == [
        ("", 1, 0), ("", 1, 0), (UP, 1, 2),
    ]  # fmt: skip
    assert failures[-1]["reason"] == "ValueError: thirteen is unlucky"


def test_a_failed_run_leaves_the_others_of_its_point() -> None:
    runs = [Outcome("", {"cost": 1.0}), Outcome("", {}, "it failed"), Outcome("", {"cost": 3.0})]
    answers = gathered([Told(0, {"x": 1}, "", {UP: runs})], [X], ["cost"], 3)
    (row,) = answers.summary.to_dict("records")
    assert (row["mean"], row["n"]) == (2, 2)
    assert answers.effects.empty


def test_where_each_pair_of_runs_has_one_that_failed_nobody_is_told_from_the_other() -> None:
    one, two = _runs(cost=1)[0], _runs(cost=1)[1]
    failed = Outcome("", {}, "it failed")
    runs = {UP: [one, failed], FLAT: [failed, two]}
    answers = gathered([Told(0, {"x": 1}, "", runs)], [X], ["cost"], 2)
    (row,) = answers.winners.to_dict("records")
    assert (row["n"], row["tie"]) == (0, True)
    assert answers.differences.empty


def _found(places: Sequence[float], replications: int = 2, within: float = 0.01) -> list[Crossing]:
    with conducting(Lines(), Fixed(replications), jobs=1) as conduct:

        def perform(design: Sequence[Values], platforms: Sequence[str]) -> list[Told]:
            return [*conduct.told(design, conduct.run(design, platforms))]

        design = at(*places)
        told = [*conduct.told(design, conduct.run(design))]
        along = Along("x", float, float, Scale(within))
        return [*crossings(told, ["cost"], along, perform)]


def test_two_platforms_change_places_where_their_costs_are_equal() -> None:
    """`up` costs x and `flat` 10, in every run with the same more: the turn at 10 is sure."""
    (found,) = _found([1, 4, 30, 40])
    assert (found.first, found.second) == (UP, FLAT)
    assert found.turn.value == pytest.approx(10)
    assert 9.8 < found.turn.low <= 10 <= found.turn.high < 10.2


def test_of_one_run_there_is_a_place_and_no_interval() -> None:
    (found,) = _found([1, 30], replications=1)
    assert found.turn.value == pytest.approx(10)
    assert isnan(found.turn.low)


def test_where_one_is_best_all_along_there_is_no_such_place() -> None:
    assert _found([11, 20, 30]) == []


def test_a_run_that_fails_on_the_way_is_the_reason_for_none() -> None:
    """Half-way from 6 to 20 lies 13."""
    (found,) = _found([6, 20])
    assert isnan(found.turn.value)
    assert found.reason == "at 13 one of the two did not do what the other did"


def test_a_sheet_has_nine_digits_and_leaves_out_what_is_not_there(tmp_path: Path) -> None:
    columns = [integer("n", "a number"), number("x", "another"), text("name", "its name")]
    sheet = Sheet(tmp_path, "table", columns)
    sheet.write([(1, 1 / 3, "a,b"), (float("nan"), float("nan"), ""), (3, 2.0, "é")])
    assert "table.csv" in sheet.close()
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        assert [*csv.reader(file)] == [
            ["n", "x", "name"],
            ["1", "0.333333333", "a,b"],
            ["", "", ""],
            ["3", "2", "é"],
        ]


def test_what_was_set_stands_in_a_sheet_with_all_its_digits(tmp_path: Path) -> None:
    columns = [number("host.memory_bytes", "set"), number("value", "measured")]
    sheet = Sheet(tmp_path, "table", columns, exact=["host.memory_bytes"])
    sheet.write([(2.0**40, 2.0**40 / 3)])
    sheet.close()
    assert (tmp_path / "table.csv").read_text().splitlines()[1] == "1099511627776,3.66503876e+11"


def test_parquet_has_all_digits_whatever_the_steps_of_writing(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    digests = []
    for steps in ([3], [1, 1, 1]):
        sheet = Sheet(tmp_path, "table", [number("x", "a number")])
        rows = iter([(1 / 3,), (float("nan"),), (3.0,)])
        for step in steps:
            sheet.write([next(rows) for _ in range(step)])
        digests.append(sheet.close()["table.parquet"])
    assert digests[0] == digests[1]
    assert parquet.read_table(tmp_path / "table.parquet")["x"].to_pylist() == [1 / 3, None, 3.0]
