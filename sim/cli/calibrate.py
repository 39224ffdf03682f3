"""`tare calibrate`: measure this machine, and write what scenarios can name."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.output import print_json, say
from sim.cli.verb import FILE, Verb, as_json, examples, quiet
from sim.errors import TareError, UsageError

if TYPE_CHECKING:
    from sim.probes.readings import Checked
    from sim.studies.calibrate import Calibration

_LONG_S = 20.0


@click.command(
    cls=Verb,
    epilog=examples(
        "tare calibrate                      what is here, measured, into calibrated/",
        "tare calibrate --yes --only runc    one runtime, and no question before",
        "tare calibrate --check              is it right for 8, 16 and 32 at once?",
    ),
)
@click.option("--out", type=FILE, default=Path("calibrated"), help="Folder; default: calibrated.")
@click.option("--only", multiple=True, metavar="NAME", help="Measure this runtime. Repeatable.")
@click.option("--check", is_flag=True, help="Predict more at once, measure them, and compare.")
@click.option("--yes", is_flag=True, help="Do not ask before it takes long.")
@as_json
@quiet
def calibrate(
    out: Path, only: tuple[str, ...], check: bool, yes: bool, as_json: bool, quiet: bool
) -> int:
    """Measure the machine that this runs on.

    Measures cores, memory and disk, and the runtimes that are here and may be used: how they start,
    alone and several at once, and what memory, CPU and disk they take. Writes a host, a workload
    and a platform for each runtime, which scenarios name as `{extends: ./calibrated/host.yaml}`.

    Takes five minutes at most, needs Linux, and leaves nothing behind. As root it finds most.
    """
    from sim.report.folder import refuse_foreign
    from sim.studies.calibrate import calibrate as measure

    tell = _silent if quiet else say
    refuse_foreign(out)
    _ask(only, yes=yes)
    _refuse_noise(check=check, tell=tell)
    found = measure(only, tell=tell)
    rows = _check(found, tell) if check else []
    _write(found, rows, out)
    _print(found, rows, as_json=as_json)
    if not quiet:
        say(f"written: {out / 'host.yaml'} and {len(found.runtimes)} more")
    return 0


def _silent(line: str) -> None:
    """Tell nothing."""


def _ask(only: Sequence[str], *, yes: bool) -> None:
    """Ask before it takes long; who cannot be asked has to have said yes before."""
    from sim.studies.calibrate import chosen, needed_s

    seconds = needed_s(chosen(only))
    if yes or seconds < _LONG_S:
        return
    question = f"This starts some hundred processes and containers, and takes {seconds:.0f} s"
    if not sys.stdin.isatty():
        raise UsageError(f"{question}, which nobody can be asked about here", "add --yes")
    if not click.confirm(f"{question}. Go on?", err=True):
        raise UsageError("nothing was measured", "--only NAME measures less")


def _refuse_noise(*, check: bool, tell: Callable[[str], None]) -> None:
    """Say that the machine is too busy to be measured; a check of it would tell nothing."""
    from sim.probes.quiet import look

    noise = look()
    if not noise.is_much:
        return
    problem = f"this machine is too busy to be measured: {noise}"
    if check:
        raise TareError(problem, "a check takes a quiet machine; end what runs, and try again")
    tell(f"tare: {problem}; the numbers say so, and are better taken again")


def _check(found: "Calibration", tell: Callable[[str], None]) -> "list[Checked]":
    from sim.studies.calibration.checking import COUNTS, check

    return check(found, COUNTS, tell)


def _write(found: "Calibration", rows: "Sequence[Checked]", out: Path) -> None:
    from sim.report.folder import MANIFEST, replaced
    from sim.studies.calibration.document import document

    with replaced(out, "calibration") as folder:
        for name, text in found.files().items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        readings = json.dumps(document(found, rows), indent=1)
        (folder / MANIFEST).write_text(readings + "\n", encoding="utf-8", newline="\n")


def _print(found: "Calibration", rows: "Sequence[Checked]", *, as_json: bool) -> None:
    from sim.studies.calibration.document import document

    if as_json:
        print_json(document(found, rows))
        return
    from rich.console import Console

    from sim.report.calibration import print_calibration, print_check

    console, measured = Console(), [each.measured for each in found.runtimes]
    print_calibration(found.host, measured, found.skipped, found.noise, console)
    print_check(rows, console)
