"""The comparison as a terminal shows it: 80 columns, with or without colour and UTF-8."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Literal

from rich.box import Box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from sim.report import findings, losses
from sim.report.answer import answer
from sim.report.comparison import Comparison, platform_names
from sim.report.findings import Table
from sim.report.parts import parts
from sim.report.wins import wins
from sim.report.wording import encodable, setting

_RULE = "    \n    \n -- \n    \n    \n    \n    \n    \n"
_NAME_WIDTH = 22


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print the tables, what binds, how platforms differ, the objectives, and the answer."""
    scenario = comparison.scenario
    _say(console, scenario.title, style="bold")
    _say(console, scenario.question)
    _say(console, setting(scenario), style="dim")
    _show(console, "Start-up and instances", findings.headline(comparison, findings.STARTS))
    _show(console, "What went wrong", losses.failures(comparison))
    _show(console, "Memory, CPU and disk", findings.headline(comparison, findings.RESOURCES))
    for part in parts(comparison):
        _show(console, part.title, part.table)
    _show(console, "What binds", findings.limits(comparison))
    _show(console, f"Against {platform_names(comparison)[0]}", findings.differences(comparison))
    _say(console, losses.incomparable(comparison))
    _show(console, "Objectives", findings.objectives(comparison))
    _say(console, findings.verdict(comparison))
    _say(console, f"It leans on {findings.evidence(comparison)} numbers.", style="dim")
    _list(console, "Where each wins", wins(comparison))
    console.print()
    _say(console, " ".join(answer(comparison)), style="bold")


def _say(console: Console, text: str, style: str | None = None) -> None:
    if text:
        shown = encodable(text, console.encoding)
        console.print(shown, style=style, markup=False, highlight=False)


def _show(console: Console, title: str, table: Table) -> None:
    """Print a table under its title, or nothing where it has no rows; names repeat only once."""
    if not table.rows:
        return
    console.print()
    _say(console, title, style="bold")
    console.print(_drawn(table, console.encoding))


def _list(console: Console, title: str, lines: Sequence[str]) -> None:
    if lines:
        console.print()
        _say(console, title, style="bold")
    for line in lines:
        _say(console, f"- {line}")


def _drawn(table: Table, encoding: str) -> RichTable:
    drawn = RichTable(
        box=Box(_RULE, ascii=True), show_edge=False, pad_edge=False, collapse_padding=True
    )
    for place, heading in enumerate(table.columns):
        justify: Literal["left", "right"] = "left" if place < table.words else "right"
        drawn.add_column(heading, justify=justify, no_wrap=place == 0)
    before = ""
    for name, *cells in table.rows:
        shown = "" if name.text == before else "\n".join(wrap(name.text, _NAME_WIDTH))
        drawn.add_row(*(_text(word, encoding) for word in (shown, *(cell.text for cell in cells))))
        before = name.text
    return drawn


def _text(word: str, encoding: str) -> Text:
    """Text as it stands, whose brackets are not taken for styles."""
    return Text(encodable(word, encoding), overflow="fold")
