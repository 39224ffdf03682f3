"""What isolation costs, at a glance: a row a platform, and beside it memory, start and CPU."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.comparison import Comparison
from sim.report.estimates import Metrics, by_platform, of_metric
from sim.report.figures import layout
from sim.report.figures.scale import Scale, scale_of
from sim.report.figures.style import (
    GRID,
    INK,
    MUTED,
    SMALL_POINTS,
    Size,
    is_wide,
)
from sim.report.figures.text import fitted, note, text_width
from sim.report.walls import on_one_kernel
from sim.report.wording import amount, host_name, mix, times
from sim.spec.isolation import isolation
from sim.spec.platform import Platform

_FEWEST = 5
_POINTS, _FEWER_POINTS = 7.5, 7.0
_BETWEEN, _ABOVE = 0.1, 0.32
_ROOMY = 0.8  # inches of a panel
_DOT, _LABEL_GAP = 0.045, 0.04
_LOWERED = 0.24  # of a row: how far a dot stands below the middle, where its value is above it
_ROW_OF_TWO = 0.36
_RAISED = 0.16
_FAINT = 0.35
_WIDER = 1.7  # of the panel whose values have words


@dataclass(frozen=True, slots=True)
class Panel:
    """One column: what it shows, and the number and the words of each platform that has them."""

    heading: str
    values: Mapping[str, float]
    words: Mapping[str, str]

    @property
    def scale(self) -> Scale:
        """The axis of the values."""
        return scale_of(self.values.values())


def glance(comparison: Comparison, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw what an instance costs on each platform, those first that share most; of five or more.

    Platforms with as much isolation stand in the order of memory.
    """
    metrics = by_platform(comparison.summary)
    shared, memory = _shared(comparison), _means(metrics, "memory_per_instance_bytes")
    if min(len(shared), len(memory)) < _FEWEST:
        return None
    names = sorted(shared, key=lambda name: (-shared[name], memory.get(name, 0.0)))
    size = layout.room_for(names, size, 0.0 if is_wide(size) else _ROW_OF_TWO)
    subtitle = f"For one instance, the least isolated first; {mix(comparison.scenario)}"
    head = _title(shared, memory), f"{subtitle} on {host_name(comparison.scenario)}"
    figure, top = layout.titled(*head, size)
    in_order = {name: colours[name] for name in names}
    rows = layout.row_axes(figure, in_order, top - _ABOVE)
    _draw_bands(rows, [shared[name] for name in names])
    _draw_panels(figure, rows, _panels(comparison, metrics, shared, memory), in_order)
    return figure


def _shared(comparison: Comparison) -> dict[str, int]:
    """How many instances run on the same kernel; of a mix, the most."""
    platforms = comparison.scenario.platforms
    return {each.name: max(on_one_kernel(comparison, each).values()) for each in platforms}


def _panels(
    comparison: Comparison,
    metrics: Mapping[str, Metrics],
    shared: Mapping[str, int],
    memory: Mapping[str, float],
) -> list[Panel]:
    walls = {each.name: _wall(each) for each in comparison.scenario.platforms}
    kernels = {name: f"{count:,}, {walls[name]}" for name, count in shared.items()}
    return [
        Panel("on one kernel, wall", shared, kernels),
        _panel("memory each", memory, "bytes"),
        _panel("median start", _means(metrics, "startup_p50_s"), "s"),
        _panel("CPU a request", _means(metrics, "request_cost_core_s"), "s"),  # of one core
    ]


def _wall(platform: Platform) -> str:
    """What stands between an instance and the host; of a mix, only that it differs."""
    walls = {isolation(each) for each in platform.mix.values() or [platform]}
    wall = walls.pop() if len(walls) == 1 else "mixed"
    return "no wall" if wall == "none" else wall.replace("-", " ")


def _means(metrics: Mapping[str, Metrics], metric: str) -> dict[str, float]:
    return {name: found.mean for name, found in of_metric(metrics, metric).items()}


def _panel(heading: str, values: Mapping[str, float], unit: str) -> Panel:
    return Panel(heading, values, {name: amount(value, unit) for name, value in values.items()})


