"""The figures of a sweep: numbers where they belong, nothing cut, nothing over anything else."""

import math
from collections.abc import Iterator
from functools import cache

import pytest
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from report.canvas import misplaced
from report.sweep_stories import (
    STORIES,
    grid,
    later,
    one_at_a_time,
    sampled,
    sensitive,
    single_runs,
    turning,
)
from report.swept import GIB, MadeSweep

from sim.report.figures.files import settings
from sim.report.figures.style import COLUMN, GRID, WIDE, Size, platform_colours
from sim.report.sweeps.figures import inputs
from sim.report.sweeps.figures.differences import MOST_ROWS, differences
from sim.report.sweeps.figures.drawing import draw
from sim.report.sweeps.figures.lines import effects, lines
from sim.report.sweeps.figures.wins import wins_by_metric, wins_over_two
from sim.report.sweeps.mattering import indices, swings


def figures(made: MadeSweep, size: Size) -> Iterator[tuple[str, Figure]]:
    """Every figure of a sweep, by what it shows."""
    colours = platform_colours(made.platforms)
    for metric in made.metrics[:2]:
        for figure_of in (lines, wins_over_two, differences, effects):
            if figure := figure_of(made, metric, colours, size):
                yield figure_of.__name__, figure
        for platform in {*swings(made, metric), *indices(made, metric)}:
            for figure_of in (inputs.tornado, inputs.shares, inputs.morris):
                if figure := figure_of(made, metric, platform, size):
                    yield figure_of.__name__, figure
    if figure := wins_by_metric(made, colours, size):
        yield "wins_by_metric", figure


@pytest.mark.parametrize("size", [WIDE, COLUMN], ids=["wide", "column"])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_no_text_overlaps_another_or_leaves_the_figure(
    story: object, size: Size, drawn: list[Text]
):
    with settings("test"):
        for name, figure in figures(story(), size):  # type: ignore[operator]
            assert not list(misplaced(figure, drawn)), name


@cache
def shown(figure_of: object, story: object, metric: str = "memory_gross_bytes") -> Figure:
    """A figure of one of the stories."""
    made = story()  # type: ignore[operator]
    with settings("test"):
        figure = figure_of(made, metric, platform_colours(made.platforms), WIDE)  # type: ignore[operator]
    assert figure is not None
    return figure


def test_a_line_goes_through_the_means_and_its_band_is_the_interval():
    figure = shown(lines, later, "startup_mean_s")
    (axes,) = figure.axes
    band, _ = [each for each in axes.collections if isinstance(each, FillBetweenPolyCollection)]
    container, *_ = axes.lines
    assert list(container.get_xdata()) == [10.0, 100.0]
    assert container.get_ydata() == pytest.approx((1.1, 2.0))
    low, high = band.get_paths()[0].vertices[:, 1].min(), band.get_paths()[0].vertices[:, 1].max()
    half = 4.302652729911275 / math.sqrt(3)
    assert (low, high) == pytest.approx((1.1 - half, 2.0 + half))


def test_where_two_change_places_a_line_stands_in_its_interval():
    figure = shown(lines, turning)
    (axes,) = figure.axes
    (dashed,) = (line for line in axes.lines if line.get_linestyle() == "--")
    assert list(dashed.get_xdata()) == [37.0, 37.0]
    (span,) = (each for each in axes.patches if isinstance(each, Rectangle))
    assert (span.get_x(), span.get_x() + span.get_width()) == (35.0, 39.0)
    assert "37 [35, 39]" in [text.get_text() for text in axes.texts]
    assert figure.get_label() == "vm and container change places at 37 instances [35, 39]"


def test_small_multiples_share_their_scale_and_the_first_of_a_row_alone_names_it():
    figure = shown(lines, grid)
    assert len(figure.axes) == 3
    assert len({axes.get_ylim() for axes in figure.axes}) == 1
    first, *others = figure.axes
    assert first.yaxis.get_tick_params()["labelleft"]
    assert not any(axes.yaxis.get_tick_params()["labelleft"] for axes in others)
    assert all(axes.get_xscale() == "log" for axes in figure.axes)
    assert "20 instances [18, 22] to 30 instances [28, 32]" in figure.get_label()


