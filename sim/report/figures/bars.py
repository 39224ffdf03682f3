"""Gross amounts as stacked bars, a row a platform: what is the work, and what is the box."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from pandas import DataFrame

from sim.report.figures import layout
from sim.report.figures.style import BASE_POINTS, BOX_PARTS, INK, Size, component_colours
from sim.report.figures.text import note, text_width
from sim.report.frames import rows
from sim.report.wording import amount, component_name, scale

Stacks = dict[str, dict[str, float]]
"""The value of each component on each platform."""

_REST = "boundary.other parts"
_CAPACITY_IN_SIGHT = 0.4
_CAPACITY_DASHES = (0, (4, 2))
_LINE_ABOVE = 0.2
_WIDE_ENOUGH = 4.0


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
    colours: dict[str, str],
    size: Size,
    capacity: float | None = None,
) -> Figure:
    """Draw a bar a platform from its components, with the host's capacity where it is in sight.

    `head` is title and subtitle; `colours` those of the platforms.
    """
    title, subtitle = head
    largest = max((sum(parts.values()) for parts in found.values()), default=0.0)
    if capacity is not None and largest < _CAPACITY_IN_SIGHT * capacity:
        subtitle, capacity = f"{subtitle}; the host has {amount(capacity, unit)}", None
    figure, top = layout.titled(title, subtitle, size)
    found = folded(found)
    hues = component_colours(_largest_first(found))
    entries = [(component_name(component), hue) for component, hue in hues.items()]
    top = layout.legend(figure, top, entries) - (_LINE_ABOVE if capacity else 0.04)
    drawn = layout.row_axes(figure, colours, top)
    divisor = _set_scale(drawn, max(largest, capacity or 0.0), unit)
    for row, parts in enumerate(found.values()):
        _draw_row(drawn, row, parts, unit, hues, divisor)
    if capacity:
        _draw_capacity(drawn, capacity / divisor, f"host: {amount(capacity, unit)}")
    return figure


def folded(found: Stacks) -> Stacks:
    """Put the smallest parts of the box together, where there are more than colours for them."""
    parts = [name for name in _largest_first(found) if name.startswith("boundary.")]
    small = set(parts[BOX_PARTS - 1 :]) if len(parts) > BOX_PARTS else set()
    result: Stacks = {}
    for platform, components in found.items():
        kept = {name: value for name, value in components.items() if name not in small}
        rest = sum(value for name, value in components.items() if name in small)
        result[platform] = kept | ({_REST: rest} if rest else {})
    return result


def _largest_first(found: Stacks) -> list[str]:
    """The components that some platform has, those first that are largest on any, the rest last."""
    most: dict[str, float] = {}
    for parts in found.values():
        for component, value in parts.items():
            most[component] = max(value, most.get(component, 0.0))
    in_use = [component for component, value in most.items() if value]
    return sorted(in_use, key=lambda component: (component == _REST, -most[component]))


def _set_scale(drawn: Axes, reach: float, unit: str) -> float:
    """Set the axis in a unit that reads well, with room for the totals; give its divisor."""
    divisor, name = scale(reach, unit)
    wide, _ = layout.inches(drawn)
    total = text_width(amount(reach, unit), BASE_POINTS, "bold") + 0.12
    most = (reach or 1.0) / divisor
    drawn.set_xlim(0, most * wide / max(wide - total, 1.0))
    steps = MaxNLocator(5 if wide > _WIDE_ENOUGH else 3, steps=[1, 2, 2.5, 5, 10])
    ticks = [tick for tick in steps.tick_values(0, most) if tick <= most]
    drawn.set_xticks(ticks, labels=[*(f"{tick:g}" for tick in ticks[:-1]), f"{ticks[-1]:g} {name}"])
    drawn.grid(axis="x")
    return divisor


def _draw_row(
    drawn: Axes, row: int, parts: dict[str, float], unit: str, hues: dict[str, str], divisor: float
) -> None:
    left = 0.0
    for component, hue in hues.items():
        value = parts.get(component, 0.0)
        if value:
            said = amount(value, unit)
            labels = (f"{component_name(component)} {said}", said)
            layout.segment(drawn, row, left, value / divisor, hue, *labels)
            left += value / divisor
    per_inch = drawn.get_xlim()[1] / layout.inches(drawn)[0]
    total = amount(sum(parts.values()), unit)
    note(drawn, left + 0.06 * per_inch, row, total, drawn.transData, BASE_POINTS, INK, "bold")


def _draw_capacity(drawn: Axes, place: float, label: str) -> None:
    """Mark what the host has to give, named above the rows."""
    drawn.axvline(place, color=INK, linewidth=1.2, linestyle=_CAPACITY_DASHES)
    note(drawn, place, 1.01, label, drawn.get_xaxis_transform(), ha="right", va="bottom")
