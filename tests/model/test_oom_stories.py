"""Stories of whom the kernel kills when memory has run out: on a host, in a cgroup, in a guest."""

import pytest
from model.worlds import (
    MB,
    Run,
    Spec,
    container,
    group,
    machine,
    platform,
    run,
    scenario,
    workload,
)


def of(private: str, **more: object) -> Spec:
    """One process that holds so much, from 0 s on unless said otherwise."""
    return group(1, workload(private=private), **more)


def states(story: Run) -> list[str]:
    return story.result.instances["state"].tolist()


def late(private: str, seconds: float = 10, **more: object) -> Spec:
    """The same, who comes later."""
    return of(private, arrive={"at": f"{seconds} s"}, **more)


def leaking(start: str, rate: str, **more: object) -> Spec:
    """A workload that takes more and more."""
    leaks = workload(private=start, **more)
    return leaks | {"memory": {**leaks["memory"], "growth": {"rate": rate}}}


def test_the_largest_goes_so_that_the_asker_can_go_on() -> None:
    """500 + 300 of 1000 MB; who asks for 400 has room once the 500 are gone."""
    story = run(scenario(groups={"a": of("300 MB"), "b": of("500 MB"), "c": late("400 MB")}))
    assert states(story) == ["ready", "oom-killed", "ready"]
    assert story.metrics["oom_kills"] == 1
    assert story.result.instances["exited_s"][1] == 10.0
    assert story.result.instances["reason"][1].startswith("out of memory: host memory has 191 MiB")
    assert story.metrics["memory_gross_bytes"] == 700 * MB


def test_of_equals_the_last_goes_and_as_many_as_it_takes() -> None:
    story = run(scenario(groups={"a": group(4, workload(private="200 MB")), "b": late("700 MB")}))
    assert states(story) == ["ready"] + ["oom-killed"] * 3 + ["ready"]
    assert story.metrics["oom_kills"] == 3


@pytest.mark.parametrize(
    ("a", "b", "killed"),
    [(0, 0, "a"), (0, 300, "b"), (-300, 0, "b"), (-1000, 0, "b"), (0, 150, "a")],
)
def test_an_adjustment_is_thousandths_of_all_memory(a: int, b: int, killed: str) -> None:
    """500 MB against 300 in 1 GB: 300 thousandths make 600 of the 300, 150 only 450."""
    groups = {
        "a": of("500 MB", oom_adjust=a),
        "b": of("300 MB", oom_adjust=b),
        "c": late("300 MB", oom_adjust=-1000),
    }
    story = run(scenario(groups=groups))
    assert states(story)["ab".index(killed)] == "oom-killed"
    assert states(story).count("oom-killed") == 1


def test_where_all_are_spared_the_asker_itself_goes() -> None:
    spared = {"oom_adjust": -1000}
    story = run(scenario(groups={"a": of("800 MB", **spared), "b": late("300 MB", **spared)}))
    assert states(story) == ["ready", "oom-killed"]


def test_what_is_swapped_out_counts() -> None:
    """The first has 150 of 500 MB in memory, and is the largest all the same.

    500 + 450, then 400 more: 350 of the first go to swap. The last asks for 300, and 150 of the
    swap's 500 are left.
    """
    groups = {
        "a": of("500 MB"),
        "b": of("450 MB"),
        "c": late("400 MB"),
        "d": late("300 MB", 20),
    }
    story = run(scenario(host={"swap": "500 MB"}, groups=groups))
    assert states(story) == ["oom-killed", "ready", "ready", "ready"]


def test_a_cgroup_kills_inside_itself_and_no_larger_neighbour() -> None:
    """From 10 MB by 20 MB a second: 50 after two, too many after three. Another has 800."""
    on = platform("c", c=container())
    groups = {
        "a": group(1, leaking("10 MB", "20 MB/s"), limits={"memory": "50 MB"}),
        "b": of("800 MB"),
    }
    story = run(scenario(on, groups=groups))
    assert states(story) == ["oom-killed", "ready"]
    assert story.result.instances["exited_s"][0] == 3.0
    assert "the limit of a/0 has" in story.result.instances["reason"][0]
    assert story.metrics["memory_peak_bytes"] == 850 * MB


