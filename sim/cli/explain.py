"""`tare explain`: what an entry is, what each of its numbers is good for, and what it rests on."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TypeAlias, cast

import click

from sim.cli.output import print_json
from sim.cli.verb import Verb, as_json, examples
from sim.errors import UsageError, did_you_mean
from sim.spec.document import Tree

Found: TypeAlias = dict[str, Tree]
"""What a name stands for, as a tree that tells its `kind` and its `name`."""


@click.command(
    cls=Verb,
    epilog=examples(
        "tare explain web-node             a workload, or whatever has that name",
        "tare explain startup_p99_s        a metric",
        "tare explain ./app.tar            an image that `docker save` wrote",
        "tare explain tare-assumption      a source, and the numbers that lean on it",
    ),
)
@click.argument("name")
@as_json
def explain(name: str, as_json: bool) -> None:
    """Show what an entry is: every number, what it is good for, and its source.

    NAME is a platform, one of its boundaries (PLATFORM.BOUNDARY), a host, a workload, an image,
    what the commands of a program cost, a metric or a source; or an image of your own by its
    path, ./app.tar say.
    """
    found = [*_entries(name), *_boundary(name), *_metric(name), *_source(name), *_stored(name)]
    if not found:
        remedy = did_you_mean(name, _all_names(name), "tare list")
        raise UsageError(f"nothing is named {name!r}", remedy)
    if as_json:
        print_json({"schema": 1, "name": name, "found": found})
        return
    _show([str(each["kind"]) for each in found], name)


def _show(kinds: list[str], name: str) -> None:
    """Show a page for each kind of thing that has the name, a line between them."""
    from sim.cli.explaining import cost, host, image, metric, platform, source, workload
    from sim.cli.explaining.layout import Line, show

    pages = {
        "host": host.page,
        "platform": platform.page,
        "boundary": platform.boundary_page,
        "workload": workload.page,
        "image": image.page,
        "cost": cost.page,
        "metric": metric.page,
        "source": source.page,
    }
    for number, kind in enumerate(kinds):
        show([*([Line()] if number else []), *pages[kind](name)])


def _entries(name: str) -> Iterator[Found]:
    from sim.catalog.loader import KINDS, names
    from sim.catalog.models import model_of

    for kind in KINDS:
        if name in names(kind):
            tree = model_of(kind, name).model_dump(mode="json", exclude_defaults=True)
            yield {"kind": kind.removesuffix("s"), **tree}


def _boundary(name: str) -> Iterator[Found]:
    from sim.catalog.loader import names

    platform, _, inner = name.partition(".")
    if inner and platform in names("platforms"):
        (tree,) = _entries(platform)
        boundaries = cast("dict[str, Found]", tree.get("boundaries", {}))
        if inner in boundaries:
            yield {"kind": "boundary", "name": name, **boundaries[inner]}


def _metric(name: str) -> Iterator[Found]:
    from sim.spec.metrics import SWEPT

    if name in SWEPT:
        yield {"kind": "metric", **asdict(SWEPT[name])}


def _source(name: str) -> Iterator[Found]:
    from sim.catalog.loader import sources

    if name in sources():
        from sim.cli.explaining.source import citing

        source = asdict(sources()[name])
        entries = ["/".join(place) for place in citing(name)]
        used: Found = {"used_by": [*entries], "observations": [*source.pop("observations")]}
        yield {"kind": "source", "name": source.pop("key")} | cast("Found", source) | used


def _stored(name: str) -> Iterator[Found]:
    from sim.images.stored import names_image, read_image

    if names_image(name):
        tree = read_image(name).model_dump(mode="json", exclude_defaults=True)
        yield {"kind": "image", **tree}


def _all_names(name: str) -> list[str]:
    """The names that there are; those of boundaries where one was asked for."""
    from sim.catalog.entries import resolved_entry
    from sim.catalog.loader import KINDS, names, sources
    from sim.spec.metrics import SWEPT

    platform, dot, _ = name.partition(".")
    if dot and platform in names("platforms"):
        boundaries = cast("Found", resolved_entry("platforms", platform).get("boundaries", {}))
        return [f"{platform}.{each}" for each in boundaries]
    return [*(name for kind in KINDS for name in names(kind)), *SWEPT, *sources()]
