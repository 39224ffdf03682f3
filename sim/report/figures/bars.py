"""Gross amounts as stacked bars, a row a platform: what is the work, and what is the box."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from matplotlib.ticker import MaxNLocator

from sim.report.figures import layout
from sim.report.figures.style import (
    BASE_POINTS,
    INK,
    MUTED,
    PAPER,
    SMALL_POINTS,
    Size,
    component_colours,
    readable_on,
)
from sim.report.wording import amount, component_name, scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

Stacks = dict[str, dict[str, float]]
"""The value of each component on each platform."""

_CAPACITY_IN_SIGHT = 0.4
_LINE_ABOVE = 0.2
_BELOW = 0.42


def stacks(components: "DataFrame", resource: str, platforms: list[str]) -> Stacks:
    """Give what a resource is made of on each platform, in the order of the frame."""
    found: Stacks = {name: {} for name in platforms}
    rows = components[components["resource"] == resource]
    columns = (rows[column].tolist() for column in ("platform", "component", "value"))
    for platform, component, value in zip(*columns, strict=True):
        found[platform][component] = value
    return found


def stacked_bars(
    head: tuple[str, str],
    found: Stacks,
    unit: str,
    colours: Mapping[str, str],
    size: Size,
    capacity: float | None = None,
) -> "Figure":
    """Draw a bar a platform from its components, with the host's capacity where it is in sight.

    `head` is title and subtitle; `colours` those of the platforms.
    """
    largest = max((sum(parts.values()) for parts in found.values()), default=0.0)
    if capacity is not None and largest < _CAPACITY_IN_SIGHT * capacity:
        head = (head[0], f"{head[1]}; the host has {amount(capacity, unit)}")
        capacity = None
    figure, top = layout.titled(*head, size)
    hues = _colours_in_use(found)
    entries = [(component_name(component), hue) for component, hue in hues.items()]
    top = layout.legend(figure, top, entries) - (_LINE_ABOVE if capacity else 0.04)
    names = layout.names_width(colours, size)
    box = (layout.MARGIN + names + 0.16, _BELOW, size[0] - layout.MARGIN, top)
    drawn = layout.axes(figure, *box)
    reach = _set_scale(drawn, max(largest, capacity or 0.0), unit, size)
    layout.name_rows(drawn, dict(colours), names)
    _draw_rows(drawn, found, unit, hues, reach)
    if capacity:
        _draw_capacity(drawn, capacity / scale(reach, unit)[0], f"host: {amount(capacity, unit)}")
    return figure


def _colours_in_use(found: Stacks) -> dict[str, str]:
    """The components that some platform has, in the order of the platform that has most of them."""
    by_count = sorted(found.values(), key=len, reverse=True)
    named = {name: None for parts in by_count for name, value in parts.items() if value}
    kinds = list(dict.fromkeys(name.partition(".")[0] for name in named))
    return component_colours(sorted(named, key=lambda name: kinds.index(name.partition(".")[0])))


def _set_scale(drawn: "Axes", reach: float, unit: str, size: Size) -> float:
    """Set the axis in a unit that reads well, with room for the totals; give its reach."""
    divisor, name = scale(reach, unit)
    inches = drawn.get_position().width * size[0]
    total = layout.text_width(amount(reach, unit), BASE_POINTS, "bold") + 0.12
    drawn.set_xlim(0, (reach or 1.0) / divisor * inches / max(inches - total, 1.0))
    drawn.xaxis.set_major_locator(MaxNLocator(5 if inches > 4 else 3, steps=[1, 2, 2.5, 5, 10]))
    drawn.set_xlabel(name, loc="right", labelpad=2)
    drawn.grid(axis="x")
    drawn.spines["bottom"].set_visible(False)
    return reach


def _draw_rows(
    drawn: "Axes", found: Stacks, unit: str, hues: Mapping[str, str], reach: float
) -> None:
    divisor, _ = scale(reach, unit)
    box = drawn.get_window_extent()
    thickness = layout.row_thickness(box.height / drawn.get_figure().dpi, len(found))
    per_inch = drawn.get_xlim()[1] * drawn.get_figure().dpi / box.width
    for row, parts in enumerate(found.values()):
        left = 0.0
        for component, hue in hues.items():
            value = parts.get(component, 0.0) / divisor
            if value:
                drawn.barh(row, value, thickness, left, color=hue, edgecolor=PAPER, linewidth=0.6)
                label = _label(component, parts[component], unit, value / per_inch)
                _write_inside(drawn, left + value / 2, row, label, hue)
                left += value
        total = amount(sum(parts.values()), unit)
        drawn.text(left + 0.06 * per_inch, row, total, va="center", weight="bold", color=INK)


def _label(component: str, value: float, unit: str, inches: float) -> str:
    """What a segment has room for: its name and amount, its amount alone, or nothing."""
    said = amount(value, unit)
    for label in (f"{component_name(component)} {said}", said):
        if layout.text_width(label, SMALL_POINTS) + 0.1 < inches:
            return label
    return ""


def _write_inside(drawn: "Axes", x: float, row: int, label: str, hue: str) -> None:
    if label:
        look = {"ha": "center", "va": "center", "color": readable_on(hue), "size": SMALL_POINTS}
        drawn.text(x, row, label, **look)


def _draw_capacity(drawn: "Axes", place: float, label: str) -> None:
    """Mark what the host has to give, named above the rows."""
    drawn.axvline(place, color=INK, linewidth=1.2, linestyle=(0, (4, 2)))
    look = {"ha": "right", "va": "bottom", "color": MUTED, "size": SMALL_POINTS}
    drawn.text(place, 1.01, label, transform=drawn.get_xaxis_transform(), **look)
