"""Where the time of a start goes, phase by phase in the order in which they are performed."""

from typing import TYPE_CHECKING

from matplotlib import colormaps
from matplotlib.colors import to_hex

from sim.report.comparison import Comparison, platform_names
from sim.report.figures import layout
from sim.report.figures.bars import Stacks
from sim.report.figures.style import (
    BASE_POINTS,
    INK,
    MUTED,
    PAPER,
    SMALL_POINTS,
    WIDE,
    Size,
    platform_colours,
)
from sim.report.wording import amount, mix, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

_TOTALS_WIDTH = 0.85
_SLIVER = 0.04


def phases(comparison: Comparison, size: Size = WIDE) -> "Figure | None":
    """Draw the share of each phase in the mean start, a row a platform, with the time in all."""
    names = platform_names(comparison)
    found = _by_platform(comparison.phases, names)
    if not any(sum(parts.values()) > 0 for parts in found.values()):
        return None
    subtitle = f"Share of the mean start-up time; {mix(comparison.scenario)}"
    figure, top = layout.titled(_title(found), subtitle, size)
    hues = _colours(comparison.phases)
    top = layout.legend(figure, top, list(hues.items())) - 0.18
    gutter = layout.names_width(names, size)
    right = size[0] - layout.MARGIN - _TOTALS_WIDTH
    drawn = layout.axes(figure, layout.MARGIN + gutter + 0.16, 0.34, right, top)
    drawn.set_xlim(0, 1)
    layout.name_rows(drawn, platform_colours(names), gutter)
    _draw_rows(drawn, found, hues)
    _finish(drawn)
    return figure


def _by_platform(phases: "DataFrame", names: list[str]) -> Stacks:
    found: Stacks = {name: {} for name in names}
    rows = phases.sort_values("order", kind="stable")
    columns = (rows[column].tolist() for column in ("platform", "phase", "mean_s"))
    for platform, phase, seconds in zip(*columns, strict=True):
        found[platform][phase] = seconds
    return found


def _colours(phases: "DataFrame") -> dict[str, str]:
    """From light to dark in the order of performance, by the latest place over all platforms."""
    order = phases.groupby("phase", sort=False)["order"].max().sort_values(kind="stable")
    ramp = colormaps["YlGnBu"]
    last = max(1, len(order) - 1)
    return {phase: to_hex(ramp(0.2 + 0.65 * n / last)) for n, phase in enumerate(order.index)}


def _title(found: Stacks) -> str:
    """The longest phase of the platform that takes longest."""
    slowest = max(found, key=lambda name: sum(found[name].values()))
    parts = found[slowest]
    longest, whole = max(parts, key=parts.__getitem__), sum(parts.values())
    said = f"{amount(parts[longest], 's')} of {amount(whole, 's')}"
    return f"{percent(parts[longest] / whole)} of a start on {slowest} is {longest}: {said}"


def _draw_rows(drawn: "Axes", found: Stacks, hues: dict[str, str]) -> None:
    wide, high = layout.inches(drawn)
    thickness = layout.row_thickness(high, len(found))
    for row, parts in enumerate(found.values()):
        whole, left = sum(parts.values()), 0.0
        for phase, seconds in parts.items():
            share = seconds / whole if whole else 0.0
            edge = 0.6 if share * wide > _SLIVER else 0.0
            drawn.barh(row, share, thickness, left, color=hues[phase], edgecolor=PAPER, lw=edge)
            label = _label(phase, seconds, share * wide)
            layout.write_inside(drawn, left + share / 2, row, label, hues[phase])
            left += share
        total = amount(whole, "s") if whole else "none ready"
        drawn.text(1 + 0.08 / wide, row, total, va="center", weight="bold", color=INK, size=BASE_POINTS)


def _label(phase: str, seconds: float, inches: float) -> str:
    """What a segment has room for: its phase and time, its phase, or nothing."""
    for label in (f"{phase} {amount(seconds, 's')}", phase):
        if layout.text_width(label, SMALL_POINTS) + 0.1 < inches:
            return label
    return ""


def _finish(drawn: "Axes") -> None:
    wide, _ = layout.inches(drawn)
    drawn.set_xticks([0, 0.5, 1], labels=["0", "50 %", "100 %"])
    drawn.spines[:].set_visible(False)
    look = {"va": "bottom", "color": MUTED, "size": SMALL_POINTS, "transform": drawn.transAxes}
    drawn.text(1 + 0.08 / wide, 1.01, "mean start", **look)
