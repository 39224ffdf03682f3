"""Where each platform wins: both ways, and ties as ties."""

from dataclasses import replace

from pandas import concat
from report.stated import ending, frame, stated

from sim.report.answer import answer
from sim.report.wins import wins

FAULT = ("a", 0, 1.0, 0, "instance-crash", "web/0", "", 1, 1, 2.0, 1.0)


def test_each_platform_is_told_what_it_is_best_in_with_the_other_end():
    found = stated(
        {
            "a": {"memory_gross_bytes": 2.0**30, "blast_radius": 20.0, "downtime_s": 5.0},
            "b": {"memory_gross_bytes": 2.0**31, "blast_radius": 1.0, "downtime_s": 5.0},
            "c": {"memory_gross_bytes": 2.0**32, "blast_radius": 2.0, "downtime_s": 5.0},
        },
        faults=[FAULT],
    )
    assert wins(found) == [
        "a: least memory (1 GiB, against 4 GiB on c).",
        "b: smallest blast radius (1, against 20 on a).",
        "A tie of all: least downtime of all instances together (about 5 s).",
    ]


def test_most_throughput_wins_and_intervals_that_meet_tie():
    found = stated(
        {
            "a": {"throughput_per_s": (100.0, 95.0, 105.0)},
            "b": {"throughput_per_s": (103.0, 98.0, 108.0)},
            "c": {"throughput_per_s": (50.0, 45.0, 55.0)},
        },
        faults=[FAULT],
    )
    assert wins(found)[:1] == [
        "A tie of a and b: highest throughput (100 / s, against 50 / s on c)."
    ]
    assert wins(found)[1:] == ["Best in none of these: c."]


def test_what_holds_less_because_it_lost_its_instances_does_not_win():
    memory = {"a": {"memory_gross_bytes": 1.0}, "b": {"memory_gross_bytes": 9.0},
              "c": {"memory_gross_bytes": 8.0}}  # fmt: skip
    ends = [*ending("a", "ready", "oom-killed"), *ending("b", "ready", "ready"),
            *ending("c", "ready", "restarting")]  # fmt: skip
    found = stated(memory, faults=[FAULT], instances=ends)
    assert wins(found)[0] == "c: least memory (8 B, against 9 B on b)."


def test_a_blast_is_compared_by_what_struck_an_instance():
    def panic(platform: str, kind: str, target: str, lost: int) -> tuple[object, ...]:
        return (platform, 0, 1.0, 0, kind, target, "", lost, lost, 2.0, 1.0)

    # Who panics under one instance takes 20, 16 or 1; a host that goes takes 20 of each.
    under = {"a": ("host-kernel-panic", 20), "b": ("guest-kernel-panic", 16),
             "c": ("guest-kernel-panic", 1)}  # fmt: skip
    rows = [panic(name, kind, "web/7", lost) for name, (kind, lost) in under.items()]
    rows += [panic(name, "host-loss", "host 0", 20) for name in under]
    rows += [panic(name, "instance-crash", "web/3", 1) for name in under]
    found = stated({name: {"blast_radius": 20.0} for name in under}, faults=rows)
    assert wins(found) == [
        "c: smallest blast radius of one kernel panic (1, against 20 on a).",
        "Best in none of these: a and b.",
    ]
    alike = stated({name: {"blast_radius": 20.0} for name in under}, faults=rows[3:])
    assert wins(alike) == ["A tie of all: smallest blast radius (about 20)."]


def test_who_was_never_down_has_the_least_downtime():
    found = stated({"a": {}, "b": {"downtime_s": 60.0}}, faults=[FAULT])
    assert wins(found) == [
        "a: least downtime of all instances together (0 s, against 1 min on b).",
        "Best in none of these: b.",
    ]


def test_nothing_is_claimed_of_one_platform_or_of_starts_alone():
    fast = {"startup_p99_s": 1.0}
    assert wins(stated({"a": fast, "b": {"startup_p99_s": 2.0}})) == []
    assert wins(stated({"a": fast}, faults=[FAULT])) == []


def test_what_reads_the_same_is_a_tie():
    found = stated(
        {"a": {"throughput_per_s": 2015.2}, "b": {"throughput_per_s": 2015.4}},
        faults=[FAULT],
    )
    assert wins(found)[0] == "A tie of all: highest throughput (about 2,015 / s)."


def test_without_intervals_what_differs_by_less_than_a_hundredth_is_a_tie():
    """2,359 and 2,340 a second: 0.8 % apart; 2,300 is 2.5 % below."""
    def answering(least: float) -> list[str]:
        rates = {"a": {"throughput_per_s": 2359.0}, "b": {"throughput_per_s": least}}
        return wins(stated(rates, faults=[FAULT], replications=1))

    assert answering(2340.0) == ["A tie of all: highest throughput (about 2,340 / s)."]
    assert answering(2300.0)[0] == "a: highest throughput (2,359 / s, against 2,300 / s on b)."


def test_intervals_that_are_apart_are_no_tie_however_near():
    found = stated(
        {"a": {"throughput_per_s": (1002.0, 1001.5, 1002.5)},
         "b": {"throughput_per_s": (1000.0, 999.5, 1000.5)}},
        faults=[FAULT],
    )  # fmt: skip
    assert wins(found)[0] == "a: highest throughput (1,002 / s, against 1,000 / s on b)."


def test_who_loses_requests_is_not_praised_for_answering_most_and_nobody_else_is():
    rates = {"a": {"throughput_per_s": 900.0, "requests_lost": 5.0},
             "b": {"throughput_per_s": 700.0, "requests_lost": 0.0}}  # fmt: skip
    assert wins(stated(rates, faults=[FAULT])) == [
        "b: fewest requests lost (0, against 5 on a).",
        "Best in none of these: a.",
    ]
    assert not [said for said in answer(stated(rates, faults=[FAULT])) if "most" in said]


def test_who_loses_instances_that_answer_is_not_praised_and_who_loses_others_is():
    """One of the group `web`, which has a load, is killed on a; on b one of `hog`, with none."""
    rates = {"a": {"throughput_per_s": 900.0}, "b": {"throughput_per_s": 900.0},
             "c": {"throughput_per_s": 700.0}}  # fmt: skip
    loads = [(name, "web", 0, 9.0, 9.0, *(float("nan"),) * 8) for name in rates]
    found = stated(rates, loads=loads)
    kills = [("a", "group", "web", "oom_kills", 1.0, 1.0, 1.0, 10, ""),
             ("b", "group", "hog", "oom_kills", 1.0, 1.0, 1.0, 10, "")]  # fmt: skip
    summary = concat([found.summary, frame("summary", kills)], ignore_index=True)
    assert wins(replace(found, summary=summary)) == [
        "b: highest throughput (900 / s, against 700 / s on c).",
        "Best in none of these: a and c.",
    ]
