"""`tare schema`: the JSON Schema of scenario files, for editors."""

import json

import click

from sim.cli.output import print_file
from sim.cli.verb import Verb, examples


@click.command(
    cls=Verb,
    epilog=examples(
        "tare schema > scenario.schema.json",
        "",
        "then, as the first line of a scenario:",
        "# yaml-language-server: $schema=./scenario.schema.json",
    ),
)
def schema() -> None:
    """Print the JSON Schema of scenario files (draft 7)."""
    from sim.catalog.loader import KINDS, names
    from sim.spec.schema import scenario_schema

    known: dict[str, list[str]] = {kind: names(kind) for kind in KINDS}
    print_file(json.dumps(scenario_schema(known), indent=1) + "\n")
