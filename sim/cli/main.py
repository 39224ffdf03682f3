"""The command `tare`: its verbs, and how each way of ending becomes an exit status."""

import errno
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import click

from sim.cli.build import build
from sim.cli.calibrate import calibrate
from sim.cli.compare import compare
from sim.cli.explain import explain
from sim.cli.listing import list_names
from sim.cli.new import new
from sim.cli.output import make_streams_safe, say
from sim.cli.ps import ps
from sim.cli.schema import schema
from sim.cli.show import show
from sim.cli.sweep import sweep
from sim.cli.validate import validate
from sim.cli.verb import INTERRUPTED, Verb, examples
from sim.cli.verify import verify
from sim.errors import ScenarioError, TareError, did_you_mean
from sim.version import version

_FAILED = 1
_CLOSED = {errno.EPIPE, errno.EINVAL}
"""What writing into a closed pipe says; the second is Windows'."""

_OTHER_WORDS = {
    **dict.fromkeys(("run", "simulate", "sim", "report", "start"), "compare"),
    **dict.fromkeys(("init", "create"), "new"),
    **dict.fromkeys(("describe", "info"), "explain"),
    **dict.fromkeys(("check", "print"), "show"),
    "ls": "list",
}
"""What other commands call what these verbs do."""

_ENDING = ("SIGTERM", "SIGHUP")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


class _Tare(Verb, click.Group):
    """The command, which lists its verbs in the order in which one comes to need them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or tell which may have been meant."""
        word = args[0]
        if not (word in self.commands or word.startswith("-")):
            remedy = did_you_mean(_OTHER_WORDS.get(word, word), self.commands)
            ctx.fail(f"{word!r} is no verb; {remedy}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Tare,
    epilog=examples(
        "tare new first.yaml          a first scenario, to read and to change",
        "tare compare first.yaml      what it costs on each platform, and why",
        "tare explain web-node        every number of an entry, and its source",
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.version_option(version(), prog_name="tare")
def tare() -> None:
    """Simulate what virtual machines and containers cost a host, above the work they run."""


for _verb in (
    *(compare, sweep, build, ps, new, show, explain, list_names),
    *(schema, verify, validate, calibrate),
):
    tare.add_command(_verb)


def main() -> None:
    """Run the command line of this process, and end the process with its exit status."""
    make_streams_safe()
    for name in _ENDING:
        if number := getattr(signal, name, None):
            signal.signal(number, _interrupt)
    status = run(sys.argv[1:])
    sys.exit(status)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Take the request to end as an interrupt, so that nothing half-written or running is left."""
    raise KeyboardInterrupt


def run(arguments: Sequence[str]) -> int:
    """Run a command line, and return its exit status; what went wrong is told in words."""
    try:
        status = _invoke(list(arguments))
        sys.stdout.flush()
    except KeyboardInterrupt:
        say("tare: interrupted")
        return INTERRUPTED
    except OSError as error:
        return _ended_by_output(error)
    return status


def _invoke(arguments: list[str]) -> int:
    try:
        with tare.make_context("tare", arguments) as context:
            return tare.invoke(context) or 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except TareError as error:
        say(str(error) if isinstance(error, ScenarioError) else f"tare: {error}")
        return error.exit_status


def _ended_by_output(error: OSError) -> int:
    """A reader that has seen enough is no failure; a disk that is full is."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno in _CLOSED:
        return 0
    doing = "cannot write the output" if error.errno in _FULL else "cannot go on"
    say(f"tare: {doing}: {(error.strerror or str(error)).lower()}")
    return _FAILED
