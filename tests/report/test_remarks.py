"""What the catalog notes of a platform stands in its report, once, before the assumptions."""

from pathlib import Path

from report.stated import stated

from sim.report.remarks import remarks
from sim.report.writer import write_report

PLATFORMS = [
    {"name": "sentry", "notes": "Two rows are\n  not met: 124 MB, here 96."},
    {"name": "bare"},
    {"name": "sentry-2", "notes": "Two rows are not met: 124 MB, here 96."},
    {"name": "both", "mix": {"web": {"name": "guest", "notes": "It lacks <b>rows</b>."}}},
]


def test_the_notes_of_each_platform_stand_once_and_those_of_a_mix_under_their_own_names():
    found = stated({each["name"]: {} for each in PLATFORMS}, changes={"platforms": PLATFORMS})
    assert remarks(found) == [
        ("sentry and sentry-2", "Two rows are not met: 124 MB, here 96."),
        ("guest", "It lacks <b>rows</b>."),
    ]


def test_page_and_markdown_have_the_notes_before_the_assumptions(tmp_path: Path):
    found = stated({each["name"]: {} for each in PLATFORMS}, changes={"platforms": PLATFORMS})
    write_report([found], tmp_path / "r")
    for file in ("index.html", "report.md"):
        text = (tmp_path / "r" / file).read_text().replace("\N{NO-BREAK SPACE}", " ")
        places = [text.index(part) for part in
                  ("What to know of each platform", "Two rows are not met", "What it leans on")]
        assert places == sorted(places)
        assert "<b>rows</b>" not in text


def test_where_nothing_is_noted_there_is_no_section(tmp_path: Path):
    write_report([stated({"a": {}})], tmp_path / "r")
    assert "What to know" not in (tmp_path / "r/index.html").read_text()
    assert "What to know" not in (tmp_path / "r/report.md").read_text()
