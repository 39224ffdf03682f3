"""What is said of requests: throughput, latency, who overtakes whom, what is lost."""

import math
from dataclasses import replace

from report.stated import stated, with_groups

from sim.report.answer import details
from sim.report.estimates import Estimate
from sim.report.loads import (
    closed,
    crossings,
    curves_of,
    furthest_apart,
    in_counting_order,
    latency,
    said,
    throughput,
)

NAN = math.nan


def load(
    platform: str, group: str = "web", *, clients: int = 0, rate: float = 0.0, lost: float = 0.0
) -> tuple[object, ...]:
    """A load that is answered at a rate, 1 % up or down; mean 10 ms, 8 ms in closed form."""
    offered = 0.0 if clients else 200.0
    low, high = 0.99 * rate, 1.01 * rate
    times = (0.01, 0.008, 0.005, 0.05)
    return (platform, group, clients, offered, rate, low, high, 1.1 * rate, *times, lost)


def curve(*points: tuple[int, float]) -> dict[int, Estimate]:
    return {at: Estimate(rate, 0.99 * rate, 1.01 * rate, 10, "/s") for at, rate in points}


def texts(table) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in table.rows]


def test_a_load_has_a_row_a_platform_group_by_group():
    rows = [load("b", "few", clients=1, rate=90.0), load("a", "few", clients=1, rate=100.0),
            load("a", rate=199.0, lost=3.5)]  # fmt: skip
    found = with_groups(stated({"a": {}, "b": {}}, loads=rows), "web", "few")
    assert texts(throughput(found)) == [
        ("web", "200 / s", "a", "199 / s", "219 / s", "3.5"),
        ("few", "1 client each", "a", "100 / s", "110 / s", "0"),
        ("few", "1 client each", "b", "90 / s", "99 / s", "0"),
    ]
    assert throughput(found).rows[0][3].note == "197 to 201 /s"
    assert texts(latency(found))[0] == ("web", "a", "5 ms", "50 ms", "10 ms", "8 ms")


def test_what_was_not_simulated_has_no_quantile_and_what_is_overloaded_no_end():
    row = ("a", "web", 0, 9.0, 5.0, NAN, NAN, 5.0, NAN, math.inf, NAN, NAN, 4.0)
    found = stated({"a": {}}, loads=[row])
    assert texts(latency(found)) == [("web", "a", "-", "-", "-", "no end")]
    assert texts(throughput(found)) == [("web", "9 / s", "a", "5 / s", "5 / s", "4")]


def test_who_overtakes_whom_is_said_with_the_numbers_of_clients():
    nat = curve((1, 12_767), (10, 73_947), (120, 83_317))
    kvm = curve((1, 9_390), (10, 56_887), (120, 98_702))
    for curves in ({"nat": nat, "kvm": kvm}, {"kvm": kvm, "nat": nat}):
        (lead,) = crossings(curves)
        assert said(lead) == "nat leads kvm at 1 and 10 clients; kvm leads at 120"


def test_a_lead_within_the_intervals_is_none():
    level = curve((1, 100), (10, 1000))
    assert crossings({"a": level, "b": curve((1, 101.5), (10, 985))}) == []
    # 1.5 % up and 5 % down: the first is a tie, so nobody overtakes.
    assert crossings({"a": level, "b": curve((1, 101.5), (10, 950))}) == []


def test_without_intervals_a_lead_has_to_be_worth_telling():
    def once(one: float, ten: float) -> dict[int, Estimate]:
        return {at: Estimate(rate, NAN, NAN, 1, "/s") for at, rate in ((1, one), (10, ten))}

    assert crossings({"a": once(100, 1000), "b": once(101, 990)}) == []
    assert len(crossings({"a": once(100, 1000), "b": once(105, 950)})) == 1


def test_who_swings_furthest_comes_first():
    curves = {"a": curve((1, 100), (10, 100)), "b": curve((1, 90), (10, 110)),
              "c": curve((1, 50), (10, 200))}  # fmt: skip
    assert [(lead.ahead, lead.behind) for lead in crossings(curves)] == [
        ("a", "c"), ("b", "c"), ("a", "b"),
    ]  # fmt: skip


def test_where_nobody_overtakes_the_widest_gap_is_told_and_a_tie_is_a_tie():
    fast, slow = curve((1, 100), (10, 900)), curve((1, 80), (10, 300))
    assert furthest_apart({"fast": fast, "slow": slow}) == (
        "fast answers 3.0 times as much as slow: 900 / s against 300 / s, at 10 clients"
    )
    assert furthest_apart({"one": fast, "other": fast}).endswith("a tie")
    assert furthest_apart({"one": curve((1, 100))}) == "one answers 100 / s at 1 client"


def test_groups_of_one_workload_make_one_curve():
    rows = [load("a", "c1", clients=1, rate=10.0), load("a", "c9", clients=9, rate=50.0),
            load("a", "web", rate=200.0)]  # fmt: skip
    found = closed(with_groups(stated({"a": {}}, loads=rows), "c1", "c9", "web"))
    assert list(found) == ["c1 to c9"]
    curve = curves_of(found["c1 to c9"], 10)["a"]
    assert {at: estimate.mean for at, estimate in curve.items()} == {1: 10, 9: 50}


def test_groups_of_unlike_size_make_none():
    rows = [load("a", "c1", clients=1, rate=10.0), load("a", "c9", clients=9, rate=50.0)]
    found = with_groups(stated({"a": {}}, loads=rows), "c1", "c9")
    groups = dict(found.scenario.groups)
    groups["c9"] = groups["c9"].model_copy(update={"count": 3})
    about = found.scenario.model_copy(update={"groups": groups})
    assert list(closed(replace(found, scenario=about))) == ["c1", "c9"]


def test_throughput_crossing_and_losses_are_told():
    metrics = {
        "a": {"throughput_per_s": 1000.0, "request_p99_s": 0.002, "requests_lost": 0.0},
        "b": {"throughput_per_s": 500.0, "request_p99_s": 0.006, "requests_lost": 12.0},
    }
    rows = [load("a", "c1", clients=1, rate=100.0), load("a", "c9", clients=9, rate=400.0),
            load("b", "c1", clients=1, rate=90.0), load("b", "c9", clients=9, rate=600.0)]
    assert details(with_groups(stated(metrics, loads=rows), "c1", "c9")) == [
        "Requests are answered at 500 / s on b and 1,000 / s on a, 2.0 times as much.",
        "As clients are added, a leads b at 1 client; b leads at 9.",
        "Requests are lost: 12 on b, and none elsewhere.",
    ]


def test_without_a_load_nothing_is_said():
    found = stated({"a": {"throughput_per_s": 0.0}})
    assert details(found) == []
    assert throughput(found).rows == latency(found).rows == ()


def test_groups_that_differ_in_their_clients_alone_stand_in_counting_order():
    assert in_counting_order(["c-1", "c-120", "c-50"]) == ["c-1", "c-50", "c-120"]
    assert in_counting_order(["web", "db-2"]) == ["web", "db-2"]


def test_a_closed_form_beyond_all_time_has_no_end():
    *_, lost = row = load("a", rate=100.0)
    p50, p99 = 0.005, 0.05
    rows = [(*row[:-5], 0.01, 1e12, p50, p99, lost)]
    assert texts(latency(stated({"a": {}}, loads=rows)))[0][-1] == "no end"
