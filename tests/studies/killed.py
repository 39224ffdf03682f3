"""Sweeps in processes that may be killed, for tests of what is left of them.

All modules are loaded once, by a process that the others are forked from, so that an attempt takes
no longer than its runs.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from unittest.mock import patch

from studies.swept_problems import Lines, swept

from sim.studies.sweeps.program import program

with suppress(ImportError):  # an extra, which takes long to load
    import pyarrow.parquet  # noqa: F401
program()

POINTS = 20
RUN_S = 0.005
RUNS = (POINTS + 1) * 2
"""How many runs there are at the least: `flat` is the same at all points."""


def begun(runs: Path, out: Path, jobs: int = 1) -> ForkServerProcess:
    """A process that has just begun with a sweep, of which it writes the tables into a folder."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_sweep, args=(runs, out, jobs))
    with patch.dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)):  # to find this module by
        process.start()
    return process


def _sweep(runs: Path, out: Path, jobs: int) -> None:
    os.setsid()  # so that all that it starts is known by it
    done = swept(Lines(seconds=RUN_S), POINTS, runs=runs, jobs=jobs)
    out.mkdir()
    done.write(out)


def left_of(session: int | None, patience_s: float = 20.0) -> list[int]:
    """The processes that are still there, after a time of grace, of a session whose head ended."""
    until = time.monotonic() + patience_s
    while (left := [*_of_session(session)]) and time.monotonic() < until:
        time.sleep(0.02)
    return left


def _of_session(session: int | None) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                told = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has just ended
            if told[0] != "Z" and int(told[3]) == session:
                yield int(entry.name)
