"""`tare compare`: every platform of each scenario, as a table and as a report."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.output import print_json, say
from sim.cli.reading import read_scenarios
from sim.cli.running import compared
from sim.cli.verb import (
    FILE,
    INTERRUPTED,
    Verb,
    as_json,
    examples,
    jobs,
    quiet,
    scenario_options,
)

if TYPE_CHECKING:
    from sim.spec.scenario import Scenario
    from sim.studies.comparison import Comparison

_OBJECTIVES_MISSED = 3


@click.command(
    cls=Verb,
    epilog=examples(
        "tare compare web-fleet.yaml                    report in reports/web-fleet",
        "tare compare web-fleet.yaml --set groups.web.count=100 --out hundred",
        "tare compare web-fleet.yaml boot-storm.yaml    one report across both",
        "tare compare web-fleet.yaml --json             no report is written",
    ),
)
@click.argument("scenarios", nargs=-1, required=True, type=FILE)
@click.option("--out", type=FILE, help="Folder of the report; default: reports/NAME.")
@scenario_options
@jobs
@as_json
@quiet
def compare(
    scenarios: tuple[Path, ...],
    out: Path | None,
    settings: tuple[str, ...],
    seed: int | None,
    replications: int | None,
    jobs: int,
    as_json: bool,
    quiet: bool,
) -> int:
    """Compare the platforms of scenarios.

    Prints memory, CPU, disk and start-up of each, what binds and by how much they differ, and
    writes a report. Ends with status 3 where no platform meets every stated objective.
    """
    read = read_scenarios(scenarios, settings, seed=seed, replications=replications)
    if not as_json:
        out = out or Path("reports", "+".join(scenario.name for scenario in read))
    _refuse_foreign(out)
    done = _compared(read, jobs=jobs, quiet=quiet)
    try:
        _write(done, out)
    finally:  # a full disk must not take the answer with it
        _print_document(done) if as_json else _print_tables(done)
    if not quiet:
        _say_where(out)
    return INTERRUPTED if len(done) < len(read) else _status(done)


def _refuse_foreign(out: Path | None) -> None:
    """Refuse at once what would be refused after minutes of running."""
    from sim.report.folder import refuse_foreign

    if out is not None:
        refuse_foreign(out)


def _say_where(out: Path | None) -> None:
    if out is not None:
        say(f"report: {out / 'index.html'}")


def _status(comparisons: "Sequence[Comparison]") -> int:
    return 0 if all(comparison.meets for comparison in comparisons) else _OBJECTIVES_MISSED


def _compared(scenarios: "Sequence[Scenario]", *, jobs: int, quiet: bool) -> "list[Comparison]":
    """Compare one scenario after the other; of an interrupted command, those that are done."""
    done: list[Comparison] = []
    try:
        for scenario in scenarios:
            done.append(compared(scenario, jobs=jobs, quiet=quiet))
    except KeyboardInterrupt:
        if not done:
            raise
        say(f"tare: interrupted; {len(done)} of {len(scenarios)} scenarios are done")
    return done


def _print_document(comparisons: "list[Comparison]") -> None:
    from sim.report.document import documents

    print_json(documents([*comparisons]))


def _print_tables(comparisons: "Sequence[Comparison]") -> None:
    from rich.console import Console

    from sim.report.across import across
    from sim.report.terminal import print_across, print_comparison

    console = Console()
    for number, comparison in enumerate(comparisons):
        if number:
            console.print()
        print_comparison(comparison, console)
    if len(comparisons) > 1:
        print_across(across({each.name: each for each in comparisons}), console)


def _write(comparisons: "Sequence[Comparison]", out: Path | None) -> None:
    if out is None:
        return
    from sim.catalog.loader import sources
    from sim.report.writer import write_report

    write_report(comparisons, out, sources=sources())
