"""`tare validate` as its user sees it: tables, one document, a page, and words for wrong files."""

import csv
import json
from pathlib import Path

import pytest

from sim.cli.main import run
from sim.spec.observation import COLUMNS

ROWS = """\
id,source,platform,started_at_once,from,to,metric,statistic,value,unit,note
a,one,process,,,,duration_s,,2,ms,
b,one,container-runc,10,,,duration_s,p50,60,ms,ten at once
c,two,container-runc,,kernel,,duration_s,,1,s,
d,two,vm-qemu,,,,duration_s,mean,1,min,
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(ROWS)
    return path


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert run(["validate", *map(str, arguments), "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_a_document_has_each_row_with_each_key(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(printed(capsys, "--observations", mine, "--json"))
    assert set(document) == {"schema", "rows", "summary"}
    assert document["schema"] == 1
    keys = [*COLUMNS, "predicted", "error", "role", "reason"]
    assert [[*row] for row in document["rows"]] == [keys] * 4
    first, _, third, _ = document["rows"]
    told = ("id", "platform", "value", "unit")
    assert [first[name] for name in told] == ["a", "process", 2, "ms"]
    assert first["host"] is first["statistic"] is first["started_at_once"] is None
    assert first["error"] == pytest.approx(first["predicted"] / 2 - 1)
    assert (first["role"], first["reason"]) == ("outside", "")
    assert (third["predicted"], third["error"], third["role"]) == (None, None, "unused")
    assert "no point 'kernel'" in third["reason"]


def test_the_summary_has_errors_of_all_and_by_what_rows_share(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = json.loads(printed(capsys, "--observations", mine, "--json"))["summary"]
    assert summary["all"]["rows"] == 3
    assert set(summary["all"]) == {"rows", "sources", "median", "p90", "bias"}
    assert set(summary["source"]) == {"one", "two"}
    assert set(summary["kind"]) == {"start-up alone", "start-up under load"}
    assert set(summary["role"]) == {"outside"}
    assert (summary["order"], summary["unused"]) == (None, 1)


def test_the_tables_fit_a_terminal_and_say_how_far_off_it_is(
    mine: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = printed(capsys, "--observations", mine)
    assert max(map(len, out.splitlines())) <= 80
    for said in ("Predicted against measured", "By kind of thing measured", "By source"):
        assert said in out
    assert "3 observations of 2 sources" in out
    assert "Of 1 row the model says nothing." in out


def test_a_report_is_a_folder_with_a_page(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = mine.parent / "proof"
    printed(capsys, "--observations", mine, "--out", out)
    files = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    assert {"index.html", "report.md", "manifest.json", "tables/observations.csv"} <= files
    assert {"figures/predicted.svg", "figures/predicted.png", "figures/kinds.svg"} <= files
    with (out / "tables" / "observations.csv").open(encoding="utf-8") as table:
        assert [row["id"] for row in csv.DictReader(table)] == ["a", "b", "c", "d"]
    printed(capsys, "--observations", mine, "--out", out)


def test_a_report_stands_in_its_own_folder_unless_another_is_named(
    mine: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mine.parent)
    assert run(["validate", "--observations", "mine.csv", "--report"]) == 0
    out, err = capsys.readouterr()
    assert "Predicted against measured" in out
    assert "report: reports/validation/index.html" in err
    assert (mine.parent / "reports" / "validation" / "manifest.json").exists()


def test_a_folder_of_somebody_s_work_is_refused_before_anything_runs(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", "--observations", str(mine), "--out", str(mine.parent)]) == 1
    assert "which would be lost" in capsys.readouterr().err


def test_verify_says_what_a_validation_is(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = mine.parent / "proof"
    printed(capsys, "--observations", mine, "--out", out)
    assert run(["verify", str(out)]) == 2
    assert "the manifest of a validation" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("id;source\n", "separate cells by commas"),
        (ROWS.replace("vm-qemu", "vm-qemuu"), "5: platform: 'vm-qemuu' is no platform"),
        (ROWS.replace("duration_s,mean", "duration_s,man"), "5: statistic: 'man' does not fit"),
        (ROWS.replace("ms,ten", "MB,ten"), "3: 'MB' is no unit"),
        (ROWS.replace(",2,ms", ",two,ms"), "2: value: 'two' is no number"),
        (ROWS + "a,one,process,,,,duration_s,,2,ms,\n", "6: id: the name stands in line 2"),
        (ROWS + "{[,,,,\n", "6: it has not as many cells"),
    ],
)
def test_a_wrong_file_ends_with_status_2_and_words(
    mine: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    mine.write_text(text)
    assert run(["validate", "--observations", str(mine)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err


def test_a_file_that_is_no_text_or_not_there_ends_with_status_2(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine.write_bytes(bytes(range(256)))
    for path in (mine, mine.with_name("other.csv"), mine.parent):
        assert run(["validate", "--observations", str(path)]) == 2
        err = capsys.readouterr().err
        assert str(path) in err
        assert "Traceback" not in err
