"""Memory over time by what holds it, where it keeps changing or the host runs short of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas import DataFrame

from sim.report.comparison import Comparison, platform_names
from sim.report.figures import layout, panels
from sim.report.figures.courses import (
    MOST_POINTS,
    NOT_GROSS,
    Course,
    Values,
    added_up,
    at,
    settled,
    telling,
)
from sim.report.figures.style import (
    CAPACITY_DASHES,
    CAPACITY_IN_SIGHT,
    GRID,
    INK,
    LINES,
    PAPER,
    SMALL_POINTS,
    Size,
    component_colours,
)
from sim.report.figures.text import line_height, note, text_width
from sim.report.figures.ticks import amount_ticks
from sim.report.pressure import KILLS
from sim.report.wording import CREDITS, amount, mix

_GROSS = "gross"
_RISES = 0.05  # of the peak, after the last start: what ends leaves less than that behind
_AFTER_LAST_CHANGE = 1.25
_AXIS_ROOM = 0.54
_MOST_TICKS, _INCHES_A_TICK = 5, 0.3
_LABEL_GAP, _LITTLE = 0.08, 0.02
_LEAST_POINTS = 48


@dataclass(frozen=True, slots=True)
class Held:
    """What a platform holds over time: parts that add up to gross, and series beside them."""

    parts: dict[str, Course]
    lines: dict[str, Course]


def pressure(comparison: Comparison, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw a panel a platform, from the first replication; nothing where memory only fills up."""
    found = {name: _held(comparison.samples, name) for name in platform_names(comparison)}
    if not is_pressed(comparison):
        return None
    most, capacity = _most(found), _capacity(comparison)
    subtitle = f"Memory by what holds it, in the first run; {mix(comparison.scenario)}"
    if most < CAPACITY_IN_SIGHT * capacity:
        subtitle, capacity = f"{subtitle}; the host has {amount(capacity, 'bytes')}", 0.0
    size = panels.room_for(len(found), size)
    figure, top = layout.titled(_title(comparison, found), subtitle, size)
    hues = _colours(found)
    entries = [(_name(part), hue) for part, hue in hues.items()]
    top = layout.legend(figure, top, entries)
    left = layout.MARGIN + _AXIS_ROOM
    limits = _limits(found, comparison.scenario.horizon, capacity)
    points = max(_LEAST_POINTS, MOST_POINTS // len(found))
    for name, box in zip(found, panels.boxes(len(found), size, top, left), strict=True):
        drawn = layout.axes(figure, *box)
        _set_axes(drawn, *limits)
        _draw(drawn, found[name], hues, points)
        _mark(drawn, found[name], is_first=box[0] == left)
        panels.title(drawn, name, colours[name])
    _draw_capacity(figure.axes, capacity)
    return figure


def _name(part: str) -> str:
    """The name of a part or line, of which `boundary` is one here, and a credit its own."""
    return CREDITS.get(part) or part.replace("_", " ")


def is_pressed(comparison: Comparison) -> bool:
    """Whether memory grows after the starts, is merged or swapped, or runs out."""
    samples, events = comparison.samples, comparison.events
    component = samples["component"].astype(str)
    relieved = samples[(component == "swap") | component.str.startswith("credit.")]
    if relieved["value"].any() or events["event"].isin(KILLS).any():
        return True
    return any(_rises(comparison, name) for name in platform_names(comparison))


def _rises(comparison: Comparison, name: str) -> bool:
    """Whether gross memory ever rises notably once the last instance is ready."""
    instances = comparison.instances
    first = instances[(instances["platform"] == name) & (instances["replication"] == 0)]
    gross = _sum_of(list(_held(comparison.samples, name).parts.values()))
    last_start = float(first["ready_s"].max())
    after = at(np.append(last_start, gross[0][gross[0] > last_start]), gross)
    rise = float((after - np.minimum.accumulate(after)).max())
    return rise > _RISES * float(gross[1].max())


def _held(samples: DataFrame, name: str) -> Held:
    """The courses of one platform: parts by kind, credits each on its own."""
    memory = samples[(samples["resource"] == "memory") & (samples["platform"] == name)]
    kinds = memory["component"].map(_kind).astype(object)
    found = {str(kind): added_up(part) for kind, part in memory.groupby(kinds, sort=False)}
    found = {kind: course for kind, course in found.items() if course[1].any()}
    lines = {kind: found.pop(kind) for kind in NOT_GROSS if kind in found}
    return Held(found, lines)


def _kind(component: str) -> str:
    return component if component.startswith("credit.") else component.partition(".")[0]


def _sum_of(courses: list[Course]) -> Course:
    moments = _moments(courses)
    return moments, reduce(np.add, (at(moments, course) for course in courses), 0.0 * moments)


def _moments(courses: list[Course]) -> Values:
    return np.unique(np.concatenate([[0.0], *(times for times, _ in courses)]))


def _capacity(comparison: Comparison) -> float:
    host = comparison.scenario.host
    return (host.memory.value - host.memory_in_use.value) * comparison.scenario.hosts


def _peak(held: Held) -> float:
    return float(_sum_of(list(held.parts.values()))[1].max(initial=0.0))


def _most(found: Mapping[str, Held]) -> float:
    return max(_peak(held) for held in found.values())


def _colours(found: Mapping[str, Held]) -> dict[str, str]:
    """The parts as on every figure, then the lines."""
    parts = dict.fromkeys(part for held in found.values() for part in held.parts)
    lines = dict.fromkeys(line for held in found.values() for line in held.lines)
    return component_colours(parts) | {_GROSS: INK} | {line: LINES[line] for line in lines}


def _limits(found: Mapping[str, Held], horizon: float, capacity: float) -> tuple[float, ...]:
    """The last time, the lowest and the highest amount, which are those of all panels.

    Time ends a little after the last change worth seeing.
    """
    lows, highs, ends = [0.0], [capacity], [0.0]
    for held in found.values():
        above, below = _sides(held)
        highs += [float(values.max()) for _, values in (above, *held.lines.values())]
        lows += [float(below[1].min())]
        courses = (_sum_of(list(held.parts.values())), *held.lines.values())
        ends += [settled(course) for course in courses]
    end = min(horizon, max(ends) * _AFTER_LAST_CHANGE) or horizon
    return end, min(lows), max(highs) or 1.0


def _sides(held: Held) -> tuple[Course, Course]:
    """What stands above nothing, and what hangs below it."""
    credits = [course for part, course in held.parts.items() if part in CREDITS]
    amounts = [course for part, course in held.parts.items() if part not in CREDITS]
    return _sum_of(amounts), _sum_of(credits)


def _set_axes(drawn: Axes, end: float, low: float, high: float) -> None:
    """Leave the room of a line of text above the highest."""
    tall = layout.inches(drawn)[1]
    drawn.set_xlim(0, end)
    drawn.set_ylim(low, high + 1.2 * (high - low) * line_height(SMALL_POINTS) / tall)
    drawn.grid(axis="y")


def _draw(drawn: Axes, held: Held, hues: Mapping[str, str], points: int) -> None:
    """Stack the parts above and below nothing, with gross and the series beside it as lines."""
    shown = [part for part in hues if part in held.parts]
    courses = [*(held.parts[part] for part in shown), *held.lines.values()]
    moments = _moments(courses)
    moments = moments[moments <= drawn.get_xlim()[1]]
    series = np.array([at(moments, course) for course in courses])
    gross = series[: len(shown)].sum(axis=0)
    moments = telling(moments, np.vstack([series, gross]), points)
    end = np.append(moments, drawn.get_xlim()[1])
    floors = [np.zeros(len(end)), np.zeros(len(end))]
    for part in shown:
        values = at(end, held.parts[part])
        side = int(part in CREDITS)
        drawn.fill_between(
            end, floors[side], floors[side] + values, step="post", color=hues[part], linewidth=0
        )
        floors[side] = floors[side] + values
    lines = {_GROSS: floors[0] + floors[1]}
    lines |= {line: at(end, course) for line, course in held.lines.items()}
    for line, values in lines.items():
        drawn.step(end, values, where="post", color=PAPER, linewidth=2.6, alpha=0.7)
        drawn.step(end, values, where="post", color=hues[line], linewidth=1.2)


def _mark(drawn: Axes, held: Held, *, is_first: bool) -> None:
    """The ends of the time axis with the peak between them, and amounts beside the first panel."""
    most = min(_MOST_TICKS, max(1, int(layout.inches(drawn)[1] / _INCHES_A_TICK)))
    places, labels = amount_ticks(*drawn.get_ylim(), "bytes", most=most)
    drawn.set_yticks(places, labels=labels)
    drawn.tick_params(axis="y", labelleft=is_first)
    _mark_times(drawn, f"peak {amount(_peak(held), 'bytes')}")
    drawn.axhline(0, color=INK, linewidth=0.6)


def _mark_times(drawn: Axes, peak: str) -> None:
    """The two ends of the time axis, and the peak in the room between their labels, if any."""
    end, per_inch = drawn.get_xlim()[1], layout.per_inch(drawn)
    last = amount(end, "s")
    first, final = (text_width(words, SMALL_POINTS) * per_inch for words in ("0", last))
    room = end - first - final - 2 * _LABEL_GAP * per_inch
    said = peak if text_width(peak, SMALL_POINTS) * per_inch <= room else ""
    drawn.set_xticks([0, (end + first - final) / 2, end], labels=["0", said, last])
    first_label, _, last_label = drawn.get_xticklabels()
    first_label.set_horizontalalignment("left")
    last_label.set_horizontalalignment("right")
    drawn.spines["bottom"].set(visible=True, color=GRID)


def _draw_capacity(charts: Sequence[Axes], capacity: float) -> None:
    """A line in every panel where the capacity is in sight, named in the first."""
    if not capacity:
        return
    for drawn in charts:
        drawn.axhline(capacity, color=INK, linewidth=1.2, linestyle=CAPACITY_DASHES)
    low, high = charts[0].get_ylim()
    above = capacity + (high - low) * _LITTLE / layout.inches(charts[0])[1]
    label, across = f"host: {amount(capacity, 'bytes')}", charts[0].get_yaxis_transform()
    note(charts[0], _LITTLE, above, label, across, ha="left", va="bottom")


def _title(comparison: Comparison, found: Mapping[str, Held]) -> str:
    """What the pressure came to, the worst of it: kills, swap, what merging saves, or a peak."""
    events = comparison.events
    killed = events[events["event"].isin(KILLS)]["platform"].value_counts()
    if len(killed):
        who, number = str(killed.index[0]), int(killed.iloc[0])
        return f"Memory runs out on {who}: {number:,} {'kill' if number == 1 else 'kills'}"
    swapped = _highest(found, "swap", +1)
    if swapped:
        return "{} swaps out up to {}, and holds up to {}".format(*swapped)
    merged = _highest(found, "credit.merged", -1)
    if merged:
        return "{} merges up to {}, and holds up to {}".format(*merged)
    highest = max(found, key=lambda name: _peak(found[name]))
    lowest = min(found, key=lambda name: _peak(found[name]))
    said = f"{highest} holds up to {amount(_peak(found[highest]), 'bytes')} over time"
    if highest == lowest:
        return said
    return f"{said}, {lowest} up to {amount(_peak(found[lowest]), 'bytes')}"


def _highest(found: Mapping[str, Held], what: str, sign: int) -> tuple[str, str, str] | None:
    """Which platform has most of something at any time: its name, how much, and its peak."""
    most = {
        name: float((sign * series[what][1]).max())
        for name, held in found.items()
        for series in [held.parts | held.lines]
        if what in series
    }
    if not most:
        return None
    name = max(most, key=most.__getitem__)
    return name, amount(most[name], "bytes"), amount(_peak(found[name]), "bytes")
