"""Throughput against clients: who keeps up as more of them ask at once."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from pandas import DataFrame

from sim.report import loads
from sim.report.comparison import Comparison
from sim.report.estimates import Estimate
from sim.report.figures import panels
from sim.report.figures.scale import scale_of
from sim.report.figures.style import PAPER, Size
from sim.report.figures.ticks import amount_ticks
from sim.report.frames import rows
from sim.report.loads import Curves
from sim.report.wording import host_name

Points = list[tuple[float, float]]
"""Numbers of clients, and the throughput in closed form."""

_AXIS_ROOM = 0.5
_BESIDE, _LITTLE_BESIDE, _ABOVE = 1.12, 1.03, 1.06
_MOST_TICKS = 5


def throughput(comparison: Comparison, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw a panel a workload and a line a platform, with intervals and the closed form beside."""
    frames, runs = loads.closed(comparison), comparison.scenario.replications
    if not frames:
        return None
    found = {title: loads.curves_of(frame, runs) for title, frame in frames.items()}
    subtitle = "Requests a second by the clients of each instance; thin: in closed form"
    head = (_title(found), f"{subtitle}; {host_name(comparison.scenario)}")
    drawing = panels.of_lines(head, found, colours, size, _AXIS_ROOM)
    for (title, curves), drawn in zip(found.items(), drawing.axes, strict=True):
        fluid = _fluid(frames[title])
        _set_axes(drawn, curves, fluid)
        for name, curve in curves.items():
            _draw(drawn, curve, fluid.get(name, []), colours[name])
        drawing.name_ends(drawn, {name: curve[max(curve)].mean for name, curve in curves.items()})
    return drawing.figure


def _title(found: dict[str, Curves]) -> str:
    """Who overtakes whom; where nobody does, where they are furthest apart."""
    leading = {title: loads.crossings(curves) for title, curves in found.items()}
    first = next(iter(found))
    title = next((title for title, leads in leading.items() if leads), first)
    leads = leading[title]
    words = loads.said(leads[0]) if leads else loads.furthest_apart(found[title])
    return f"{words} ({title})" if len(found) > 1 else words


def _fluid(frame: DataFrame) -> dict[str, Points]:
    """The closed form at the same numbers of clients, by platform."""
    found: dict[str, Points] = {}
    told = frame[frame["fluid_per_s"].notna()].sort_values("clients")
    for platform, clients, rate in rows(told, "platform", "clients", "fluid_per_s"):
        found.setdefault(platform, []).append((float(clients), rate))
    return found


def _set_axes(drawn: Axes, curves: Curves, fluid: dict[str, Points]) -> None:
    """From nothing up, with a label for each number of clients that there is room for."""
    numbers = sorted({at for curve in curves.values() for at in curve})
    _set_clients(drawn, numbers)
    labels = {float(at): f"{at:,}" for at in numbers}
    labels[numbers[-1]] = loads.client_count(numbers[-1])
    panels.set_ticks(drawn, labels)
    most = _highest(curves, fluid)
    drawn.set_ylim(0, most * _ABOVE)
    places, _ = amount_ticks(0, most, "", most=_MOST_TICKS)
    drawn.set_yticks(places, labels=[f"{place:,.6g}" for place in places])
    drawn.grid(axis="y")
    drawn.spines["bottom"].set_visible(True)


def _set_clients(drawn: Axes, numbers: list[int]) -> None:
    """Clients on a log axis where they differ by much."""
    if scale_of(numbers).is_log:
        drawn.set_xscale("log")
        drawn.xaxis.set_minor_locator(NullLocator())
        drawn.set_xlim(numbers[0] / _BESIDE, numbers[-1] * _BESIDE)
    else:
        drawn.set_xlim(0, numbers[-1] * _LITTLE_BESIDE)


def _highest(curves: Curves, fluid: dict[str, Points]) -> float:
    simulated = (found for curve in curves.values() for found in curve.values())
    rates = [rate for found in simulated for rate in (found.mean, found.high)]
    rates += [rate for points in fluid.values() for _, rate in points]
    return float(np.nanmax(rates)) or 1.0


def _draw(drawn: Axes, curve: dict[int, Estimate], fluid: Points, hue: str) -> None:
    """The simulated as points with intervals and a line between, the closed form thin."""
    numbers = sorted(curve)
    means = [curve[at].mean for at in numbers]
    at, rates = [at for at, _ in fluid], [rate for _, rate in fluid]
    drawn.plot(at, rates, "--_", color=hue, linewidth=0.8, markersize=9, markeredgewidth=0.8)
    drawn.plot(numbers, means, color=hue, linewidth=1.6)
    lows, highs = ([getattr(curve[at], end) for at in numbers] for end in ("low", "high"))
    drawn.vlines(numbers, lows, highs, color=hue, linewidth=2.6, alpha=0.45)
    drawn.plot(numbers, means, "o", ms=5, mfc=hue, mec=PAPER, mew=1.0)
