"""The answer of a sweep: what was varied, what came of it in frames, and its tables as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from sim.records.schema import Column
from sim.spec.scenario import Scenario
from sim.spec.sweep import Design, Precision
from sim.studies.assumptions import assumptions
from sim.studies.sweeps import rows
from sim.studies.sweeps.answers import Answers, columns, levels
from sim.studies.sweeps.axes import Axis
from sim.studies.sweeps.designs import Points
from sim.studies.sweeps.frames import Gathered
from sim.studies.sweeps.moving import Moving
from sim.studies.sweeps.sheet import Sheet
from sim.studies.sweeps.told import Told


@dataclass(frozen=True, kw_only=True, repr=False)
class Swept(Answers):
    """What came of a sweep; `records.sweep_schema` describes the columns of its frames.

    The frames hold the `metrics` that the report is about; `results` and the files hold all.
    `within` are the points of the design.
    `arguments` are those of a command, beside the file, which give the same again.
    """

    scenario: Scenario
    within: Points
    platforms: Sequence[str]
    metrics: Sequence[str]
    crossings: pd.DataFrame
    moving: Moving
    told: Callable[[], Iterator[Told]]
    arguments: Sequence[str] = ()

    @property
    def name(self) -> str:
        """The stem of the scenario's file."""
        return self.scenario.name

    @property
    def design(self) -> Design:
        """How points were chosen."""
        return self.within.design

    @property
    def axes(self) -> Sequence[Axis]:
        """What is varied."""
        return self.within.axes

    @property
    def precision(self) -> Precision | None:
        """The rule that ended replications; none where their number was fixed."""
        asked = self.scenario.sweep and self.scenario.sweep.replications
        return asked if isinstance(asked, Precision) else None

    @cached_property
    def assumptions(self) -> pd.DataFrame:
        """Every number that the scenario leans on."""
        return assumptions(self.scenario)

    @cached_property
    def results(self) -> pd.DataFrame:
        """One row a run and metric: the tidy table of everything."""
        table = Gathered(columns("results", self.axes))
        for told in self.told():
            table.write(rows.results(told, levels(told, self.axes)))
        return table.frame()

    def write(self, folder: Path) -> dict[str, str]:
        """Write all tables into a folder; give the SHA-256 of each file by its path there.

        Those of runs, points and metrics are written as they are read, however many there are.
        """
        (folder / "tables").mkdir()
        hashes = self._streamed(folder)
        frames = {"winners": self.winners, "effects": self.effects}
        frames |= {"crossings": self.crossings, "sensitivity": self.sensitivity}
        for name, frame in (frames | {"tornado": self.tornado}).items():
            if len(frame):
                known = [column for column in columns(name, self.axes) if column.name in frame]
                sheet = self._sheet(folder, f"tables/{name}", known)
                sheet.write(frame.itertuples(index=False, name=None))
                hashes |= sheet.close()
        return hashes

    def _sheet(self, folder: Path, path: str, known: Sequence[Column]) -> Sheet:
        return Sheet(folder, path, known, exact=[axis.name for axis in self.axes])

    def _streamed(self, folder: Path) -> dict[str, str]:
        sheets = {
            name: self._sheet(folder, path, columns(name, self.axes))
            for name, path in (
                ("results", "results"),
                ("summary", "summary"),
                ("points", "tables/points"),
                ("differences", "tables/differences"),
            )
        }
        for told in self.told():
            at = levels(told, self.axes)
            sheets["results"].write(rows.results(told, at))
            sheets["summary"].write(rows.summary(told, at))
            sheets["points"].write(rows.points(told, at))
            sheets["differences"].write(rows.differences(told, at))
        return {path: digest for sheet in sheets.values() for path, digest in sheet.close().items()}

    @property
    def sensitivity(self) -> pd.DataFrame:
        """How much each input moves each metric: Morris, Sobol'."""
        return self.moving.sensitivity

    @property
    def tornado(self) -> pd.DataFrame:
        """Each metric at both ends of each input."""
        return self.moving.tornado

    @property
    def failed(self) -> int:
        """How many of them failed."""
        return int(self.failures["runs"].sum())
