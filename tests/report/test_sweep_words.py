"""What the report of a sweep says, worked out by hand."""

import re
from dataclasses import replace

import pytest
from report.sweep_stories import (
    BOTH,
    COUNT,
    STORIES,
    all_failed,
    by_rule,
    crossed,
    five_axes,
    grid,
    later,
    missing,
    one_at_a_time,
    one_platform,
    one_point,
    sampled,
    sensitive,
    single_runs,
    together,
    turning,
)
from report.swept import GIB, MadeSweep, numbers, sizes, swept, table, words

from sim.report.estimates import Estimate
from sim.report.sweeps import findings
from sim.report.sweeps.answer import answer, moves, turns
from sim.report.sweeps.contests import measured, name_of, said, unsigned, with_interval, words_for
from sim.report.sweeps.failing import failures_table, what_failed
from sim.report.sweeps.mattering import spans
from sim.report.sweeps.naming import Naming
from sim.report.sweeps.reading import compared, paired
from sim.report.sweeps.running import command, how_it_ran
from sim.report.sweeps.scales import levels_of, spread_over
from sim.report.sweeps.slices import MOST_SLICES, slices
from sim.spec.metrics import METRICS

NAN = float("nan")


def test_an_axis_is_called_by_as_little_of_its_path_as_tells_it_apart():
    one, two, host = (numbers(path, 1) for path in ("groups.web.count", "groups.db.count", "hosts"))
    memory = sizes("host.memory", 64)
    naming = Naming([one, memory, host])
    assert naming.short(memory.name) == "host.memory"
    assert naming.phrase(one.name, 50) == "50 instances"
    assert naming.phrase(one.name, 1) == "1 instance"
    assert naming.phrase(host.name, 3) == "3 hosts"
    assert naming.phrase(memory.name, 64 * GIB) == "a host.memory of 64 GiB"
    assert naming.holds(memory.name, 64 * GIB) == "host.memory 64 GiB"
    at = {one.name: 50, memory.name: 64 * GIB}
    assert naming.place(at) == "50 instances and a host.memory of 64 GiB"
    assert Naming([one, two]).phrase(two.name, 5) == "5 instances of db"
    deep = [numbers(f"platforms.{name}.cpu.count", 1) for name in ("a", "b")]
    assert [Naming(deep).short(axis.name) for axis in deep] == ["a.cpu.count", "b.cpu.count"]


def test_a_value_that_is_no_number_is_said_as_it_is():
    axis = words("placement", "spread", "pack")
    assert Naming([axis]).phrase("placement", "pack") == "a placement of pack"


def test_a_difference_is_said_with_its_interval_in_the_same_unit():
    found = Estimate(3.1, 2.9, 3.3, 5, "s")
    words_of = words_for("startup_mean_s")
    assert said(words_of.less, found, "startup_mean_s") == "starts 3.1 s sooner [2.9, 3.3]"
    assert said(words_of.more, found, "startup_mean_s", "a") == (
        "starts 3.1 s later than a [2.9, 3.3]"
    )
    minutes = Estimate(95.0, 90.0, 100.0, 5, "s")
    assert measured(minutes, "startup_mean_s") == ("95 s", "[90, 100]")
    milli = Estimate(0.0031, 0.0029, 0.0033, 5, "s")
    assert with_interval(milli, "startup_mean_s") == "3.1 ms [2.9, 3.3]"
    assert with_interval(Estimate(2 * GIB, NAN, NAN, 1, "bytes"), "memory_gross_bytes") == "2 GiB"
    share = Estimate(0.12, 0.1, 0.14, 5, "")
    assert said("has {} less", share, "cpu_utilization") == (
        "has 12 percentage points less [10, 14]"
    )
    assert with_interval(share, "cpu_utilization") == "12 % [10, 14]"


