"""`tare sweep`: what it writes, keeps, foretells and shares, and its words for what cannot be."""

import csv
import json
import os
from pathlib import Path

import pytest

from sim.cli.main import run

STORY = """\
version: 1
title: Some services
host: cloud-2c-8g
platforms: [process, container-docker]
horizon: 20 s
groups:
  web: {workload: sleep, count: 2}
replications: 2
"""


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenario in the folder where the command is given."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "story.yaml"
    file.write_text(STORY, encoding="utf-8")
    return file


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [*csv.DictReader(lines)]


def _files(folder: Path) -> dict[str, bytes]:
    """All files of a report but its manifest, which says when it was made."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != "manifest.json"
    }


def _swept(*arguments: str) -> None:
    assert run(["sweep", "story.yaml", *arguments, "--jobs", "1", "--quiet"]) == 0


def test_it_writes_a_row_a_run_and_metric(story: Path) -> None:
    """Three counts, two platforms, two replications: twelve runs, each with its own row."""
    _swept("--vary", "groups.web.count=1,2,4")
    rows = _rows(story.parent / "reports/story-sweep/results.csv")
    assert [*rows[0]] == [
        *("point", "groups.web.count", "platform", "replication", "metric", "value", "reason"),
    ]
    started = [row for row in rows if row["metric"] == "instances_started"]
    assert [(row["point"], row["platform"], row["value"]) for row in started] == [
        (str(point), platform, count)
        for point, count in enumerate("124")
        for platform in ("process", "container-docker")
        for _ in range(2)
    ]


def test_it_prints_who_wins_and_says_where_the_report_is(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sweep", "story.yaml", "--vary", "groups.web.count=1,4", "--jobs", "1"]) == 0
    out, err = capsys.readouterr()
    assert "process holds least memory at each of 2 points" in out
    assert err.endswith("report: reports/story-sweep/index.html\n")


def test_the_document_is_all_there_is_and_no_file_is_written(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _swept("--vary", "groups.web.count=1,4", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["runs"], told["failed"]) == (1, 8, 0)
    assert told["axes"] == [{"path": "groups.web.count", "name": "groups.web.count", "unit": ""}]
    assert {row["platform"] for row in told["summary"]} == {"process", "container-docker"}
    assert [file.name for file in story.parent.iterdir()] == ["story.yaml"]


def test_a_list_where_one_value_is_asked_is_an_axis(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story.write_text(STORY.replace("count: 2", "count: [1, 3]"), encoding="utf-8")
    _swept("--json")
    assert [row["groups.web.count"] for row in json.loads(capsys.readouterr().out)["points"]] == [
        1,
        3,
    ]


def test_who_is_asked_foretells_how_many_runs_are_left(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    foretell = ["sweep", "story.yaml", "--vary", "groups.web.count=1,2,4", "--dry-run"]
    assert run(foretell) == 0
    assert capsys.readouterr().out.startswith("3 points, 12 runs\n")
    assert [file.name for file in story.parent.iterdir()] == ["story.yaml"]
    _swept("--vary", "groups.web.count=1,2")
    capsys.readouterr()
    assert run(foretell) == 0
    out = capsys.readouterr().out
    assert out.startswith("3 points, 12 runs, of which 8 are kept from before\n")
    assert run([*foretell, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kept"] == 8


def test_a_changed_design_uses_the_runs_that_are_there(story: Path) -> None:
    kept = story.parent / "reports/story-sweep.runs"
    _swept("--vary", "groups.web.count=1,2")
    _swept("--vary", "groups.web.count=2,1,3")
    lines = [len(file.read_bytes().splitlines()) for file in sorted(kept.iterdir())]
    assert lines == [8, 4]


def test_shards_in_any_order_make_the_report_of_one_command(story: Path) -> None:
    varied = ["--vary", "groups.web.count=1,2,3,4,5"]
    _swept(*varied, "--out", "whole")
    for shard in ("2/3", "3/3", "1/3"):
        _swept(*varied, "--out", "shared", "--shard", shard)
    assert not Path("shared").exists()
    _swept(*varied, "--out", "shared", "--merge")
    assert _files(Path("shared")) == _files(Path("whole"))


def test_processes_make_the_report_of_one(story: Path) -> None:
    varied = ["--vary", "groups.web.count=1,2,3,4,5"]
    _swept(*varied, "--out", "one")
    assert run(["sweep", "story.yaml", *varied, "--out", "two", "--jobs", "2", "--quiet"]) == 0
    assert _files(Path("one")) == _files(Path("two"))


def test_points_that_cannot_be_are_rows_with_their_reason(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A limit of 64 GiB is more than the host has."""
    varied = ["--vary", "groups.web.limits.memory=64 MiB,64 GiB"]
    assert run(["sweep", "story.yaml", *varied, "--dry-run"]) == 0
    assert "1 point cannot be" in capsys.readouterr().out
    _swept(*varied)
    (row,) = (row for row in _rows(Path("reports/story-sweep/results.csv")) if row["point"] == "1")
    assert row["platform"] == row["metric"] == row["value"] == ""
    assert "64 GiB" in row["reason"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "nothing in it is varied; add --vary"),
        (["--vary", "groups.web.cuont=1,2"], "groups.web has no 'cuont'; did you mean 'count'?"),
        (["--vary", "groups.web.count="], "groups.web.count="),
        (["--vary", "groups.web.count=9..2:linear:3"], "runs from 9 to 2"),
        (["--vary", "groups.web.count=1..1000", "--design", "grid"], "add steps: 5"),
        (
            [f"--vary={path}=1..1000:linear:1000" for path in ("seed", "hosts", "horizon")],
            "1,000,000,000 points together; 10,000,000 are the most",
        ),
        (["--vary", "groups.web.count=1,2", "--shard", "4/3"], "--shard 4/3 is no share"),
        (["--vary", "groups.web.count=1,2", "--merge"], "8 runs are not there yet, of 8"),
        (["--vary", "groups.web.count=1,2", "--executor", "dask"], "--dask-address tcp://"),
        (["--vary", "groups.web.count=1,2", "--dask-address", "x"], "with --executor dask"),
        (["--vary", "groups.web.count=1,2", "--shard", "1/2", "--merge"], "write one of the two"),
        (["--vary", "groups.web.count=1", "--vary", "groups.web.count=2"], "stands there twice"),
        (["--vary", "groups.web.count=-1,-2"], "-1 is too small; write 1 or more"),
        (["--vary", "groups.web.count=1,2", "--json", "--shard", "1/2"], "write --runs DIR"),
    ],
)
def test_what_cannot_be_is_told_in_words(
    story: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(["sweep", "story.yaml", *arguments]) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert "Traceback" not in err
    assert out == ""


def test_a_folder_of_others_is_refused_before_anything_runs(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine").mkdir()
    Path("mine/thesis.txt").write_text("years of work", encoding="utf-8")
    varied = ["--vary", "groups.web.count=1,2"]
    assert run(["sweep", "story.yaml", *varied, "--out", "mine"]) == 1
    assert "would be lost" in capsys.readouterr().err
    assert not Path("mine.runs").exists()


def test_the_report_of_a_comparison_stands_beside_it_and_is_not_replaced(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["compare", "story.yaml", "--quiet"]) == 0
    _swept("--vary", "groups.web.count=1,2")
    assert {*os.listdir("reports")} == {"story", "story-sweep", "story-sweep.runs"}
    varied = ["--vary", "groups.web.count=1,2", "--out", "reports/story"]
    assert run(["sweep", "story.yaml", *varied]) == 1
    assert "reports/story holds a report that is no sweep" in capsys.readouterr().err


def test_without_axes_the_sensitivity_of_the_scenario_is_asked(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("SALib")
    sensitivity = "sensitivity: {inputs: catalog, method: one-at-a-time}"
    asked = f"sweep={{metrics: [memory_gross_bytes], {sensitivity}}}"
    assert run(["sweep", "story.yaml", "--set", asked, "--jobs", "1", "--replications", "1"]) == 0
    out = capsys.readouterr().out
    assert "What moves it, alone" in out
    assert "nan" not in out
    assert Path("reports/story-sweep/tables/tornado.csv").exists()


def test_a_sweep_of_minutes_is_announced_with_all_that_it_starts(
    story: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 2 and 4 instances, on two platforms, twice each, 24 are started, one in ten seconds."""
    monkeypatch.setattr("sim.cli.progress._STARTS_PER_S", 0.1)
    assert run(["sweep", "story.yaml", "--vary", "groups.web.count=2,4", "--jobs", "1"]) == 0
    assert "story, as a whole: 24 starts, about 4 min" in capsys.readouterr().err
