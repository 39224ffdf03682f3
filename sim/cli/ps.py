"""`tare ps`: what `docker ps -a` would print at a moment of a scenario."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.output import print_json, say
from sim.cli.reading import read_scenarios
from sim.cli.verb import FILE, Verb, as_json, examples, quiet, scenario_options
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.spec.platform import Platform
    from sim.spec.scenario import Scenario


@click.command(
    cls=Verb,
    epilog=examples(
        "tare ps run-ps-stop.yaml --at 30s             where containers are",
        "tare ps run-ps-stop.yaml --at 5min --platform NAME",
        "tare ps run-ps-stop.yaml --at 30s --json      the same for programs",
    ),
)
@click.argument("scenario", type=FILE)
@click.option("--at", required=True, metavar="TIME", help="The moment, as in 30s or 5min.")
@click.option("--platform", metavar="NAME", help="Default: the first that has containers.")
@scenario_options
@as_json
@quiet
def ps(
    scenario: Path,
    at: str,
    platform: str | None,
    settings: tuple[str, ...],
    seed: int | None,
    replications: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """List instances at a moment, as docker ps -a would.

    Simulates the first replication up to that moment. An instance that has ended is listed until
    a command of the scenario removes it.
    """
    (read,) = read_scenarios([scenario], settings, seed=seed, replications=replications)
    from sim.report.listing import lines, listing
    from sim.simulation import look

    moment = _moment(at, read)
    chosen = platform or _with_containers(read).name
    there = look(read.on(chosen), moment)
    if as_json:
        print_json(listing(there, read.name, chosen, moment))
        return
    for line in lines(there, moment):
        click.echo(line)
    if not (platform or quiet) and len(read.platforms) > 1:
        say(f"platform: {chosen}; --platform NAME chooses another")


def _moment(at: str, scenario: "Scenario") -> float:
    """Read the time. Raises: UsageError for one that the scenario does not reach."""
    from sim import units

    try:
        moment = units.parse_quantity(at, units.DURATION)
    except units.QuantityError as error:
        raise UsageError(f"--at {at}: {error.problem}", error.remedy) from None
    if moment > scenario.horizon:
        horizon = units.write_quantity(scenario.horizon, units.DURATION)
        problem = f"--at {at} is after the horizon of {scenario.name}"
        raise UsageError(problem, f"write {horizon} or less, or --set horizon={at}")
    return moment


def _with_containers(scenario: "Scenario") -> "Platform":
    """The first platform on which some instances share a kernel behind a wall, or just the first.

    That is what a container is.
    """
    from sim.spec.platform import Platform

    def has_containers(platform: Platform) -> bool:
        parts = [platform, *platform.mix.values()]
        return any(wall.kernel == "shared" for part in parts for wall in part.boundaries.values())

    return next(filter(has_containers, scenario.platforms), scenario.platforms[0])
