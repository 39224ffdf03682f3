"""Every command, file and program of the guide works, and prints what its page says it prints."""

import re
from pathlib import Path

import pytest
from guide.blocks import GUIDE, ROOT, Block, blocks, fences, written_pages
from guide.running import follow

from sim.catalog.loader import sources
from sim.cli.main import tare

by_page = pytest.mark.parametrize(
    "path", written_pages(), ids=lambda path: str(path.relative_to(GUIDE))
)
REMEDY = "run tests/write_guide.py, read what changed, and mend the words around it"


@by_page
def test_what_a_page_says_to_do_works_and_prints_what_it_says(path: Path, tmp_path: Path) -> None:
    for block, text in follow(path.read_text(encoding="utf-8"), tmp_path):
        assert block.text == text, f"{path.name}:{block.line}: {REMEDY}"


@by_page
def test_no_block_of_a_page_is_passed_over(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert len(list(blocks(page))) == fences(page)


def by_hand(page: str) -> list[tuple[str, str]]:
    """Each number that a page works out by hand, with what is printed after it."""
    outputs = [block for block in blocks(page) if block.language == "text"]
    return [
        (number, next(block.text for block in outputs if block.start > line.start()))
        for line in re.finditer(r"^By hand: .*$", page, re.M)
        for number in re.findall(r"\*\*(.+?)\*\*", line[0])
    ]


@by_page
def test_a_reader_sees_what_each_file_is_called(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    for block in (block for block in blocks(page) if block.use == "file"):
        first = block.text.split("\n", maxsplit=1)[0]
        before = page[: block.start].split("\n\n")[-2]
        heads = (f"# {block.argument}", f"# in {block.argument}")
        assert first in heads or f"`{block.argument}`" in before, block.line


@by_page
def test_what_is_worked_out_by_hand_is_what_the_code_finds(path: Path) -> None:
    found = by_hand(path.read_text(encoding="utf-8"))
    assert found or path.parent.name != "explanation" or path.stem in ("evidence", "not-modelled")
    for number, printed in found:
        assert re.search(rf"(?<![\w.]){re.escape(number)}(?![\w.])", printed), number


@pytest.mark.parametrize(
    "path", sorted(GUIDE.rglob("*.md")), ids=lambda path: str(path.relative_to(GUIDE))
)
def test_links_of_a_page_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8"))
    for link in (link for link in links if "://" not in link):
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        assert not anchor or anchor in headings(target), link


@by_page
def test_verbs_that_a_page_names_are_verbs(path: Path) -> None:
    named = re.findall(r"\btare ([a-z]+)\b", "".join(inline(path)))
    assert set(named) <= tare.commands.keys()


@by_page
def test_sources_and_modules_of_a_law_are_there(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    for line in re.findall(r"^\*Source\*: .*$", page, re.M):
        keys = [key for key in re.findall(r"`([^`]+)`", line) if not set(key) & set("./_ ")]
        assert set(keys) <= sources().keys(), line
    for line in re.findall(r"^\*Module\*: .*$", page, re.M):
        folder = ROOT
        for name in re.findall(r"`([^`]+)`", line):
            folder = (ROOT / name).parent if "/" in name else folder
            assert (folder / Path(name).name).is_file(), line


def inline(path: Path) -> list[str]:
    """What stands as code within the sentences of a page."""
    words = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    return re.findall(r"`[^`\n]+`", words)


def headings(path: Path) -> set[str]:
    """The anchors that a code host gives to the headings of a page."""
    lines = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", line.casefold()).replace(" ", "-") for line in lines}


@pytest.mark.parametrize(
    "text", ["```\nx\n```\n", "```yaml\na: 1\n```\n", "<!-- odd -->\n```sh\nx\n```\n"]
)
def test_a_block_whose_use_is_not_told_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="block is for"):
        list(blocks(text))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("```sh\nrm x\n```\n", "no command of ours"),
        ("```sh\ntare frobnicate\n```\n", "ended with 2"),
        ("<!-- set up -->\n```sh\ncurl x\n```\n", "the README does not say"),
        ("<!-- elsewhere -->\n```sh\nif x\n```\n", "line 2"),
        ("<!-- file: a.yaml -->\n```yaml\nversion: 1\n```\n"
         "<!-- part of: a.yaml -->\n```yaml\ntitel: x\n```\n", "titel"),
        ("```sh\ntare --version\n```\n<!-- prints: Nothing -->\n```text\n```\n", "begins with"),
        ("```python\n1 / 0\n```\n", "division by zero"),
    ],
)  # fmt: skip
def test_what_does_not_work_is_found(text: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=fault):
        list(follow(text, tmp_path))


def test_an_output_is_told_whole_or_in_parts(tmp_path: Path) -> None:
    page = (
        "```sh\ntare compare --help\n```\n```text\n```\n"
        "<!-- prints: Usage | Options -->\n```text\n```\n"
    )
    found: list[tuple[Block, str]] = list(follow(page, tmp_path))
    whole, parts = found[1][1], found[2][1]
    assert "Compare the platforms of scenarios." in whole and "…" not in whole
    heads = [part.split()[0] for part in parts.split("\n\n")]
    assert heads == ["…", "Usage:", "…", "Options:"]
