"""What is said of faults: what one takes, and when it is back."""

import math

from report.stated import stated

from sim.report.answer import details
from sim.report.faults import MOST_TOLD, return_of, timeline

NAN = math.nan
PANIC, CRASH = "guest-kernel-panic", "instance-crash"


def fault(
    platform: str, lost: int, back: int, after: float = NAN, *,
    kind: str = PANIC, run: int = 0, time: float = 60.0,
) -> tuple[object, ...]:  # fmt: skip
    recovered = time + after
    return (platform, run, time, 0, kind, "web/7", "why", lost, back, recovered, after)


def texts(table) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in table.rows]


def test_the_blast_is_told_for_each_platform_and_when_it_is_over():
    rows = [fault("container", 50, 50, 90.0), fault("vm", 1, 1, 12.0)]
    assert details(stated({"container": {}, "vm": {}}, faults=rows)) == [
        "One kernel panic takes all 50 on container, and 1 on vm; back after 12 s on vm, and "
        "after 1 min 30 s on container."
    ]


def test_the_panic_under_an_instance_is_one_fault_whosever_the_kernel_is():
    rows = [fault("container", 50, 50, 90.0, kind="host-kernel-panic"), fault("vm", 1, 1, 12.0)]
    said = details(stated({"container": {}, "vm": {}}, faults=rows))
    assert [sentence.split(";")[0] for sentence in said] == [
        "One kernel panic takes all 50 on container, and 1 on vm"
    ]
    host = (*rows[0][:5], "host 0", *rows[0][6:])
    said = details(stated({"container": {}, "vm": {}}, faults=[host, rows[1]]))
    assert [sentence.split(" takes")[0] for sentence in said] == [
        "One host kernel panic", "One kernel panic",
    ]  # fmt: skip


def test_means_are_over_the_replications():
    rows = [fault("a", lost, lost, after, run=run)
            for run, (lost, after) in enumerate([(2, 10.0), (4, 20.0)])]  # fmt: skip
    rows += [fault("b", 3, 3, 15.0, run=run) for run in (0, 1)]
    assert details(stated({"a": {}, "b": {}}, faults=rows)) == [
        "One kernel panic takes 3 on every platform; back after 15 s on every platform."
    ]


def test_what_never_comes_back_is_said_and_what_only_partly_does():
    rows = [fault("a", 20, 0), fault("b", 20, 18, 5.0), fault("c", 0, 0)]
    assert details(stated({"a": {}, "b": {}, "c": {}}, faults=rows)) == [
        "One kernel panic takes 20 on a and b, and none on c; back all but 2 after 5 s on b, "
        "and never on a."
    ]


def test_each_kind_has_its_sentence():
    rows = [fault("a", 1, 1, 0.5, kind=CRASH), fault("a", 7, 7, 3.0)]
    assert details(stated({"a": {}}, faults=rows)) == [
        "One instance crash takes 1 on a; back after 500 ms on a.",
        "One kernel panic takes 7 on a; back after 3 s on a.",
    ]


def test_a_fault_that_took_nothing_is_no_sentence():
    found = stated({"a": {}}, faults=[fault("a", 0, 0)])
    assert details(found) == []
    assert texts(timeline(found)) == [("a", "1 min", "guest kernel panic", "web/7", "0", "-")]


def test_the_table_tells_the_first_replication_in_order_of_time():
    rows = [fault("b", 1, 0, time=9.0), fault("a", 3, 3, 2.0, time=60.0),
            fault("a", 1, 1, 1.0, kind=CRASH, time=30.0), fault("a", 99, 0, run=1)]  # fmt: skip
    table = timeline(stated({"a": {}, "b": {}}, faults=rows))
    assert table.columns == ("platform", "at", "fault", "of", "lost", "back after")
    assert texts(table) == [
        ("a", "30 s", "instance crash", "web/7", "1", "1 s"),
        ("a", "1 min", "guest kernel panic", "web/7", "3", "2 s"),
        ("b", "9 s", "guest kernel panic", "web/7", "1", "never"),
    ]
    assert table.rows[0][2].note == "why"


def test_of_many_faults_the_worst_are_told_and_the_rest_added_up():
    rows = [fault("a", lost, lost, 1.0, time=float(lost)) for lost in range(1, MOST_TOLD + 4)]
    found = texts(timeline(stated({"a": {}}, faults=rows)))
    assert [row[4] for row in found[:-1]] == [str(lost) for lost in range(4, MOST_TOLD + 4)]
    # The three smallest lost 1 + 2 + 3.
    assert found[-1] == ("a", "", "3 more, no worse", "", "6", "6 of them")


def test_a_return_is_said_in_words():
    assert return_of(0, 0, NAN) == ""
    assert return_of(3, 0, NAN) == "never"
    assert return_of(3, 3, 90.0) == "after 1 min 30 s"
    assert return_of(3, 1, 2.0) == "all but 2 after 2 s"
