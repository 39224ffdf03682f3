"""What the model says of the catalog's observations, as a file that is stored with them."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from sim.studies.judging import Judged

STORED = Path(str(files("sim.catalog"))) / "observations" / "stored" / "judged.csv"

HEADER = "id,predicted,error,role"


def written(judged: Iterable[Judged]) -> str:
    """A line an observation, numbers with nine digits, in the order of their names."""
    lines = sorted(",".join(_cells(each)) for each in judged)
    return "\n".join([HEADER, *lines, ""])


def _cells(each: Judged) -> tuple[str, ...]:
    return each.observation.id, _digits(each.predicted), _digits(each.error), each.role


def _digits(value: float | None) -> str:
    return "" if value is None else f"{value:.9g}"
