"""Observations for tests, of the cells that a test states."""

from sim.spec.observation import Observation
from sim.studies.judging import Judged, Role

NEEDED = {"id": "a", "source": "one", "platform": "process", "metric": "duration_s", "value": "1"}


def observation(**cells: object) -> Observation:
    """A row with these cells; `begins` and `ends` stand for the columns from and to."""
    named = {"begins": "from", "ends": "to"}
    given = {named.get(name, name): str(cell) for name, cell in cells.items()}
    return Observation.model_validate({**NEEDED, **given})


def judged(predicted: float | None, role: Role = "outside", **cells: object) -> Judged:
    """A row beside what the model says of it."""
    return Judged(observation(**cells), predicted, role)
