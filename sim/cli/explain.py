"""`tare explain`: every number of an entry with its unit, its source and its grade."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import cast

import click

from sim.cli.output import print_json
from sim.cli.page import Found, page
from sim.cli.verb import Verb, as_json, examples
from sim.errors import UsageError, did_you_mean


@click.command(
    cls=Verb,
    epilog=examples(
        "tare explain web-node             a workload, or whatever has that name",
        "tare explain startup_p99_s        a metric",
        "tare explain tare-assumption      a source, and the entries that lean on it",
    ),
)
@click.argument("name")
@as_json
def explain(name: str, as_json: bool) -> None:
    """Show every number of an entry, and its source.

    NAME is a platform, a host, a workload, an image, a metric or a source.
    """
    found = [*_entries(name), *_metric(name), *_source(name)]
    if not found:
        raise UsageError(f"nothing is named {name!r}", did_you_mean(name, _all_names()))
    if as_json:
        print_json({"schema": 1, "name": name, "found": found})
        return
    for number, each in enumerate(found):
        print(("\n" if number else "") + "\n".join(page(each)))


def _entries(name: str) -> Iterator[Found]:
    from sim.catalog.loader import KINDS, names
    from sim.catalog.resolve import model_of

    for kind in KINDS:
        if name in names(kind):
            tree = model_of(kind, name).model_dump(mode="json", exclude_defaults=True)
            yield {"kind": kind.removesuffix("s"), **tree}


def _metric(name: str) -> Iterator[Found]:
    from sim.spec.metrics import METRICS

    if name in METRICS:
        yield {"kind": "metric", **asdict(METRICS[name])}


def _source(name: str) -> Iterator[Found]:
    from sim.catalog.loader import KINDS, entry, names, sources

    if name in sources():
        source = asdict(sources()[name])
        entries = [
            f"{kind}/{each}"
            for kind in KINDS
            for each in names(kind)
            if _cites(entry(kind, each), name)
        ]
        used: Found = {"used_by": [*entries], "observations": [*source.pop("observations")]}
        yield {"kind": "source", "name": source.pop("key")} | cast("Found", source) | used


def _cites(tree: object, source: str) -> bool:
    if isinstance(tree, dict):
        return tree.get("source") == source or any(_cites(each, source) for each in tree.values())
    return False


def _all_names() -> list[str]:
    from sim.catalog.loader import KINDS, names, sources
    from sim.spec.metrics import METRICS

    return [*(name for kind in KINDS for name in names(kind)), *METRICS, *sources()]
