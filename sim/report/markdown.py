"""The report as Markdown, for a repository: the content of the page, with the figures linked."""

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from sim.report.account import Account, Chapter
from sim.report.across import Across
from sim.report.figures.drawing import Drawing
from sim.report.findings import Table
from sim.report.page import Section
from sim.report.wording import capital

_MARKS = re.compile(r"([\\`*_\[\]|#~])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def markdown(sections: Sequence[Section], across: Across) -> str:
    """Write `report.md`; what a scenario's texts hold stays text."""
    lines: list[str] = []
    several = len(sections) > 1
    if several:
        lines += _contents(sections, across)
    for section in sections:
        lines += _section(section, "##" if several else "#")
    return "\n".join(lines)


def account_markdown(account: Account) -> str:
    """Write `report.md` of an account; what is not the report's own text stays text."""
    lines = [f"# {escaped(account.title)}", ""]
    lines += [f"*{escaped(account.question)}*", ""] if account.question else []
    lines += [*bold_lines(account.answer), escaped(account.reading), ""]
    lines += figure_lines(account.shown)
    for chapter in account.chapters:
        lines += _chapter(chapter)
    lines += _list("## Sources", [f"{key}: {source}" for key, source in account.cited])
    lines += ["## Run it again", "", "```sh", account.command, "```", ""]
    lines += [escaped(account.tables), ""]
    meanings = [f"{word}: {said}" for word, said in account.words.items()]
    lines += _list("## What the words mean", meanings)
    return "\n".join(lines)


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield from (f"## {escaped(chapter.title)}", "")
    yield from _paragraphs(chapter)
    yield from figure_lines(chapter.drawings)
    if chapter.table.rows and chapter.folded:
        yield from ("<details>", f"<summary>{chapter.folded}</summary>", "")
        yield from (*table_lines(chapter.table), "</details>", "")
    elif chapter.table.rows:
        yield from table_lines(chapter.table)
    yield from ((escaped(chapter.note), "") if chapter.note else ())


def _paragraphs(chapter: Chapter) -> Iterator[str]:
    """The lines of a chapter, each a paragraph or an item of a list."""
    if chapter.listed and chapter.lines:
        yield from (*(f"- {escaped(line)}" for line in chapter.lines), "")
        return
    for line in chapter.lines:
        yield from (escaped(line), "")


def _contents(sections: Sequence[Section], across: Across) -> Iterator[str]:
    """What the scenarios say together, and where each is told."""
    yield from (f"# Comparison of {len(sections)} scenarios", "")
    for section in sections:
        yield f"- [{escaped(section.title)}](#{_anchor(section.title)})"
    yield from ("", *bold_lines(across.answer), *figure_lines(across.drawings))
    yield from table_lines(across)


def bold_lines(sentences: Sequence[str]) -> Iterator[str]:
    """Sentences that say the answer, a paragraph each."""
    for sentence in sentences:
        yield from (f"**{escaped(sentence)}**", "")


def _section(section: Section, mark: str) -> Iterator[str]:
    part = f"{mark}#"
    yield from (f"{mark} {escaped(section.title)}", "")
    if section.question:
        yield from (f"*{escaped(section.question)}*", "")
    yield from bold_lines(section.answer)
    yield from (f"{escaped(section.setting)}. It leans on {section.evidence}.", "")
    yield from figure_lines(section.shown)
    yield from _numbers(section, part)
    yield from _list(f"{part} What else was found", section.details)
    yield from _list(f"{part} Where each wins", section.wins)
    for found in section.parts:
        yield from _part(f"{part} {found.title}", found.table, found.note)
    yield from _part(f"{part} What went wrong", section.failures)
    yield from _part(f"{part} What binds", section.limits)
    yield from _part(
        f"{part} By how much they differ from {section.reference}", section.differences
    )
    yield from ([escaped(section.incomparable), ""] if section.incomparable else ())
    if section.drawings:
        yield from (f"{part} More figures", "", *figure_lines(section.drawings))
    noted = [f"{name}: {notes}" for name, notes in section.remarks]
    yield from _list(f"{part} What to know of each platform", noted)
    trusted = section.trusted
    yield from _part(f"{part} {trusted.title}", trusted.table, trusted.note)
    yield from _evidence(section, part)
    yield from (f"{part} Run it again", "", "```sh", section.command, "```", "")
    yield from (section.tables, "")


def _numbers(section: Section, part: str) -> Iterator[str]:
    yield from _part(f"{part} In numbers", section.headline, section.reading)
    if len(section.groups.rows) > len(section.headline.rows):
        yield from _part(f"{part}# By group", section.groups)
    yield from _part(f"{part} Objectives", section.objectives)


def _part(heading: str, table: Table, note: str = "") -> Iterator[str]:
    if table.rows:
        yield from (heading, "", *table_lines(table))
        yield from ((escaped(note), "") if note else ())


def _list(heading: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from (heading, "", *(f"- {escaped(line)}" for line in lines), "")


def _evidence(section: Section, part: str) -> Iterator[str]:
    """How many numbers of which grade, each with the key of its source, and the sources by key."""
    yield from (f"{part} What it leans on", "")
    yield from (f"{capital(section.evidence)}. The notes on them stand in "
                "[tables/assumptions.csv](tables/assumptions.csv).", "")  # fmt: skip
    yield from table_lines(section.grades) if section.grades.rows else ()
    yield from ("<details>", "<summary>Each number, with the key of its source</summary>", "")
    yield from (*table_lines(_without_notes(section.assumptions)), "</details>", "")
    yield from (f"- {escaped(key)}: {escaped(source)}" for key, source in section.cited)
    yield ""


def _without_notes(table: Table) -> Table:
    kept = len(table.columns) - 1
    return Table(table.columns[:kept], tuple(row[:kept] for row in table.rows), kept)


def figure_lines(drawings: Sequence[Drawing]) -> Iterator[str]:
    """Figures by their files, with their captions."""
    for drawing in drawings:
        yield from (f"![{escaped(drawing.title)}]({drawing.path}.svg)", "")
        yield from (drawing.caption, "") if drawing.caption else ()


def table_lines(table: Table) -> Iterator[str]:
    """The rows under each other, so that the text reads as a table too."""
    texts = [list(table.columns), *([escaped(cell.text) for cell in row] for row in table.rows)]
    widths = [max(3, *map(cell_len, column)) for column in zip(*texts, strict=True)]
    rule = ["-" * width if place < table.words else f"{'-' * (width - 1)}:"
            for place, width in enumerate(widths)]  # fmt: skip
    for row in (texts[0], rule, *texts[1:]):
        cells = (_padded(text, width, place < table.words)
                 for place, (text, width) in enumerate(zip(row, widths, strict=True)))  # fmt: skip
        yield f"| {' | '.join(cells)} |"
    yield ""


def _padded(text: str, width: int, is_words: bool) -> str:
    blank = " " * (width - cell_len(text))
    return f"{text}{blank}" if is_words else f"{blank}{text}"


def _anchor(title: str) -> str:
    """The address that code hosts give a heading."""
    return re.sub(r"[^\w\- ]", "", title.casefold()).replace(" ", "-")


def escaped(text: str) -> str:
    """Put a text on one line with the marks of Markdown and HTML taken literally."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()).translate(_ENTITIES))
