"""Stories of lives that end and begin again: policies, back-off, downtime, and what is kept."""

import pytest
from model.worlds import (
    MB,
    Run,
    Spec,
    container,
    group,
    image,
    layer,
    machine,
    platform,
    run,
    scenario,
    workload,
)

CRASH: Spec = {"at": "10 s", "kind": "instance-crash", "instance": "web/0"}


def alone(of: Spec, on: Spec | None = None, *, seconds: float = 100, **more: object) -> Run:
    """One group on one host for so long."""
    return run(scenario(on, groups={"web": of}, horizon=f"{seconds} s", **more))


def begun(story: Run) -> list[float]:
    """When a life was ready, each time."""
    events = story.result.events
    return events[events["event"] == "ready"]["time_s"].tolist()


@pytest.mark.parametrize(
    ("policy", "times"),
    [("no", [0.0]), ("on-failure", [0.0]), ("always", [0.0, 5.1, 10.3, 15.7, 21.5])],
)
def test_who_ends_well_begins_again_only_where_that_is_always_wanted(
    policy: str, times: list[float]
) -> None:
    """5 core-s each, after 0.1, 0.2, 0.4 and 0.8 s, since none of them lasts for 10 s."""
    story = alone(group(1, workload(run="5 core-s"), restart=policy), seconds=24)
    assert begun(story) == pytest.approx(times)
    assert story.metrics["restarts"] == len(times) - 1
    assert story.result.instances["downtime_s"][0] == pytest.approx(1.5 * (len(times) > 1))


@pytest.mark.parametrize(("policy", "restarts"), [("no", 0), ("on-failure", 1), ("always", 1)])
def test_who_crashes_begins_again_unless_it_is_not_to(policy: str, restarts: int) -> None:
    story = alone(group(1, restart=policy), faults=[CRASH])
    assert story.metrics["restarts"] == restarts
    assert story.result.instances["downtime_s"][0] == pytest.approx(0.1 if restarts else 90)
    assert story.result.instances["state"][0] == ("ready" if restarts else "failed")


def test_the_wait_doubles_up_to_the_most() -> None:
    """1 core-s each; waits of 0.5, 1, 2, 3, 3 s."""
    of = group(
        1, workload(run="1 core-s"), restart="always", back_off={"first": "500 ms", "most": "3 s"}
    )
    assert begun(alone(of, seconds=15)) == pytest.approx([0.0, 1.5, 3.5, 6.5, 10.5, 14.5])


def test_the_wait_begins_anew_after_ten_seconds_of_life() -> None:
    """12 core-s each, and 0.1 s between, however often."""
    story = alone(group(1, workload(run="12 core-s"), restart="always"), seconds=50)
    assert begun(story) == pytest.approx([0.0, 12.1, 24.2, 36.3, 48.4])
    assert story.result.instances["downtime_s"][0] == pytest.approx(0.4)


def test_a_life_is_as_long_as_its_start_and_its_work() -> None:
    """A start of 6 s and a run of 5 are 11, which resets the wait; of 3 and 5 are 8."""
    long = alone(group(1, workload("6 core-s", run="5 core-s"), restart="always"), seconds=40)
    assert begun(long) == pytest.approx([6.0, 17.1, 28.2, 39.3])
    short = alone(group(1, workload("3 core-s", run="5 core-s"), restart="always"), seconds=30)
    assert begun(short) == pytest.approx([3.0, 11.1, 19.3, 27.7])


def test_the_time_down_is_from_the_end_of_one_life_until_the_next_is_ready() -> None:
    """A start of 4 core-s: 0.1 + 4 s down. First starts are what start-up is about."""
    story = alone(group(1, workload("4 core-s"), restart="always"), faults=[CRASH])
    assert story.result.instances["downtime_s"][0] == pytest.approx(4.1)
    assert story.result.instances["ready_s"][0] == 4.0
    assert story.started == [4.0]


def test_who_is_still_down_at_the_end_was_down_until_then() -> None:
    of = group(1, workload("4 core-s"), restart="always")
    story = alone(of, faults=[CRASH | {"at": "98 s"}])
    assert story.result.instances["downtime_s"][0] == pytest.approx(2.0)
    assert story.result.instances["state"][0] == "starting"


def test_a_restart_in_a_vm_finds_it_up_and_makes_its_container_anew() -> None:
    """A VM that boots for 3 core-s, a container in it that takes 1 s, and 2 core-s of start."""
    on = platform(
        "n",
        vm=machine(boot={"kernel": {"compute": "3 core-s"}}, interior={"kernel": "20 MB"}),
        c=container(create={"make": {"wait": "1 s"}}, footprint={"shim": "5 MB"}),
    )
    of = group(1, workload("2 core-s", private="10 MB"), restart="always")
    story = alone(of, on, faults=[CRASH])
    assert story.started == [6.0]
    assert story.result.instances["downtime_s"][0] == pytest.approx(0.1 + 1 + 2)
    assert story.metrics["memory_gross_bytes"] == (20 + 5 + 10) * MB
    assert story.metrics["cpu_gross_core_s"] == pytest.approx(3 + 2 + 2)