def test_a_cell_has_the_colour_of_its_winner_and_a_tie_has_none():
    with settings("test"):
        figure = wins_by_metric(turning(), {"container": "#0072b2", "vm": "#d55e00"}, WIDE)
    assert figure is not None
    (axes,) = figure.axes
    hues = {patch.get_x() + 0.5: to_hex(patch.get_facecolor()) for patch in axes.patches}
    assert hues == {0: "#d55e00", 1: "#d55e00", 2: GRID, 3: "#0072b2"}
    assert [text.get_text() for text in axes.texts if text.get_text()] == [
        "27 GiB", "17 GiB", "tie", "63 GiB",
    ]  # fmt: skip


def test_a_grid_of_two_axes_is_a_map_and_along_each_its_levels_lie_in_order():
    figure = shown(wins_over_two, grid)
    (axes,) = figure.axes
    assert len(axes.patches) == 15
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "5", "20", "50", "200"]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "32 GiB", "64 GiB", "128 GiB",
    ]  # fmt: skip


def test_a_difference_stands_at_its_mean_with_its_interval_as_its_whisker_and_in_words():
    figure = shown(differences, later, "startup_mean_s")
    assert figure.get_label() == "vm starts 3.1 s later than container [2.85, 3.35] at 10 instances"
    (axes,) = figure.axes
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert [dot.get_xdata()[0] for dot in dots] == pytest.approx([3.1, 3.1])
    (low, high), _ = (whisker.get_segments()[0][:, 0] for whisker in axes.collections)
    assert (low, high) == pytest.approx((2.8516, 3.3484), abs=1e-4)
    assert [text.get_text() for text in axes.texts] == [
        "+3.1 s [2.85, 3.35]", "+3.1 s [2.85, 3.35]", "10 instances", "100 instances",
    ]  # fmt: skip


def test_a_tie_is_a_hollow_dot():
    figure = shown(differences, turning)
    (axes,) = figure.axes
    hollow = [to_hex(line.get_markerfacecolor()) == "#ffffff"
              for line in axes.lines if line.get_marker() == "o"]  # fmt: skip
    assert hollow == [False, False, True, False]


def test_a_bar_of_a_tornado_goes_from_the_base_to_what_it_is_at_the_end():
    with settings("test"):
        figure = inputs.tornado(sensitive(), "memory_gross_bytes", "vm", WIDE)
    assert figure is not None
    (axes,) = figure.axes
    bars = [(bar.get_x() / GIB, (bar.get_x() + bar.get_width()) / GIB) for bar in axes.patches]
    assert bars == [(40, 38), (40, 45), (40, 39), (40, 41)]
    assert figure.get_label() == (
        "footprint.vmm moves memory gross on vm most: from 38 GiB to 45 GiB"
    )


def test_the_indices_of_sobol_stand_one_above_the_other_with_their_intervals():
    with settings("test"):
        figure = inputs.shares(sensitive(), "memory_gross_bytes", "vm", WIDE)
    assert figure is not None
    (axes,) = figure.axes
    dots = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert dots == [0.62, 0.7, 0.2, 0.3, 0.01, 0.02]
    assert axes.get_xlim()[1] > 1.0


def test_what_has_no_interval_has_no_band_and_no_whisker():
    figure = shown(lines, single_runs)
    assert "intervals" not in "".join(text.get_text() for text in figure.texts)


def test_the_points_of_a_sampled_design_are_not_joined():
    figure = shown(lines, sampled)
    assert all(line.get_linestyle() == "None" for axes in figure.axes for line in axes.lines
               if len(line.get_xdata()) > 1)  # fmt: skip
    with settings("test"):
        assert wins_over_two(sampled(), "memory_gross_bytes", {}, WIDE) is None


def test_one_at_a_time_is_a_chart_for_each_axis_that_changes():
    assert len(shown(lines, one_at_a_time).axes) == 2


def test_there_are_never_more_rows_of_differences_than_a_page_bears():
    figure = shown(differences, grid)
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert 0 < len(dots) <= MOST_ROWS


def test_main_effects_are_a_chart_for_each_axis():
    figure = shown(effects, grid)
    assert figure.get_label().startswith("web.count moves memory gross most: from ")
    assert len(figure.axes) == 2


@pytest.mark.parametrize("story", [later, sensitive], ids=lambda story: story.__name__)
def test_a_drawing_is_the_same_each_time_and_the_first_of_a_kind_alone_has_a_caption(story):
    once, again = (list(draw(story(), platform_colours(story().platforms))) for _ in range(2))
    assert once == again
    kinds = [kind for kind, _ in once]
    assert [bool(drawing.caption) for _, drawing in once] == [
        kinds.index(kind) == place or kind in ("tornado", "sobol", "morris")
        for place, kind in enumerate(kinds)
    ]


