"""`tare validate`: published measurements, or anybody's, beside what the model says of them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.output import print_json
from sim.cli.progress import progress
from sim.cli.verb import FILE, Verb, as_json, examples, jobs, quiet

if TYPE_CHECKING:
    from sim.records.validation import Validation


@click.command(
    cls=Verb,
    epilog=examples(
        "tare validate                                  the observations of the catalog",
        "tare validate --observations mine.csv          your own measurements",
        "tare validate --observations mine.csv --json   every row, as one document",
    ),
)
@click.option(
    "--observations",
    type=FILE,
    metavar="FILE.csv",
    help="Measurements to judge by, one a row; default: those of the catalog.",
)
@click.option(
    "--cross",
    is_flag=True,
    help="Fit the catalog's numbers anew without each level and source; takes many minutes.",
)
@jobs
@as_json
@quiet
def validate(observations: Path | None, cross: bool, jobs: int, as_json: bool, quiet: bool) -> int:
    """Say how far the model is off.

    Each measurement is simulated anew under the conditions that it was taken in, and its value put
    beside the model's.
    """
    validation = _validated(observations, cross=cross, jobs=jobs, quiet=quiet)
    _print_document(validation) if as_json else _print_tables(validation)
    return 0


def _print_document(validation: "Validation") -> None:
    from sim.report.validation import document

    print_json(document(validation))


def _print_tables(validation: "Validation") -> None:
    from rich.console import Console

    from sim.report.terminal import print_validation

    print_validation(validation, Console())


def _validated(observations: Path | None, *, cross: bool, jobs: int, quiet: bool) -> "Validation":
    from sim.catalog.observed import read_observations
    from sim.studies.validate import validate

    rows = None if observations is None else read_observations(observations)
    with progress("observations", quiet=quiet) as tell:
        return validate(rows, jobs=jobs, cross=cross, progress=tell)
