"""The page of a validation: whole, safe to open, the same bytes again, every row accounted for."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from matplotlib.text import Text
from observed import judged
from report.canvas import misplaced
from report.test_writer import HOSTILE, Page, files

from sim.records.validation import Validation
from sim.report.figures import followed, off
from sim.report.figures.files import settings
from sim.report.figures.predicted import predicted
from sim.report.figures.style import COLUMN, WIDE, Size
from sim.report.proven import write_validation
from sim.studies.judging import Judged
from sim.studies.validate import summed_up

SIZES = {"one": 1.0, "two": 1.05, "a-source-with-a-very-long-name": 0.75}
PLATFORMS = ("container-docker", "kata-qemu", "vm-qemu")


def rows() -> Iterator[Judged]:
    """Three sources with curves on three platforms, rows of each kind, one far off, one silent."""
    for source, factor in SIZES.items():
        for place, platform in enumerate(PLATFORMS):
            for count in (1, 10, 50, 200):
                value = 0.2 * (1 + place) * count**0.8
                name = f"{source}-{platform}-{count}"
                yield judged(value * factor, "left-out", id=name, source=source, value=value,
                             platform=platform, started_at_once=count)  # fmt: skip
    memory = {"metric": "memory_per_instance_bytes", "unit": "MiB"}
    yield judged(125, id="m1", value=100, note="on an old kernel", **memory)
    yield judged(300, id="m2", value=100, note=HOSTILE, source="two", **memory)
    yield judged(20, id="m3", value=100, **memory)
    load = {"metric": "throughput_per_s", "workload": "redis", "unit": "req/s", "value": 1e5}
    for clients in (1, 10, 100):
        yield judged(9e4, "fitted", id=f"r{clients}", clients=clients, **load)
    yield judged(0.9, id="q", relative_to="vm-qemu", value=1.0)
    silent = judged(None, "unused", id="s", begins="kernel")
    yield replace(silent, reason="a start on this platform has no point 'kernel'")


@pytest.fixture(scope="module")
def validation() -> Validation:
    return summed_up([*rows()], [], is_own=False)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, validation: Validation) -> Path:
    out = tmp_path_factory.mktemp("reports") / "validation"
    write_validation(validation, out, observations="mine.csv")
    return out


def test_a_report_has_a_page_tables_figures_and_a_manifest(report: Path) -> None:
    found = set(files(report))
    assert {"index.html", "report.md", "manifest.json"} <= found
    drawn = ("predicted", "kinds", "sources", "curves-start-up-under-load", "curves-network")
    assert {f"figures/{name}.{kind}" for name in drawn for kind in ("svg", "png")} <= found
    assert {"tables/observations.csv", "tables/errors.csv", "tables/curves.csv"} <= found
    assert "tables/unused.csv" not in found


def test_the_manifest_sums_it_up_and_hashes_every_table(report: Path) -> None:
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["generator"] == "tare"
    assert manifest["validation"]["observations"] == "mine.csv"
    assert manifest["validation"]["all"]["rows"] == 43
    for path, digest in manifest["tables"].items():
        assert sha256((report / path).read_bytes()).hexdigest() == digest


def test_the_same_validation_gives_the_same_bytes(
    report: Path, validation: Validation, tmp_path: Path
) -> None:
    write_validation(validation, tmp_path / "again", observations="mine.csv")
    first, again = files(report), files(tmp_path / "again")
    del first["manifest.json"], again["manifest.json"]
    assert first == again


def test_the_page_needs_nothing_from_outside_and_runs_nothing_of_a_row(report: Path) -> None:
    page = Page((report / "index.html").read_text(encoding="utf-8"))
    assert all(link.startswith("#") for link in page.links)
    assert page.tags.count("script") == 1
    assert "<script>alert" in page.text


@pytest.mark.parametrize("name", ["index.html", "report.md"])
def test_what_is_far_off_is_explained_or_admitted(report: Path, name: str) -> None:
    text = (report / name).read_text(encoding="utf-8")
    assert "Far off" in text
    assert "not explained" in text
    assert "2 of 43 observations are off by more than 30" in text.replace("\u00a0", " ")
    assert "no point" in text


def test_a_report_is_replaced_as_a_whole_or_not_at_all(
    report: Path, validation: Validation, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(report)

    def fails(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.report.proven.account_html", fails)
    with pytest.raises(KeyboardInterrupt):
        write_validation(validation, report)
    assert files(report) == before
    assert [path.name for path in report.parent.iterdir()] == [report.name]


@pytest.mark.parametrize("size", [WIDE, COLUMN], ids=["wide", "column"])
@pytest.mark.parametrize("figure_of", [predicted, off.by_kind, off.by_source])
def test_nothing_on_a_figure_is_cut_or_overlaps(
    figure_of: partial[object], size: Size, validation: Validation, drawn: list[Text]
) -> None:
    with settings("test"):
        figure = figure_of(validation, size)
        assert not list(misplaced(figure, drawn))


@pytest.mark.parametrize("size", [WIDE, COLUMN], ids=["wide", "column"])
def test_nothing_on_the_curves_is_cut_or_overlaps(
    size: Size, validation: Validation, drawn: list[Text]
) -> None:
    hues = followed.colours(validation)
    with settings("test"):
        for kind, charts in followed.charts(validation):
            assert not list(misplaced(followed.followed(kind, charts, hues, size), drawn)), kind


def test_titles_state_the_finding_with_its_number(validation: Validation) -> None:
    with settings("test"):
        assert predicted(validation, WIDE).get_label().startswith("Half of 43 predictions")
        charts = dict(followed.charts(validation))["network"]
        figure = followed.followed("network", charts, followed.colours(validation), WIDE)
    assert figure.get_label() == "Network: of 1 curve the model keeps the order of 1"


def test_where_the_model_says_nothing_there_is_a_page_all_the_same(tmp_path: Path) -> None:
    write_validation(summed_up([judged(None, "unused")], [], is_own=False), tmp_path / "none")
    text = (tmp_path / "none" / "index.html").read_text(encoding="utf-8")
    assert "The model says nothing of these observations." in text
