"""Problems whose every run is known by hand, for tests of how sweeps are run."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.errors import UsageError
from sim.studies.sweeps.runs import Values

UP, FLAT = "up", "flat"


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
