"""`tare verify`: run a report again, and say whether its tables are identical."""

import os
import sys
from pathlib import Path
from textwrap import TextWrapper
from typing import TYPE_CHECKING

import click

from sim.cli.output import print_json
from sim.cli.running import compared
from sim.cli.verb import FILE, Verb, as_json, examples, jobs, quiet

if TYPE_CHECKING:
    from sim.report.verdict import Verdict

_DIFFERS = 1
_WIDTH = 80


@click.command(
    cls=Verb,
    epilog=examples(
        "tare verify reports/web-fleet                  is it what its scenario gives?",
        "tare verify reports/web-fleet/manifest.json    the same",
        "tare verify reports/web-fleet --jobs 4         on four cores",
    ),
)
@click.argument("report", type=FILE)
@jobs
@as_json
@quiet
def verify(report: Path, jobs: int, as_json: bool, quiet: bool) -> int:
    """Run a report again, and say whether it is identical.

    REPORT is the folder that `tare compare` wrote. Its scenarios stand in its manifest; they are
    run once more, and every table is compared with what was written: byte by byte, and where that
    differs, cell by cell. What other processors or versions may change, below 1e-9 of a number, is
    called equal to 9 digits. The page, report.md and the figures are not compared.

    Ends with status 0 where all tables are identical, or equal to 9 digits; 1 where any differs, or
    was edited since; 2 where REPORT is no report that can be read.
    """
    verdict = _verdict(report, jobs=jobs, quiet=quiet)
    try:
        _print_document(verdict) if as_json else _print_lines(verdict)
        sys.stdout.flush()
    except BrokenPipeError:
        # A reader who has seen enough changes nothing about the verdict; what is left goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0 if verdict.holds else _DIFFERS


def _verdict(report: Path, *, jobs: int, quiet: bool) -> "Verdict":
    """Run what stands in the manifest, unless somebody edited it."""
    from sim.report.agreement import agreements
    from sim.report.remade import edits, read_manifest, remade
    from sim.report.verdict import Verdict

    manifest = read_manifest(report)
    if edited := list(edits(manifest)):
        return Verdict(manifest, edited, {})
    scenarios = remade(manifest)
    again = {each.name: compared(each, jobs=jobs, quiet=quiet) for each in scenarios}
    return Verdict(manifest, [], agreements(manifest.folder, manifest.tables, again))


def _print_document(verdict: "Verdict") -> None:
    from sim.report.verdict import document

    print_json(document(verdict))


def _print_lines(verdict: "Verdict") -> None:
    """Print for 80 columns, with paths whole, so that they can be copied."""
    from sim.report.verdict import lines

    whole = TextWrapper(_WIDTH, break_on_hyphens=False, break_long_words=False)
    for line in lines(verdict):
        whole.subsequent_indent = "  " + " " * (len(line) - len(line.lstrip()))
        print(whole.fill(line))
