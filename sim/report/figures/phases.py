"""Where the time of a start goes, phase by phase in the order in which they are performed."""

from collections.abc import Mapping

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from pandas import DataFrame

from sim.report.comparison import Comparison, platform_names
from sim.report.figures import layout
from sim.report.figures.bars import Stacks
from sim.report.figures.style import BASE_POINTS, INK, Size
from sim.report.figures.text import note
from sim.report.frames import rows
from sim.report.wording import amount, mix, percent

_TOTALS_ROOM, _TOTAL_GAP, _ABOVE = 0.85, 0.08, 0.03
_LIGHTEST, _DARKEST = 0.15, 0.85
_MOST_PHASES, _OTHERS = 8, "other phases"
_NOTABLE = 0.15
_GREY = "#b9c0c7"


def phases(comparison: Comparison, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw the share of each phase in the mean start, a row a platform, with the time in all."""
    names = platform_names(comparison)
    found = _by_platform(comparison.phases, names)
    if not any(sum(parts.values()) > 0 for parts in found.values()):
        return None
    subtitle = f"Share of the mean start-up time; {mix(comparison.scenario)}"
    size = layout.room_for(names, size)
    figure, top = layout.titled(_title(found), subtitle, size)
    found = _small_together(found)
    hues = _colours(comparison.phases, found)
    top = layout.legend(figure, top, list(hues.items())) - 0.18
    drawn = layout.row_axes(figure, colours, top, beside=_TOTALS_ROOM)
    drawn.set_xlim(0, 1)
    drawn.set_xticks([0, 0.5, 1], labels=["0", "50 %", "100 %"])
    for row, parts in enumerate(found.values()):
        _draw_row(drawn, row, parts, hues)
    wide, high = layout.inches(drawn)
    place = 1 + _TOTAL_GAP / wide, 1 + _ABOVE / high
    note(drawn, *place, "mean start", drawn.transAxes, va="bottom")
    return figure


def _by_platform(phases: DataFrame, names: list[str]) -> Stacks:
    found: Stacks = {name: {} for name in names}
    in_order = phases.sort_values("order", kind="stable")
    for platform, phase, seconds in rows(in_order, "platform", "phase", "mean_s"):
        if seconds:
            found[platform][phase] = seconds
    return found


def _small_together(found: Stacks) -> Stacks:
    """Put the smallest phases together, last, and none that is notable on any platform."""
    most: dict[str, float] = {}
    for parts in found.values():
        for phase, seconds in parts.items():
            most[phase] = max(seconds / sum(parts.values()), most.get(phase, 0.0))
    if len(most) <= _MOST_PHASES:
        return found
    notable = sum(share >= _NOTABLE for share in most.values())
    kept = sorted(most, key=lambda phase: (-most[phase], phase))[: max(_MOST_PHASES, notable)]
    return {name: _folded(parts, kept) for name, parts in found.items()}


def _folded(parts: dict[str, float], kept: list[str]) -> dict[str, float]:
    small = sum(seconds for phase, seconds in parts.items() if phase not in kept)
    large = {phase: seconds for phase, seconds in parts.items() if phase in kept}
    return large | ({_OTHERS: small} if small else {})


def _colours(phases: DataFrame, found: Stacks) -> dict[str, str]:
    """From light to dark in the order of performance, by the latest place over all platforms."""
    drawn = {phase for parts in found.values() for phase in parts}
    last: dict[str, int] = {}
    for phase, order in rows(phases[phases["phase"].isin(drawn)], "phase", "order"):
        last[phase] = max(order, last.get(phase, 0))
    ramp, steps = colormaps["YlGnBu"], max(1, len(last) - 1)
    shades = (_LIGHTEST + (_DARKEST - _LIGHTEST) * n / steps for n in range(len(last)))
    hues = {phase: to_hex(ramp(next(shades))) for phase in sorted(last, key=last.__getitem__)}
    return hues | ({_OTHERS: _GREY} if _OTHERS in drawn else {})


def _title(found: Stacks) -> str:
    """The longest phase of the platform that takes longest."""
    slowest = max(found, key=lambda name: sum(found[name].values()))
    parts = found[slowest]
    longest, whole = max(parts, key=parts.__getitem__), sum(parts.values())
    if len(parts) == 1:
        return f"A start on {slowest} is nothing but {longest}: {amount(whole, 's')}"
    said = f"{amount(parts[longest], 's')} of {amount(whole, 's')}"
    return f"{percent(parts[longest] / whole)} of a start on {slowest} is {longest}: {said}"


def _draw_row(drawn: Axes, row: int, parts: dict[str, float], hues: dict[str, str]) -> None:
    whole, left = sum(parts.values()), 0.0
    for phase, seconds in parts.items():
        labels = (f"{phase} {amount(seconds, 's')}", phase)
        layout.segment(drawn, row, left, seconds / whole, hues[phase], *labels)
        left += seconds / whole
    beside = 1 + _TOTAL_GAP / layout.inches(drawn)[0]
    total = amount(whole, "s") if whole else "none ready"
    note(drawn, beside, row, total, drawn.get_yaxis_transform(), BASE_POINTS, INK, "bold")
