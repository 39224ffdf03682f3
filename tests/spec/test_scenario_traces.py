"""Arrivals from a trace: a column of a CSV file beside the scenario."""

import os
from pathlib import Path

import pytest
from scenario_files import SMALL, write

from sim.catalog.scenario import load
from sim.errors import ScenarioError
from sim.spec.statement import show

TRACED = SMALL.replace("count: 2", "count: 2, arrive: {trace: starts.csv, column: time_s}")


def _trace(folder: Path, text: str) -> Path:
    write(folder, text, "starts.csv")
    return write(folder, TRACED)


def test_the_times_of_a_trace_become_part_of_the_scenario(tmp_path: Path) -> None:
    scenario = load(_trace(tmp_path, "job,time_s\na,0.5\nb,2\nc,2\n"))

    assert scenario.groups["web"].arrive.times_s == [0.5, 2.0, 2.0]
    assert scenario.groups["web"].arrive.trace is None
    assert str(tmp_path) not in show(scenario)


def test_a_trace_lies_beside_the_file_that_names_it(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    _trace(inner, "time_s\n1\n2\n")
    file = write(tmp_path, "extends: inner/scenario.yaml\n", "outer.yaml")

    assert load(file).groups["web"].arrive.times_s == [1.0, 2.0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("job,start\na,1\n", "the trace has no column 'time_s'; known: job, start"),
        ("time_ss\n1\n", "did you mean 'time_ss'?"),
        ("", "the trace has no column 'time_s'; it is empty"),
        ("time_s\n1\nsoon\n", "line 3 of the trace: 'soon' is not a time; write seconds"),
        ("time_s\n1\n-2\n", "line 3 of the trace: '-2' is not a time"),
        ("time_s\n1\nnan\n", "line 3 of the trace: 'nan' is not a time"),
        ("a,time_s\n1\n", "line 2 of the trace: '' is not a time"),
        ("time_s\n3\n1\n", "line 3 of the trace: 1.0 s comes after 3.0 s; sort it by time"),
        ("time_s\n3\n", "the trace has 1 times for 2 instances; write count: 1 or less"),
        ("time_s\n" + '"1\n' * 3, "the trace is not CSV"),
    ],
)
def test_a_faulty_trace_is_told_at_the_line_that_names_it(
    text: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(_trace(tmp_path, text))

    (fault,) = caught.value.faults
    assert told in str(fault)
    assert (fault.file, fault.line) == (str(tmp_path / "scenario.yaml"), 7)


def test_a_trace_that_cannot_be_read(tmp_path: Path) -> None:
    file = write(tmp_path, TRACED)
    with pytest.raises(ScenarioError, match=r"arrive\.trace: the trace cannot be read: no such f"):
        load(file)
    (tmp_path / "starts.csv").mkdir()
    with pytest.raises(ScenarioError, match=r"arrive\.trace: the trace cannot be read: is a dir"):
        load(file)
    (tmp_path / "starts.csv").rmdir()
    (tmp_path / "starts.csv").write_bytes(b"time_s\n\xff\xfe\n")
    with pytest.raises(ScenarioError, match="the trace is not UTF-8 text"):
        load(file)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_no_trace(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "starts.csv")
    with pytest.raises(ScenarioError, match="the trace is a pipe or a device"):
        load(write(tmp_path, TRACED))
