"""Figures of load, faults and pressure: the finding as title, nothing cut, no extreme lost."""

import math
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from report.canvas import boxes, colours, figure_of, misplaced
from report.made import Made
from report.stated import stated, with_groups

from sim.report.figures.courses import added_up, at, settled, telling
from sim.report.figures.drawing import draw
from sim.report.figures.files import settings, svg
from sim.report.figures.style import COLUMN, WIDE, Size

GIB = 2.0**30
NAN = math.nan
HAPPENINGS = ("pressure", "latencies", "throughput", "faults")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("pressure", "Memory runs out on vm-qemu: 3 kills"),
        (
            "latencies",
            "In c10, vm-qemu takes 1.9 times as long to answer as process: 99 % within 773 µs "
            "against 418 µs",
        ),
        (
            "throughput",
            "container-docker leads vm-qemu at 1 and 10 clients; vm-qemu leads at 50 and 120",
        ),
        (
            "faults",
            "Instances lost to faults: 21 on container-docker, 2 on microvm-firecracker",
        ),
    ],
)
def test_a_title_states_the_finding(name: str, title: str, clients: Made):
    figure = figure_of(name, clients)
    assert figure is not None and figure.get_label() == title


@pytest.mark.parametrize("size", [WIDE, COLUMN], ids=["wide", "column"])
@pytest.mark.parametrize("which", ["pressed", "clients", "ten_pressed", "alone_pressed"])
def test_no_text_overlaps_another_or_leaves_the_figure(
    which: str, size: Size, drawn: list[Text], request: pytest.FixtureRequest
):
    comparison = request.getfixturevalue(which)
    for name in HAPPENINGS:
        figure = figure_of(name, comparison, size)
        with settings("test"):
            assert figure is None or not list(misplaced(figure, drawn)), name


def test_what_did_not_happen_is_not_drawn(four: Made):
    assert [name for name in HAPPENINGS if figure_of(name, four) is not None] == []


def test_under_pressure_memory_over_time_is_told_once(pressed: Made, four: Made):
    assert figure_of("timeline", pressed) is None
    assert figure_of("timeline", four) is not None
    names = [drawing.path.removeprefix("figures/") for drawing in draw(pressed, colours(pressed))]
    assert names[-3:] == ["pressure", "latencies", "faults"]


def memory(*rows: tuple[float, str, float]) -> list[tuple[object, ...]]:
    return [("a", time, 0, "memory", component, value * GIB) for time, component, value in rows]


def ready(at_s: float) -> list[tuple[object, ...]]:
    return [("a", 0, "web", "web/0", 0, 0.0, at_s, NAN, "ready", "")]


def pressure_of(*rows: tuple[float, str, float]) -> Figure | None:
    found = stated({"a": {}}, samples=memory(*rows), instances=ready(2.0))
    return figure_of("pressure", found)


def test_memory_that_only_fills_up_or_goes_is_no_pressure():
    assert pressure_of((0, "net.private", 1), (2, "net.private", 8), (9, "net.private", 2)) is None
    # What one leaves behind as it ends is little: 4 % of the peak.
    left = ((2, "net.private", 10.0), (8, "net.private", 2.0), (8.5, "stranded", 0.4))
    assert pressure_of(*left) is None


def test_memory_that_grows_after_the_start_is_shown():
    figure = pressure_of((0, "net.private", 1), (9, "net.private", 4))
    assert figure is not None and figure.get_label() == "a holds up to 4 GiB over time"


def test_what_is_merged_and_swapped_hangs_below_nothing():
    credits = ((5, "credit.merged", -3), (6, "credit.swapped", -1))
    figure = pressure_of((0, "net.private", 8), *credits, (6, "swap", 1))
    assert figure is not None
    assert figure.get_label() == "a swaps out up to 1 GiB, and holds up to 8 GiB"
    low, high = figure.axes[0].get_ylim()
    assert low == -4 * GIB
    assert high > 8 * GIB