def test_what_is_below_zero_is_turned_round_with_its_interval():
    assert unsigned(Estimate(-3.0, -3.3, -2.9, 5, "s")) == Estimate(3.0, 2.9, 3.3, 5, "s")


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_has_words_also_for_one_group(metric: str):
    for name in (metric, f"groups.web.{metric}"):
        found = words_for(name)
        assert all("{}" in form for form in (found.less, found.more))
        assert "{}" not in found.best
        assert found.less != found.more
    assert name_of(f"groups.web.{metric}").endswith(" of web")


def test_containers_start_so_much_sooner_with_an_interval():
    assert answer(later())[0] == (
        "container starts soonest at each of 2 points, by 3.1 s [2.85, 3.35] at 10 instances "
        "to 3.1 s [2.85, 3.35] at 100 instances."
    )
    point = swept([numbers(COUNT, 10)], BOTH, lambda p, n, r: {"startup_mean_s": 2.0 + (n == "vm")})
    assert answer(point) == ["container starts soonest, by 1 s [1, 1]."]


def test_it_is_said_who_wins_where_and_where_that_turns():
    first, second, *rest = answer(turning())
    assert first == (
        "vm holds least memory at 2 of 4 points (up to 20 instances) and container at 1 "
        "(from 100 instances on); 1 is a tie. vm is ahead by up to 27 GiB [27, 27] at "
        "10 instances and container by up to 63 GiB [63, 63] at 100 instances."
    )
    assert second == (
        "Below 37 instances [35, 39] vm holds less memory than container, above it more."
    )
    assert not rest


def test_of_several_places_where_it_turns_the_first_and_the_last_are_told():
    assert turns(grid()) == [
        "microvm-firecracker holds less memory than container-docker up to a point that goes from "
        "20 instances [18, 22] with a host.memory of 128 GiB to 30 instances [28, 32] with a "
        "host.memory of 32 GiB; beyond it more."
    ]


def test_one_place_among_others_says_with_what():
    made = crossed(
        grid(), ("startup_mean_s", 64 * GIB, COUNT, "vm-qemu", "process", 9.0, NAN, NAN)
    )
    assert turns(made) == [
        "With a host.memory of 64 GiB, below 9 instances vm-qemu starts sooner than process, "
        "above it later."
    ]


def test_where_more_is_better_the_one_that_leads_has_more():
    def value(place: object, platform: str, run: int) -> dict[str, float]:
        return {"throughput_per_s": 100.0 + run + (50.0 if platform == "vm" else 0.0)}

    made = swept([numbers(COUNT, 10)], BOTH, value)
    assert answer(made) == ["vm answers most, by 50 /s [50, 50]."]
    made = crossed(made, ("throughput_per_s", COUNT, "vm", "container", 9.0, 8.0, 10.0))
    assert turns(made) == [
        "Below 9 instances [8, 10] vm answers more than container, above it less."
    ]


def test_a_crossing_that_was_not_found_is_in_the_table_with_its_reason():
    row = ("memory_gross_bytes", COUNT, "vm", "container", NAN, NAN, NAN, NAN, "", "it did not fit")
    made = replace(turning(), crossings=table("crossings", [], [row]))
    assert turns(made) == []
    shown = findings.crossings_table(made)
    assert shown.columns[-3:] == ("remark", "at", "95 % interval")
    assert [cell.text for cell in shown.rows[0]][-3:] == ["it did not fit", "-", "-"]
    assert "remark" not in findings.crossings_table(turning()).columns


def test_a_platform_alone_is_told_from_least_to_most():
    said_of = answer(one_platform())[0]
    assert re.fullmatch(
        r"Memory gross goes from .* \[.*\] on process at 1 instance and a host.memory of 32 GiB "
        r"to .* \[.*\] on process at 100 instances and a host.memory of 64 GiB\.",
        said_of,
    )


