"""`tare compare`, from a file to a table, a document and a report."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from scenario_files import SMALL, write

import sim.studies.compare as study
from sim.cli.main import run
from sim.errors import OutputError
from sim.spec.scenario import Scenario

SLEEPERS = SMALL.replace("web-node", "sleep").replace("[process]", "[process, container-docker]")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _document(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> dict:  # type: ignore[type-arg]
    assert run(["compare", *arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def test_a_table_is_printed_and_a_report_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, SLEEPERS, "sleepers.yaml")
    assert run(["compare", "sleepers.yaml"]) == 0
    out, err = capsys.readouterr()

    assert "Two services" in out
    assert "container-docker" in out
    assert err == f"report: {Path('reports/sleepers/index.html')}\n"
    assert (folder / "reports/sleepers/index.html").is_file()
    assert (folder / "reports/sleepers/manifest.json").is_file()


def test_a_document_has_every_platform_and_writes_no_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, SLEEPERS)
    document = _document(capsys, "scenario.yaml", "--replications", "2", "--seed", "9")

    assert (document["schema"], document["scenario"]) == (1, "scenario")
    assert (document["seed"], document["replications"]) == (9, 2)
    assert list(document["platforms"]) == ["process", "container-docker"]
    ready = document["platforms"]["process"]["instances_ready"]
    assert (ready["mean"], ready["n"]) == (2, 2)
    assert [path.name for path in folder.iterdir()] == ["scenario.yaml"]


def test_a_value_is_set_over_the_scenario(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, SLEEPERS)
    settings = ("--set", "groups.web.count=3", "--set", "platforms=[process]")
    document = _document(capsys, "scenario.yaml", *settings)

    assert list(document["platforms"]) == ["process"]
    assert document["platforms"]["process"]["instances_started"]["mean"] == 3


def test_several_scenarios_make_one_document_and_one_report(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, SLEEPERS, "one.yaml")
    write(folder, SLEEPERS, "two.yaml")
    document = _document(capsys, "one.yaml", "two.yaml", "--out", "both")

    assert [each["scenario"] for each in document["scenarios"]] == ["one", "two"]
    assert (folder / "both/index.html").is_file()


def test_several_scenarios_are_printed_side_by_side_at_the_end(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, SLEEPERS, "one.yaml")
    write(folder, SLEEPERS.replace("[process, ", "["), "two.yaml")
    assert run(["compare", "one.yaml", "two.yaml", "--out", "both"]) == 0
    _, across = capsys.readouterr().out.split("Across the scenarios: memory gross\n")

    rows = [line.split() for line in across.splitlines()]
    assert rows[0] == ["platform", "one", "two"]
    assert next(row for row in rows if row[:1] == ["process"])[-1] == "-"
    assert "In memory, the cheapest is process, with" in across


def test_two_scenarios_of_one_name_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "inner").mkdir()
    write(folder, SLEEPERS)
    write(folder / "inner", SLEEPERS)

    assert run(["compare", "scenario.yaml", "inner/scenario.yaml"]) == 2
    assert "two scenarios are named scenario" in capsys.readouterr().err


def test_status_3_where_no_platform_meets_every_objective(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, SLEEPERS + 'objectives: {startup_max_s: "< 0.000001"}\n')
    _document(capsys, "scenario.yaml", status=3)
    write(folder, SLEEPERS + 'objectives: {startup_max_s: "< 60"}\n')
    _document(capsys, "scenario.yaml", status=0)


def test_a_report_that_cannot_be_written_is_status_1_and_the_table_is_there(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise OutputError("cannot write the report: no space left on device")

    monkeypatch.setattr("sim.report.writer.write_report", full)
    write(folder, SLEEPERS)
    assert run(["compare", "scenario.yaml"]) == 1
    out, err = capsys.readouterr()

    assert "container-docker" in out
    assert err.startswith("tare: cannot write the report: no space left")


def test_a_place_that_is_not_ours_is_refused_before_anything_runs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, SLEEPERS)
    assert run(["compare", "scenario.yaml", "--out", "scenario.yaml"]) == 1
    out, err = capsys.readouterr()

    assert out == ""
    assert err.startswith("tare: scenario.yaml is a file")
    assert (folder / "scenario.yaml").read_text(encoding="utf-8") == SLEEPERS


def test_an_interrupted_command_keeps_what_is_done(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, SLEEPERS, "one.yaml")
    write(folder, SLEEPERS, "two.yaml")
    monkeypatch.setattr(study, "compare", _interrupted_at("two", study.compare))

    assert run(["compare", "one.yaml", "two.yaml", "--out", "kept"]) == 130
    assert "tare: interrupted; 1 of 2 scenarios are done" in capsys.readouterr().err
    manifest = json.loads((folder / "kept/manifest.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in manifest["scenarios"]] == ["one"]


def test_an_interrupted_command_that_did_nothing_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, SLEEPERS, "one.yaml")
    monkeypatch.setattr(study, "compare", _interrupted_at("one", study.compare))

    assert run(["compare", "one.yaml"]) == 130
    assert capsys.readouterr().err == "tare: interrupted\n"
    assert not (folder / "reports").exists()


def _interrupted_at(name: str, compare: Callable[..., object]) -> Callable[..., object]:
    def interrupted(scenario: Scenario, **options: object) -> object:
        if scenario.name == name:
            raise KeyboardInterrupt
        return compare(scenario, **options)

    return interrupted


def test_a_run_of_minutes_is_announced(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million starts on each of two platforms; 'about' is all that is promised."""
    write(folder, SLEEPERS.replace("count: 2", "count: 1000000"))
    monkeypatch.setattr(study, "compare", _interrupted_at("scenario", study.compare))

    assert run(["compare", "scenario.yaml"]) == 130
    assert "scenario: 2,000,000 starts, about " in capsys.readouterr().err
    assert run(["compare", "scenario.yaml", "--quiet"]) == 130
    assert capsys.readouterr().err == "tare: interrupted\n"