def test_merging_alone_is_told_by_the_title():
    figure = pressure_of((0, "net.private", 8), (5, "credit.merged", -3))
    assert figure is not None
    assert figure.get_label() == "a merges up to 3 GiB, and holds up to 8 GiB"


def test_a_capacity_in_sight_is_named(drawn: list[Text]):
    figure = pressure_of((0, "net.private", 1), (9, "net.private", 40))
    assert figure is not None
    texts = [text for text, _ in boxes(figure, drawn)]
    assert "host: 63 GiB" in texts
    assert "peak 40 GiB" in texts


def test_amounts_of_all_hosts_and_components_add_up():
    rows = [("a", 0.0, 0, "memory", "net", 1.0), ("a", 5.0, 1, "memory", "net", 2.0),
            ("a", 8.0, 0, "memory", "net", 3.0), ("a", 8.0, 1, "memory", "vmm", 4.0)]
    course = added_up(stated({"a": {}}, samples=rows).samples)
    assert [list(part) for part in course] == [[0.0, 5.0, 8.0], [1.0, 3.0, 9.0]]
    assert list(at(np.array([-1.0, 0.0, 6.0, 99.0]), course)) == [0.0, 1.0, 3.0, 9.0]
    assert settled(course) == 8.0


def test_thinning_keeps_every_high_and_low():
    moments = np.arange(100_000.0)
    series = np.random.default_rng(1).normal(0, 1, (3, len(moments)))
    series[0, 77_777], series[2, 12_345] = 50.0, -50.0
    kept = telling(moments, series, most=500)
    assert len(kept) <= 500
    assert {77_777.0, 12_345.0} <= set(kept)
    for row in series:
        values = row[kept.astype(int)]
        assert (values.max(), values.min()) == (row.max(), row.min())


def test_few_moments_are_all_kept():
    assert list(telling(np.arange(500.0), np.zeros((1, 500)), most=500)) == list(range(500))


def test_a_figure_of_many_changes_stays_small(pressed: Made):
    figure = figure_of("pressure", pressed)
    assert figure is not None
    assert len(svg(figure)) < 400_000


def latency(group: str, platform: str, times: tuple[float, ...]) -> list[tuple[object, ...]]:
    shares = (0.5, 0.9, 0.99, 0.999)
    return [(platform, group, share, time) for share, time in zip(shares, times, strict=True)]


def test_the_tail_has_as_much_room_as_the_middle(drawn: list[Text]):
    rows = latency("web", "a", (0.001, 0.002, 0.004, 0.008))
    figure = figure_of("latencies", stated({"a": {}}, latencies=rows))
    assert figure is not None
    line = figure.axes[0].lines[0]
    assert np.allclose(line.get_xdata(), [np.log10(2), 1, 2, 3])
    texts = [text for text, _ in boxes(figure, drawn)]
    assert {"50 %", "90 %", "99 %", "99.9 %", "a"} <= set(texts)


def test_closed_loads_of_unlike_groups_of_one_workload_are_kept_apart(drawn: list[Text]):
    rows = [("a", group, 10, 0.0, rate, rate, rate, NAN, 0.1, NAN, 0.1, 0.2, 0.0)
            for group, rate in (("big", 100.0), ("small", 50.0))]
    found = with_groups(stated({"a": {}}, loads=rows), "big", "small")
    figure = figure_of("throughput", found)
    assert figure is not None and len(figure.axes) == 2
    assert {"big", "small", "10 clients"} <= {text for text, _ in boxes(figure, drawn)}


