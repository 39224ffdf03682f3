"""The comparison as a terminal shows it: 80 columns, with or without colour and UTF-8."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from rich.box import Box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from sim.records.validation import Validation
from sim.report import building, findings, losses
from sim.report.across import Across
from sim.report.answer import answer, details
from sim.report.assumptions import evidence
from sim.report.building import Builds
from sim.report.columns import Grid, grids, wrapped
from sim.report.comparison import Comparison, platform_names
from sim.report.contrast import MOST_PLATFORMS_NAMED
from sim.report.findings import Table
from sim.report.parts import parts
from sim.report.trust import TITLE, trusted
from sim.report.validation import GROUPS, errors_table, judged_table, sentences
from sim.report.wins import wins
from sim.report.wording import encodable, setting

_RULE = "    \n    \n -- \n    \n    \n    \n    \n    \n"
_MOST_ROWS = 40


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print the tables, what binds, how platforms differ, and at the end the answer."""
    scenario = comparison.scenario
    say(console, scenario.title, style="bold")
    say(console, scenario.question)
    say(console, f"{setting(scenario)}.", style="dim")
    show(console, "Start-up and instances", findings.headline(comparison, findings.STARTS))
    show(console, "What went wrong", losses.failures(comparison))
    show(console, "Memory, CPU and disk", findings.headline(comparison, findings.RESOURCES))
    say(console, "Net is what the work needs, tare what a platform adds, gross is both.", "dim")
    for part in parts(comparison):
        show(console, part.title, part.table)
        say(console, part.note, style="dim")
    show(console, "Objectives", findings.objectives(comparison))
    show(console, "What binds", findings.limits(comparison))
    _show_differences(console, comparison)
    show_list(console, "Where each wins", wins(comparison))
    show_list(console, "What else was found", details(comparison))
    show(console, TITLE, trusted(comparison).table)
    console.print()
    say(console, f"It leans on {evidence(comparison)}.", style="dim")
    console.print()
    for sentence in answer(comparison):
        say(console, sentence, style="bold")


def print_across(across: Across, console: Console) -> None:
    """Print what stands side by side of several scenarios, and what they say together."""
    for name, table in across.headline.items():
        show(console, f"Across the scenarios: {name}", table)
    console.print()
    say(console, " ".join(across.answer), style="bold")


def print_validation(validation: Validation, console: Console) -> None:
    """Print predicted against measured row by row where rows are few, and the errors."""
    if len(validation.observations) <= _MOST_ROWS:
        show(console, "Predicted against measured", judged_table(validation.observations))
    for by, head in GROUPS.items():
        show(console, head, errors_table(validation.errors, by))
    console.print()
    for sentence in sentences(validation):
        say(console, sentence, style="bold")


def print_builds(built: Sequence[Builds], console: Console) -> None:
    """Print the steps of each Dockerfile, its builds, and why they took so long; then against."""
    for number, each in enumerate(built):
        if number:
            console.print()
        say(console, f"{each.dockerfile} on {each.host}", style="bold")
        show(console, "Steps", building.step_table(each))
        show(console, "What steps leave, and by which rule they cost", building.layer_table(each))
        show(console, "Builds", building.build_table(each))
        console.print()
        for sentence in building.sentences(each):
            say(console, sentence)
    if len(built) > 1:
        show(console, "Against each other", building.against_table(*built[:2]))


def _show_differences(console: Console, comparison: Comparison) -> None:
    """How a few platforms differ from the first; of many only how many times as much they take."""
    first, *others = platform_names(comparison)
    if len(others) < MOST_PLATFORMS_NAMED:
        show(console, f"Against {first}", findings.differences(comparison))
    else:
        show(console, f"Times as much as {first}", findings.ratios(comparison))
    say(console, losses.incomparable(comparison))


def say(console: Console, text: str, style: str | None = None) -> None:
    """Print a text in lines of the terminal's width that keep numbers with their units."""
    for line in wrapped(encodable(text, console.encoding), console.width):
        console.print(line, style=style, markup=False, highlight=False)


def show(console: Console, title: str, table: Table) -> None:
    """Print a table under its title, or nothing where it has no rows; of a long one the start."""
    if not table.rows:
        return
    console.print()
    say(console, title, style="bold")
    more = len(table.rows) - _MOST_ROWS
    shown = replace(table, rows=table.rows[:_MOST_ROWS]) if more > 0 else table
    for number, (grid, words) in enumerate(grids(shown, console.width, console.encoding)):
        if number:
            console.print()
        console.print(_drawn(grid, words))
    if more > 0:
        say(console, f"and {more:,} rows more, which the report has", style="dim")


def show_list(console: Console, title: str, lines: Sequence[str]) -> None:
    """Print lines under their title, or nothing where there are none."""
    if lines:
        console.print()
        say(console, title, style="bold")
    for line in lines:
        say(console, f"- {line}")


def _drawn(grid: Grid, words: int) -> RichTable:
    drawn = RichTable(
        box=Box(_RULE, ascii=True), show_edge=False, pad_edge=False, collapse_padding=True
    )
    headings, *rows = grid
    for place, heading in enumerate(headings):
        justify: Literal["left", "right"] = "left" if place < words else "right"
        drawn.add_column(Text(heading, justify=justify), justify=justify, no_wrap=True)
    for row in rows:
        drawn.add_row(*map(Text, row))
    return drawn
