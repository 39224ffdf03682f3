"""Several scenarios on one figure: a chart a metric, and in it a row for each platform of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.across import (
    COMPARED,
    Comparisons,
    Found,
    changing,
    found,
    is_shared,
)
from sim.report.comparison import platform_names
from sim.report.contrast import told
from sim.report.figures import layout
from sim.report.figures.drawing import Drawing, drawn_twice
from sim.report.figures.scale import scale_of
from sim.report.figures.style import (
    BASE_POINTS,
    GRID,
    INK,
    SMALL_POINTS,
    Size,
    is_wide,
)
from sim.report.figures.text import fitted, note, text_width

_CHARTS = ("memory gross", "p99 start", "CPU gross", "p99 request")
_SUBTITLE = "Means of all runs; every chart has its own axis, from 0 unless it says log"
_CAPTION = "What each platform takes in each scenario, in the mean of all runs."
_HEAD, _HEADING, _LINE, _GAP, _BETWEEN = 1.0, 0.24, 0.175, 0.35, 0.2
_BESIDE_IN_COLUMN = 2
_INDENT, _DOT, _LABEL_GAP, _BESIDE_NAMES, _NAMES_MOST = 0.12, 0.035, 0.07, 0.12, 0.37


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a chart: a scenario's own, or that of one of its platforms."""

    place: float
    label: str
    platform: str = ""


def draw_across(comparisons: Comparisons, colours: Mapping[str, str]) -> Iterator[Drawing]:
    """Draw scenarios beside each other in the forms that a report holds, if there are several."""
    drawing = drawn_twice("across", _CAPTION, lambda size: scenarios(comparisons, colours, size))
    yield from [drawing] if drawing else []


def scenarios(comparisons: Comparisons, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw the main metrics by scenario and platform; nothing of a single scenario."""
    charts = _charts(comparisons)
    if len(comparisons) == 1 or not charts:
        return None
    rows = list(_rows(comparisons))
    beside = len(charts) if is_wide(size) else min(_BESIDE_IN_COLUMN, len(charts))
    bands = -(-len(charts) // beside)
    needed = _HEAD + bands * (_HEADING + _BETWEEN + rows[-1].place * _LINE)
    figure, top = layout.titled(_title(comparisons), _SUBTITLE, (size[0], max(size[1], needed)))
    boxes = _boxes(len(charts), beside, top, figure, _names_width(rows, size))
    for place, ((name, of), box) in enumerate(zip(charts.items(), boxes, strict=True)):
        drawn = layout.axes(figure, *box)
        _prepare(drawn, rows)
        if place % beside == 0:
            _name_rows(drawn, rows, colours, box[0] - layout.MARGIN)
        _draw(drawn, name, of, rows, colours)
    return figure


def _charts(comparisons: Comparisons) -> dict[str, Found]:
    """The metrics that scenarios share, by what they are called."""
    every = {name: found(comparisons, COMPARED[name]) for name in _CHARTS}
    return {name: of for name, of in every.items() if any(of.values()) and is_shared(of)}


def _title(comparisons: Comparisons) -> str:
    said = changing(comparisons).removesuffix(".")
    return said or f"{len(comparisons)} scenarios, and what each platform takes in them"


def _rows(comparisons: Comparisons) -> Iterator[_Row]:
    """The lines from top to bottom, with a gap before each scenario but the first."""
    place = 0.0
    for label, comparison in comparisons.items():
        yield _Row(place, label)
        for name in platform_names(comparison):
            place += 1
            yield _Row(place, label, name)
        place += 1 + _GAP


def _names_width(rows: Sequence[_Row], size: Size) -> float:
    widest = max(text_width(row.platform, SMALL_POINTS) for row in rows)
    return _INDENT + min(widest, size[0] * _NAMES_MOST) + _BESIDE_NAMES


def _boxes(
    count: int, beside: int, top: float, figure: Figure, names: float
) -> Iterator[tuple[float, float, float, float]]:
    """Give left, bottom, right and top of each chart, with room for names before each band."""
    left = layout.MARGIN + names
    room = figure.get_figwidth() - left - layout.MARGIN + _BETWEEN
    high = (top - layout.MARGIN) / -(-count // beside)
    for place in range(count):
        band, column = divmod(place, beside)
        wide = room / min(beside, count - band * beside)
        start, above = left + column * wide, top - band * high
        yield start, above - high + _BETWEEN / 2, start + wide - _BETWEEN, above - _HEADING


def _prepare(drawn: Axes, rows: Sequence[_Row]) -> None:
    """Axes whose horizontal unit is the inch, and whose vertical unit is a row."""
    drawn.set_xlim(0, layout.inches(drawn)[0])
    drawn.set_ylim(rows[-1].place + 0.5, -0.5)
    drawn.set_xticks([])
    drawn.set_yticks([])


def _name_rows(drawn: Axes, rows: Sequence[_Row], colours: Mapping[str, str], room: float) -> None:
    """Name the scenarios, and below each its platforms with their colours."""
    wide, _ = layout.inches(drawn)
    for row in rows:
        if not row.platform:
            label = fitted(row.label, wide + room, BASE_POINTS, "bold")
            note(drawn, -room, row.place, label, drawn.transData, BASE_POINTS, INK, "bold")
            continue
        hue = colours[row.platform]
        drawn.plot([-room + _DOT], [row.place], "s", color=hue, ms=5, clip_on=False)
        name = fitted(row.platform, room - _INDENT, SMALL_POINTS)
        note(drawn, -room + _INDENT, row.place, name, drawn.transData)


def _draw(
    drawn: Axes, name: str, of: Found, rows: Sequence[_Row], colours: Mapping[str, str]
) -> None:
    """A dot a platform at its value, which stands beside it."""
    every = [own for platforms in of.values() for own in platforms.values()]
    scale = scale_of(own.mean for own in every)
    _name_chart(drawn, name.removesuffix(" gross") + (", log" if scale.is_log else ""))
    words = max(text_width(told(own), SMALL_POINTS) for own in every)
    room = layout.inches(drawn)[0] - words - _LABEL_GAP
    for row in rows:
        if row.platform in of[row.label]:
            own = of[row.label][row.platform]
            x = room * scale.share(own.mean)
            drawn.hlines(row.place, 0, x, color=GRID, linewidth=1.2)
            drawn.plot([x], [row.place], "o", color=colours[row.platform], ms=5, clip_on=False)
            note(drawn, x + _LABEL_GAP, row.place, told(own), drawn.transData, colour=INK)


def _name_chart(drawn: Axes, heading: str) -> None:
    wide, high = layout.inches(drawn)
    shown = fitted(heading, wide, SMALL_POINTS, "bold")
    place = (0, 1 + _DOT / high, shown, drawn.transAxes)
    note(drawn, *place, colour=INK, weight="bold", va="bottom")