def test_a_kernel_that_is_there_for_one_program_goes_with_it() -> None:
    """A boot of 2 s: a machine stands through the crash at 10 s, a unikernel boots anew."""
    boot = {"boot": {"wait": "2 s"}}
    for lasts, ready in (("on", 10.1), ("off", 12.1)):
        guest = platform("g", g=machine(boot=boot, lasts=lasts))
        story = alone(group(1, restart="always"), guest, faults=[CRASH])
        assert begun(story) == pytest.approx([2.0, ready])


def test_what_a_life_held_is_back_before_the_next_begins() -> None:
    """Of 600 MB in 1 GB there is no second, and none is needed."""
    for on in (platform(), platform("c", c=container()), platform("v", vm=machine("700 MB"))):
        of = group(1, workload(private="600 MB"), restart="always")
        story = alone(of, on, faults=[CRASH, CRASH | {"at": "30 s"}])
        assert story.metrics["restarts"] == 2
        assert story.metrics["oom_kills"] == 0
        assert story.metrics["memory_peak_bytes"] == 600 * MB


def test_what_was_written_before_a_restart_is_gone_with_its_files() -> None:
    """100 kB/s for 10 s into a writable layer, which goes; and then for 89.9 s into another."""
    on = platform("c", c=container(files={"kind": "layers", "writable": "1 MB"}))
    of = group(1, workload(steady={"write": "100 kB/s"}), restart="always")
    story = alone(of, on, faults=[CRASH])
    assert story.held("disk")["net.data"] == pytest.approx(89.9 * 100_000, rel=1e-3)
    assert story.held("disk")["boundary.writable"] == 1 * MB
    assert story.metrics["disk_written_bytes"] == pytest.approx(99.9 * 100_000 + 2 * MB, rel=1e-3)


def test_one_that_never_can_start_is_given_up_in_the_end() -> None:
    """It asks for more than there is, every millisecond, and 10 000 times is enough."""
    of = group(
        1,
        workload(private="3 GB"),
        restart="on-failure",
        back_off={"first": "1 ms", "most": "1 ms"},
    )
    story = alone(of)
    assert story.metrics["restarts"] == 10_000
    assert story.result.instances["exited_s"][0] == pytest.approx(10.0)
    assert story.result.instances["state"][0] == "failed"


def test_all_that_a_life_asks_of_the_host_ends_with_it() -> None:
    """0.5 core and 1 MB/s from 0 to 10 s, and from 10.1 s on again."""
    of = group(1, workload(steady={"cpu": "0.5 cores", "read": "1 MB/s"}), restart="always")
    story = alone(of, faults=[CRASH])
    assert story.metrics["cpu_net_core_s"] == pytest.approx(0.5 * 99.9)
    assert story.metrics["disk_read_bytes"] == pytest.approx(99.9 * MB, rel=1e-3)


def test_an_instance_counts_once_however_often_it_lives() -> None:
    story = alone(group(2, workload(run="5 core-s"), restart="always"), seconds=50)
    assert story.metrics["instances_started"] == 2
    assert story.metrics["instances_ready"] == 2
    assert story.metrics["instances_failed"] == 0


@pytest.mark.parametrize("merged", [False, True])
def test_hosts_whose_guests_are_killed_at_different_times_pull_again_in_order(
    merged: bool,
) -> None:
    """Two hosts with a guest each, which grows until its host kills it: at 20 and at 11 s.

    From 100 MB after a pull of 1 s, by 50 and by 100 MB a second; 10 MB come onto its own disk.
    """

    def leak(rate: str) -> Spec:
        leaks = workload(private="100 MB", brings=image("ten", files=layer("10 MB", "10 MB")))
        return leaks | {"memory": {**leaks["memory"], "growth": {"rate": rate}}}

    vm = machine("2 GB", files={"kind": "disk", "provision": "clone"})
    on = platform("n", vm=vm, c=container(files={"kind": "layers"}))
    groups = {
        "a": group(1, leak("50 MB/s"), restart="always"),
        "b": group(1, leak("100 MB/s"), restart="always"),
    }
    asked = scenario(
        on,
        host={"overcommit": "always"},
        hosts=2,
        groups=groups,
        images="absent",
        horizon="25 s",
    )
    story = run(asked, merged=merged)
    killed = story.result.events.query("event == 'oom-killed'")["time_s"].tolist()
    assert killed == pytest.approx([11.0, 20.0, 22.1])
    assert story.metrics["pulled_bytes"] == pytest.approx(50 * MB)
