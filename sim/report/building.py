"""Builds as words: what each step took, before and after changes, and which change cost what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Protocol

import pandas as pd

from sim.report.findings import ABSENT, Cell, Table
from sim.report.frames import rows
from sim.report.wording import amount

MOST_BUILDS_SHOWN = 4
"""Builds that stand side by side in a table of steps."""

_FIRST = "first"
_BASE = r"(?:\[[^]]*\] )?FROM "
"""How the step of a base image is named, which a command that holds the word is not."""

_SPAN = ("name", "begins_s", "ends_s")


class Builds(Protocol):
    """The builds of one Dockerfile on a host, as the study hands them over."""

    @property
    def dockerfile(self) -> str:
        """The path of the Dockerfile."""

    @property
    def host(self) -> str:
        """The host that it is built on."""

    @property
    def builds(self) -> pd.DataFrame:
        """A row a build: build, change, seconds, steps, cached, image_bytes, context_bytes."""

    @property
    def steps(self) -> pd.DataFrame:
        """A row a step of each build: build, step, line, name, cached, begins_s … rule."""


def step_table(built: Builds) -> Table:
    """A row a step, with its time in the first build, and in the first after each change."""
    shown = built.builds.drop_duplicates("change")[:MOST_BUILDS_SHOWN]
    builds = dict(rows(shown, "build", "change"))
    steps = built.steps[built.steps["build"].isin(list(builds))]
    times = {build: _times(steps[steps["build"] == build]) for build in builds}
    said = tuple(
        (Cell(_brief(name)), *(times[build].get(name, ABSENT) for build in builds))
        for name in _of_names(steps)
    )
    heads = (f"after {change}" if change else _FIRST for change in builds.values())
    return Table(("step", *heads), said)


def layer_table(built: Builds) -> Table:
    """A row a step of the Dockerfile: the rule that says what it costs, and the layer it leaves."""
    own = built.steps[(built.steps["line"] > 0) & (built.steps["build"] == 0)]
    said = tuple(
        (Cell(_brief(name)), Cell(rule), Cell(amount(layer, "bytes"), layer) if layer else ABSENT)
        for name, (rule, layer) in _of_names(own).items()
        if rule or layer
    )
    return Table(("step", "rule", "layer"), said, words=2)


def _brief(name: str) -> str:
    """The name of a step without what goes without saying of official images."""
    return name.replace("docker.io/library/", "")


def _of_names(steps: pd.DataFrame) -> dict[str, tuple[str, int]]:
    """The rule and the layer of each step by its name, in the order of the Dockerfile."""
    return {name: (rule, layer) for name, rule, layer in rows(steps, "name", "rule", "layer_bytes")}


def _times(steps: pd.DataFrame) -> dict[str, Cell]:
    columns = ("name", "cached", "begins_s", "ends_s")
    return {
        name: Cell("cached", 0.0) if cached else _seconds(ends - begins)
        for name, cached, begins, ends in rows(steps, *columns)
    }


def _seconds(seconds: float) -> Cell:
    return Cell(amount(seconds, "s"), seconds)


def build_table(built: Builds) -> Table:
    """A row a build: how long it takes, what is cached and sent, and the image that comes out."""
    said = [
        (
            Cell(change or _FIRST),
            _seconds(seconds),
            Cell(f"{cached} of {steps}", cached),
            Cell(amount(context, "bytes"), context),
            Cell(amount(image, "bytes"), image),
        )
        for change, seconds, cached, steps, context, image in rows(
            built.builds, "change", "seconds", "cached", "steps", "context_bytes", "image_bytes"
        )
    ]
    return Table(("build", "time", "cached", "sent", "image"), tuple(said))


def against_table(first: Builds, second: Builds) -> Table:
    """A row a build: how long it takes with each of two Dockerfiles, and all of them together."""
    pairs = [
        (change, ours, theirs)
        for (change, ours), theirs in zip(
            rows(first.builds, "change", "seconds"), second.builds["seconds"], strict=True
        )
    ]
    said = [(Cell(change or _FIRST), _seconds(a), _seconds(b)) for change, a, b in pairs]
    totals = (_seconds(float(each.builds["seconds"].sum())) for each in (first, second))
    heads = ("build", *_short(first.dockerfile, second.dockerfile))
    return Table(heads, (*said, (Cell("all"), *totals)))


def _short(*paths: str) -> tuple[str, ...]:
    """The names of files, with their folders only where they are the same."""
    names = tuple(PurePath(path).name for path in paths)
    return names if len(set(names)) == len(names) else paths


def sentences(built: Builds) -> Iterator[str]:
    """Say what each kind of change makes run again, and which step of that takes longest."""
    for build, change in rows(built.builds.drop_duplicates("change"), "build", "change"):
        steps = built.steps[(built.steps["build"] == build) & (built.steps["line"] > 0)]
        performed = steps[~steps["cached"] & ~steps["name"].str.match(_BASE)]
        if not change:
            continue
        if performed.empty:
            yield f"After {change} all steps are cached."
        else:
            yield _why(change, performed)


def _why(change: str, performed: pd.DataFrame) -> str:
    """Name the first step that runs again, and the one that takes longest."""
    steps = [(ends - begins, name) for name, begins, ends in rows(performed, *_SPAN)]
    first, (longest, slow) = steps[0][1], max(steps)
    said = f"After {change} the first step that is not cached is {first}"
    long = amount(longest, "s")
    rest = f", which takes {long}." if slow == first else f"; {slow} takes longest, {long}."
    return said + rest


def build_document(built: Builds) -> dict[str, object]:
    """The builds as data, for programs that read on."""
    return {"schema": 1, "builds": [_build(built, *row) for row in rows(
        built.builds, "build", "change", "seconds", "image_bytes", "context_bytes")]}  # fmt: skip


def _build(
    built: Builds, number: int, change: str, seconds: float, image: int, context: int
) -> dict[str, object]:
    steps = built.steps[built.steps["build"] == number]
    columns = ("line", "name", "cached", "begins_s", "ends_s", "layer_bytes", "rule")
    return {
        "change": change or None,
        "seconds": seconds,
        "image_bytes": image,
        "context_bytes": context,
        "steps": [
            {
                "line": line,
                "name": name,
                "cached": cached,
                "seconds": 0.0 if cached else ends - begins,
                "layer_bytes": layer,
                "rule": rule or None,
            }
            for line, name, cached, begins, ends, layer, rule in rows(steps, *columns)
        ],
    }
