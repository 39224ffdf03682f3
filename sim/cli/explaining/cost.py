"""The page of a rule for what commands cost: whose commands, what they act on, and how much."""

from collections.abc import Iterator
from typing import cast

from sim.catalog.models import model_of
from sim.cli.explaining.layout import Line, Part, facts
from sim.cli.explaining.numbers import basis, heading, numbers_of, rows
from sim.spec.cost import Action, CostRule

_COUNTED = {
    "names": "what its line names",
    "addresses": "addresses on its line",
    "node-packages": "packages of the lock file or of package.json",
    "python-packages": "packages on its line and in lists",
    "go-modules": "modules of go.sum or go.mod",
    "cargo-packages": "crates of Cargo.lock or Cargo.toml",
    "java-dependencies": "dependencies of pom.xml or build.gradle",
    "source-megabytes": "megabytes of the source files around it, in whole blocks",
    "named-megabytes": "megabytes at the paths that it names",
}
_MOST_PROGRAMS = 12


def page(name: str) -> Iterator[Part]:
    """Lay out the page of a rule."""
    rule = cast("CostRule", model_of("costs", name))
    numbers = numbers_of("costs", name)
    yield from heading("cost", name, rule.title, rule.notes)
    yield from facts([("programs", _listed(rule.programs) or "all that have no other rule")])
    for title, action in rule.actions.items():
        yield from [Line(), Line(title, "heading"), *facts(_told(action))]
        yield from rows(numbers, ("actions", title), "costs")
    yield from basis(numbers)


def _listed(names: list[str]) -> str:
    more = ", …" if len(names) > _MOST_PROGRAMS else ""
    return ", ".join(names[:_MOST_PROGRAMS]) + more


def _told(action: Action) -> Iterator[tuple[str, str]]:
    yield "for", _listed(action.words) or "any other call"
    if action.counts in _COUNTED:
        yield "each of", _COUNTED[action.counts]
    if action.into or action.cache:
        yield "leaves", " and ".join(filter(None, (action.into, action.cache)))
    if action.runs:
        yield "runs", "the script of package.json, whose commands cost by their own rules"