def _title(shared: Mapping[str, int], memory: Mapping[str, float]) -> str:
    """What the best isolation costs at least in memory, against what the least costs at least."""
    most, least = min(shared.values()), max(shared.values())
    ends = [_lightest(shared, memory, count) for count in (most, least)]
    if most == least or not all(ends):
        ends = [max(memory, key=memory.__getitem__), min(memory, key=memory.__getitem__)]
        said = "An instance holds {} times the memory"
    else:
        kernel = "A kernel of its own" if most == 1 else f"A kernel for {most:,}"
        said = kernel + " costs an instance {} times the memory"
    if memory[ends[1]] <= 0:
        return f"Isolation costs an instance up to {amount(max(memory.values()), 'bytes')}"
    much, little = (f"{amount(memory[name], 'bytes')} on {name}" for name in ends)
    return f"{said.format(times(memory[ends[0]] / memory[ends[1]]))}: {much} against {little}"


def _lightest(shared: Mapping[str, int], memory: Mapping[str, float], count: int) -> str:
    """The platform that holds least, of those on which so many share a kernel."""
    those = [name for name in memory if shared[name] == count]
    return min(those, key=memory.__getitem__, default="")


def _draw_bands(rows: Axes, shared: Sequence[int]) -> None:
    """A band under every other row for the eye, and a line where the isolation changes."""
    rows.set_xticks([])
    for row in range(1, len(shared), 2):
        rows.axhspan(row - 0.5, row + 0.5, color=GRID, alpha=_FAINT, linewidth=0)
    steps = [row - 0.5 for row in range(1, len(shared)) if shared[row] != shared[row - 1]]
    rows.hlines(steps, 0, 1, color=MUTED, linewidth=0.7, transform=rows.get_yaxis_transform())


def _draw_panels(
    figure: Figure, rows: Axes, panels: Sequence[Panel], colours: Mapping[str, str]
) -> None:
    """Draw the panels that have values beside each other over the rows."""
    shown = [panel for panel in panels if panel.values]
    is_beside = is_wide((figure.get_figwidth(), figure.get_figheight()))
    for panel, drawn in zip(shown, _axes(figure, rows, len(shown)), strict=True):
        _set_axes(drawn, panel, len(colours))
        for row, (name, hue) in enumerate(colours.items()):
            _draw(drawn, row, panel, name, hue, is_beside=is_beside)


def _axes(figure: Figure, rows: Axes, count: int) -> list[Axes]:
    """Axes beside each other over the rows; the first is wider, since its values have words."""
    box = rows.get_window_extent().transformed(figure.dpi_scale_trans.inverted())
    unit = (box.width - _BETWEEN * (count - 1)) / (count - 1 + _WIDER)
    axes, left = [], box.x0
    for place in range(count):
        right = left + unit * (1 if place else _WIDER)
        axes.append(layout.axes(figure, left, box.y0, right, box.y1))
        left = right + _BETWEEN
    return axes


def _set_axes(drawn: Axes, panel: Panel, rows: int) -> None:
    """Inches across and rows down, named above, with the kind of axis below."""
    wide, high = layout.inches(drawn)
    drawn.set_xlim(0, wide)
    drawn.set_ylim(rows - 0.5, -0.5)
    drawn.set_xticks([0], labels=["log scale" if panel.scale.is_log else "from 0"])
    drawn.get_xticklabels()[0].set_horizontalalignment("left")
    drawn.set_yticks([])
    points = SMALL_POINTS if wide > _ROOMY else _FEWER_POINTS
    said = fitted(panel.heading, wide, points, "bold", lines=2)
    note(drawn, 0, 1 + 0.04 / high, said, drawn.transAxes, points, INK, "bold", va="bottom")


def _draw(drawn: Axes, row: int, panel: Panel, name: str, hue: str, *, is_beside: bool) -> None:
    """A dot, and its value beside or above it; a dash where there is none."""
    if name not in panel.values:
        note(drawn, 0, row, "-", drawn.transData, _POINTS)
        return
    wide = drawn.get_xlim()[1]
    x = _DOT + panel.scale.share(panel.values[name]) * (wide - 2 * _DOT)
    words = panel.words[name]
    points = _POINTS if is_beside else _FEWER_POINTS
    taken = text_width(words, points)
    if is_beside:
        y, left = float(row), x + _DOT + _LABEL_GAP
        left = left if left + taken <= wide else x - _DOT - _LABEL_GAP - taken
    else:
        y, left = row + _LOWERED, max(0.0, min(x - taken / 2, wide - taken))
    drawn.plot([x], [y], "o", color=hue, ms=2 * 72 * _DOT * 0.8, clip_on=False)
    note(drawn, left, y if is_beside else row - _RAISED, words, drawn.transData, points, INK)