def test_a_cgroup_that_is_restarted_is_killed_again_and_again() -> None:
    """Killed after 3 s each time: at 3, 6.1, 9.3, 12.7 and 16.5 s, with the wait doubling."""
    on = platform("c", c=container())
    leak = group(1, leaking("10 MB", "20 MB/s"), limits={"memory": "50 MB"}, restart="on-failure")
    story = run(scenario(on, groups={"a": leak}, horizon="17 s"))
    assert story.result.instances["oom_kills"].tolist() == [5]
    assert story.result.instances["restarts"].tolist() == [4]
    assert story.result.instances["downtime_s"][0] == pytest.approx(0.1 + 0.2 + 0.4 + 0.8 + 0.5)


def test_a_guest_kills_inside_itself_and_goes_on() -> None:
    """From 10 MB by 20 MB a second in 100 MB: after 5 s. The restart finds the VM up.

    Each boots for 3 core-s on two cores, and after that nobody boots again. What the first life
    touched in the guest is touched: the host holds 90 MB, 80 of them freed inside and used again.
    """
    vm = machine("100 MB", boot={"kernel": {"compute": "3 core-s"}})
    groups = {
        "a": group(1, leaking("10 MB", "20 MB/s"), restart="always"),
        "b": of("40 MB"),
    }
    story = run(
        scenario(platform("v", vm=vm), host={"cores": "2 cores"}, groups=groups, horizon="8.5 s")
    )
    assert states(story) == ["ready", "ready"]
    assert story.result.instances["oom_kills"].tolist() == [1, 0]
    assert story.result.instances["downtime_s"][0] == pytest.approx(0.1)
    assert story.metrics["cpu_gross_core_s"] == pytest.approx(6.0)
    assert story.held("memory") == {"net.private": 50 * MB, "stranded": 80 * MB}


def test_containers_in_one_guest_lose_the_largest_of_them() -> None:
    """300 + 100 MB in a guest of 500; who asks for 200 has them once the 300 are gone.

    Beside the guest stands a larger one, and on the host is room.
    """
    vm = machine("500 MB", scope="host")
    inside = platform("n", vm=vm, c=container())
    mix = {"name": "m", "mix": dict.fromkeys("abc", inside) | {"d": platform("big")}}
    groups = {"a": of("300 MB"), "b": of("100 MB"), "c": late("200 MB"), "d": of("450 MB")}
    story = run(scenario(mix, groups=groups))
    assert states(story) == ["oom-killed", "ready", "ready", "ready"]


def beside(vm: Spec, **inside: Spec) -> Run:
    """Groups in a VM each, or all in one, beside four processes of 100 MB and one of 200.

    That one asks at 10 s, and is gone at 11.
    """
    mix = {"name": "m", "mix": dict.fromkeys(inside, platform("v", vm=vm))}
    mix["mix"] |= {"small": platform("p"), "z": platform("p")}
    small = group(4, workload(private="100 MB"))
    short = group(1, workload(private="200 MB", run="1 core-s"), arrive={"at": "10 s"})
    groups = {**inside, "small": small, "z": short}
    return run(scenario(mix, host={"cores": "2 cores"}, groups=groups))


def test_a_vmm_is_one_large_target_among_small_processes() -> None:
    """450 MB in a guest; it is killed as a whole, and its instance boots another."""
    vm = machine("500 MB", boot={"kernel": {"compute": "3 core-s"}})
    shared = workload(private="450 MB")
    story = beside(vm, a=group(1, shared, restart="always"))
    assert story.result.instances["oom_kills"].tolist() == [1, 0, 0, 0, 0, 0]
    assert states(story) == ["ready"] * 5 + ["exited"]
    assert story.result.instances["downtime_s"][0] == pytest.approx(3.1)


