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
_BELOW = 0.34
_WIDE_ENOUGH = 4.0
_SLIVER = 0.04
_EDGE = 0.6


def stacks(components: "DataFrame", platforms: list[str]) -> Stacks:
    """Give what one resource is made of on each platform, in the order of the frame."""
    found: Stacks = {name: {} for name in platforms}
    columns = (components[column].tolist() for column in ("platform", "component", "value"))
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
    divisor = _set_scale(drawn, max(largest, capacity or 0.0), unit, size)
    layout.name_rows(drawn, dict(colours), names)
    _draw_rows(drawn, found, unit, hues, divisor)
    if capacity:
        _draw_capacity(drawn, capacity / divisor, f"host: {amount(capacity, unit)}")
    return figure


def _colours_in_use(found: Stacks) -> dict[str, str]:
    """The components that some platform has, in the order of the platform that has most of them."""
    by_count = sorted(found.values(), key=len, reverse=True)
    named = {name: None for parts in by_count for name, value in parts.items() if value}
    kinds = list(dict.fromkeys(name.partition(".")[0] for name in named))
    return component_colours(sorted(named, key=lambda name: kinds.index(name.partition(".")[0])))


def _set_scale(drawn: "Axes", reach: float, unit: str, size: Size) -> float:
    """Set the axis in a unit that reads well, with room for the totals; give its divisor."""
    divisor, name = scale(reach, unit)
    inches = drawn.get_position().width * size[0]
    total = layout.text_width(amount(reach, unit), BASE_POINTS, "bold") + 0.12
    most = (reach or 1.0) / divisor
    drawn.set_xlim(0, most * inches / max(inches - total, 1.0))
    steps = MaxNLocator(5 if inches > _WIDE_ENOUGH else 3, steps=[1, 2, 2.5, 5, 10])
    ticks = [tick for tick in steps.tick_values(0, most) if tick <= most]
    drawn.set_xticks(ticks, labels=[*(f"{tick:g}" for tick in ticks[:-1]), f"{ticks[-1]:g} {name}"])
    drawn.grid(axis="x")
    drawn.spines["bottom"].set_visible(False)
    return divisor


def _draw_rows(
    drawn: "Axes", found: Stacks, unit: str, hues: Mapping[str, str], divisor: float
) -> None:
    inches_wide, inches_high = layout.inches(drawn)
    per_inch = drawn.get_xlim()[1] / inches_wide
    thickness = layout.row_thickness(inches_high, len(found))
    for row, parts in enumerate(found.values()):
        left = 0.0
        for component in (component for component in hues if parts.get(component)):
            width = parts[component] / divisor
            edge = _EDGE if width > _SLIVER * per_inch else 0.0
            hue = hues[component]
            drawn.barh(row, width, thickness, left, color=hue, edgecolor=PAPER, linewidth=edge)
            label = _label(component, parts[component], unit, width / per_inch)
            layout.write_inside(drawn, left + width / 2, row, label, hue)
            left += width
        total = amount(sum(parts.values()), unit)
        drawn.text(left + 0.06 * per_inch, row, total, va="center", weight="bold", color=INK)


def _label(component: str, value: float, unit: str, inches: float) -> str:
    """What a segment has room for: its name and amount, its amount alone, or nothing."""
    said = amount(value, unit)
    for label in (f"{component_name(component)} {said}", said):
        if layout.text_width(label, SMALL_POINTS) + 0.1 < inches:
            return label
    return ""


def _draw_capacity(drawn: "Axes", place: float, label: str) -> None:
    """Mark what the host has to give, named above the rows."""
    drawn.axvline(place, color=INK, linewidth=1.2, linestyle=(0, (4, 2)))
    look = {"ha": "right", "va": "bottom", "color": MUTED, "size": SMALL_POINTS}
    drawn.text(place, 1.01, label, transform=drawn.get_xaxis_transform(), **look)
