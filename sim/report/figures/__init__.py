"""The figures of a report, as SVG and PNG: each states its finding, whatever the platforms."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report.comparison import Comparison

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.report.figures.style import Size

    Draw = Callable[[Comparison, Size], Figure | None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure in the forms that a report holds: 16:9, and for a narrow column."""

    name: str
    title: str
    caption: str
    wide: str
    narrow: str
    png: bytes


def draw(comparison: Comparison, salt: str) -> Iterator[Drawing]:
    """Draw every figure that the comparison has numbers for, in the order of the report.

    The same comparison and salt give the same bytes in the same environment.
    """
    from sim.report.figures.files import png, settings, svg
    from sim.report.figures.style import COLUMN, WIDE

    for name, (figure_of, caption) in _figures().items():
        with settings(f"{salt}-{name}"):
            wide, narrow = figure_of(comparison, WIDE), figure_of(comparison, COLUMN)
            if wide is not None and narrow is not None:
                title = str(wide.get_label())
                yield Drawing(name, title, caption, svg(wide), svg(narrow), png(wide))


def _figures() -> dict[str, tuple["Draw", str]]:
    """Each figure by its name, with what it shows; drawing libraries load only here."""
    from sim.report.figures.amounts import cpu, disk, memory
    from sim.report.figures.phases import phases
    from sim.report.figures.startup import startup
    from sim.report.figures.storm import storm
    from sim.report.figures.timeline import timeline

    return {
        "memory": (memory, "Gross memory at the horizon by what holds it, each page counted once: "
                   "blue is the work itself, the rest is the box around it."),
        "startup": (startup, "How many are ready so long after their request, over all "
                    "replications; the dots mark the median and the 99th percentile."),
        "phases": (phases, "The mean start of those that became ready, in the order of performance; "
                   "waiting for a lock counts to the phase that needs it."),
        "cpu": (cpu, "CPU time over the run: blue is the work at native speed, the rest is what "
                "the platform adds and what neighbours cost each other."),
        "disk": (disk, "Allocated bytes at the horizon: what instances share counts once."),
        "storm": (storm, "The first replication, instance by instance, in the order in which "
                  "they were asked for and became ready; a cross is a failure."),
        "timeline": (timeline, "Gross memory in the first replication, until nothing changes "
                     "any more."),
    }
