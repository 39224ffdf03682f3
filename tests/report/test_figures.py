"""Figures: the right number in the title, nothing cut, nothing overlapping, the same bytes."""

import io
import re
from dataclasses import replace
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image
from report import canvas
from report.canvas import boxes, misplaced
from report.made import KINDS, Made
from report.stated import NOT_KNOWN, stated

from sim.report.estimates import Estimate
from sim.report.figures.bars import folded
from sim.report.figures.drawing import draw
from sim.report.figures.files import png, settings, svg
from sim.report.figures.layout import spread
from sim.report.figures.shorter import shorter
from sim.report.figures.style import (
    BOX_PARTS,
    COLUMN,
    PLATFORMS,
    WIDE,
    Size,
    component_colours,
    platform_colours,
)
from sim.report.figures.text import fitted, text_width
from sim.report.figures.titles import MEMORY, fewest_ready, most_against_least

SIGHT = {
    "all colours": np.eye(3),
    "no red": np.array([
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]),
    "no green": np.array([
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]),
}  # fmt: skip
"""What eyes make of linear red, green and blue (Machado, Oliveira and Fernandes, 2009)."""


def lab(colour: str, sight: np.ndarray) -> np.ndarray:
    """A colour as such eyes see it in CIELAB, where equal distances look equal."""
    encoded = np.array(to_rgb(colour))
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([
        [0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505],
    ])  # fmt: skip
    x, y, z = np.cbrt(to_xyz @ np.clip(sight @ linear, 0, 1) / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


TITLES = {
    "memory": "vm-qemu holds 6.7 times the memory of process: 13.8 GiB against 2.06 GiB",
    "startup": "vm-qemu takes 44 times as long to start as process: 99 % within 33.6 s against "
    "756 ms",
    "phases": "89 % of a start on vm-qemu is userland: 22.6 s of 25.3 s",
    "cpu": "98 % of the CPU time on vm-qemu is overhead: 561 of 570 core-s",
    "disk": "vm-qemu fills 163 times the disk of process: 103 GiB against 650 MiB",
    "storm": "The slowest of 50 starts takes 31.7 s on vm-qemu, and 711 ms on process",
    "timeline": "vm-qemu fills 13.8 GiB within 31.7 s, process 2.06 GiB within 711 ms",
}


def metric(mean: float) -> Estimate:
    return Estimate(mean, mean, mean, 5, "")


def figure_of(name: str, comparison: Made) -> Figure:
    figure = canvas.figure_of(name, comparison)
    assert figure is not None
    return figure


@pytest.mark.parametrize("name", TITLES)
def test_a_title_states_the_finding_with_its_number(name: str, four: Made):
    assert figure_of(name, four).get_label() == TITLES[name]


def test_titles_tell_of_ties_of_nothing_and_of_one_alone():
    def about(mean: float, spread: float = 0.0) -> Estimate:
        return Estimate(mean * 2**30, (mean - spread) * 2**30, (mean + spread) * 2**30, 5, "bytes")

    tie = most_against_least({"a": about(1.0, 0.1), "b": about(1.1, 0.1)}, MEMORY)
    assert tie == "Every platform holds about 1.1 GiB of memory: a tie"
    nothing = most_against_least({"a": about(0), "b": about(1)}, MEMORY)
    assert nothing == "b holds 1 GiB of memory, and a none"
    assert most_against_least({"a": about(3)}, MEMORY) == "a holds 3 GiB of memory"
    assert most_against_least({}, MEMORY) == ""


def test_failures_come_before_speed_in_a_title(failing: Made):
    summary = failing.summary.query("platform == 'vm-qemu' and scope == 'platform'")
    ready = float(summary.query("metric == 'instances_ready'")["mean"].iloc[0])
    said = figure_of("startup", failing).get_label()
    assert said == f"Only {ready * 2:.0f} % of the instances become ready on vm-qemu"
    assert "never become ready on vm-qemu" in figure_of("storm", failing).get_label()


def test_a_platform_on_which_nothing_starts_is_in_the_title():
    found = {"a": {"instances_ready": metric(50.0)}, "b": {"instances_ready": metric(0.0)}}
    started = {name: {**of, "instances_started": metric(50.0)} for name, of in found.items()}
    assert fewest_ready(started) == "No instance becomes ready on b"


@pytest.mark.parametrize("size", [WIDE, COLUMN], ids=["wide", "column"])
@pytest.mark.parametrize("which", ["alone", "two", "four", "failing", "ten", "many"])
def test_no_text_overlaps_another_or_leaves_the_figure(
    which: str, size: Size, drawn: list[Text], request: pytest.FixtureRequest
):
    comparison = request.getfixturevalue(which)
    for name in ("at-a-glance", *TITLES):
        figure = canvas.figure_of(name, comparison, size)
        with settings("test"):
            assert figure is None or not list(misplaced(figure, drawn)), name


def test_an_overlap_would_be_found(drawn: list[Text], four: Made):
    figure = figure_of("memory", four)
    figure.text(0.03, 0.95, "on top of the title")
    placed = dict(boxes(figure, drawn))
    assert placed["on top of the title"].overlaps(placed[TITLES["memory"]])


@pytest.mark.parametrize("name", TITLES)
def test_every_platform_keeps_its_colour_on_every_figure(name: str, four: Made):
    with settings("test"):
        text = svg(figure_of(name, four))
    for colour in platform_colours([kind.name for kind in KINDS]).values():
        assert colour in text


def test_the_picture_has_exactly_the_colours_of_the_figure(four: Made):
    with settings("test"):
        picture = Image.open(io.BytesIO(png(figure_of("memory", four)))).convert("RGB")
    found = {"#{:02x}{:02x}{:02x}".format(*colour) for _, colour in picture.getcolors(1 << 20)}
    assert {"#ffffff", *platform_colours([kind.name for kind in KINDS]).values()} <= found


def test_a_drawing_is_the_same_whatever_the_user_s_settings_and_knows_no_date(two: Made):
    first = next(draw(two, canvas.colours(two)))
    with rc_context({"font.size": 30, "axes.facecolor": "red", "svg.fonttype": "path"}):
        assert next(draw(two, canvas.colours(two))) == first
    assert not re.search(r"20[0-9]{2}-[0-9]{2}|Matplotlib", first.wide)
    assert b"Software" not in first.png and b"tIME" not in first.png


def test_text_in_a_drawing_is_text_as_it_stands(two: Made):
    host = two.scenario.host.model_copy(update={"title": "v1.23456 <b> & $x^2$ 서버"})
    about = two.scenario.model_copy(update={"host": host})
    memory = next(draw(replace(two, scenario=about), canvas.colours(two)))
    assert ">vm-qemu</text>" in memory.wide
    assert "v1.23456 &lt;b&gt; &amp; $x^2$ 서버" in memory.wide
    assert "@font-face" not in memory.wide


def test_what_a_comparison_has_no_numbers_for_is_not_drawn():
    nothing = stated({"a": {}})
    assert list(draw(nothing, canvas.colours(nothing))) == []


def test_27_platforms_have_27_colours_and_the_next_begins_again():
    colours = platform_colours([str(place) for place in range(28)])
    assert len(set(colours.values())) == len(PLATFORMS) == 27
    assert colours["27"] == colours["0"]


@pytest.mark.parametrize("sight", SIGHT)
def test_whoever_sees_no_red_or_no_green_tells_ten_platforms_apart(sight: str):
    first = [lab(colour, SIGHT[sight]) for colour in PLATFORMS[:10]]
    assert min(np.linalg.norm(one - other) for one, other in combinations(first, 2)) > 15


@pytest.mark.parametrize("sight", SIGHT)
def test_whoever_sees_no_red_or_no_green_tells_the_work_from_the_box_and_its_waste(sight: str):
    families = [
        *(["net.private", "net.kernel"], [f"boundary.{place}" for place in range(BOX_PARTS)]),
        ["duplicate.files", "stranded"],
    ]
    colours = component_colours([name for family in families for name in family])
    for one, other in combinations(families, 2):
        for first, second in product(one, other):
            seen = lab(colours[first], SIGHT[sight]) - lab(colours[second], SIGHT[sight])
            assert np.linalg.norm(seen) > 15, (first, second)


def test_the_work_is_coloured_before_the_box_and_the_box_before_its_waste():
    named = ["stranded", "boundary.vmm", "contention", "net.private", "duplicate.files", "idle"]
    assert list(component_colours(named)) == [
        *("net.private", "boundary.vmm", "idle", "stranded", "duplicate.files", "contention"),
    ]


def test_the_smallest_parts_of_the_box_are_put_together_and_nothing_is_lost():
    many = {f"boundary.part{size}": float(size) for size in range(1, BOX_PARTS + 3)}
    few = {"net.private": 5.0, "boundary.part1": 1.0}
    together = folded({"a": many, "b": few})
    # The largest keep their names and colours; 1 + 2 + 3 share the last one.
    assert together["a"]["boundary.other parts"] == 6.0
    assert sum(together["a"].values()) == sum(many.values())
    assert together["b"] == {"net.private": 5.0, "boundary.other parts": 1.0}
    assert folded({"b": few}) == {"b": few}


def test_a_capacity_in_sight_is_drawn_and_one_far_off_is_said(drawn: list[Text]):
    rows = [("a", "memory", "net.private", 40 * 2.0**30, "bytes")]
    near = stated({"a": {"memory_gross_bytes": 40 * 2.0**30}}, components=rows)
    texts = [text for text, _ in boxes(figure_of("memory", near), drawn)]
    assert "host: 63 GiB" in texts
    rows = [("a", "memory", "net.private", 2.0**30, "bytes")]
    far = stated({"a": {"memory_gross_bytes": 2.0**30}}, components=rows)
    texts = [text for text, _ in boxes(figure_of("memory", far), drawn)]
    assert any(text.endswith("the host has 63 GiB") for text in texts)


def test_a_total_keeps_clear_of_the_line_of_the_capacity(drawn: list[Text]):
    rows = [("a", "memory", "net.private", 62 * 2.0**30, "bytes")]
    found = stated({"a": {"memory_gross_bytes": 62 * 2.0**30}}, components=rows)
    figure = figure_of("memory", found)
    placed = dict(boxes(figure, drawn))
    line, _ = figure.axes[0].transData.transform((63 * 2.0**30, 0))
    assert placed["62 GiB"].x0 > line


def test_the_smallest_phases_are_put_together_and_nothing_is_lost(drawn: list[Text]):
    rows = [("a", f"phase{order}", order, 2.0**order) for order in range(10)]
    texts = [text for text, _ in boxes(figure_of("phases", stated({"a": {}}, phases=rows)), drawn)]
    # 1 + 2 of 1,023 s share a name; the other eight keep theirs.
    assert {"other phases", "phase2", "phase9"} <= set(texts)
    assert "phase1" not in texts
    assert "17 min 3 s" in texts


def test_a_storm_of_more_panels_than_are_of_use_is_left_to_the_figure_of_start_up(many: Made):
    assert canvas.figure_of("storm", many) is None
    assert canvas.figure_of("startup", many) is not None


def test_a_figure_of_many_platforms_is_higher_and_of_few_16_to_9(four: Made, many: Made):
    assert tuple(figure_of("memory", four).get_size_inches()) == WIDE
    assert figure_of("memory", many).get_figheight() > WIDE[1]


def test_a_shape_inside_its_chart_is_not_clipped_and_one_beyond_it_is(two: Made):
    with settings("test"):
        assert "clip" not in svg(figure_of("memory", two))
        # The lines of the lost instances stand at 0, half of their width outside.
        assert "clip-path" in svg(figure_of("storm", two))


def test_a_credit_lies_left_of_nothing_and_the_total_is_what_is_left(drawn: list[Text]):
    gib = 2.0**30
    rows = [
        ("a", "memory", "net.private", 8 * gib, "bytes"),
        ("a", "memory", "credit.merged", -3 * gib, "bytes"),
    ]
    figure = figure_of("memory", stated({"a": {"memory_gross_bytes": 5 * gib}}, components=rows))
    bars = sorted(bar.get_bbox().intervalx.tolist() for bar in figure.axes[0].patches)
    assert bars == [[-3 * gib, 0.0], [0.0, 8 * gib]]
    assert "5 GiB" in [text for text, _ in boxes(figure, drawn)]


def test_memory_over_time_adds_up_what_changes(drawn: list[Text]):
    gib = 2.0**30
    rows = [
        ("a", 0.0, 0, "memory", "net.private", 1 * gib),
        ("a", 0.0, 0, "memory", "page_cache", 9 * gib),
        ("a", 5.0, 1, "memory", "net.private", 2 * gib),
        ("a", 8.0, 0, "memory", "net.private", 3 * gib),
        ("a", 9.0, 1, "memory", "net.private", 0.0),
    ]
    found = stated({"a": {}}, samples=rows)
    # 1, then 1 + 2, then 3 + 2 GiB at 8 s; the page cache is not gross memory.
    assert figure_of("timeline", found).get_label() == "a fills 5 GiB within 8 s"


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=10),
    st.floats(0.1, 8),
)
def test_labels_that_are_spread_keep_apart_and_in_order(places: list[float], gap: float):
    moved = spread(places, gap, 0, 100)
    in_order = [moved[place] for place in sorted(range(len(places)), key=places.__getitem__)]
    assert in_order == sorted(in_order)
    assert all(after - before >= gap * 0.999 for before, after in pairwise(in_order))
    assert min(moved) >= -1e-9 and max(moved) <= 100 + 1e-9


