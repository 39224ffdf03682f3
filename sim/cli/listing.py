"""`tare list`: the names that scenarios and `tare explain` know."""

from collections.abc import Iterator, Mapping
from typing import cast

import click

from sim.cli.explaining.layout import Line, show
from sim.cli.output import print_json
from sim.cli.verb import Verb, as_json, examples
from sim.spec.document import Tree

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
    show(_all_tables(listed) if kind is None else _table(*listed.popitem()))


def _titles(kind: str) -> dict[str, str]:
    from sim.catalog.loader import KINDS, entry, names, sources
    from sim.spec.metrics import METRICS

    if kind == "metrics":
        return {name: metric.meaning for name, metric in METRICS.items()}
    if kind == "sources":
        return {key: source.title for key, source in sources().items()}
    (known,) = (each for each in KINDS if each == kind)
    return {name: str(entry(known, name).get("title", "")) for name in names(known)}


def _all_tables(listed: Mapping[str, dict[str, str]]) -> Iterator[Line]:
    for number, (kind, titles) in enumerate(listed.items()):
        yield from [Line()] if number else []
        yield Line(kind, "heading")
        yield from _table(kind, titles)


def _table(kind: str, titles: Mapping[str, str]) -> Iterator[Line]:
    """A row for each name: the name, the stack if it is a platform's, and the title."""
    stacks = {name: _stack(name) if kind == "platforms" else "" for name in titles}
    first = max(map(len, titles), default=0) + 2
    second = max(map(len, stacks.values()), default=0)
    second += 2 if second else 0
    for name, title in titles.items():
        row = f"{name:<{first}}{stacks[name]:<{second}}{title}"
        yield Line(row, indent=2, hang=first + second)


def _stack(name: str) -> str:
    """Whose kernel an instance of a platform runs on, in two or three words."""
    from sim.catalog.loader import entry

    boundaries = cast("Mapping[str, Tree]", entry("platforms", name).get("boundaries", {}))
    walls = [_wall(boundary) for boundary in boundaries.values()]
    own = [scope for kernel, scope in walls if kernel == "own"]
    if not own:
        return "shared kernel" if walls else "no wall"
    scope = own[-1]
    return "own kernel" if scope == "instance" else f"a kernel for {_many(scope)}"


def _many(scope: str) -> str:
    return "all" if scope == "host" else scope


def _wall(written: Tree) -> tuple[str, str]:
    """Kernel and scope of a boundary as it is written, with those of what it extends."""
    from sim.catalog.loader import entry

    own = written if isinstance(written, dict) else {"extends": written}
    kernel, scope = "shared", "instance"
    if "extends" in own:
        platform, _, boundary = str(own["extends"]).partition(".")
        boundaries = cast("Mapping[str, Tree]", entry("platforms", platform)["boundaries"])
        kernel, scope = _wall(boundaries[boundary])
    return str(own.get("kernel", kernel)), str(own.get("scope", scope))
