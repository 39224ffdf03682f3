"""Charts beside each other on one figure, which share the axis of amounts."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.figures import layout, panels
from sim.report.figures.style import SMALL_POINTS, Size, is_wide
from sim.report.figures.text import line_height, text_width
from sim.report.sweeps.figures.charts import Chart, fill
from sim.report.sweeps.figures.heights import Height, height_of
from sim.report.sweeps.naming import Naming

_AXIS_GAP, _MARK_ROOM = 0.12, 0.09
_MORE_HEIGHT, _ROWS_AT_ONCE = 1.35, 2
_WIDE_ACROSS, _TWO = {1: 1, 2: 2, 4: 2}, 2


def draw_charts(
    head: tuple[str, str],
    charts: Sequence[Chart],
    metric: str,
    naming: Naming,
    colours: Mapping[str, str],
    size: Size,
) -> Figure:
    """Draw charts beside each other; `head` is title and subtitle.

    The lines of one chart are named at their ends, those of several in a legend above all.
    """
    height = _height(charts, metric)
    shown = _shown(charts, colours)
    head = (head[0], head[1] + ("; log scale upwards" if height.is_log else ""))
    room = max(text_width(label, SMALL_POINTS) for label in height.ticks[1] or [""]) + _AXIS_GAP
    if len(charts) == 1 and charts[0].is_joined and len(shown) > 1:
        return _one(head, charts[0], height, naming, shown, size, room)
    figure, drawn = _small_multiples(head, charts, shown, size, room)
    for place, (chart, each) in enumerate(zip(charts, drawn, strict=True)):
        height.set_on(each)
        fill(each, chart, naming, shown)
        each.tick_params(axis="y", labelleft=place % _across(len(charts), size) == 0)
    return figure


def _shown(charts: Sequence[Chart], colours: Mapping[str, str]) -> dict[str, str]:
    """The colours of those platforms alone that are on a chart."""
    return {name: hue for name, hue in colours.items() if any(name in of.lines for of in charts)}


def _height(charts: Sequence[Chart], metric: str) -> Height:
    every = [found for chart in charts for found in chart.every()]
    marks = max(len(chart.marks) for chart in charts)
    beside_log = any(chart.levels.is_log for chart in charts)
    return height_of(every, metric, _MARK_ROOM * marks, beside_log=beside_log)


def _one(
    head: tuple[str, str],
    chart: Chart,
    height: Height,
    naming: Naming,
    shown: Mapping[str, str],
    size: Size,
    room: float,
) -> Figure:
    """A single chart, whose lines are named at their ends where there is room."""
    drawing = panels.of_lines(head, {"": chart.lines}, shown, size, room)
    height.set_on(drawing.axes[0])
    fill(drawing.axes[0], chart, naming, shown)
    drawing.name_ends(drawing.axes[0], chart.ends())
    return drawing.figure


def _small_multiples(
    head: tuple[str, str],
    charts: Sequence[Chart],
    shown: Mapping[str, str],
    size: Size,
    room: float,
) -> tuple[Figure, list[Axes]]:
    """Charts in rows below a legend; the first of each row alone says what heights mean."""
    across = _across(len(charts), size)
    figure, top = layout.titled(*head, _size(len(charts), across, shown, size))
    if len(shown) > 1:
        top = layout.legend(figure, top, list(shown.items()))
    whole = (figure.get_figwidth(), figure.get_figheight())
    boxes = panels.in_rows(len(charts), across, whole, top, layout.MARGIN + room)
    drawn = [layout.axes(figure, *box) for box in boxes]
    if len(charts) > 1:
        for chart, each in zip(charts, drawn, strict=True):
            panels.title(each, chart.title)
    return figure, drawn


def _size(count: int, across: int, shown: Mapping[str, str], size: Size) -> Size:
    """More height where there are many rows of charts, or of the legend."""
    rows = -(-count // across)
    legend = max(0, layout.legend_rows([*shown], size[0]) - 1) * line_height(SMALL_POINTS)
    return size[0], size[1] + max(0, rows - _ROWS_AT_ONCE) * _MORE_HEIGHT + legend


def _across(count: int, size: Size) -> int:
    if is_wide(size):
        return _WIDE_ACROSS.get(count, 3)
    return 1 if count <= _TWO else 2
