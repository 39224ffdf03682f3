"""`tare list`: the names that scenarios and `tare explain` know."""

import click

from sim.cli.output import print_json
from sim.cli.verb import Verb, as_json, examples

_KINDS = ("hosts", "platforms", "workloads", "images", "metrics", "sources")


@click.command(
    "list",
    cls=Verb,
    epilog=examples(
        "tare list                 all names, by kind",
        "tare list platforms       those of one kind",
    ),
)
@click.argument("kind", type=click.Choice(_KINDS), required=False)
@as_json
def list_names(kind: str | None, as_json: bool) -> None:
    """List the names that there are to choose from."""
    listed = {each: _titles(each) for each in ([kind] if kind else _KINDS)}
    if as_json:
        print_json({"schema": 1, **listed})
        return
    for number, (each, titles) in enumerate(listed.items()):
        if kind is None:
            print(("\n" if number else "") + each)
        for line in _columns(titles):
            print(line)


def _titles(kind: str) -> dict[str, str]:
    from sim.catalog.loader import KINDS, entry, names, sources
    from sim.spec.metrics import METRICS

    if kind == "metrics":
        return {name: metric.meaning for name, metric in METRICS.items()}
    if kind == "sources":
        return {key: source.title for key, source in sources().items()}
    (known,) = (each for each in KINDS if each == kind)
    return {name: str(entry(known, name).get("title", "")) for name in names(known)}


def _columns(titles: dict[str, str]) -> list[str]:
    """A line each, cut to what a terminal shows: `--json` has the whole."""
    width = max(map(len, titles), default=0)
    room = 80 - width - 4
    return [
        f"  {name:<{width}}  {title if len(title) <= room else title[: room - 1].rstrip() + '…'}"
        for name, title in titles.items()
    ]