def test_labels_with_room_stay_where_they_are():
    assert spread([10.0, 50.0, 30.0], 5, 0, 100) == [10.0, 50.0, 30.0]


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=60))
def test_fitted_text_never_exceeds_its_width(text: str):
    for line in fitted(text, 1.5, 8, lines=2).split("\n"):
        assert text_width(line, 8) <= 1.5 or len(line) == 1


def test_text_breaks_between_words_and_a_number_stays_with_its_unit():
    width = text_width("against 650", 8) + 0.02
    assert fitted("against 650 MiB", width, 8, lines=2) == "against\n650 MiB"


def test_a_long_name_breaks_after_a_hyphen_and_a_longer_one_is_cut():
    width = text_width("container-docker-", 8)
    assert fitted("container-docker-host-net", width, 8, lines=2).replace("\n", "") == (
        "container-docker-host-net"
    )
    assert fitted("x" * 80, width, 8, lines=1).endswith("…")


def test_measured_widths_are_those_that_are_drawn():
    with settings("test"):
        figure = Figure(dpi=720)
        text = figure.text(0, 0, "microvm-firecracker 13.8 GiB", size=8)
        box = text.get_window_extent(FigureCanvasAgg(figure).get_renderer())
    assert text_width(text.get_text(), 8) == pytest.approx(box.width / 720, rel=0.02)


def test_a_curve_that_ends_below_the_top_is_said_as_a_dash_beside_it(
    failing: Made, drawn: list[Text]
):
    texts = [text for text, _ in boxes(figure_of("startup", failing), drawn)]
    assert texts.count("-") == 1


def test_a_run_without_any_start_is_drawn_as_far_as_it_goes():
    failed = ("a", 0, "web", "web/0", 0, 0.0, NOT_KNOWN, 1.0, "failed", "")
    found = stated({"a": {"instances_ready": 0.0}}, instances=[failed])
    assert list(draw(found, canvas.colours(found))) == []


def test_a_path_without_points_is_shortened_like_any_other():
    """An interval of one replication draws no error bar, and leaves a path with nothing in it."""
    empty = (
        '<svg xmlns="http://www.w3.org/2000/svg"><defs><clipPath id="c">'
        '<rect x="0" y="0" width="9" height="9"/></clipPath></defs>'
        '<path clip-path="url(#c)"/></svg>'
    )
    assert "clip" not in shorter(empty, "Sans")
