"""`tare list`: the names that scenarios and `tare explain` know."""

from collections.abc import Iterator, Mapping
from math import inf
from typing import TYPE_CHECKING, cast

import click

from sim.cli.explaining.layout import Line, show
from sim.cli.output import print_json
from sim.cli.verb import OneOf, Verb, as_json, examples
from sim.spec.document import Tree, child

if TYPE_CHECKING:
    from sim.spec.platform import Scope

_KINDS = ("hosts", "platforms", "workloads", "images", "costs", "metrics", "sources")
_KERNELS = {1: "own kernel", inf: "a kernel for all"}


@click.command(
    "list",
    cls=Verb,
    epilog=examples(
        "tare list                 all names, by kind",
        "tare list platforms       those of one kind",
    ),
)
@click.argument("kind", type=OneOf(_KINDS), required=False)
@as_json
def list_names(kind: str | None, as_json: bool) -> None:
    """List the names that there are to choose from."""
    listed = {each: _titles(each) for each in ([kind] if kind else _KINDS)}
    if as_json:
        print_json({"schema": 1, **listed})
        return
    show(_all_tables(listed) if kind is None else _table(*listed.popitem()))


def _titles(kind: str) -> dict[str, str]:
    from sim.catalog.entries import resolved_entry
    from sim.catalog.loader import KINDS, names, sources
    from sim.spec.metrics import SWEPT

    if kind == "metrics":
        return {name: metric.meaning for name, metric in SWEPT.items()}
    if kind == "sources":
        return {key: source.title for key, source in sources().items()}
    (known,) = (each for each in KINDS if each == kind)
    return {name: str(resolved_entry(known, name).get("title", "")) for name in names(known)}


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
    from sim.catalog.entries import resolved_entry
    from sim.spec.sharing import shared_by

    boundaries = cast("Mapping[str, Tree]", resolved_entry("platforms", name).get("boundaries", {}))
    walls = [(_scope(each), child(each, "kernel") == "own") for each in boundaries.values()]
    if not any(is_own for _, is_own in walls):
        return "shared kernel" if walls else "no wall"
    sharing = shared_by(walls, inf)
    return _KERNELS.get(sharing, f"a kernel for {sharing}")


def _scope(boundary: Tree) -> "Scope":
    """The scope as it is written; it is an instance's where none is."""
    return cast("Scope", child(boundary, "scope") or "instance")
