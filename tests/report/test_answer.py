"""The answer in plain words: every number here is worked out by hand from the stated metrics."""

from report.stated import ending, stated

from sim.report.answer import answer, details
from sim.report.findings import STARTS, differences, headline
from sim.report.losses import incomparable

GIB = 2**30


def light(**changes: object) -> dict[str, object]:
    """2 GiB, all of it the work's own, and half a second."""
    return {
        "memory_gross_bytes": 2.0 * GIB,
        "memory_net_bytes": 2.0 * GIB,
        "memory_tare_bytes": 0.0,
        "startup_p99_s": 0.5,
        **changes,
    }


def heavy(**changes: object) -> dict[str, object]:
    """8 GiB, three quarters of it tare, and two seconds."""
    numbers = {"memory_gross_bytes": 8.0 * GIB, "memory_tare_bytes": 6.0 * GIB}
    return light(**numbers, startup_p99_s=2.0) | changes


def test_three_sentences_say_memory_start_up_and_what_it_fills():
    found = stated(
        {"bare": light(), "boxed": heavy()},
        used={"bare": {"memory": 0.034, "cpu": 0.02}, "boxed": {"cpu": 0.05, "memory": 0.134}},
    )
    assert answer(found) == [
        "bare holds least memory and starts fastest.",
        "In memory, 50 × web-node hold 2 GiB on bare and 8 GiB on boxed, 4.0 times as much, of "
        "which 75 % is tare, what a platform adds to the work; 99 % of them are ready within "
        "500 ms on bare and 2 s on boxed, 4.0 times as long.",
        "No host is full; nearest to it is memory, of which a host uses 3 % on bare and 13 % on "
        "boxed.",
    ]


def test_the_first_sentence_names_who_meets_the_objectives_and_the_best_of_them():
    judged = [
        (name, "startup_p99_s", "< 1", 0.0, name != "boxed") for name in ("bare", "lean", "boxed")
    ]
    found = stated(
        {"bare": light(), "lean": light(memory_gross_bytes=1.0 * GIB), "boxed": heavy()},
        objectives=judged,
    )
    assert answer(found)[0] == (
        "Every stated objective is met by bare and lean, not by boxed; of these lean holds least "
        "memory."
    )
    none = stated({"boxed": heavy()}, objectives=[("boxed", "startup_p99_s", "< 1", 2.0, False)])
    assert answer(none)[0] == "No platform meets every stated objective."


def test_what_starts_spend_their_time_on_is_told_of_the_slowest():
    rows = [("boxed", "start-up", "disk", 0.57, "", ""), ("boxed", "start-up", "cpu", 0.43, "", "")]
    rows += [(name, "use", "memory", 0.97, "", "") for name in ("bare", "boxed")]
    metrics = {"bare": light(startup_mean_s=0.4), "boxed": heavy(startup_mean_s=1.5)}
    assert answer(stated(metrics, binding=rows))[-1] == (
        "What binds is memory, of which a host uses 97 % on bare and boxed; 57 % of a start on "
        "boxed is spent on disk."
    )


def test_where_the_platform_works_more_than_the_workload_the_processor_is_told():
    metrics = {
        "bare": light(cpu_gross_core_s=300.0, cpu_tare_core_s=0.0),
        "boxed": heavy(cpu_gross_core_s=4500.0, cpu_tare_core_s=3600.0),
    }
    assert details(stated(metrics)) == [
        "Over a run the processor is busy for 300 core-s on bare and 4,500 core-s on boxed, 15 "
        "times as much, of which 80 % is tare; a core-s is one core busy for one second."
    ]


def test_where_different_resources_bind_each_is_named():
    found = stated(
        {"bare": light(), "boxed": heavy()},
        used={"bare": {"memory": 0.1, "cpu": 0.2}, "boxed": {"memory": 0.4, "cpu": 0.3}},
    )
    assert answer(found)[-1] == (
        "No host is full: it uses 20 % of CPU on bare and 40 % of memory on boxed."
    )


def test_where_one_host_is_full_the_others_are_not_said_to_be():
    found = stated(
        {"bare": light(), "boxed": heavy()}, used={"bare": {"cpu": 0.2}, "boxed": {"memory": 0.97}}
    )
    assert answer(found)[-1] == (
        "A host is full where it uses 97 % of memory on boxed, and is not on the others."
    )


def test_means_whose_intervals_meet_are_a_tie():
    found = stated(
        {
            "one": light(startup_p99_s=(1.0, 0.9, 1.1)),
            "other": light(startup_p99_s=(1.15, 1.05, 1.25)),
        }
    )
    assert answer(found) == [
        "In memory, 50 × web-node hold about 2 GiB on every platform, a tie, of which 0 % is tare, "
        "what a platform adds to the work; 99 % of them are ready within about 1 s on every "
        "platform, a tie."
    ]


