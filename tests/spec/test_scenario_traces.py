"""Arrivals and courses from a trace: columns of a CSV file beside the scenario."""

import os
from pathlib import Path

import pytest
from scenario_files import SMALL, write

from sim.catalog.scenario import load
from sim.errors import Fault, ScenarioError
from sim.spec.scenario import Course
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
    tried = repr(str(tmp_path / "starts.csv"))
    (fault,) = _faults(file)
    assert str(fault) == (
        f"{file}:7:55: groups.web.arrive.trace: the trace {tried} cannot be read: "
        "no such file or directory; write its path from this file on"
    )
    (tmp_path / "starts.csv").mkdir()
    with pytest.raises(ScenarioError, match=r"starts\.csv' cannot be read: is a directory; write"):
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


def _courses(folder: Path, text: str, where: str = "cpu: {}") -> Path:
    """A scenario whose group follows a course, which lies in `day.csv` beside it."""
    write(folder, text, "day.csv")
    said = where.format("{trace: day.csv, column: value}")
    return write(folder, SMALL.replace("count: 2", f"count: 2, {said}"))


def test_a_course_becomes_part_of_the_scenario(tmp_path: Path) -> None:
    """Rows of the same file may serve the load, the CPU and the memory, each its own column."""
    write(tmp_path, "time_s,rps,cores,bytes\n0,2,0.5,1e6\n60,4.5,1,2000000\n", "day.csv")
    serving = "{extends: web-node, serve: {compute: 1 core-ms}}"
    said = ", ".join(
        f"{key}: {{trace: day.csv, column: {column}}}"
        for key, column in (("cpu", "cores"), ("memory", "bytes"))
    )
    said += ", load: {trace: {trace: day.csv, column: rps}}"
    text = SMALL.replace("web-node", serving).replace("count: 2", f"count: 2, {said}")
    group = load(write(tmp_path, text)).groups["web"]

    assert group.load is not None
    assert group.load.trace == Course(times_s=[0, 60], values=[2, 4.5])
    assert group.cpu == Course(times_s=[0, 60], values=[0.5, 1])
    assert group.memory == Course(times_s=[0, 60], values=[1e6, 2e6])


def test_a_course_that_is_shown_loads_again_without_its_file(tmp_path: Path) -> None:
    scenario = load(_courses(tmp_path, "time_s,value\n0.25,1\n2,0\n1e3,2.5\n"))
    (tmp_path / "day.csv").unlink()

    assert load(write(tmp_path, show(scenario))) == scenario


def test_a_course_may_begin_later_and_is_set_by_path_as_well(tmp_path: Path) -> None:
    _courses(tmp_path, "time_s,value\n5,1\n")
    course = {"trace": "day.csv", "column": "value"}
    scenario = load(write(tmp_path, SMALL), overrides={"groups.web.memory": course})

    assert scenario.groups["web"].memory == Course(times_s=[5], values=[1])


def test_a_course_lies_beside_the_file_that_names_it(tmp_path: Path) -> None:
    """The outer file says which column; the inner one, in another folder, says which file."""
    inner = tmp_path / "inner"
    inner.mkdir()
    _courses(inner, "time_s,value,half\n0,1,0.5\n")
    outer = "extends: inner/scenario.yaml\ngroups: {web: {cpu: {column: half}}}\n"

    group = load(write(tmp_path, outer, "outer.yaml")).groups["web"]
    assert group.cpu == Course(times_s=[0], values=[0.5])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("value\n1\n", "the trace has no column 'time_s'; known: value"),
        ("time_s,values\n1,1\n", "the trace has no column 'value'; did you mean 'values'?"),
        ("time_s,value\n", "the trace has no rows; write a time and a value in each"),
        ("time_s,value\n0,1\nx,1\n", "line 3 of the trace: 'x' is not a time; write seconds"),
        ("time_s,value\n5,1\n4,1\n", "line 3 of the trace: 4.0 s comes after 5.0 s; sort it"),
        ("time_s,value\n5,1\n5,2\n", "line 3 of the trace: 5.0 s stands there already; write ea"),
        ("time_s,value\n0,-1\n", "line 2 of the trace: '-1' is not a value; write a number from"),
        ("time_s,value\n0,5 MiB\n", "line 2 of the trace: '5 MiB' is not a value; write a number"),
        ("time_s,value\n0,inf\n", "line 2 of the trace: 'inf' is not a value"),
        ("time_s,value\n0\n", "line 2 of the trace: '' is not a value"),
    ],
)
@pytest.mark.parametrize(
    ("where", "path"),
    [("cpu: {}", "cpu.trace"), ("load: {{trace: {}}}", "load.trace.trace")],
    ids=["cpu", "load"],
)
def test_a_faulty_course_is_told_at_the_line_that_names_it(
    text: str, told: str, where: str, path: str, tmp_path: Path
) -> None:
    (fault,) = (
        found for found in _faults(_courses(tmp_path, text, where)) if found.path.endswith("trace")
    )

    assert told in str(fault)
    assert (fault.line, fault.path) == (7, f"groups.web.{path}")


def test_a_course_of_more_rows_than_anyone_draws_is_refused(tmp_path: Path) -> None:
    rows = "".join(f"{second},1\n" for second in range(100_001))
    (fault,) = _faults(_courses(tmp_path, "time_s,value\n" + rows))

    assert (fault.problem, fault.remedy) == ("the trace has over 100,000 times", "cut it")


def _faults(file: Path) -> tuple[Fault, ...]:
    with pytest.raises(ScenarioError) as caught:
        load(file)
    return caught.value.faults
