"""What the model says of the catalog's observations, as files that are stored with them."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from sim.studies.crossing import Crossed
from sim.studies.judging import Judged

FOLDER = Path(str(files("sim.catalog"))) / "observations" / "stored"
STORED, CROSSED = FOLDER / "judged.csv", FOLDER / "crossed.csv"

HEADER, CROSSED_HEADER = "id,predicted,error,role", "by,level,id,predicted"


def written(judged: Iterable[Judged]) -> str:
    """A line an observation, numbers with nine digits, in the order of their names."""
    lines = sorted(",".join(_cells(each)) for each in judged)
    return "\n".join([HEADER, *lines, ""])


def _cells(each: Judged) -> tuple[str, ...]:
    return each.observation.id, _digits(each.predicted), _digits(each.error), each.role


def _digits(value: float | None) -> str:
    return "" if value is None else f"{value:.9g}"


def written_crossed(crossed: Iterable[Crossed]) -> str:
    """A line a prediction by numbers that were fitted without its row, in order."""
    lines = sorted(
        ",".join((each.by, each.level, each.judged.observation.id, _digits(each.judged.predicted)))
        for each in crossed
    )
    return "\n".join([CROSSED_HEADER, *lines, ""])