def test_means_whose_intervals_are_apart_are_none():
    found = stated(
        {
            "one": light(startup_p99_s=(1.0, 0.9, 1.1)),
            "other": light(startup_p99_s=(1.3, 1.2, 1.4)),
        }
    )
    assert "1 s on one and 1.3 s on other, 1.3 times as long" in answer(found)[1]


def test_one_run_has_no_intervals_and_still_an_answer():
    found = stated({"bare": light(), "boxed": heavy()}, replications=1)
    assert "2 GiB on bare and 8 GiB on boxed, 4.0 times as much" in answer(found)[1]


def test_who_is_short_of_instances_is_said_first_and_has_no_quantile_to_boast_of():
    late = heavy(instances_ready=37.5)
    del late["startup_p99_s"]
    said = answer(stated({"bare": light(), "boxed": late}))
    assert said[0] == "Not all become ready: only 37.5 of 50 on boxed."
    assert said[1] == "99 % of 50 × web-node are ready within 500 ms on bare."


def test_one_platform_alone_is_compared_with_nothing():
    said = answer(stated({"boxed": heavy()}, used={"boxed": {"memory": 0.134}}))
    assert said == [
        "In memory, 50 × web-node hold 8 GiB on boxed, of which 75 % is tare, what a platform adds "
        "to the work; 99 % of them are ready within 2 s on boxed.",
        "No host is full; nearest to it is memory, of which a host uses 13 % on boxed.",
    ]


def test_of_many_platforms_only_the_ends_are_named():
    found = {f"p{place}": light(startup_p99_s=float(place)) for place in range(1, 7)}
    assert answer(stated(found))[1].endswith(
        "; 99 % of them are ready within 1 s on p1 to 6 s on p6, 6.0 times as long."
    )


def test_where_nothing_became_ready_nothing_is_made_up():
    nothing = {"instances_ready": 0.0, "memory_gross_bytes": 0.0, "memory_tare_bytes": 0.0}
    assert answer(stated({"boxed": nothing})) == [
        "Not all become ready: only 0 of 50 on boxed.",
    ]


def test_memory_is_compared_where_as_many_live():
    metrics = {"bare": light(), "boxed": heavy(memory_gross_bytes=1.0 * GIB)}
    ends = [*ending("bare", "ready", "ready"), *ending("boxed", "ready", "oom-killed")]
    found = stated(metrics, instances=ends)
    assert answer(found)[1] == (
        "99 % of 50 × web-node are ready within 500 ms on bare and 2 s on boxed, 4.0 times as long."
    )


def test_where_nothing_lives_on_those_are_compared_that_became_ready():
    ends = [*ending("bare", "exited"), *ending("boxed", "exited")]
    found = stated({"bare": light(), "boxed": heavy()}, instances=ends)
    assert "2 GiB on bare and 8 GiB on boxed" in answer(found)[1]


def test_the_difference_in_memory_is_no_finding_where_fewer_live():
    told = [(metric, "boxed", "bare", 1.0, 0.5, 1.5, 10, "s", 2.0)
            for metric in ("memory_gross_bytes", "startup_mean_s")]  # fmt: skip
    ends = [*ending("bare", "ready", "ready"), *ending("boxed", "ready", "failed")]
    found = stated({"bare": light(), "boxed": heavy()}, instances=ends, differences=told)
    assert [row[1].text for row in differences(found).rows] == ["start-up mean"]
    assert incomparable(found) == (
        "Memory is not compared with bare, since not as many live on: boxed."
    )


def test_where_nothing_is_ready_that_is_still_starting_holds_nothing():
    """All of them live at the end, and none became ready."""
    still = {"instances_ready": 0.0, "memory_gross_bytes": 0.0, "memory_tare_bytes": 0.0}
    found = stated({"boxed": still}, instances=ending("boxed", "starting", "starting"))
    assert answer(found) == ["Not all become ready: only 0 of 50 on boxed."]


def test_of_many_that_are_best_three_are_named():
    many = {f"p{place}": light() for place in range(1, 6)} | {"boxed": heavy()}
    assert answer(stated(many))[0] == (
        "p1, p2, p3 and two more hold least memory and start fastest."
    )


def test_the_headline_says_how_many_stand_at_the_end_where_some_were_killed():
    """Of three that became ready one is killed for good and one starts again; of b none."""
    metrics = {"a": {"oom_kills": 2.0, "instances_ready": 3.0}, "b": {"instances_ready": 3.0}}
    ends = [*ending("a", "ready", "oom-killed", "restarting"), *ending("b", *["ready"] * 3)]
    table = headline(stated(metrics, replications=1, instances=ends), STARTS)
    place = table.columns.index("ready at the end")
    assert [row[place].text for row in table.rows] == ["1", "3"]
    whole = stated({"a": {"oom_kills": 0.0}}, instances=ending("a", "ready"))
    assert "ready at the end" not in headline(whole, STARTS).columns
