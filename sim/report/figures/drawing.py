"""All figures of a comparison, in the forms that a report holds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure

from sim.report.comparison import Comparison, platform_names
from sim.report.figures.amounts import cpu, disk, memory
from sim.report.figures.builds import builds
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


FigureOf = Callable[[Comparison, Mapping[str, str], Size], Figure | None]
"""Draws a comparison in the colours of its platforms at a size, if it has numbers for it."""

FIGURES: dict[str, tuple[FigureOf, str]] = {
    "at-a-glance": (
        glance,
        "What each platform isolates and what that costs an instance: gross memory at the end of "
        "the run, without what the platform holds once; the median start; and the host's CPU time "
        "for one request.",
    ),
    "memory": (
        memory,
        "Gross memory at the end of the run by what holds it, each page counted once: blue is the "
        "work itself, the rest is the box around it.",
    ),
    "startup": (
        startup,
        "How many are ready so long after their request, over all runs; the dots mark the median "
        "and the time that 99 % keep within.",
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
    "disk": (disk, "Allocated bytes at the end of the run: what instances share counts once."),
    "storm": (
        storm,
        "The first run, instance by instance, the fastest first; a cross is a failure.",
    ),
    "timeline": (timeline, "Gross memory in the first run, until nothing changes."),
    "pressure": (
        pressure,
        "Memory in the first run: what stands above nothing is held, what hangs below is "
        "merged or swapped out, the dark line is what is left of both; page cache and swap are no "
        "part of it.",
    ),
    "latencies": (
        latencies,
        "The time that each share of the requests keeps within, mean of all runs; the further "
        "right, the rarer the request.",
    ),
    "throughput": (
        throughput,
        "What is answered a second, mean of all runs, with its 95 % interval, as the clients "
        "grow; the thin line is the closed form, which the simulation does not use.",
    ),
    "requests": (
        windows,
        "The first run, window by window, once all have started; a gap where nobody served.",
    ),
    "builds": (
        builds,
        "The first run, build by build: a flat line costs nobody anything, each step up is time "
        "that somebody waited.",
    ),
    "faults": (
        faults,
        "The first run: a line marks a fault, grey lasts until the last that comes back is "
        "ready again.",
    ),
}
"""Each figure by its name, with its caption, in the order of the report."""


def draw(comparison: Comparison, colours: Mapping[str, str], prefix: str = "") -> Iterator[Drawing]:
    """Draw every figure that the comparison has numbers for.

    `colours` are those of the platforms of a whole report, and `prefix` keeps the figures of its
    comparisons apart. The same arguments give the same bytes in the same environment.
    """
    own = {name: colours[name] for name in platform_names(comparison)}
    for name, (figure_of, caption) in FIGURES.items():
        drawing = drawn_twice(f"{prefix}{name}", caption, partial(figure_of, comparison, own))
        if drawing is not None:
            yield drawing


def drawn_twice(
    name: str, caption: str, figure_of: Callable[[Size], Figure | None]
) -> Drawing | None:
    """Draw a figure in both forms that a report holds, unless there is nothing to draw."""
    with settings(salt=name):
        wide, narrow = figure_of(WIDE), figure_of(COLUMN)
        if wide is None or narrow is None:
            return None
        title = str(wide.get_label())
        return Drawing(f"figures/{name}", title, caption, svg(wide), svg(narrow), png(wide))
