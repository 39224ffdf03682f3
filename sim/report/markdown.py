"""The report as Markdown, for a repository: the content of the page, with the figures linked."""

import re
from collections.abc import Iterator, Sequence

from sim.report.findings import Table
from sim.report.page import Section

_MARKS = re.compile(r"([\\`*_\[\]|#~])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def markdown(sections: Sequence[Section], across: Table) -> str:
    """Write `report.md`; what a scenario's texts hold stays text."""
    lines: list[str] = []
    if len(sections) > 1:
        lines += [f"# Comparison of {len(sections)} scenarios", "", *_table(across)]
    for section in sections:
        lines += _section(section)
    return "\n".join(lines)


def _section(section: Section) -> Iterator[str]:
    yield from (f"# {escaped(section.title)}", "")
    if section.question:
        yield from (f"*{escaped(section.question)}*", "")
    yield from (f"**{escaped(' '.join(section.answer))}**", "")
    yield from (f"{escaped(section.setting)}. It leans on {section.evidence} numbers.", "")
    yield from _part("In numbers", section.headline)
    if len(section.groups.rows) > len(section.headline.rows):
        yield from _part("By group", section.groups)
    yield from _list("Where each wins", section.wins)
    yield from _figures(section)
    for part in section.parts:
        yield from (*_part(part.title, part.table), escaped(part.note), "")
    yield from _part("What went wrong", section.failures)
    yield from _part("What binds", section.limits)
    yield from _part(f"By how much they differ from {section.reference}", section.differences)
    yield from ([section.incomparable, ""] if section.incomparable else [])
    yield from _part("Objectives", section.objectives)
    yield from ([section.verdict, ""] if section.verdict else [])
    yield from _evidence(section)
    yield from ("## Run it again", "", "```sh", section.command, "```", "", section.tables, "")


def _part(title: str, table: Table) -> Iterator[str]:
    if table.rows:
        yield from (f"## {escaped(title)}", "", *_table(table))


def _list(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from (f"## {escaped(title)}", "", *(f"- {escaped(line)}" for line in lines), "")


def _evidence(section: Section) -> Iterator[str]:
    """How many numbers of which grade, and the sources; the page and a table hold each number."""
    many = f"{len(section.assumptions.rows):,} numbers: {section.evidence}."
    yield from ("## What it leans on", "")
    yield from (f"{many} Each stands in [tables/assumptions.csv](tables/assumptions.csv).", "")
    yield from (*(f"- {escaped(source)}" for source in section.cited), "")


def _figures(section: Section) -> Iterator[str]:
    yield from ("## What it looks like", "")
    for drawing in section.drawings:
        yield from (f"![{escaped(drawing.title)}]({drawing.path}.svg)", "", drawing.caption, "")


def _table(table: Table) -> Iterator[str]:
    yield _row(table.columns)
    yield _row("---" if place < table.words else "---:" for place, _ in enumerate(table.columns))
    for row in table.rows:
        yield _row(escaped(cell.text) for cell in row)
    yield ""


def _row(cells: Iterator[str] | Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escaped(text: str) -> str:
    """Put a text on one line with the marks of Markdown and HTML taken literally."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()).translate(_ENTITIES))
