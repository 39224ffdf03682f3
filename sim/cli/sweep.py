"""`tare sweep`: a scenario at many points, as tidy tables and as a report."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.output import print_json, say
from sim.cli.progress import progress
from sim.cli.verb import FILE, INTERRUPTED, Verb, as_json, examples, quiet, scenario_options
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.spec.scenario import Scenario
    from sim.studies.sweeps.swept import Swept

_DESIGNS = ("grid", "zip", "one-at-a-time", "latin-hypercube", "sobol")


@click.command(
    cls=Verb,
    epilog=examples(
        "tare sweep which-wins.yaml                     the design of the file",
        "tare sweep web-fleet.yaml --vary groups.web.count=10,50,100 --dry-run",
        "tare sweep web-fleet.yaml --vary groups.web.count=10..200 --design sobol",
        "tare sweep which-wins.yaml --shard 3/20        a share; then one --merge",
    ),
)
@click.argument("scenario", type=FILE)
@click.option(
    "--vary",
    "varied",
    metavar="PATH=V1,V2,…",
    multiple=True,
    help="An axis: values, or a range FROM..TO. Repeatable.",
)
@click.option("--design", type=click.Choice(_DESIGNS), help="How points are made of the axes.")
@click.option("--points", type=click.IntRange(min=1), metavar="N", help="How many are drawn.")
@click.option("--out", type=FILE, help="Folder of the report; default: reports/NAME.")
@click.option("--runs", type=FILE, help="Folder in which runs are kept; default: OUT.runs.")
@scenario_options
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Processes; default: all cores."
)
@click.option("--executor", type=click.Choice(("processes", "dask")), default="processes",
              help="Who does the runs.")  # fmt: skip
@click.option("--dask-address", metavar="ADDRESS", help="The scheduler of a Dask cluster.")
@click.option("--shard", metavar="K/N", help="Run the K-th of N shares, and write no report.")
@click.option("--merge", is_flag=True, help="Run nothing: all shards have been run.")
@click.option("--dry-run", is_flag=True, help="Say how many runs there are, and how long.")
@as_json
@quiet
def sweep(scenario: Path, **options: object) -> int:
    """Simulate a scenario at all points of a design.

    Each run is kept as it comes: what was interrupted goes on where it was, and a design that has
    changed uses what is there. Writes tidy tables and a report: who wins where, by how much, where
    it turns, and what matters.
    """
    raise NotImplementedError
