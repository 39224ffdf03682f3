"""A whole report: what is in it, that it is safe to open, and that it can be made again."""

import json
import re
from dataclasses import dataclass, replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from report.made import Made
from report.stated import stated

from sim.errors import OutputError
from sim.report.figures.style import PLATFORMS
from sim.report.manifest import compact
from sim.report.writer import write_report

FIGURES = ("memory", "startup", "phases", "cpu", "disk", "storm", "timeline")
HOSTILE = "</title><script>alert(1)</script> **bold** | `code` & $x^2$ <img src=x onerror=y>"


@dataclass(frozen=True)
class Work:
    """A source, as the catalog has it."""

    title: str
    where: str


SOURCES = {"nsdi20": Work("Lightweight virtualization", "https://example.org/nsdi20, figure 5")}


class Page(HTMLParser):
    """What a browser would find: tags, what they load, and the text between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.leading: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        loading = ("src", "href", "xlink:href", "data", "action", "srcset")
        found = [value or "" for name, value in attrs if name in loading]
        if tag == "a":
            self.leading += found
        else:
            self.links += found

    def handle_data(self, data: str) -> None:
        self.text += data


def files(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, two: Made) -> Path:
    out = tmp_path_factory.mktemp("reports") / "web-fleet"
    write_report([two], out, sources=SOURCES)
    return out


def test_a_report_has_the_contract_s_files(report: Path):
    found = set(files(report))
    assert {"index.html", "report.md", "summary.csv", "manifest.json"} <= found
    assert {f"figures/{name}.{kind}" for name in FIGURES for kind in ("svg", "png")} <= found
    assert "tables/instances.csv" in found


def test_the_same_comparison_gives_the_same_bytes_but_for_the_run(
    report: Path, two: Made, tmp_path: Path
):
    write_report([two], tmp_path / "again", sources=SOURCES)
    first, again = files(report), files(tmp_path / "again")
    manifests = [json.loads(found.pop("manifest.json")) for found in (first, again)]
    assert first == again
    for manifest in manifests:
        assert set(manifest.pop("run")) == {"time", "system", "machine", "cores", "python"}
    assert manifests[0] == manifests[1]


def test_the_manifest_says_what_the_report_was_made_from(report: Path, two: Made):
    manifest = json.loads((report / "manifest.json").read_text())
    scenario = manifest["scenarios"][0]
    assert (scenario["name"], scenario["seed"], scenario["replications"]) == ("web-fleet", 1, 2)
    assert scenario["platforms"] == ["process", "vm-qemu"]
    resolved = scenario["scenario"]
    assert sha256(compact(resolved).encode()).hexdigest() == scenario["sha256"]
    again = type(two.scenario).model_validate_json(json.dumps(resolved))
    assert again.model_dump_json() == two.scenario.model_dump_json()
    assert {"python", "numpy", "pandas", "simpy", "matplotlib"} <= set(manifest["versions"])
    for path, digest in manifest["tables"].items():
        assert sha256((report / path).read_bytes()).hexdigest() == digest
    assert str(report.parent) not in json.dumps(manifest)


def test_the_page_needs_nothing_from_outside(report: Path):
    page = Page((report / "index.html").read_text())
    assert all(link.startswith("#") for link in page.links)
    assert all(link.startswith(("#", "https://")) for link in page.leading)
    assert not {"link", "iframe", "object", "embed", "base"} & set(page.tags)
    assert "@import" not in page.text
    assert not re.search(r"url\((?!#)", (report / "index.html").read_text())


def test_the_page_answers_first_and_holds_every_part(report: Path):
    text = " ".join(
        Page((report / "index.html").read_text())
        .text.replace("\xa0", " ")
        .split()
    )
    parts = [
        *("In memory, 50 × web-node hold", "In numbers", "Objectives"),
        *("What binds", "By how much they differ from process", "More figures"),
        *("89 % of a start on vm-qemu is userland", "What it leans on"),
        *("Lightweight virtualization", "tare compare web-fleet.yaml --seed=1 --replications=2"),
        "core-second: one core of the processor",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_markdown_has_the_same_content_with_its_figures_linked(report: Path):
    text = (report / "report.md").read_text()
    for path in re.findall(r"\]\((figures/[^)]+)\)", text):
        assert (report / path).is_file()
    assert text.count("](figures/") == len(FIGURES)
    assert "**In memory, 50 × web-node hold 2.06 GiB on process and 13.8 GiB on vm-qemu" in text
    widths = {line.count(" | ") for line in text.split("## In numbers")[1].splitlines()[2:6]}
    assert widths == {8}


def test_what_a_scenario_says_stays_text(tmp_path: Path, two: Made):
    host = two.scenario.host.model_copy(update={"title": HOSTILE})
    said = {"title": HOSTILE, "question": HOSTILE, "host": host}
    about = two.scenario.model_copy(update=said)
    write_report([replace(two, scenario=about, name="a b/../c")], tmp_path / "out")
    page = Page((tmp_path / "out" / "index.html").read_text())
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert page.text.count("<script>alert(1)</script>") >= 2
    text = (tmp_path / "out" / "report.md").read_text()
    assert "<script>" not in text
    assert r"\*\*bold\*\* \| \`code\` &amp;" in text


def test_headings_come_in_order_and_every_row_of_a_table_has_its_own(report: Path):
    text = (report / "index.html").read_text()
    levels = [int(level) for level in re.findall(r"<h(\d)", text)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    rows = re.findall(r"<tr>(<th|<td)", text)
    assert len(rows) > 10 and set(rows) == {"<th"}


def test_a_source_leads_to_where_it_is(report: Path):
    assert (
        '<a href="https://example.org/nsdi20" rel="noreferrer">https://example.org/nsdi20</a>, '
        in (report / "index.html").read_text()
    )


def test_the_lines_of_a_table_in_markdown_are_as_long_as_each_other(report: Path):
    text = (report / "report.md").read_text()
    tables = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    assert len(tables) >= 4
    assert all(len({len(line) for line in table.splitlines()}) == 1 for table in tables)


def test_several_scenarios_share_a_report_whose_names_stay_apart(
    tmp_path: Path, alone: Made, kinds_in_one_run: Made
):
    write_report([alone, kinds_in_one_run], tmp_path / "out")
    found = files(tmp_path / "out")
    assert {"figures/web-fleet-memory.svg", "figures/web-fleet-2-memory.svg"} <= set(found)
    page = Page(found["index.html"].decode())
    assert page.leading.count("#s1") == page.leading.count("#s2") == 1
    assert "Across the scenarios" in page.text
    names = {line.split(b",")[0] for line in found["summary.csv"].splitlines()[1:]}
    assert names == {b"web-fleet", b"web-fleet-2"}


def test_a_report_of_fifty_on_four_platforms_ten_times_is_small(tmp_path: Path, four: Made):
    write_report([four], tmp_path / "out")
    assert sum(map(len, files(tmp_path / "out").values())) < 800_000


def test_a_folder_with_other_files_is_refused_before_anything_is_drawn(tmp_path: Path, two: Made):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="not a report of Tare"):
        write_report([two], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_report_of_load_and_faults_tells_them_on_page_and_in_markdown(
    tmp_path: Path, clients: Made
):
    write_report([clients], tmp_path / "r")
    page = Page((tmp_path / "r" / "index.html").read_text()).text
    text = (tmp_path / "r" / "report.md").read_text()
    for title in ("What the load meets", "How long requests take", "Memory under pressure",
                  "Who was killed first", "What broke", "Where each wins"):  # fmt: skip
        assert title in page
        assert f"## {title}\n" in text
    for name in ("pressure", "latencies", "throughput", "faults"):
        assert (tmp_path / "r" / "figures" / f"{name}.svg").is_file()
        assert f"figures/{name}.svg" in text


def test_only_names_of_platforms_have_their_colour(tmp_path: Path):
    box = {"kernel": "shared", "files": {"kind": "layers"}}
    platforms = [{"name": "bare"}, {"name": "namespace", "boundaries": {"box": box}}]
    found = stated({"bare": {}, "namespace": {}}, changes={"platforms": platforms})
    write_report([found], tmp_path / "r")
    page = (tmp_path / "r" / "index.html").read_text()
    assert '<td class="short">namespace</td>' in page
    assert re.search(r'<th scope="row" class="short named"><i [^>]*></i>namespace</th>', page)


def test_a_platform_has_one_colour_in_a_report_whatever_its_place_in_each_file(tmp_path: Path):
    """B is the second of one scenario and the first of the other; c is the third of all."""
    gib = 2.0**30
    rows = [(name, "memory", "net.private", gib, "bytes") for name in "abc"]
    one, other = (
        stated({name: {"memory_gross_bytes": gib} for name in names},
               components=[row for row in rows if row[0] in names])
        for names in ("ab", "bc")
    )  # fmt: skip
    write_report([one, other], tmp_path / "r")
    page = (tmp_path / "r" / "index.html").read_text()
    beside = set(re.findall(r'<i style="background: (#\w+)"></i>([abc])<', page))
    assert beside == {(PLATFORMS[place], name) for place, name in enumerate("abc")}
    drawings = [
        (tmp_path / f"r/figures/{name}.svg").read_text()
        for name in ("web-fleet-memory", "web-fleet-2-memory", "across")
    ]
    drawn = [[hue for hue in PLATFORMS[:3] if hue in text] for text in drawings]
    assert drawn == [list(PLATFORMS[:2]), list(PLATFORMS[1:3]), list(PLATFORMS[:3])]


def test_each_assumption_has_the_key_of_its_source_and_sources_stand_by_key(
    tmp_path: Path, two: Made
):
    sources = {**SOURCES, "tare-definition": Work("By its name", "")}
    write_report([two], tmp_path / "r", sources=sources)
    text = (tmp_path / "r/report.md").read_text()
    (row,) = (line for line in text.splitlines() if "host.cores" in line)
    assert [cell.strip() for cell in row.strip("|").split("|")] == [
        *("assumed", "host.cores", "16 cores", "tare-definition"),
    ]
    listed = [line for line in text.splitlines() if line.startswith(("- nsdi20", "- tare-def"))]
    assert listed == [
        "- nsdi20: Lightweight virtualization (https://example.org/nsdi20, figure 5)",
        "- tare-definition: By its name",
    ]
    page = (tmp_path / "r/index.html").read_text()
    assert page.index("<b>nsdi20</b>: ") < page.index("<b>tare-definition</b>: ")
    assert 'title="Lightweight virtualization"' in page


def test_a_name_is_kept_together_at_its_hyphens(tmp_path: Path, two: Made):
    write_report([two], tmp_path / "r")
    page = (tmp_path / "r/index.html").read_text()
    assert '<span class="together">vm-qemu</span></th>' in page
    assert 'GiB on <span class="together">vm-qemu</span>,' in page


def test_an_objective_that_is_met_has_a_mark_as_well_as_one_that_is_missed(
    tmp_path: Path, two: Made
):
    write_report([two], tmp_path / "r")
    page = (tmp_path / "r/index.html").read_text()
    assert re.search(r'<td class="number met"[^>]*>[^<]*, met</td>', page)
    assert re.search(r'<td class="number missed"[^>]*>[^<]*, missed</td>', page)
