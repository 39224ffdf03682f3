"""What is said of memory that runs short: merging, swap, and who was killed."""

from report.stated import stated

from sim.report.answer import details
from sim.report.pressure import killed, relief

GIB = 2.0**30


def texts(table) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in table.rows]


def test_merging_swap_and_kills_are_told_with_who_has_none():
    found = stated({
        "a": {"memory_merged_bytes": 0.0, "swap_bytes": 1 * GIB, "oom_kills": 0.0},
        "b": {"memory_merged_bytes": 3 * GIB, "swap_bytes": 4 * GIB, "oom_kills": 2.0},
    })  # fmt: skip
    assert details(found) == [
        "Merging equal pages saves 3 GiB on b, and none elsewhere.",
        "Swapped out are 1 GiB on a and 4 GiB on b, 4.0 times as much.",
        "Killed because memory ran out: 2 on b, and none elsewhere.",
    ]
    assert texts(relief(found)) == [
        ("a", "0 B", "1 GiB", "0", "-"),
        ("b", "3 GiB", "4 GiB", "2", "-"),
    ]


def test_one_platform_alone_has_no_elsewhere():
    assert details(stated({"a": {"swap_bytes": GIB}})) == ["Swapped out are 1 GiB on a."]


def test_where_memory_sufficed_there_is_nothing_to_say():
    found = stated({"a": {"oom_kills": 0.0, "swap_bytes": 0.0, "restarts": 7.0}})
    assert details(found) == []
    assert relief(found).rows == killed(found).rows == ()


def test_the_first_that_were_killed_are_named_with_the_reason():
    events = [("a", 10.0 + n, 0, f"web/{n}", "oom-killed", f"reason {n}") for n in range(5)]
    events[1] = (*events[1][:4], "process-killed", "reason 1")
    events += [("a", 1.0, 0, "web/9", "ready", "")]
    assert texts(killed(stated({"a": {}}, events=events))) == [
        ("a", "10 s", "web/0", "reason 0"),
        ("a", "11 s", "web/1", "reason 1"),
        ("a", "12 s", "web/2", "reason 2"),
    ]


def test_the_first_kill_is_told_with_how_many_ran_until_then():
    def life(platform: str, ends: int) -> list[tuple[object, ...]]:
        """Five become ready, one exits, some come again, and then the kernel kills twice."""
        ready = [(platform, float(n), 0, f"web/{n}", "ready", "") for n in range(5)]
        gone = [(platform, 6.0, 0, f"web/{n}", "exited", "") for n in range(ends)]
        killed = [(platform, 7.0 + n, 0, f"web/{4 - n}", "oom-killed", "") for n in range(2)]
        return [*ready, (platform, 5.0, 0, "dockerd", "ready", ""), *gone, *killed]

    known = [
        (name, 0, "web", f"web/{n}", 0, 0.0, float(n), float("nan"), "ready", "")
        for name in "abc" for n in range(5)
    ]  # fmt: skip
    events = [*life("a", 0), *life("b", 2), *life("c", 0)[:5]]
    found = stated({"a": {}, "b": {}, "c": {}}, events=events, instances=known)
    assert details(found) == [
        "Instances running when the first is killed for want of memory: 3 on b and 5 on a."
    ]
