"""Validation: rows judged, their parts in the catalog's numbers, and tables of how far off."""

from dataclasses import replace
from pathlib import Path

import pytest
from observed import judged, observation

from sim.catalog.observed import Calibration, Row
from sim.errors import ScenarioError
from sim.records.schema import column_names
from sim.records.validation import Validation
from sim.records.validation_schema import VALIDATION_TABLES
from sim.studies import judging
from sim.studies.judging import Question, judge, outcome
from sim.studies.validate import summed_up, validate


def row(**cells: object) -> Row:
    return Row("mine.csv", 2, observation(**cells))


def test_what_is_said_is_in_the_unit_of_the_row() -> None:
    (seconds,) = judge([row(unit="s")])
    (milliseconds,) = judge([row(unit="ms")])
    assert seconds.predicted is not None
    assert milliseconds.predicted == pytest.approx(1000 * seconds.predicted)


def test_one_platform_divides_another() -> None:
    vm, process = (
        outcome(Question(observation(platform=name)))[0] for name in ("vm-qemu", "process")
    )
    assert vm is not None
    assert process is not None
    ratio, _ = outcome(Question(observation(platform="vm-qemu", relative_to="process")))
    assert ratio == pytest.approx(vm / process)
    (percent,) = judge([row(platform="vm-qemu", relative_to="process", unit="%")])
    assert percent.predicted == pytest.approx(100 * vm / process)


def test_of_what_cannot_be_read_the_reason_is_told() -> None:
    (found,) = judge([row(platform="container-runc", begins="kernel")])
    assert (found.predicted, found.error, found.role) == (None, None, "unused")
    assert "no point 'kernel'" in found.reason


def test_rows_of_somebody_are_outside_whatever_their_names() -> None:
    assert [each.role for each in judge([row(id="SD189"), row(id="x")])] == ["outside"] * 2


def test_what_comes_out_does_not_depend_on_how_many_share_the_work() -> None:
    rows = [row(id=str(count), started_at_once=count) for count in (1, 2, 3)]
    assert judge(rows) == judge(rows, jobs=2)


def test_progress_is_told_row_by_row() -> None:
    told: list[tuple[int, int]] = []
    judge([row(id="a"), row(id="b")], progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_all_that_rows_name_is_looked_up_before_anything_runs() -> None:
    wrong = [
        row(id="a", platform="vm-qemuu"),
        row(id="b", workload="sleeep"),
        row(id="c", host="x"),
    ]
    with pytest.raises(ScenarioError) as raised:
        judge(wrong)
    assert [fault.path for fault in raised.value.faults] == ["platform", "workload", "host"]


def test_a_wrong_reference_is_told_at_its_own_column() -> None:
    with pytest.raises(ScenarioError) as raised:
        judge([row(relative_to="proces")])
    assert [fault.path for fault in raised.value.faults] == ["relative_to"]


def test_roles_of_the_catalog_s_rows_follow_from_the_calibrations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = (row(id="a"), row(id="b"), row(id="c", source="two"))
    monkeypatch.setattr(judging, "catalog_observations", lambda: rows)
    monkeypatch.setattr(judging, "calibrations", lambda: (Calibration("set", {}, ("a",)),))
    assert [each.role for each in judge()] == ["fitted", "left-out", "outside"]


# Tables


def summed() -> Validation:
    rows = [
        judged(1.1, "fitted", id="a", note="with a card"),
        judged(1.5, "left-out", id="b", started_at_once=10, source="two"),
        judged(None, "unused", id="c", platform="{extends: vm-qemu, ksm: on}", begins="init"),
    ]
    rows[-1] = replace(rows[-1], reason="why")
    return summed_up(rows, [], is_own=False)


@pytest.mark.parametrize("table", VALIDATION_TABLES)
def test_the_tables_are_as_described(table: str) -> None:
    assert list(getattr(summed(), table).columns) == column_names(VALIDATION_TABLES[table])


def test_a_row_tells_its_conditions_in_words_and_what_it_was_for() -> None:
    first, second, third = summed().observations.to_dict("records")
    assert (first["conditions"], first["role"], first["note"]) == ("", "fitted", "with a card")
    assert (second["conditions"], second["error"]) == ("10 at once", pytest.approx(0.5))
    assert (third["conditions"], third["platform"]) == ("from init", "vm-qemu")
    assert third["reason"] == "why"
    assert third["error"] != third["error"]


def test_errors_are_summed_up_for_all_and_by_what_rows_share() -> None:
    errors = summed().errors
    whole = errors[errors["by"] == "all"].iloc[0]
    assert (whole["rows"], whole["sources"]) == (2, 2)
    assert (whole["median"], whole["p90"]) == pytest.approx((0.1, 0.5))
    assert set(errors["by"]) == {"all", "role", "kind", "platform", "source"}


def test_of_own_rows_more_is_known() -> None:
    found = summed_up([judged(1.0, "fitted")], [], is_own=True)
    assert list(found.calibrations.columns) == column_names(VALIDATION_TABLES["calibrations"])
    assert summed().unused.empty


def test_a_file_is_validated(tmp_path: Path) -> None:
    found = validate([row(value=0.1), row(id="b", value=0.2)])
    assert len(found.observations) == 2
    assert found.cells[0]["value"] == 0.1
    assert set(found.cells[0]) >= {"id", "from", "to", "note"}
    assert found.order != found.order
