"""A sweep as a terminal shows it: tables of who wins and what failed, and at the end the answer."""

from collections.abc import Iterator

from rich.console import Console

from sim.report.findings import Table
from sim.report.sweeps import findings
from sim.report.sweeps.answer import answer, moves, turns
from sim.report.sweeps.contests import name_of
from sim.report.sweeps.failing import failures_table
from sim.report.sweeps.mattering import swings
from sim.report.sweeps.reading import metric_said
from sim.report.sweeps.running import how_it_ran
from sim.report.sweeps.scales import spread_over
from sim.report.sweeps.swept import Swept
from sim.report.terminal import say, show, show_list
from sim.report.wording import amount

_MOST_ROWS, _MOST_MOVERS = 24, 3


def print_sweep(swept: Swept, console: Console) -> None:
    """Print what was varied, who wins where, where it turns, what matters, and the answer."""
    say(console, swept.scenario.title, style="bold")
    say(console, swept.scenario.question)
    say(console, how_it_ran(swept), style="dim")
    _show(console, "What was varied", findings.varied(swept))
    winners = findings.winners(swept)
    _show(console, "Who wins where", winners)
    if not winners.rows:
        _show(console, "In numbers", findings.summary(swept))
    _show(console, "Where platforms change places", findings.crossings_table(swept))
    _show(console, "What failed", failures_table(swept))
    show_list(console, "Where it turns", turns(swept))
    show_list(console, "What moves it, alone", list(_alone(swept)))
    show_list(console, "What matters most", moves(swept))
    console.print()
    for sentence in answer(swept):
        say(console, sentence, style="bold")


def _alone(swept: Swept) -> Iterator[str]:
    """The few inputs that move each metric most on each platform, by their last names."""
    for metric in swept.metrics:
        for platform, of in swings(swept, metric).items():
            for swing in [swing for swing in of if swing.width][:_MOST_MOVERS]:
                name = swing.input.removeprefix(f"platforms.{platform}.boundaries.")
                ends = " to ".join(amount(end, swing.input_unit) for end in swing.ends)
                reached = " to ".join(metric_said(metric, value, swing.unit) for value in swing.at)
                yield f"{platform}: {name_of(metric)} {reached} as {name} goes from {ends}"


def _show(console: Console, title: str, table: Table) -> None:
    """Print a table; of a long one rows from all over it, with a word about the others."""
    rows = tuple(spread_over(table.rows, _MOST_ROWS))
    show(console, title, Table(table.columns, rows, table.words))
    if len(rows) < len(table.rows):
        words = f"{len(rows)} of {len(table.rows):,} rows, spread evenly; the report has more"
        say(console, words, style="dim")