def test_faults_show_how_many_are_ready_and_never_what_serves_the_platform(drawn: list[Text]):
    events = [
        ("a", 1.0, 0, "web/0", "ready", ""), ("a", 1.0, 0, "engine", "ready", ""),
        ("a", 300.0, 0, "web/0", "failed", "host kernel panic"),
        ("a", 300.0, 0, "engine", "failed", "host kernel panic"),
        ("a", 330.0, 0, "web/0", "restarted", ""), ("a", 340.0, 0, "web/0", "ready", ""),
    ]  # fmt: skip
    faults = [("a", 0, 300.0, 0, "host-kernel-panic", "host 0", "", 1, 1, 340.0, 40.0)]
    found = stated({"a": {}}, events=events, faults=faults, instances=ready(1.0))
    alone = found.scenario.groups["web"].model_copy(update={"count": 1})
    found = replace(
        found, scenario=found.scenario.model_copy(update={"groups": {"web": alone}})
    )
    figure = figure_of("faults", found)
    assert figure is not None
    course = next(line for line in figure.axes[0].lines if len(line.get_xdata()) > 2)
    times, heights = np.asarray(course.get_xdata()), np.asarray(course.get_ydata())
    assert list(times) == [0.0, 1.0, 300.0, 330.0, 340.0, 600.0]
    assert list((heights[0] - heights) / (heights[0] - heights[1])) == [0, 1, 0, 0, 1, 1]
    texts = [text for text, _ in boxes(figure, drawn)]
    assert "host kernel panic: 1 lost, back after 40 s" in texts


def test_a_fault_of_another_replication_is_not_in_the_picture():
    faults = [("a", 1, 300.0, 0, "host-loss", "host 0", "", 1, 0, NAN, NAN)]
    assert figure_of("faults", stated({"a": {}}, faults=faults)) is None


def window(start: int, rate: float, p99: float) -> tuple[object, ...]:
    done = 10 * rate
    return ("a", "web", start, start + 10, 1.0, done, done, done, 0.0, 150, p99 / 2, p99 / 2,
            p99 / 2, p99)  # fmt: skip


def requests_of(*readings: tuple[float, float]) -> Figure | None:
    """Sixty windows of ten seconds, by thirds of these rates and tails; the start takes 20 s."""
    rows = [window(0, 1.0, 5.0)]
    rows += [window(10 * n, *readings[n * len(readings) // 60]) for n in range(2, 60)]
    return figure_of("requests", stated({"a": {}}, requests=rows, instances=ready(20.0)))


def test_requests_over_time_are_shown_where_their_tail_changes_or_else_their_number():
    tail = requests_of((100.0, 0.002), (300.0, 0.008), (100.0, 0.002))
    rate = requests_of((100.0, 0.002), (50.0, 0.0022), (100.0, 0.002))
    assert tail.get_label() == (
        "On a, 99 % are answered within 2 ms at best, and within 8 ms at worst"
    )
    assert rate.get_label() == "On a, 100 / s are answered at best, and 50 / s at worst"


def test_requests_that_meet_no_change_after_the_start_are_not_shown():
    assert requests_of((100.0, 0.002), (120.0, 0.0022)) is None


def test_windows_in_which_nobody_served_leave_a_gap():
    rows = [window(10 * n, 100.0 if n < 20 else 50.0, 0.002) for n in range(60) if not 30 <= n < 35]
    figure = figure_of("requests", stated({"a": {}}, requests=rows, instances=ready(0.0)))
    times, rates = figure.axes[0].lines[0].get_data()
    assert times[np.isnan(rates)].tolist() == [300.0]


@pytest.mark.parametrize("size", [WIDE, COLUMN], ids=["wide", "column"])
def test_no_text_of_requests_over_time_overlaps(size: Size, drawn: list[Text], clients: Made):
    change = 1 + (clients.requests["start_s"] > 240) * 3.0
    found = replace(clients, requests=clients.requests.assign(
        p99_s=clients.requests["p99_s"] * change
    ))
    figure = figure_of("requests", found, size)
    with settings("test"):
        assert figure is not None
        assert len(figure.axes) == 4
        assert not list(misplaced(figure, drawn))
