"""Gross amounts as stacked bars, a row a platform: what is the work, and what is the box."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas import DataFrame

from sim.report.figures import layout
from sim.report.figures.style import (
    BASE_POINTS,
    BOX_PARTS,
    CAPACITY_DASHES,
    CAPACITY_IN_SIGHT,
    INK,
    SMALL_POINTS,
    Size,
    component_colours,
)
from sim.report.figures.text import Side, note, text_width
from sim.report.figures.ticks import amount_ticks
from sim.report.frames import rows
from sim.report.wording import amount, component_name

Stacks = dict[str, dict[str, float]]
"""The value of each component on each platform."""

_REST = "boundary.other parts"
_LINE_ABOVE = 0.2
_WIDE_ENOUGH = 4.0
_TOTAL_GAP, _ABOVE = 0.12, 0.03
_BEHIND_BARS = 0.9


def stacks(components: DataFrame, platforms: list[str]) -> Stacks:
    """Give what one resource is made of on each platform, in the order of the frame."""
    found: Stacks = {name: {} for name in platforms}
    for platform, component, value in rows(components, "platform", "component", "value"):
        found[platform][component] = value
    return found


def stacked_bars(
    head: tuple[str, str],
    found: Stacks,
    unit: str,
    colours: Mapping[str, str],
    size: Size,
    capacity: float | None = None,
) -> Figure:
    """Draw a bar a platform from its components, with the host's capacity where it is in sight.

    `head` is title and subtitle; `colours` those of the platforms.
    """
    title, subtitle = head
    size = layout.room_for(colours, size)
    largest = max((sum(parts.values()) for parts in found.values()), default=0.0)
    if capacity is not None and largest < CAPACITY_IN_SIGHT * capacity:
        subtitle, capacity = f"{subtitle}; the host has {amount(capacity, unit)}", None
    figure, top = layout.titled(title, subtitle, size)
    found = folded(found)
    hues = component_colours(_largest_first(found))
    entries = [(component_name(component), hue) for component, hue in hues.items()]
    top = layout.legend(figure, top, entries) - (_LINE_ABOVE if capacity else 0.04)
    drawn = layout.row_axes(figure, colours, top)
    _set_scale(drawn, *_reach(found, capacity), unit)
    for row, parts in enumerate(found.values()):
        end = _draw_row(drawn, row, parts, unit, hues)
        _draw_total(drawn, row, end, amount(sum(parts.values()), unit), capacity)
    if capacity:
        _draw_capacity(drawn, capacity, f"host: {amount(capacity, unit)}")
    return figure


def folded(found: Stacks) -> Stacks:
    """Put the smallest parts of the box together, where there are more than colours for them."""
    parts = [name for name in _largest_first(found) if name.startswith("boundary.")]
    if len(parts) <= BOX_PARTS:
        return found
    small = parts[BOX_PARTS - 1 :]
    return {platform: _together(components, small) for platform, components in found.items()}


def _together(components: dict[str, float], small: list[str]) -> dict[str, float]:
    kept = {name: value for name, value in components.items() if name not in small}
    return kept | {_REST: sum(components.get(name, 0.0) for name in small)}


def _largest_first(found: Stacks) -> list[str]:
    """The components that some platform has, those first that are largest on any, the rest last."""
    most: dict[str, float] = {}
    for parts in found.values():
        for component, value in parts.items():
            most[component] = max(abs(value), most.get(component, 0.0))
    in_use = [component for component, value in most.items() if value]
    return sorted(in_use, key=lambda component: (component == _REST, -most[component]))


def _reach(found: Stacks, capacity: float | None) -> tuple[float, float]:
    """How far the bars go to the left of 0, where credits are, and to the right."""
    credits = (-sum(min(value, 0.0) for value in parts.values()) for parts in found.values())
    amounts = (sum(max(value, 0.0) for value in parts.values()) for parts in found.values())
    return -max(credits), max(*amounts, capacity or 0.0) or 1.0


def _set_scale(drawn: Axes, low: float, high: float, unit: str) -> None:
    """Set the axis, with room for the totals at the right."""
    wide, _ = layout.inches(drawn)
    total = text_width(amount(high, unit), BASE_POINTS, "bold") + _TOTAL_GAP
    drawn.set_xlim(low, low + (high - low) * wide / max(wide - total, 1.0))
    places, labels = amount_ticks(low, high, unit, most=5 if wide > _WIDE_ENOUGH else 3)
    drawn.set_xticks(places, labels=labels)
    drawn.grid(axis="x")


def _draw_row(
    drawn: Axes, row: int, parts: dict[str, float], unit: str, hues: dict[str, str]
) -> float:
    """Draw the parts of a row; give where those above nothing end."""
    ends = [0.0, 0.0]
    for component, hue in hues.items():
        value = parts.get(component, 0.0)
        if value:
            side, said = int(value > 0), amount(value, unit)
            left = min(ends[side], ends[side] + value)
            labels = (f"{component_name(component)} {said}", said)
            layout.segment(drawn, row, left, abs(value), hue, *labels)
            ends[side] += value
    return ends[1]


def _draw_total(drawn: Axes, row: int, end: float, total: str, capacity: float | None) -> None:
    """Write a total beside its bar, or beyond the line of the capacity where that is in its way."""
    gap = _TOTAL_GAP / 2 * layout.per_inch(drawn)
    reach = gap + text_width(total, BASE_POINTS, "bold") * layout.per_inch(drawn)
    x = capacity if capacity and end <= capacity <= end + reach else end
    note(drawn, x + gap, row, total, drawn.transData, BASE_POINTS, INK, "bold")


def _draw_capacity(drawn: Axes, place: float, label: str) -> None:
    """Mark what the host has to give, named above the rows."""
    drawn.axvline(place, color=INK, linewidth=1.2, linestyle=CAPACITY_DASHES, zorder=_BEHIND_BARS)
    above = 1 + _ABOVE / layout.inches(drawn)[1]
    room = (place - drawn.get_xlim()[0]) / layout.per_inch(drawn)
    side: Side = "right" if text_width(label, SMALL_POINTS) < room else "left"
    note(drawn, place, above, label, drawn.get_xaxis_transform(), ha=side, va="bottom")
