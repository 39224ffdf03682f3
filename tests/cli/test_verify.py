"""`tare verify`: a report that is run again, one that was edited, and one that is none."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scenario_files import FULL, SMALL, write

import sim.studies.compare as study
from sim.catalog.scenario import load
from sim.cli.main import run
from sim.report.manifest import digest
from sim.report.remade import read_manifest, remade

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SLEEPERS = SMALL.replace("web-node", "sleep").replace("[process]", "[process, container-docker]")
BY_CHANCE = SLEEPERS.replace("count: 2}", "count: 3, arrive: {poisson: 20 / min}}")

Edit = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of three sleepers that come by chance, on two platforms, twice."""
    folder = tmp_path_factory.mktemp("kept")
    file = write(folder, BY_CHANCE, "sleepers.yaml")
    assert run(["compare", str(file), "--replications=2", "--out", str(folder / "report")]) == 0
    return folder / "report"


@pytest.fixture
def report(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that report in the folder where we are, to be spoilt."""
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(kept, "report"))


def edit(report: Path, change: Edit) -> None:
    """Change a manifest."""
    file = report / "manifest.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(json.dumps(content), encoding="utf-8")


def edit_cell(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), encoding="utf-8")


def verified(
    capsys: pytest.CaptureFixture[str], report: Path, *options: str
) -> tuple[int, str, str]:
    """The status, what is printed on as many lines as there are, and what is told beside it."""
    capsys.readouterr()
    status = run(["verify", str(report), *options])
    out, err = capsys.readouterr()
    assert report.is_absolute() or max(map(len, out.splitlines()), default=0) <= 80
    return status, " ".join(out.split()), err


def test_what_was_just_written_is_identical(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said, told = verified(capsys, report)
    assert (status, told) == (0, "")
    assert said.startswith("identical: the 11 tables of ")
    assert said.endswith(
        "are what its scenario gives again. The page, report.md and the figures are not compared."
    )
    assert verified(capsys, report / "manifest.json") == (0, said, "")


@pytest.mark.parametrize("name", ["web-fleet", "office-hours"])
def test_a_worked_scenario_is_identical_without_its_files(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A trace stands in the manifest as its numbers do; what was set over the file does as well."""
    for file in SCENARIOS.glob(f"{name}*"):
        shutil.copy(file, tmp_path)
    scenario = tmp_path / f"{name}.yaml"
    chosen = ["--replications=1", "--set", "hosts=2", "--set", "requests_in_detail=1000"]
    assert run(["compare", str(scenario), "--out", str(tmp_path / "report"), *chosen]) == 0
    for file in tmp_path.glob(f"{name}*"):
        file.unlink()

    status, said, _ = verified(capsys, tmp_path / "report", "--jobs", "2")
    assert status == 0, said
    assert said.startswith("identical: ")


def test_several_scenarios_in_one_report_are_run_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two names that are one on disk are told apart by the manifest as by the tables."""
    files = [str(write(tmp_path, SLEEPERS, name)) for name in ("a b.yaml", "a-b.yaml")]
    assert run(["compare", *files, "--out", str(tmp_path / "both"), "--quiet"]) == 0
    status, said, _ = verified(capsys, tmp_path / "both")
    assert (status, said.count("its scenarios give again")) == (0, 1)


def test_a_scenario_comes_back_whole_from_a_manifest(tmp_path: Path) -> None:
    """Every key that there is, and what was set over the file, which no table shows."""
    from sim.report.manifest import manifest
    from sim.studies.compare import compare

    set_over = {"replications": 1, "groups.web.count": 1, "groups.cache.count": 1}
    quick = {"faults": [], "horizon": "2 min"}
    scenario = load(write(tmp_path, FULL), overrides=set_over | quick)
    text = manifest({"scenario": compare(scenario)}, {})
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")

    assert remade(read_manifest(tmp_path)) == [scenario]


def test_a_cell_that_was_edited_on_disk_is_told_from_one_that_the_run_changes(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three instances were started in each of two replications; somebody wrote four."""
    row = "sleepers,process,platform,,instances_started,{},3,3,2,"
    edit_cell(report / "summary.csv", row.format(3), row.format(4))
    lines = (report / "summary.csv").read_text(encoding="utf-8").splitlines()
    number = lines.index(row.format(4)) + 1

    status, said, _ = verified(capsys, report)
    assert status == 1
    assert said.startswith("differs: 1 of 11 tables of ")
    assert "summary.csv: it was edited after it was written; the run gives what was written" in said
    assert "1 cell differs, in mean the largest difference, 1 or 25 %," in said
    place = f"in row {number} (scenario sleepers, platform process, scope platform, metric"
    assert f"{place} instances_started): mean is 4 on disk, 3 in the run" in said


def test_another_seed_gives_other_tables_and_says_where(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A manifest that is whole in itself, of a run whose tables these are not."""

    def reseed(content: dict[str, Any]) -> None:
        (stored,) = content["scenarios"]
        stored["scenario"]["seed"] = stored["seed"] = 9
        stored["sha256"] = digest(stored["scenario"], stored["settings"])

    edit(report, reseed)
    status, said, _ = verified(capsys, report)
    assert status == 1
    assert "tables/instances.csv: the run gives other than was written" in said
    assert "cells differ, in created_s" in said
    assert "edited" not in said
    assert said.endswith("are those with which the report was written.")


def test_an_edited_scenario_is_not_run(
    report: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study, "compare", None)
    edit(report, lambda content: content["scenarios"][0]["scenario"].update(horizon="2 min"))
    status, said, _ = verified(capsys, report)
    assert status == 1
    assert said.startswith("differs: ")
    assert "manifest.json: the scenario sleepers, or what was set over its file, was edit" in said
    assert said.endswith("What it was is lost, so nothing was run.")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda content: content["scenarios"][0].update(seed=9),
            "manifest.json: sleepers: seed: 9, and 1 inside the scenario",
        ),
        (
            lambda content: content.update(schema=2),
            "manifest.json: schema: 2 is none that this Tare reads; it reads schema 1",
        ),
        (lambda content: content.update(generator="rake"), "is not the manifest of a report of T"),
        (lambda content: content.pop("tables"), "manifest.json: tables: field required"),
        (
            lambda content: content["scenarios"][0].update(replications="2"),
            "manifest.json: scenarios.0.replications: input should be a valid integer",
        ),
        (
            lambda content: content.update(scenarios=content["scenarios"] * 2),
            "manifest.json: two scenarios have one name",
        ),
    ],
    ids=["seed", "schema", "generator", "no tables", "type", "twice"],
)
def test_a_manifest_that_is_wrong_is_status_2_in_words(
    change: Edit, words: str, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(report, change)
    status, said, told = verified(capsys, report)
    assert (status, said) == (2, "")
    assert told.startswith("tare: ")
    assert words in told


def test_a_scenario_that_this_tare_does_not_take_is_status_2_with_its_fault(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One key that is not known, and one contradiction, which the models alone do not see."""

    def add(stored: dict[str, Any], changed: dict[str, Any]) -> None:
        stored["scenario"] |= changed
        stored["sha256"] = digest(stored["scenario"], stored["settings"])

    edit(report, lambda content: add(content["scenarios"][0], {"moons": 2}))
    status, _, told = verified(capsys, report)
    assert (status, "moons" in told) == (2, True)
    assert "a later Tare may have written it" in told

    edit(report, lambda content: content["scenarios"][0]["scenario"].pop("moons"))
    edit(report, lambda content: add(content["scenarios"][0], {"images": ["nobody"]}))
    status, _, told = verified(capsys, report)
    assert (status, "nobody" in told) == (2, True)


def test_what_is_no_report_is_status_2_in_words(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(place: Path) -> str:
        status, said, words = verified(capsys, place)
        assert (status, said) == (2, "")
        return words

    assert "elsewhere does not exist; name the folder of a report" in told(tmp_path / "elsewhere")
    (tmp_path / "empty").mkdir()
    assert "empty has no manifest.json" in told(tmp_path / "empty")
    assert "it is not JSON" in told(write(tmp_path, SLEEPERS))
    manifest = report / "manifest.json"
    manifest.write_bytes(manifest.read_bytes()[:700])
    assert "manifest.json:1:" in told(report)
    assert "or not all of it is here" in told(report)
    manifest.write_text("[" * 100_000, encoding="utf-8")
    assert "manifest.json is not JSON" in told(report)
    manifest.write_bytes(b"\xff\xfe\x00")
    assert "manifest.json is not JSON" in told(report)


def test_a_document_says_all_of_it(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit_cell(
        report / "summary.csv",
        "process,platform,,instances_failed,0,",
        "process,platform,,instances_failed,none,",
    )
    (report / "tables/phases.csv").unlink()
    edit(report, lambda content: content["versions"].update(numpy="1.0", rake="2"))
    assert run(["verify", str(report), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)

    assert (document["schema"], document["verdict"], document["edited"]) == (1, "differs", [])
    assert [each["name"] for each in document["scenarios"]] == ["sleepers"]
    assert document["tables"]["tables/events.csv"] == {
        "on_disk": "as written",
        "again": "identical",
        "difference": None,
        "how": "",
    }
    assert document["tables"]["tables/phases.csv"]["on_disk"] == "missing"
    found = document["tables"]["summary.csv"]
    assert (found["on_disk"], found["again"]) == ("edited", "identical")
    assert (found["difference"]["cells"], found["difference"]["columns"]) == (1, ["mean"])
    assert found["difference"]["largest_absolute"] is None
    first = found["difference"]["first"]
    assert (first["written"], first["now"], first["absolute"]) == ("none", "0", None)
    assert first["of"]["metric"] == "instances_failed"
    assert document["versions"].keys() == {"numpy", "rake"}
    assert document["versions"]["rake"] == {"then": "2", "now": None}


def test_other_versions_are_told_also_where_they_change_nothing(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(report, lambda content: content["versions"].update(numpy="1.0"))
    edit(report, lambda content: content["run"].update(machine="abacus"))
    status, said, _ = verified(capsys, report)
    assert status == 0
    assert "which changes nothing: numpy 1.0 then, " in said
    assert "; machine abacus then, " in said


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda content: b"", "it is empty"),
        (lambda content: b"\x89PNG\0\xff", "it is no text"),
        (
            lambda content: content.replace(b"replication,group", b"group,group", 1),
            "2 of its columns are named group",
        ),
        (
            lambda content: content.replace(b"\n", b",again\n", 2).replace(b",again", b"", 1),
            "row 2 has 34 cells, and the heading 33",
        ),
        (lambda content: content.replace(b"\n", b"\r\n"), "its line ends differ"),
        (
            lambda content: content.replace(b"sleepers,", b'"sleepers",', 1),
            "its cells are the same, and are written otherwise",
        ),
    ],
    ids=["empty", "binary", "doubled", "longer", "line ends", "otherwise"],
)
def test_a_table_that_cannot_be_compared_cell_by_cell_is_told_with_how(
    spoil: Callable[[bytes], bytes],
    words: str,
    report: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = report / "tables/instances.csv"
    file.write_bytes(spoil(file.read_bytes()))
    status, said, _ = verified(capsys, report)
    assert status == 1
    assert f"instances.csv: it was edited after it was written; {words}; the run gives" in said


def test_what_was_set_over_a_file_is_not_to_be_edited(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(report, lambda content: content["scenarios"][0]["settings"].update(hosts="7"))
    status, said, _ = verified(capsys, report)
    assert (status, "or what was set over its file, was edited" in said) == (1, True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_what_never_ends_is_not_read(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo("pipe")
    for place in (Path("pipe"), Path(os.devnull)):
        status, _, told = verified(capsys, place)
        assert (status, f"{place} is neither a file nor a folder" in told) == (2, True)
    (report / "tables/phases.csv").unlink()
    os.mkfifo(report / "tables/phases.csv")
    status, said, _ = verified(capsys, report)
    assert (status, "tables/phases.csv: it is missing" in said) == (1, True)


@pytest.mark.parametrize(("after", "status"), [("", 0), ("more", 1)], ids=["same", "differs"])
def test_a_reader_who_has_gone_does_not_change_the_status(
    after: str, status: int, report: Path
) -> None:
    with (report / "summary.csv").open("a", encoding="utf-8") as file:
        file.write(after)
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "sim", "verify", str(report), "--quiet"]
    root = {**os.environ, "PYTHONPATH": str(SCENARIOS.parent)}
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False, env=root)
    os.close(writer)
    assert (done.returncode, done.stderr) == (status, b"")
