"""What a figure really draws, and what of it is cut or lies over something else."""

from collections.abc import Iterator
from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from report.made import Made

from sim.report.comparison import platform_names
from sim.report.figures.drawing import FIGURES
from sim.report.figures.files import settings
from sim.report.figures.style import WIDE, Size, platform_colours


def colours(comparison: Made) -> dict[str, str]:
    """The colours of its platforms in a report of its own."""
    return platform_colours(platform_names(comparison))


def figure_of(name: str, comparison: Made, size: Size = WIDE) -> Figure | None:
    """A figure of a report, if the comparison has numbers for it."""
    with settings("test"):
        return FIGURES[name][0](comparison, colours(comparison), size)


def boxes(figure: Figure, drawn: list[Text]) -> list[tuple[str, Bbox]]:
    """The texts of a figure with where they are; `drawn` is the fixture of that name."""
    drawn.clear()
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer)) for text in list(drawn)]


def misplaced(figure: Figure, drawn: list[Text]) -> Iterator[tuple[str, ...]]:
    """The texts that leave the figure, and the pairs that overlap."""
    placed = boxes(figure, drawn)
    canvas = figure.bbox.padded(0.5)
    for text, box in placed:
        across = canvas.containsx(box.x0) and canvas.containsx(box.x1)
        if not (across and canvas.containsy(box.y0) and canvas.containsy(box.y1)):
            yield (text,)
    for (one, first), (other, second) in combinations(placed, 2):
        if first.padded(-1).overlaps(second.padded(-1)):
            yield one, other
