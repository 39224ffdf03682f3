"""What all verbs share: pages of help that open with examples, and options of the same name."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from sim.errors import did_you_mean

_Function = TypeVar("_Function", bound=Callable[..., object])

INTERRUPTED = 130
"""The exit status of a command that was interrupted, whatever it has kept."""

FILE = click.Path(path_type=Path, readable=False)
"""The type of a path; whether it can be read or written, its reader or writer says."""


class Verb(click.Command):
    """A command whose page of help opens with its examples, which are its epilog."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the page."""
        self.format_epilog(ctx, formatter)
        formatter.write_paragraph()
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        self.format_options(ctx, formatter)


class OneOf(click.Choice[str]):
    """A choice that tells which one may have been meant instead of another."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the choice as it is."""
        if value not in self.choices:
            self.fail(f"{value!r} is no kind; {did_you_mean(value, self.choices)}", param, ctx)
        return value


def examples(*lines: str) -> str:
    """Lay out the examples of a verb, a line each."""
    return "\n".join(("\b", *lines))


as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document, and no more.")

jobs = click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", default=1, help="Processes that share runs."
)

quiet = click.option("--quiet", is_flag=True, help="No messages and no progress.")

_scenario_options = (
    click.option(
        "--set",
        "settings",
        metavar="PATH=VALUE",
        multiple=True,
        help="Set a value over the scenario; a path is one that `tare show` prints. Repeatable.",
    ),
    click.option(
        "--seed", type=int, metavar="N", help="Seed of all chance; default: the scenario's."
    ),
    click.option(
        "--replications",
        type=int,
        metavar="N",
        help="How often each platform is simulated; default: the scenario's.",
    ),
)


def scenario_options(function: _Function) -> _Function:
    """Add the options that change a scenario: --set, --seed and --replications."""
    for option in reversed(_scenario_options):
        function = option(function)
    return function
