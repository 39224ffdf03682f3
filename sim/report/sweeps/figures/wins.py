"""Who wins where: a cell a point in the colour of its winner, grey where nobody can be told."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.report.figures import layout, panels
from sim.report.figures.style import GRID, MUTED, PAPER, SMALL_POINTS, Size, is_wide, readable_on
from sim.report.figures.text import fitted, line_height, note, text_width
from sim.report.sweeps.contests import measured, unsigned
from sim.report.sweeps.figures.maps import Map, Maps, by_metric, over_two
from sim.report.sweeps.reading import Margin
from sim.report.sweeps.scales import spread_over
from sim.report.sweeps.swept import Swept
from sim.report.sweeps.winning import who_wins_where

_TIE, _TIES = "tie", GRID
_BETWEEN, _NAMES_GAP, _NAMES_MOST = 0.06, 0.1, 0.3
_ACROSS, _MORE_HEIGHT = 3, 1.5
_EDGE, _LEAST_EDGED = 0.8, 0.12
_TWO_LINES = 2

Room = tuple[float, float]
"""Width and height of a cell, in inches."""


def wins_over_two(
    swept: Swept, metric: str, colours: Mapping[str, str], size: Size
) -> Figure | None:
    """Draw who wins a metric over two axes of a grid, side by side over a third."""
    return _drawn(swept, metric, over_two(swept, metric), colours, size)


def wins_by_metric(swept: Swept, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw who wins each metric along an axis: a row a metric, an axis a chart."""
    maps = by_metric(swept)
    first = maps.found[0].metrics[-1] if maps else ""
    return _drawn(swept, first, maps, colours, size)


def _drawn(
    swept: Swept, metric: str, maps: Maps | None, colours: Mapping[str, str], size: Size
) -> Figure | None:
    """Draw maps side by side, with a legend of who wins anything on them."""
    if maps is None or not any(of.cells for of in maps.found):
        return None
    found = maps.found
    blank = "" if all(of.is_full for of in found) else "; blank: fewer than two to compare"
    subtitle = f"By how much the winner is ahead of the next; {maps.words}{blank}"
    across = min(len(found), _ACROSS if is_wide(size) else 1)
    size = (size[0], size[1] + max(0, -(-len(found) // across) - 2) * _MORE_HEIGHT)
    figure, top = layout.titled(who_wins_where(swept, metric), subtitle, size)
    top = layout.legend(figure, top, [*_entries(found, colours)])
    names = _names_width(found, size)
    boxes = panels.in_rows(len(found), across, size, top, layout.MARGIN + names)
    for place, (of, box) in enumerate(zip(found, boxes, strict=True)):
        drawn = layout.axes(figure, *box)
        panels.title(drawn, of.title)
        _draw_map(drawn, of, colours, names * (place % across == 0))
    return figure


def _names_width(maps: Sequence[Map], size: Size) -> float:
    widest = max(text_width(name, SMALL_POINTS) for of in maps for name in of.upward)
    return min(widest, size[0] * _NAMES_MOST) + _NAMES_GAP


def _entries(maps: Sequence[Map], colours: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The legend: those who win anything, and ties."""
    every = [margin for of in maps for margin in of.cells.values()]
    winning = {_TIE if margin.tie else margin.winner for margin in every}
    yield from ((name, hue) for name, hue in colours.items() if name in winning)
    if _TIE in winning:
        yield "tie: the interval covers 0", _TIES


def _draw_map(drawn: Axes, of: Map, colours: Mapping[str, str], names: float) -> None:
    drawn.set_xlim(-0.5, len(of.across) - 0.5)
    drawn.set_ylim(-0.5, len(of.upward) - 0.5)
    wide, high = layout.inches(drawn)
    room = wide / len(of.across), high / len(of.upward)
    edge = _EDGE if min(room) > _LEAST_EDGED else 0.0
    metrics = [metric for metric, _ in zip(cycle(of.metrics), of.upward, strict=False)]
    for (x, y), margin in of.cells.items():
        hue = _TIES if margin.tie else colours[margin.winner]
        place = (x - 0.5, y - 0.5)
        drawn.add_patch(Rectangle(place, 1, 1, facecolor=hue, edgecolor=PAPER, linewidth=edge))
        _write(drawn, (x, y), _told(margin, metrics[y]), _ink(hue), room)
    _name_across(drawn, of, room)
    _name_upward(drawn, of, room, names)


def _ink(hue: str) -> str:
    """The colour of letters; on a tie that of the page's own, which may be dark."""
    return MUTED if hue == _TIES else readable_on(hue)


def _told(margin: Margin, metric: str) -> str:
    """By how much the winner is ahead."""
    return _TIE if margin.tie else measured(unsigned(margin.by), metric)[0]


def _write(drawn: Axes, at: tuple[int, int], told: str, colour: str, room: Room) -> None:
    """Write into a cell what has room there, on one line or two."""
    for words in (told, told.replace(" ", "\n", 1)):
        lines = words.split("\n")
        wide = max(text_width(line, SMALL_POINTS) for line in lines) + _BETWEEN
        if wide < room[0] and len(lines) * line_height(SMALL_POINTS) < room[1]:
            note(drawn, *at, words, drawn.transData, colour=colour, ha="center")
            return


def _name_across(drawn: Axes, of: Map, room: Room) -> None:
    """Name as many places as have room below."""
    widest = max(text_width(label, SMALL_POINTS) for label in of.across)
    fitting = max(1, int(room[0] * len(of.across) / (widest + _NAMES_GAP)))
    places = spread_over(range(len(of.across)), fitting)
    wide = widest if len(places) > 1 else room[0] * len(of.across)
    drawn.set_xticks(places, labels=[fitted(of.across[at], wide, SMALL_POINTS) for at in places])


def _name_upward(drawn: Axes, of: Map, room: Room, names: float) -> None:
    """Name as many rows as have room on the left; none where that is another map."""
    high = line_height(SMALL_POINTS)
    fitting = max(1, int(room[1] * len(of.upward) / high))
    rows = spread_over(range(len(of.upward)), fitting) if names else range(0)
    lines = _TWO_LINES if room[1] > _TWO_LINES * high else 1
    wide = names - _NAMES_GAP
    labels = [fitted(of.upward[row], wide, SMALL_POINTS, lines=lines) for row in rows]
    drawn.set_yticks(rows, labels=labels)