def test_a_problem_without_platforms_is_told_without_them():
    made = swept([numbers("x", 0, 1)], [""], lambda p, n, r: {"y": float(str(p["x"])) + 2.0})
    assert answer(made) == ["Y goes from 2 [2, 2] at a x of 0 to 3 [3, 3] at a x of 1."]


def test_all_ties_are_one_sentence():
    made = swept([numbers(COUNT, 1, 2)], BOTH, lambda p, n, r: {"startup_mean_s": 1.0 + r})
    assert answer(made) == [
        "In start-up mean the first two cannot be told apart at any of 2 points."
    ]


def test_the_axis_that_moves_a_metric_most_is_told_first_and_one_that_does_not_last():
    def value(place: dict[str, object], platform: str, run: int) -> dict[str, float]:
        return {"memory_gross_bytes": float(str(place[COUNT])) * GIB}

    axes = [sizes("host.memory", 32, 64), numbers(COUNT, 1, 3)]
    assert moves(swept(axes, BOTH, value)) == [
        "Of what is varied, web.count moves memory gross most: in the mean over all else from "
        "1 GiB to 3 GiB on container; host.memory hardly moves it."
    ]
    assert [span.axis for span in spans(swept(axes, BOTH, value), "memory_gross_bytes")] == [
        COUNT, "host.memory_bytes",
    ]  # fmt: skip


def test_what_an_answer_depends_on_most_is_told_with_its_evidence():
    path = "footprint.vmm"
    assert moves(sensitive()) == [
        f"Memory gross on vm depends most on {path} (assumed): it has a part in 70 % [66, 74] of "
        "its variance, 62 % [58, 66] by itself alone.",
        f"Memory gross on container depends most on {path} (vendor), which moves it by 3 GiB "
        "[2, 4] in the mean.",
        f"From one end of what it may be to the other, {path} (assumed) takes memory gross on vm "
        "from 38 GiB to 45 GiB, more than any other number.",
        f"Of the numbers that are only assumed, {path} moves memory gross on vm most: "
        "from 38 GiB to 45 GiB. 0 of 2 numbers there do not change it.",
        "What a number of the catalog may be is what its entry states, or else an assumption: "
        "from its value over a factor to its value times it, by its evidence: measured 1.2, "
        "vendor 1.5, derived 1.5, calibrated 1.4 and assumed 2.5.",
    ]


def test_runs_that_failed_are_told_by_their_reason():
    assert [*what_failed(grid())] == [
        "15 of 300 runs failed: the host has no memory left for another machine "
        "(on vm-qemu, first at 200 instances and a host.memory of 32 GiB)."
    ]
    assert answer(all_failed()) == [
        "All 20 runs failed: 10: no container can be had (on container, first at 1 instance); "
        "10: no vm can be had (on vm, first at 1 instance)."
    ]
    assert [cell.text for cell in failures_table(grid()).rows[0]][-2:] == ["3", "15"]


def test_points_that_cannot_be_are_told_apart_from_runs_that_failed():
    rows = [("count is 0, which is too few", "", 1, 0, 0), ("no room", "vm", 1, 2, 1)]
    made = replace(later(), failures=table("failures", [], rows), failed=2)
    assert [*what_failed(made)] == [
        "1 of 2 points cannot be run: count is 0, which is too few (first at 10 instances).",
        "2 of 12 runs failed: no room (on vm, first at 100 instances).",
    ]


def test_who_does_less_than_others_is_compared_with_nobody_there_and_that_is_said():
    less = table("short", [], [(1, "vm", 3.0, 100.0)])
    made = replace(later(), short=less)
    assert [*what_failed(made)] == [
        "On vm fewer instances become ready than elsewhere at 1 of 2 points, first at "
        "100 instances; there it is compared with nobody."
    ]
    assert {name: [*own] for name, own in compared(made, "startup_mean_s").items()} == {
        "container": [0, 1], "vm": [0],
    }  # fmt: skip
    assert [*paired(made, "startup_mean_s")["vm"]] == [0]
    first = replace(later(), short=table("short", [], [(0, "container", 3.0, 10.0)]))
    assert [*paired(first, "startup_mean_s")["vm"]] == [1]


