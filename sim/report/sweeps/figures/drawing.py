"""All figures of a sweep, in the forms that a report holds."""

import re
from collections.abc import Iterator, Mapping
from functools import partial

from sim.report.figures.drawing import Drawing, drawn_twice
from sim.report.sweeps.answer import MOST_METRICS
from sim.report.sweeps.figures import inputs
from sim.report.sweeps.figures.differences import differences
from sim.report.sweeps.figures.lines import effects, lines
from sim.report.sweeps.figures.wins import wins_by_metric, wins_over_two
from sim.report.sweeps.mattering import indices, swings
from sim.report.sweeps.swept import Swept

_BY_METRIC = {
    "lines": (
        lines,
        "The mean of the runs; where a dashed line stands, two platforms change places, and the "
        "grey beside it is its interval.",
    ),
    "wins": (
        wins_over_two,
        "The colour is that of the platform that is best at the point, grey where the paired "
        "difference from the next covers 0.",
    ),
    "differences": (
        differences,
        "All platforms meet the same chance in a run, so their difference is known better than "
        "either of them; a hollow dot is a tie.",
    ),
    "effects": (
        effects,
        "How far a line rises or falls is what its axis does, in the mean over all others; bands "
        "are 95 % intervals.",
    ),
}
_BY_PLATFORM = {
    "tornado": (
        inputs.tornado,
        "The longer a bar, the more the answer depends on how well that number is known.",
    ),
    "sobol": (
        inputs.shares,
        "Where the two dots of an input lie apart, what it does depends on other inputs.",
    ),
    "morris": (
        inputs.morris,
        "An input on top with little spread moves the metric by as much wherever the others are.",
    ),
}
_ALONG = "A row a metric: the colour is that of the platform that is best, grey where none is."
_MOST_OF_PLATFORMS = 4


def draw(swept: Swept, colours: Mapping[str, str]) -> Iterator[tuple[str, Drawing]]:
    """Draw every figure that a sweep has numbers for, each with the kind of thing it shows.

    The first of a kind alone has a caption, which holds for all of them.
    """
    told: set[str] = set()
    for metric in swept.metrics[:MOST_METRICS]:
        for kind, (figure_of, caption) in _BY_METRIC.items():
            name, said = f"{kind}-{_slug(metric)}", "" if kind in told else caption
            if drawing := drawn_twice(name, said, partial(figure_of, swept, metric, colours)):
                told.add(kind)
                yield kind, drawing
    if drawing := drawn_twice("wins", _ALONG, partial(wins_by_metric, swept, colours)):
        yield "wins", drawing
    for metric in swept.metrics[:MOST_METRICS]:
        yield from _of_inputs(swept, metric)


def _of_inputs(swept: Swept, metric: str) -> Iterator[tuple[str, Drawing]]:
    """The figures of what a metric depends on, for the first platforms that have numbers."""
    every = dict.fromkeys((*swings(swept, metric), *indices(swept, metric)))
    for platform in [*every][:_MOST_OF_PLATFORMS]:
        for kind, (figure_of, caption) in _BY_PLATFORM.items():
            name = "-".join(filter(None, (kind, _slug(metric), _slug(platform))))
            if drawing := drawn_twice(name, caption, partial(figure_of, swept, metric, platform)):
                yield kind, drawing


def _slug(name: str) -> str:
    """A name as a part of a file's name, on any system."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
