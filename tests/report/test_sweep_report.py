"""The whole report of a sweep, and its print: what is in it, that it is safe and stays small."""

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from report.stated import frame
from report.sweep_stories import COUNT, FOUR, STORIES, grid, later, sensitive, turning
from report.swept import MadeSweep, numbers, sizes, swept
from report.test_writer import HOSTILE, SOURCES, Page, files
from rich.console import Console

from sim.errors import OutputError, UsageError
from sim.report.manifest import compact
from sim.report.remade import read_manifest
from sim.report.sweeps.answer import answer
from sim.report.sweeps.findings import MOST_ROWS
from sim.report.sweeps.running import command
from sim.report.sweeps.terminal import print_sweep
from sim.report.sweeps.writer import write_sweep_report

WIDTH = 80


def tables(made: MadeSweep, folder: Path) -> Mapping[str, str]:
    """The tables as the studies would write them."""
    (folder / "tables").mkdir()
    hashes = {}
    for path, table in {"summary.csv": made.summary, "tables/winners.csv": made.winners}.items():
        content = table.to_csv(index=False).encode()
        (folder / path).write_bytes(content)
        hashes[path] = sha256(content).hexdigest()
    return hashes


def write(made: MadeSweep, out: Path) -> Path:
    write_sweep_report(made, out, tables=lambda folder: tables(made, folder), sources=SOURCES)
    return out


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cited = ("vm", "platforms.vm.cpu", 1.0, "", "nsdi20", "assumed", "")
    made = replace(grid(), assumptions=frame("assumptions", [cited]))
    return write(made, tmp_path_factory.mktemp("reports") / "sweep")


def test_a_report_has_page_text_figures_tables_and_manifest(report: Path):
    found = set(files(report))
    assert {"index.html", "report.md", "manifest.json"} <= found
    assert {"summary.csv", "tables/winners.csv"} <= found
    for kind in ("lines", "wins", "differences", "effects"):
        assert {f"figures/{kind}-memory-gross-bytes.{end}" for end in ("svg", "png")} <= found


def test_the_page_answers_first_and_needs_nothing_from_outside(report: Path):
    page = Page((report / "index.html").read_text())
    text = " ".join(page.text.replace("\xa0", " ").split())
    for part in (
        *answer(grid()),
        *("Where platforms change places", "What matters most", "What failed", "What was varied"),
        *("It leans on 1 numbers: 1 assumed.", "Lightweight virtualization", "Run it again"),
        command(grid()),
    ):
        assert part in text
    assert text.index(answer(grid())[0]) < text.index("Run it again")
    assert all(link.startswith("#") for link in page.links)
    assert all(link.startswith(("#", "https://")) for link in page.leading)


def test_the_text_says_the_same_as_the_page(report: Path):
    text = (report / "report.md").read_text()
    for sentence in answer(grid()):
        assert f"**{sentence.replace('[', chr(92) + '[').replace(']', chr(92) + ']')}**" in text
    assert "](figures/lines-memory-gross-bytes.svg)" in text


def test_the_same_sweep_gives_the_same_bytes_but_for_the_run(tmp_path: Path):
    once, again = (files(write(turning(), tmp_path / name)) for name in ("once", "again"))
    manifests = [json.loads(found.pop("manifest.json")) for found in (once, again)]
    assert once == again
    for manifest in manifests:
        assert set(manifest.pop("run")) == {"time", "system", "machine", "cores", "python"}
    assert manifests[0] == manifests[1]


def test_the_manifest_says_what_the_report_was_made_from(report: Path):
    manifest = json.loads((report / "manifest.json").read_text())
    about = manifest["sweep"]
    assert manifest["generator"] == "tare"
    assert (about["name"], about["seed"], about["design"]) == ("web-sweep", 1, "grid")
    assert (about["points"], about["runs"], about["failed"]) == (15, 300, 15)
    assert about["axes"] == [COUNT, "host.memory"]
    assert sha256(compact(about["scenario"]).encode()).hexdigest() == about["sha256"]
    for path, digest in manifest["tables"].items():
        assert sha256((report / path).read_bytes()).hexdigest() == digest


def test_verify_says_that_a_sweep_is_no_comparison(report: Path):
    with pytest.raises(UsageError, match="manifest of a sweep") as refused:
        read_manifest(report)
    assert "tare sweep" in str(refused.value.remedy)


def test_a_report_that_cannot_be_finished_leaves_what_was_there(tmp_path: Path):
    write(later(), tmp_path / "sweep")
    before = files(tmp_path / "sweep")

    def full(folder: Path) -> Mapping[str, str]:
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="no space left"):
        write_sweep_report(turning(), tmp_path / "sweep", tables=full)
    assert files(tmp_path / "sweep") == before
    assert [path.name for path in tmp_path.iterdir()] == ["sweep"]


def test_texts_of_the_scenario_stay_text(tmp_path: Path):
    about = later().scenario.model_copy(update={"title": HOSTILE, "question": HOSTILE})
    out = write(replace(later(), scenario=about), tmp_path / "sweep")
    page = Page((out / "index.html").read_text())
    assert "img" not in page.tags
    assert page.tags.count("script") == 1
    assert "<script>" not in (out / "report.md").read_text()


def thousands() -> MadeSweep:
    """Sixty by fifty points, two platforms."""

    def value(place: Mapping[str, object], platform: str, run: int) -> dict[str, float]:
        count, memory = (float(str(each)) for each in place.values())
        return {"startup_mean_s": count + run * 0.01 + (memory / 2**35 if platform == "vm" else 1)}

    axes = [numbers(COUNT, *np.arange(1.0, 61.0)), sizes("host.memory", *np.arange(1.0, 51.0))]
    return swept(axes, ("container", "vm"), value, replications=2)


def test_thousands_of_points_make_no_large_page_and_the_table_of_all_is_named(tmp_path: Path):
    out = write(thousands(), tmp_path / "sweep")
    assert (out / "index.html").stat().st_size < 1_500_000
    text = (out / "report.md").read_text()
    assert f"{MOST_ROWS} of 3,000 rows" in text
    assert "tables/winners.csv has every one" in text
    assert "summary.csv has every one" in text


def printed(made: MadeSweep, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="strict", newline="\n")
    print_sweep(made, Console(file=stream, width=WIDTH, no_color=True))
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_terminal_ends_with_the_answer_and_no_line_is_too_long(story: object):
    made: MadeSweep = story()  # type: ignore[operator]
    text = printed(made)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert " ".join(text.split()).endswith(" ".join(" ".join(answer(made)).split()))


def test_letters_that_a_terminal_lacks_become_near_ones():
    assert "?" not in printed(later(), "ascii").replace("for the work?", "")


def test_of_very_many_points_some_are_printed(capsys: pytest.CaptureFixture[str]):
    text = " ".join(printed(thousands()).split())
    assert "24 of 3,000 rows, spread evenly; the report has more" in text


@pytest.mark.parametrize("story", [sensitive], ids=lambda story: story.__name__)
def test_a_page_about_numbers_shows_their_figures(story: object, tmp_path: Path):
    out = write(story(), tmp_path / "sweep")  # type: ignore[operator]
    names = {path.stem for path in (out / "figures").iterdir()}
    assert {"tornado-memory-gross-bytes-vm", "sobol-memory-gross-bytes-vm",
            "morris-memory-gross-bytes-container"} <= names  # fmt: skip


def test_every_platform_has_its_colour_on_the_page(report: Path):
    text = (report / "index.html").read_text()
    assert all(name in text for name in FOUR)