def test_it_is_said_how_it_ran():
    assert how_it_ran(later()) == (
        "2 points of web.count (2 from 10 to 100) on 2 platforms, 12 runs, each watched for "
        "10 min. Each was run 3 times, with the same chance on every platform. Brackets are 95 % "
        "intervals by Student's t, of differences run by run; a tie is a difference whose interval "
        "covers 0."
    )
    assert "One run has no interval" in how_it_ran(single_runs())
    assert ", web.count (3 from 1 to 100) and host.memory" in how_it_ran(together())
    assert "changed one at a time" in how_it_ran(one_at_a_time())
    assert "of a Latin hypercube over web.count (32 from 1 to 93)" in how_it_ran(sampled())
    assert ", every combination of 5 axes on" in how_it_ran(five_axes())
    assert how_it_ran(one_point()).startswith("1 point of web.count (50) on 4 platforms")


def test_intervals_by_the_precision_rule_are_said_to_cover_a_little_less():
    said_of = how_it_ran(by_rule())
    assert "until the 95 % interval of start-up mean was within 5 % of the mean" in said_of
    assert "4 of 4 are not so precise after 3 runs." in said_of
    assert "cover a little less than their name says" in said_of


def test_the_command_gives_the_same_again():
    assert command(replace(later(), arguments=("--vary", "a.b=1, 2"))) == (
        "tare sweep web-sweep.yaml --vary 'a.b=1, 2'"
    )


def test_levels_lie_on_the_scale_on_which_they_are_even():
    def is_log(*values: float) -> bool:
        axis = numbers("x", *values)
        return levels_of(axis, later().points.assign(x=0).iloc[:0].reindex(
            range(len(values))).assign(x=values)).is_log  # fmt: skip

    assert is_log(1, 10, 100)
    assert is_log(1, 2, 5, 10, 20, 50)
    assert not is_log(10, 20, 30, 40)
    assert not is_log(0, 10, 100)
    assert not is_log(1, 100)


def test_some_of_many_are_spread_over_all_with_both_ends():
    assert spread_over(range(100), 4) == [0, 33, 66, 99]
    assert spread_over(range(3), 4) == range(3)
    assert spread_over("abc", 1) == ["b"]


def test_a_design_of_many_axes_is_cut_and_says_so():
    cut = slices(five_axes())
    assert 1 < len(cut.found) <= MOST_SLICES
    assert cut.left_out.startswith("with ")
    for of in cut.found:
        assert len(of.points) == 3
    assert [of.title for of in slices(grid()).found] == [
        "host.memory 32 GiB", "host.memory 64 GiB", "host.memory 128 GiB",
    ]  # fmt: skip


def test_what_some_lack_is_left_out_and_said_of_the_others():
    said_of = answer(missing())
    assert any(sentence.startswith("In memory gross") for sentence in said_of)
    assert findings.summary(missing()).rows[1][-2].text == "-"


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_every_sentence_is_whole(story: object):
    made: MadeSweep = story()  # type: ignore[operator]
    for sentence in (*answer(made), *turns(made), *moves(made)):
        assert sentence.endswith("."), sentence
        assert not re.search(r"nan|  |\bNone\b|\{|\}|, \.|\( ", sentence), sentence


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_every_row_of_every_table_has_a_cell_for_each_column(story: object):
    made: MadeSweep = story()  # type: ignore[operator]
    for table_of in (
        *(findings.varied, findings.winners, findings.summary, findings.differences),
        *(findings.crossings_table, findings.effects, findings.sensitivity, findings.tornado),
        failures_table,
    ):
        shown = table_of(made)
        assert {len(row) for row in shown.rows} <= {len(shown.columns)}, table_of
