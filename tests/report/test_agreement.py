"""Tables that a run gives again: to the byte, to nine digits, or not."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from report.made import KINDS, Made, made

from sim.report.agreement import Again, Agreement, agreements
from sim.report.remade import Manifest, StoredScenario
from sim.report.tables import write_tables
from sim.report.verdict import Verdict

Spoil = Callable[[str], str]

STORED = StoredScenario(name="web", sha256="", seed=1, replications=1, platforms=[], scenario={})
MANIFEST = Manifest(folder=Path("reports/web"), scenarios=[STORED], versions={}, tables={}, run={})


@pytest.fixture(scope="module")
def two_kinds() -> Made:
    """Two platforms, two replications."""
    return made(KINDS[:2], count=5, replications=2)


def found(
    folder: Path, written: Made, again: Made, spoil: dict[str, Spoil]
) -> dict[str, Agreement]:
    """What becomes of the tables of one comparison, spoilt after they were written, and another."""
    hashes = write_tables({"web": written}, folder)
    for path, change in spoil.items():
        text = (folder / path).read_text(encoding="utf-8")
        (folder / path).write_text(change(text), encoding="utf-8", newline="\n")
    return agreements(folder, hashes, {"web": again})


def scaled(comparison: Made, by: float) -> Made:
    """A comparison whose means are another by a factor."""
    summary = comparison.summary.assign(mean=comparison.summary["mean"] * by)
    return replace(comparison, summary=summary)


@pytest.mark.parametrize(
    ("by", "again"),
    [
        (1.0, "identical"),
        (1 + 4e-10, "equal to 9 digits"),
        (1 - 4e-10, "equal to 9 digits"),
        (1 + 2e-8, "differs"),
        (1.5, "differs"),
    ],
)
def test_nine_digits_are_the_bound(by: float, again: str, tmp_path: Path, two_kinds: Made) -> None:
    """By 4e-10 some of the numbers round to another ninth digit; 2e-8 moves each by one or more."""
    agreement = found(tmp_path, two_kinds, scaled(two_kinds, by), {})["summary.csv"]
    assert agreement.again == again
    assert agreement.holds == (again != "differs")


def test_a_sixth_digit_that_rounding_moved_is_no_difference_and_another_is(
    tmp_path: Path, two_kinds: Made
) -> None:
    """Where a table has six digits, a number just below a half may be the one just above."""
    instances = two_kinds.instances

    def at(second: float) -> Made:
        return replace(two_kinds, instances=instances.assign(created_s=second))

    for number, (written, again, verdict) in enumerate((
        (0.1234565 + 1e-11, 0.1234565 - 1e-11, "equal to 9 digits"),
        (0.1234567, 0.1234557, "differs"),
    )):  # fmt: skip
        folder = tmp_path / str(number)
        folder.mkdir()
        agreement = found(folder, at(written), at(again), {})["tables/instances.csv"]
        assert agreement.again == verdict
        assert agreement.difference is not None
        assert agreement.difference.columns == ("created_s",)


def test_the_largest_differences_are_found_where_they_are(tmp_path: Path, two_kinds: Made) -> None:
    """One mean grows by 2 of 50, another from 1 to 2: the first by more, the second by a half."""
    summary = two_kinds.summary.copy()
    started, kills = (summary["metric"] == name for name in ("instances_started", "oom_kills"))
    here = (summary["scope"] == "platform") & (summary["platform"] == "process")
    before, after = summary.copy(), summary.copy()
    before.loc[here & started, "mean"], after.loc[here & started, "mean"] = 50.0, 52.0
    before.loc[here & kills, "mean"], after.loc[here & kills, "mean"] = 1.0, 2.0

    agreement = found(
        tmp_path, replace(two_kinds, summary=before), replace(two_kinds, summary=after), {}
    )["summary.csv"]
    difference = agreement.difference
    assert difference is not None
    assert (difference.cells, difference.columns) == (2, ("mean",))
    most, share = difference.largest_absolute, difference.largest_relative
    assert most is not None
    assert share is not None
    assert (most.of["metric"], most.absolute, most.written, most.now) == (
        *("instances_started", 2.0, "50", "52"),
    )
    assert (share.of["metric"], share.relative) == ("oom_kills", 0.5)
    place = int(before.index[here & kills][0])
    assert share.row == place + 2


def without_the_fourth_row(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(lines[:3] + lines[4:])


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (without_the_fourth_row, ((5, 6), (), 0)),
        (
            lambda text: text.replace("\n", ",1\n").replace(",1\n", ",more\n", 1),
            ((6, 6), ("more",), 0),
        ),
        (lambda text: text.replace("\n", "\r\n"), ((6, 6), (), 0)),
        (lambda text: text[: text.rindex(",")], ((6, 6), (), 1)),
        (lambda text: "", None),
        (lambda text: text.replace("platform,", "scenario,", 1), None),
    ],
    ids=["a row less", "a column more", "other line ends", "cut", "empty", "two of one name"],
)
def test_what_was_done_to_a_file_is_told_apart_from_what_the_run_gives(
    spoil: Spoil, told: object, tmp_path: Path, two_kinds: Made
) -> None:
    """Rows on disk and in the run, columns that only one of them has, and cells that differ."""
    path = "tables/phases.csv"
    agreement = found(tmp_path, two_kinds, two_kinds, {path: spoil})[path]
    assert (agreement.on_disk, agreement.again, agreement.holds) == ("edited", "identical", False)
    difference = agreement.difference
    assert told == (difference and (difference.rows, difference.only_in_one, difference.cells))
    if spoil is without_the_fourth_row:
        assert difference is not None
        assert difference.first is not None
        assert difference.first.row == 4


def test_tables_that_come_and_go_are_told(tmp_path: Path, two_kinds: Made) -> None:
    """A manifest that has one table more and one less than the run, and a Parquet file."""
    hashes = write_tables({"web": two_kinds}, tmp_path)
    del hashes["tables/phases.csv"]
    hashes |= {"tables/moons.csv": "00", "/dev/zero": "00", "tables/moons.parquet": "00"}
    told = agreements(tmp_path, hashes, {"web": two_kinds})
    assert told["tables/phases.csv"].again == "new"
    for path in ("tables/moons.csv", "/dev/zero", "tables/moons.parquet"):
        assert (told[path].again, told[path].holds) == ("gone", False)


def test_a_parquet_file_goes_by_its_table_where_it_cannot_be_made(
    tmp_path: Path, two_kinds: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.report.tables.find_spec", lambda name: None)
    hashes = write_tables({"web": two_kinds}, tmp_path)
    (tmp_path / "tables/phases.parquet").write_bytes(b"rows")
    for stated, on_disk in ((sha256(b"rows").hexdigest(), "as written"), ("00", "edited")):
        hashes["tables/phases.parquet"] = stated
        twin = agreements(tmp_path, hashes, {"web": two_kinds})["tables/phases.parquet"]
        assert (twin.on_disk, twin.again) == (on_disk, "not compared")
        assert twin.holds == (on_disk == "as written")


@pytest.mark.parametrize(
    ("again", "word"),
    [
        (("identical", "identical"), "identical"),
        (("identical", "not compared"), "identical"),
        (("not compared", "equal to 9 digits", "identical"), "equal to 9 digits"),
        (("equal to 9 digits", "differs"), "differs"),
    ],
)
def test_a_report_is_as_good_as_its_worst_table(again: tuple[Again, ...], word: str) -> None:
    tables = {str(place): Agreement("as written", each) for place, each in enumerate(again)}
    assert Verdict(MANIFEST, [], tables).word == word


def test_a_report_whose_manifest_was_edited_differs() -> None:
    assert Verdict(MANIFEST, ["the scenario web was edited"], {}).word == "differs"
