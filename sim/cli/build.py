"""`tare build`: what a Dockerfile costs step by step, first and after changes."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.output import print_json
from sim.cli.verb import FILE, Verb, as_json, examples
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.studies.build import Builds


@click.command(
    cls=Verb,
    epilog=examples(
        "tare build Dockerfile                              the first build",
        "tare build Dockerfile --change edit:src/index.js   and the one after an edit",
        "tare build Dockerfile --change touch:README.md --change edit:package.json",
        "tare build Dockerfile --against New.Dockerfile --change edit:app.py",
    ),
)
@click.argument("dockerfile", type=FILE)
@click.option("--context", type=FILE, help="Folder to build in; default: the Dockerfile's.")
@click.option(
    "--change",
    "changes",
    metavar="KIND:WHAT",
    multiple=True,
    help="Build again after this: touch:PATH, edit:PATH (one line), add:PATH, remove:PATH, "
    "arg:NAME=VALUE, or base:IMAGE (a newer one of that name). Nothing on disk is changed. "
    "Repeatable.",
)
@click.option(
    "--repeat",
    type=click.IntRange(1, 1000),
    metavar="N",
    default=1,
    help="Go through all changes N times, as over a working day.",
)
@click.option("--against", type=FILE, help="Another Dockerfile, after the same changes.")
@click.option("--target", metavar="STAGE", default="", help="Stage to build; default: the last.")
@click.option(
    "--build-arg",
    "arguments",
    metavar="NAME=VALUE",
    multiple=True,
    help="Value of an ARG. Repeatable.",
)
@click.option(
    "--base",
    "bases",
    metavar="NAME=IMAGE",
    multiple=True,
    help="Image that stands for a base: a name of the catalog, or a file as of `docker save` or "
    "`docker manifest inspect`. Repeatable.",
)
@click.option(
    "--host", metavar="NAME", default="laptop-8c-16g", help="Host of the catalog, or a file."
)
@as_json
def build(
    dockerfile: Path,
    context: Path | None,
    changes: tuple[str, ...],
    repeat: int,
    against: Path | None,
    target: str,
    arguments: tuple[str, ...],
    bases: tuple[str, ...],
    host: str,
    as_json: bool,
) -> None:
    """Simulate a build, and further ones after changes.

    Reads the Dockerfile and its context as they are, and tells for each step whether it is cached,
    how long it takes, what it leaves in the image, and which rule says so. Nothing is run.
    """
    from sim.studies.build import build_image

    built = [
        build_image(
            each,
            context,
            changes=changes,
            repeat=repeat,
            arguments=_pairs("--build-arg", arguments),
            target=target,
            bases=_pairs("--base", bases),
            host=host,
        )
        for each in (dockerfile, against)
        if each is not None
    ]
    _print_document(built) if as_json else _print(built)


def _pairs(option: str, given: tuple[str, ...]) -> dict[str, str]:
    for pair in given:
        name, equals, _ = pair.partition("=")
        if not name:
            raise UsageError(f"{option} {pair} has no name", f"write {option} NAME=VALUE")
        if not equals:
            raise UsageError(f"{option} {pair} has no value", f"write {option} {pair}=VALUE")
    return dict(pair.split("=", 1) for pair in given)


def _print_document(built: "list[Builds]") -> None:
    from sim.report.building import build_document

    document, *others = map(build_document, built)
    for other in others:
        document["against"] = other["builds"]
    print_json(document)


def _print(built: "list[Builds]") -> None:
    from rich.console import Console

    from sim.report.terminal import print_builds

    print_builds(built, Console())
