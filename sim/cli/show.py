"""`tare show`: a scenario with every name and default put in its place."""

from pathlib import Path

import click

from sim.cli.output import print_file, print_json
from sim.cli.reading import read_scenarios
from sim.cli.verb import FILE, Verb, as_json, examples, scenario_options


@click.command(
    cls=Verb,
    epilog=examples(
        "tare show web-fleet.yaml                       what it says and leaves open",
        "tare show web-fleet.yaml --set host.cores=8    with a value set over it",
        "tare show web-fleet.yaml > mine.yaml           a copy for good",
    ),
)
@click.argument("scenario", type=FILE)
@scenario_options
@as_json
def show(
    scenario: Path,
    settings: tuple[str, ...],
    seed: int | None,
    replications: int | None,
    as_json: bool,
) -> None:
    """Print a scenario, names and defaults resolved.

    What is printed is a scenario again, and its paths are those that --set takes.
    """
    (read,) = read_scenarios([scenario], settings, seed=seed, replications=replications)
    from sim.spec.statement import show, stated

    if as_json:
        print_json(stated(read))
    else:
        print_file(show(read))
