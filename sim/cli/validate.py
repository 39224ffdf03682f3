"""`tare validate`: published measurements, or anybody's, beside what the model says of them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.output import print_json, say
from sim.cli.progress import progress
from sim.cli.verb import FILE, Verb, as_json, examples, jobs, quiet

_FOLDER = Path("reports", "validation")

if TYPE_CHECKING:
    from sim.records.validation import Validation


@click.command(
    cls=Verb,
    epilog=examples(
        "tare validate                                  the observations of the catalog",
        "tare validate --observations mine.csv          your own measurements",
        "tare validate --observations mine.csv --json   every row, as one document",
        "tare validate --report                         a page in reports/validation",
    ),
)
@click.option(
    "--observations",
    type=FILE,
    metavar="FILE.csv",
    help="Measurements to judge by, one a row; default: those of the catalog.",
)
@click.option(
    "--report", is_flag=True, help="Write a page, with figures and tables, into a folder."
)
@click.option("--out", type=FILE, help="Folder of the report; default: reports/validation.")
@click.option(
    "--cross",
    is_flag=True,
    help="Fit the catalog's numbers anew without each level and source; takes many minutes.",
)
@jobs
@as_json
@quiet
def validate(
    observations: Path | None,
    report: bool,
    out: Path | None,
    cross: bool,
    jobs: int,
    as_json: bool,
    quiet: bool,
) -> int:
    """Say how far the model is off.

    Each measurement is simulated anew under the conditions that it was taken in, and its value put
    beside the model's.
    """
    folder = out or (_FOLDER if report else None)
    if folder is not None:
        _refuse_foreign(folder)
    validation = _validated(observations, cross=cross, jobs=jobs, quiet=quiet)
    try:
        if folder is not None:
            _write(validation, folder, observations)
    finally:  # a full disk must not take the answer with it
        _print_document(validation) if as_json else _print_tables(validation)
    if folder is not None and not quiet:
        say(f"report: {folder / 'index.html'}")
    return 0


def _refuse_foreign(out: Path) -> None:
    """Refuse at once what would be refused after minutes of running."""
    from sim.report.folder import refuse_foreign

    refuse_foreign(out)


def _write(validation: "Validation", out: Path, observations: Path | None) -> None:
    from sim.catalog.loader import sources
    from sim.report.proven import write_validation

    name = "" if observations is None else observations.name
    write_validation(validation, out, sources=sources(), observations=name)


def _print_document(validation: "Validation") -> None:
    from sim.report.validation import document

    print_json(document(validation))


def _print_tables(validation: "Validation") -> None:
    from rich.console import Console

    from sim.report.terminal import print_validation

    print_validation(validation, Console())


def _validated(observations: Path | None, *, cross: bool, jobs: int, quiet: bool) -> "Validation":
    from sim.studies.judging import read_checked
    from sim.studies.validate import validate

    rows = None if observations is None else read_checked(observations)
    with progress("observations", quiet=quiet) as tell:
        return validate(rows, jobs=jobs, cross=cross, progress=tell)