def test_a_shared_vm_that_is_killed_from_outside_takes_all_in_it() -> None:
    """Three of 150 MB are no larger than others, but together they are."""
    story = beside(machine("500 MB", scope="host"), a=group(3, workload(private="150 MB")))
    assert states(story) == ["oom-killed"] * 3 + ["ready"] * 4 + ["exited"]
    assert story.metrics["oom_kills"] == 3
    assert story.metrics["memory_gross_bytes"] == 400 * MB


def test_a_vm_that_is_spared_is_spared_on_the_host() -> None:
    """The VMM's adjustment is that of its instance; the next largest goes."""
    vm = machine("500 MB")
    story = beside(vm, a=group(1, workload(private="450 MB"), oom_adjust=-1000))
    assert states(story) == ["ready", "ready", "ready", "ready", "oom-killed", "exited"]


def test_a_workload_of_several_processes_loses_one_of_them() -> None:
    """Four share 600 MB, 150 each, and are no target beside a process of 200; beside 100 they are.

    350 MB are asked for, in a host of 1000: after the first, 150 at a time.
    """
    pool = workload(private="600 MB", mapped="0 B", kernel="0 B")
    pool = pool | {"memory": {**pool["memory"], "processes": 4}}
    groups = {"a": group(1, pool), "b": of("200 MB"), "c": late("350 MB")}
    story = run(scenario(groups=groups))
    assert states(story) == ["ready", "oom-killed", "ready"]
    groups = {"a": group(1, pool), "b": of("100 MB"), "c": late("350 MB")}
    story = run(scenario(groups=groups))
    assert states(story) == ["ready"] * 3
    assert story.result.instances["oom_kills"].tolist() == [1, 0, 0]
    assert story.result.instances["downtime_s"].tolist() == [0.0] * 3
    assert story.metrics["memory_gross_bytes"] == (450 + 100 + 350) * MB
    assert story.result.events["event"].tolist().count("process-killed") == 1


def test_the_last_process_is_all_there_is() -> None:
    """Two of 300 MB each; 900 more need both."""
    pool = workload(private="600 MB")
    pool = pool | {"memory": {**pool["memory"], "processes": 2}}
    story = run(scenario(groups={"a": group(1, pool), "b": late("900 MB")}))
    assert states(story) == ["oom-killed", "ready"]
    assert story.metrics["oom_kills"] == 2


def test_nobody_is_killed_for_a_machine_that_is_not_there_yet() -> None:
    """600 MB are taken; a guest that reserves 500 fails at once, and does no harm."""
    reserved = platform("v", vm=machine("500 MB", reserve="full"))
    mix = {"name": "m", "mix": {"a": platform("p"), "b": reserved}}
    story = run(scenario(mix, groups={"a": of("600 MB"), "b": late("1 MB")}))
    assert states(story) == ["ready", "failed"]
    assert story.metrics["oom_kills"] == 0


def test_who_is_killed_while_others_wait_for_its_lock_or_read_lets_them_go_on() -> None:
    """The holder has 600 MB and 9 s to go when 500 are asked for; who queued goes on at 10 s."""
    make = {"lock": {"name": "l"}, "wait": "19 s"}
    brings = {"create": {"make": make}, "footprint": {}}
    on = platform("v", vm=machine("700 MB", interior={"kernel": "600 MB"}), c=container(**brings))
    mix = {"name": "m", "mix": {"a": on, "b": platform("c", c=container(**brings))}}
    mix["mix"] |= {"c": platform("c", c=container(**brings)), "d": platform("p")}
    groups = {"a": group(1), "b": group(1), "c": group(1), "d": late("500 MB")}
    story = run(scenario(mix, groups=groups))
    assert states(story) == ["oom-killed", "ready", "ready", "ready"]
    assert story.started[1:3] == pytest.approx([19.0, 38.0]), "their lock is that of the host"
