"""The verbs that simulate nothing: list, explain, show, schema and new."""

import json
from pathlib import Path

import pytest
from scenario_files import SMALL, write

from sim.catalog.loader import KINDS, names, sources
from sim.catalog.scenario import load
from sim.cli.main import run, tare
from sim.spec.metrics import SWEPT

ALL_NAMES = sorted({*(name for kind in KINDS for name in names(kind)), *SWEPT, *sources()})


def _printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a verb prints where it ends well and tells nothing else."""
    assert run(arguments) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("verb", ["", *tare.commands])
def test_a_page_of_help_opens_with_examples_and_is_80_wide(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = _printed(capsys, *verb.split(), "--help")

    assert page.lstrip().startswith(f"tare {verb or 'new'}")
    assert "\nUsage: tare" in page
    assert max(map(len, page.splitlines())) <= 80


def test_help_tells_what_stands_where_an_option_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = " ".join(_printed(capsys, "compare", "--help").split())

    assert "--out PATH Folder of the report; default: reports/NAME." in page
    assert "--seed N Seed of all chance; default: the scenario's." in page
    assert "How often each platform is simulated; default: the scenario's." in page


def test_the_examples_of_help_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    """Every name that an example explains exists; one is a file."""
    page = _printed(capsys, "explain", "--help")
    examples = [line.split()[2] for line in page.splitlines() if line.startswith("  tare ")]

    assert len(examples) == 4
    assert {*examples} - {"./app.tar"} <= {*ALL_NAMES}


def test_list_has_every_name_by_kind(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _printed(capsys, "list").splitlines()

    assert {*KINDS, "metrics", "sources"} <= {*lines}
    assert {*ALL_NAMES} <= {line.split()[0] for line in lines if line.startswith("  ")}
    assert max(map(len, lines)) <= 80


def test_list_of_a_kind(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _printed(capsys, "list", "hosts").splitlines()
    first = [line for line in lines if not line.startswith("   ")]

    assert [line.split()[0] for line in first] == names("hosts")
    assert any("Laptop with 8 cores and 16 GiB" in line for line in lines)
    assert list(json.loads(_printed(capsys, "list", "hosts", "--json"))) == ["schema", "hosts"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["explain", "web-nod"], "nothing is named 'web-nod'; did you mean 'web-node'?"),
        (["lst"], "Error: 'lst' is no verb; did you mean 'list'?\n"),
        (["run"], "Error: 'run' is no verb; did you mean 'compare'?\n"),
        (["--sed"], "Error: No such option '--sed'"),
        (["list", "platform"], "]': 'platform' is no kind; did you mean 'platforms'?\n"),
        (
            ["list", "towers"],
            "]': 'towers' is no kind; known: hosts, platforms, workloads, images, costs, "
            "metrics, sources\n",
        ),
        (["show"], "Missing argument 'SCENARIO'"),
        (["show", "absent.yaml"], "absent.yaml: there is no such file"),
        (["compare", "absent.yaml", "--jobs", "0"], "Invalid value for '--jobs'"),
        (["compare", "a.yaml", "--set", "seed"], "--set seed is not PATH=VALUE; write --set"),
        (["compare", "a.yaml", "--set", "seed="], "--set seed= is not PATH=VALUE; write --set"),
        (["compare", "a.yaml", "--set", "seed=[1"], "--set seed"),
        (["new", "a.yaml", "--from", "absent.yaml"], "absent.yaml: there is no such file"),
    ],
)
def test_wrong_usage_is_told_with_status_2(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert "Traceback" not in err


def test_show_prints_a_scenario_again(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, SMALL)
    assert run(["show", str(file), "--set", "groups.web.count=5", "--seed", "3"]) == 0
    scenario = load(write(tmp_path, capfd.readouterr().out, "again.yaml"))

    assert (scenario.groups["web"].count, scenario.seed) == (5, 3)


def test_show_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree = json.loads(_printed(capsys, "show", str(write(tmp_path, SMALL)), "--json"))

    assert tree["host"]["memory"]["value"] == "8 GiB"


def test_faults_of_all_files_are_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = write(tmp_path, SMALL.replace("1 min", "1"), "one.yaml")
    two = write(tmp_path, SMALL.replace("count: 2", "cuont: 2"), "two.yaml")

    assert run(["compare", str(one), str(two)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"{one}:5:10", f"{two}:7:8", f"{two}:7:29"]


def test_new_writes_a_scenario_that_loads_and_overwrites_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "first.yaml"
    assert str(file) in _printed(capsys, "new", str(tmp_path / "first"))
    assert load(file).groups.keys() == {"web", "cache"}
    assert file.read_text(encoding="utf-8").startswith("# ")

    file.write_text("mine", encoding="utf-8")
    assert run(["new", str(file)]) == 1
    assert "is there already; choose another name" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "mine"


def test_new_from_another_keeps_its_comments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    origin = write(tmp_path, SMALL + "# a comment\n")
    copy = tmp_path / "copy.yaml"
    _printed(capsys, "new", str(copy), "--from", str(origin))

    assert copy.read_text(encoding="utf-8") == SMALL + "# a comment\n"


def test_new_from_one_that_leans_on_files_stands_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "elsewhere").mkdir()
    write(tmp_path, SMALL, "base.yaml")
    origin = write(tmp_path, "extends: ./base.yaml\nseed: 4\n")
    copy = tmp_path / "elsewhere" / "scenario.yaml"
    _printed(capsys, "new", str(copy), "--from", str(origin))

    assert load(copy) == load(origin)


def test_new_needs_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "."]) == 2
    assert capsys.readouterr().err == "tare: '.' names no file; write a name, such as first.yaml\n"


def test_new_where_nothing_can_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", str(tmp_path / "absent" / "a.yaml")]) == 1
    assert "no such file or directory; choose another place" in capsys.readouterr().err
