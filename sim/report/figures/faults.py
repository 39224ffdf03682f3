"""What faults do to the instances: how many are ready over time, what was lost, when it is back."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas import DataFrame

from sim.report.comparison import Comparison, platform_names
from sim.report.estimates import Estimate
from sim.report.faults import first_run, kind_name, return_of
from sim.report.figures import columns, layout, titles
from sim.report.figures.courses import Course, at, telling
from sim.report.figures.style import GRID, INK, SMALL_POINTS, Size
from sim.report.figures.text import Side, line_height, note, text_width
from sim.report.figures.ticks import time_ticks
from sim.report.frames import rows
from sim.report.pressure import NO_LONGER, READY
from sim.report.wording import amount, instance_count, mix

Broken = tuple[float, str, float, float, float, float]
"""When it broke, its kind, how many were lost and are back, and when and after how long."""

_ROW_USED, _LEAST_ROW = 0.86, 0.4
_LABEL_GAP = 0.12
_COLUMNS = ("time_s", "kind", "lost", "back", "recovered_s", "recovery_s")


def faults(comparison: Comparison, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw, a row a platform, how many are ready over the first replication, and what broke."""
    broken = first_run(comparison)
    if broken.empty:
        return None
    names, everyone = platform_names(comparison), instance_count(comparison.scenario)
    said = f"Ready instances, of {everyone:,} in each row; grey: until the lost are back"
    subtitle = f"{said}; {mix(comparison.scenario)}"
    size = layout.room_for(names, size, _LEAST_ROW)
    figure, top = layout.titled(_title(broken, names), subtitle, size)
    runs = {name: broken[broken["platform"] == name] for name in names}
    beside = _losses(runs)
    room = sum(map(columns.width, beside))
    drawn = layout.row_axes(figure, colours, top - columns.HEADINGS, beside=room)
    _set_time_axis(drawn, comparison.scenario.horizon)
    for row, name in enumerate(names):
        _draw_ready(drawn, row, _ready(comparison, name), everyone, colours[name])
        _mark_faults(drawn, row, runs[name])
    columns.write(drawn, beside)
    return figure


def _title(broken: DataFrame, names: list[str]) -> str:
    lost = broken.groupby("platform")["lost"].sum()
    found = {name: Estimate(float(lost.get(name, 0)), math.nan, math.nan, 1, "") for name in names}
    return titles.most_against_least(found, titles.BLAST)


def _losses(runs: Mapping[str, DataFrame]) -> list[list[str]]:
    """The columns beside the rows: what was lost in all, and the longest until it was back."""
    lost = [amount(float(run["lost"].sum()), "") for run in runs.values()]
    return [["lost", *lost], ["all back after", *map(_slowest, runs.values())]]


def _slowest(run: DataFrame) -> str:
    hurt = run[run["lost"] > 0]
    if hurt.empty:
        return "-"
    if (hurt["back"] < hurt["lost"]).any():
        return "never"
    return amount(float(hurt["recovery_s"].max()), "s")


def _ready(comparison: Comparison, name: str) -> Course:
    """How many instances are ready, from the events of each; what serves the platform aside."""
    events, instances = comparison.events, comparison.instances
    known = instances.loc[instances["platform"] == name, "instance"].unique()
    own = events[(events["platform"] == name) & events["instance"].isin(known)]
    own = own[own["event"].isin((READY, *NO_LONGER))].sort_values("time_s", kind="stable")
    now = (own["event"] == READY).astype(int)
    before = now.groupby(own["instance"]).shift(fill_value=0)
    steps = (now - before).groupby(own["time_s"]).sum().cumsum()
    return np.asarray(steps.index, dtype=float), np.asarray(steps, dtype=float)


def _set_time_axis(drawn: Axes, horizon: float) -> None:
    drawn.set_xlim(0, horizon)
    places, labels = time_ticks(horizon, layout.inches(drawn)[0])
    drawn.set_xticks(places, labels=labels)


def _draw_ready(drawn: Axes, row: int, course: Course, everyone: int, hue: str) -> None:
    times, counts = course
    moments = telling(times, counts[np.newaxis])
    end = np.concatenate([[0.0], moments, drawn.get_xlim()[1:]])
    floor = row + _ROW_USED / 2
    tall = _ROW_USED - _label_height(drawn)
    y = floor - tall * at(end, course) / max(everyone, 1)
    drawn.axhline(floor, color=hue, linewidth=0.6, alpha=0.5)
    drawn.fill_between(end, floor, y, step="post", color=hue, alpha=0.22, linewidth=0)
    drawn.step(end, y, where="post", color=hue, linewidth=1.6)


def _label_height(drawn: Axes) -> float:
    """The height of a label, in rows."""
    rows_high = abs(drawn.get_ylim()[0] - drawn.get_ylim()[1])
    return line_height(SMALL_POINTS) * rows_high / layout.inches(drawn)[1]


def _mark_faults(drawn: Axes, row: int, run: DataFrame) -> None:
    """A bar from each fault until what it took is back, and above it as many words as fit."""
    floor, label = row + _ROW_USED / 2, _label_height(drawn)
    low, high = floor - _ROW_USED + label, floor
    end = drawn.get_xlim()[1]
    found = list(rows(run.sort_values("time_s", kind="stable"), *_COLUMNS))
    for time, _, lost, _, recovered, _ in found:
        if lost:
            until = end if math.isnan(recovered) else recovered
            drawn.fill_between(
                [time, until], low, high, color=GRID, alpha=0.6, linewidth=0, zorder=0.5
            )
        drawn.plot([time, time], [low, high], color=INK, linewidth=1.0)
    for x, words, side in _labels(drawn, found):
        note(drawn, x, low - label * 0.55, words, drawn.transData, colour=INK, ha=side)


def _labels(drawn: Axes, found: Sequence[Broken]) -> Iterator[tuple[float, str, Side]]:
    """For each fault in turn the most words that meet no other's and stay on the chart."""
    per_inch, free = layout.per_inch(drawn), drawn.get_xlim()[0]
    gap = _LABEL_GAP * per_inch
    starts = [time for time, *_ in found[1:]]
    for (time, kind, lost, back, _, recovery), limit in zip(
        found, [*(start - gap for start in starts), drawn.get_xlim()[1]], strict=True
    ):
        for words in _wordings(kind, lost, return_of(lost, back, recovery)):
            wide = text_width(words, SMALL_POINTS) * per_inch
            if time >= free and time + wide <= limit:
                free = time + wide + gap
                yield time, words, "left"
                break
            if time - wide >= free:
                free = time + gap
                yield time, words, "right"
                break


def _wordings(kind: str, lost: float, after: str) -> Iterator[str]:
    """What may be said of a fault, the fullest first."""
    said = f"{amount(lost, '')} lost"
    back = f"{said}, {'never back' if after == 'never' else f'back {after}'}"
    if after:
        yield from (f"{kind_name(kind)}: {back}", back)
    yield from (f"{kind_name(kind)}: {said}", said)
