"""Problems whose every run is known by hand, for tests of how sweeps are run."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sim.errors import UsageError
from sim.studies.sweeps.answers import gathered
from sim.studies.sweeps.axes import Axis, Writing
from sim.studies.sweeps.conduct import conducting
from sim.studies.sweeps.designs import Grid
from sim.studies.sweeps.moving import Moving
from sim.studies.sweeps.rules import Fixed, Rule
from sim.studies.sweeps.runs import Problem, Values
from sim.studies.sweeps.swept import Swept
from sim.studies.sweeps.turns import turns_of

UP, FLAT = "up", "flat"
TWICE = Fixed(2)


@dataclass(frozen=True)
class Lines:
    """Two alternatives: `up` costs x, and `flat` 10, each with the replication's number more.

    Each run that happens leaves a byte in a file, where one is named. At x = `deadly` the process
    that runs it dies, at x = 13 the run fails, and x below 0 cannot be.
    """

    heard: Path | None = None
    deadly: float | None = None
    seconds: float = 0.0
    platforms: Sequence[str] = (UP, FLAT)

    def key(self, values: Values, platform: str) -> bytes:
        x = _x(values)
        if x < 0:
            raise UsageError(f"x is {x:g}, which cannot be", "write 0 or more")
        return f"{platform} {x if platform == UP else 0}".encode()

    def run(self, values: Values, platform: str, replication: int) -> dict[str, float]:
        if self.heard is not None:
            with self.heard.open("ab") as file:
                file.write(b".")
        if _x(values) == 13:
            raise ValueError("thirteen\nis unlucky")
        if _x(values) == self.deadly:
            os._exit(9)
        time.sleep(self.seconds)
        return {"cost": (_x(values) if platform == UP else 10.0) + replication}


def _x(values: Values) -> float:
    x = values["x"]
    assert isinstance(x, int | float)
    return float(x)


def at(*places: float) -> list[dict[str, object]]:
    """A design of these points."""
    return [{"x": place} for place in places]


def line(points: int) -> Grid:
    """A design of x = 0, 1, 2, …"""
    return Grid((Axis("x", range(points), 0, Writing(is_whole=False)),), "grid")


def swept(
    problem: Problem,
    points: int,
    *,
    rule: Rule = TWICE,
    metrics: Sequence[str] = ("cost",),
    merge: bool = False,
    runs: Path | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
) -> Swept:
    """Sweep a problem over x = 0, 1, 2, … as a scenario is swept, with all tables."""
    design = line(points)
    with conducting(problem, rule, runs=runs, jobs=jobs, executor=executor) as conduct:
        found = conduct.found(design) if merge else conduct.run(design)
        tell = partial(conduct.told, design, found)
        return Swept(
            scenario=None,  # which no table tells anything of
            within=design,
            platforms=problem.platforms,
            metrics=metrics,
            **vars(gathered(tell(), design.axes, metrics, rule.least)),
            crossings=turns_of(conduct, tell, design, metrics, None),
            moving=Moving(),
            told=tell,
        )


def bytes_in(folder: Path) -> dict[str, bytes]:
    """All files of a folder, by their path in it."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def tables_of(done: Swept, folder: Path) -> dict[str, bytes]:
    """Its tables, as they are written into a new folder."""
    folder.mkdir(parents=True)
    done.write(folder)
    return bytes_in(folder)


def lines_kept_in(runs: Path) -> list[bytes]:
    """The whole lines of all journals of a folder, in the order of commands."""
    files = (file.read_bytes() for file in sorted(runs.glob("*.jsonl")))
    lines = (line for text in files for line in text.splitlines(keepends=True))
    return [line for line in lines if line.endswith(b"\n")]


TINY = """\
version: 1
title: Some services
question: Where do containers take more?
host: cloud-2c-8g
platforms: [process, container-docker]
horizon: 5 s
groups:
  web: {workload: web-node, count: 1}
replications: 4
sweep:
  axes:
    groups.web.count: [1, 2, 3, 4, 5]
    groups.web.limits.memory: [256 MiB, 512 MiB]
"""
"""A scenario whose runs take some hundredths of a second; there are 80 of them."""


def report_in(folder: Path) -> dict[str, object]:
    """All files of a report but what the manifest says of the run: when, where and how long."""
    files: dict[str, object] = dict(bytes_in(folder))
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["run"]
    return files | {"manifest.json": manifest}
