"""The reference of the guide, made from what the code itself says: a text for each of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Template
from typing import get_args

import click
from guide.keys import sections

from sim.catalog.loader import KINDS, Kind, entry, names, sources
from sim.catalog.models import model_of
from sim.cli.explaining.stack import Standing, described, standing
from sim.cli.main import tare
from sim.records.schema import COMPARISON_TABLES, RUN_TABLES, Column
from sim.records.sweep_schema import SWEEP_TABLES
from sim.records.validation_schema import VALIDATION_TABLES
from sim.spec.metrics import METRICS, STEADY, Metric
from sim.spec.observation import COLUMNS, POINT_OF, UNITS, Statistic
from sim.spec.platform import Platform
from sim.spec.quantity import Model

MADE = "<!-- made by tests/write_guide.py; what is changed here is lost -->\n"
_STATUSES = (
    ("0", "done"),
    ("1", "failed, by a full disk say; of `verify`: the report and its rerun differ"),
    ("2", "wrong usage, or a scenario that is wrong, missing or unreadable"),
    ("3", "done, and no platform meets every stated objective"),
    ("130", "interrupted; what was done is kept"),
)


@cache
def reference() -> dict[str, str]:
    """The pages of the reference by the names of their files."""
    parts = {
        "scenario.md": {"sections": sections()},
        "metrics.md": {"metrics": _metrics(METRICS), "steady": _metrics(STEADY)},
        "tables.md": {
            "comparison": _tables(COMPARISON_TABLES),
            "run": _tables(RUN_TABLES),
            "sweep": _tables(SWEEP_TABLES),
            "validation": _tables(VALIDATION_TABLES),
        },
        "observations.md": _observations(),
        "catalog.md": {"stacks": _stacks(), "kinds": _kinds(), "sources": _sources()},
        "command-line.md": {
            "statuses": table(("status", "when"), _STATUSES),
            "help": _help(tare, "tare"),
            "verbs": _verbs(),
        },
    }
    return {name: _page(name, given) for name, given in parts.items()}


def _page(name: str, parts: Mapping[str, str]) -> str:
    text = Path(__file__).with_name("texts").joinpath(name).read_text(encoding="utf-8")
    return f"{MADE}\n{Template(text).substitute(parts)}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _metrics(metrics: Mapping[str, Metric]) -> str:
    rows = [(f"`{each.name}`", each.unit or "-", each.meaning) for each in metrics.values()]
    return table(("metric", "unit", "meaning"), rows)


def _tables(tables: Mapping[str, Sequence[Column]]) -> str:
    return "\n\n".join(f"### {name}\n\n{_columns(columns)}" for name, columns in tables.items())


def _columns(columns: Sequence[Column]) -> str:
    rows = ((f"`{each.name}`", each.kind, each.unit or "-", each.meaning) for each in columns)
    return table(("column", "kind", "unit", "meaning"), rows)


def _observations() -> dict[str, str]:
    """The columns of a file of observations, and what stands in them."""
    units = ((f"`{metric}`", ", ".join(f"`{unit}`" for unit in UNITS[metric])) for metric in UNITS)
    return {
        "columns": table(("column", "what it holds"), ((f"`{k}`", v) for k, v in COLUMNS.items())),
        "units": table(("metric", "units"), units),
        "points": table(("point", "the begin of"), ((f"`{k}`", v) for k, v in POINT_OF.items())),
        "statistics": ", ".join(f"`{each}`" for each in get_args(Statistic)) + ".",
    }


def _kinds() -> str:
    """The names and titles of all but platforms."""
    return "\n\n".join(
        f"## {kind.capitalize()}\n\n" + table(("name", "title"), _titles(kind))
        for kind in KINDS
        if kind != "platforms"
    )


def _sources() -> str:
    known = ((f"`{key}`", each.title, str(each.year)) for key, each in sources().items())
    return table(("key", "title", "year"), known)


def _titles(kind: Kind) -> Iterator[tuple[str, str]]:
    for name in names(kind):
        yield f"`{name}`", str(entry(kind, name).get("title", ""))


def _stacks() -> str:
    return "\n\n".join(_stack(model_of("platforms", name)) for name in names("platforms"))


def _stack(platform: Model) -> str:
    """A platform: its name, title and notes, and a line for each of its walls."""
    assert isinstance(platform, Platform)
    walls = [f"- `{each.name}`: {_wall(each)}" for each in standing(platform)]
    notes = [platform.notes.strip()] if platform.notes else []
    title = f"**{platform.title}.**" if platform.title else ""
    stack = "\n".join(walls or ["- no boundary at all"])
    return "\n\n".join([f"### {platform.name}", " ".join([title, *notes]), stack])


def _wall(each: Standing) -> str:
    said = (f"{label.capitalize()}: {text}" for label, text in described(each))
    return ". ".join((each.boundary.title, *said)) + "."


def _verbs() -> str:
    return "\n\n".join(
        f"## {name}\n\n```text\n{_help(command, f'tare {name}')}\n```"
        for name, command in tare.commands.items()
    )


def _help(command: click.Command, name: str) -> str:
    """A page of help, 80 columns wide whatever the terminal is."""
    context = click.Context(
        command,
        info_name=name,
        help_option_names=["-h", "--help"],
        terminal_width=80,
        max_content_width=80,
    )
    lines = command.get_help(context).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip("\n")
