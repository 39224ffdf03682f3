"""All figures of a comparison, in the forms that a report holds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from matplotlib.figure import Figure

from sim.report.comparison import Comparison
from sim.report.figures.amounts import cpu, disk, memory
from sim.report.figures.faults import faults
from sim.report.figures.files import png, settings, svg
from sim.report.figures.glance import glance
from sim.report.figures.latencies import latencies
from sim.report.figures.phases import phases
from sim.report.figures.pressure import pressure
from sim.report.figures.startup import startup
from sim.report.figures.storm import storm
from sim.report.figures.style import COLUMN, WIDE, Size
from sim.report.figures.throughput import throughput
from sim.report.figures.timeline import timeline
from sim.report.figures.windows import windows


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure as files: 16:9, and for a narrow column.

    `path` is where it stands in the report's folder, without the ending.
    """

    path: str
    title: str
    caption: str
    wide: str
    narrow: str
    png: bytes


FIGURES: dict[str, tuple[Callable[[Comparison, Size], Figure | None], str]] = {
    "at-a-glance": (
        glance,
        "What each platform isolates and what that costs an instance: gross memory at the horizon, "
        "the median start, and the host's CPU time for one request.",
    ),
    "memory": (
        memory,
        "Gross memory at the horizon by what holds it, each page counted once: blue is the work "
        "itself, the rest is the box around it.",
    ),
    "startup": (
        startup,
        "How many are ready so long after their request, over all replications; the dots mark the "
        "median and the 99th percentile.",
    ),
    "phases": (
        phases,
        "The mean start of those that became ready, in the order of performance; waiting for a "
        "lock counts to the phase that needs it.",
    ),
    "cpu": (
        cpu,
        "CPU time over the run: blue is the work at native speed, the rest is what the platform "
        "adds and what neighbours cost each other.",
    ),
    "disk": (disk, "Allocated bytes at the horizon: what instances share counts once."),
    "storm": (
        storm,
        "The first replication, instance by instance, the fastest first; a cross is a failure.",
    ),
    "timeline": (timeline, "Gross memory in the first replication, until nothing changes."),
    "pressure": (
        pressure,
        "Memory in the first replication: what stands above nothing is held, what hangs below is "
        "merged or swapped out, the dark line is what is left of both; page cache and swap are no "
        "part of it.",
    ),
    "latencies": (
        latencies,
        "The latency that each share of the requests keeps within, mean of the replications; the "
        "further right, the rarer the request.",
    ),
    "throughput": (
        throughput,
        "What is answered a second, mean of the replications, with its 95 % interval, as the "
        "clients grow; the thin line is the closed form, which the simulation does not use.",
    ),
    "requests": (
        windows,
        "The first replication, window by window, once all have started; a gap where nobody "
        "served.",
    ),
    "faults": (
        faults,
        "The first replication: a line marks a fault, grey lasts until the last that comes back is "
        "ready again.",
    ),
}
"""Each figure by its name, with its caption, in the order of the report."""


def draw(comparison: Comparison, prefix: str = "") -> Iterator[Drawing]:
    """Draw every figure that the comparison has numbers for.

    `prefix` keeps the figures of several comparisons apart. The same comparison and prefix give the
    same bytes in the same environment.
    """
    for name in FIGURES:
        drawing = _drawn(comparison, name, prefix)
        if drawing is not None:
            yield drawing


def _drawn(comparison: Comparison, name: str, prefix: str) -> Drawing | None:
    figure_of, caption = FIGURES[name]
    with settings(salt=f"{prefix}{name}"):
        wide, narrow = figure_of(comparison, WIDE), figure_of(comparison, COLUMN)
        if wide is None or narrow is None:
            return None
        path, title = f"figures/{prefix}{name}", str(wide.get_label())
        return Drawing(path, title, caption, svg(wide), svg(narrow), png(wide))
