"""Stories of memory that runs short: what gives way first, what it costs, and what comes back."""

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

FILES = image("files", data=layer("900 MB"))


def of(private: str, **more: object) -> Spec:
    """One process that holds so much and does nothing."""
    return group(1, workload(private=private), **more)


def late(private: str, seconds: float, **more: object) -> Spec:
    """The same, who comes later."""
    return of(private, arrive={"at": f"{seconds} s"}, **more)


def growing(private: str, rate: str, most: str | None = None, **more: object) -> Spec:
    """A workload that takes more and more, up to `most` if that is stated."""
    grows = workload(private=private, **more)
    growth = {"rate": rate} if most is None else {"rate": rate, "most": most}
    return grows | {"memory": {**grows["memory"], "growth": growth}}


def touching(share: str, private: str, **more: object) -> Spec:
    """A workload whose work touches a share of its memory."""
    works = workload(private=private, **more)
    return works | {"memory": {**works["memory"], "active": share}}


def mixed(**platforms: Spec) -> Spec:
    return {"name": "m", "mix": platforms}


def states(story: Run) -> list[str]:
    return story.result.instances["state"].tolist()


def course(story: Run, component: str) -> list[tuple[float, float]]:
    """What the host holds of a component, each time that it changes, in MB."""
    rows = story.result.samples
    rows = rows[(rows["component"] == component) & (rows["host"] == 0)]
    told = dict(zip(rows["time_s"], rows["value"] / MB, strict=True))
    changes = list(told.items())
    return [each for n, each in enumerate(changes) if not n or each[1] != changes[n - 1][1]]


# The order


def test_the_host_drops_its_cache_then_swaps_and_then_kills() -> None:
    """300 MB of cache and 500 of a process in 1000; 250 of swap, at 100 MB/s.

    400 more take 200 of the cache. 300 more take the other 100, and 200 of the swap, which takes
    2 s. For the last 200 there are 50 of swap: the process of 500 goes.
    """
    groups = {
        "a": group(1, workload(read="300 MB", brings=FILES)),
        "b": of("500 MB"),
        "c": late("400 MB", 10),
        "d": late("300 MB", 20),
        "e": late("200 MB", 30),
    }
    story = run(scenario(host={"swap": "250 MB"}, groups=groups))
    assert course(story, "page_cache") == [(0, 300), (10, 100), (20, 0)]
    assert course(story, "swap")[:1] == [(20, 200)]
    assert states(story) == ["ready", "oom-killed", "ready", "ready", "ready"]
    assert story.result.instances["exited_s"][1] == 30
    assert story.started == pytest.approx([0, 0, 0, 2, 0])
    assert story.metrics["disk_written_bytes"] == 200 * MB


def test_a_cgroup_drops_its_cache_then_swaps_and_then_kills_inside_itself() -> None:
    """100 MB, and 30 of swap. 60 + 40 of cache; and 20 more each second.

    80 + 20, 100, 100 + 20 of swap; at 4 s 40 of swap would be needed. The host has enough.
    """
    limits = {"memory": "100 MB", "swap": "30 MB"}
    grows = growing("60 MB", "20 MB/s", read="80 MB", brings=FILES)
    groups = {"a": group(1, grows, limits=limits), "b": of("800 MB")}
    on = platform("c", c=container())
    story = run(scenario(on, host={"swap": "1 GB"}, groups=groups))
    assert states(story) == ["oom-killed", "ready"]
    assert story.result.instances["exited_s"][0] == 4
    assert course(story, "page_cache") == [(0, 40), (1, 20), (2, 0)]
    assert course(story, "swap") == [(3, 20), (4, 0)]


def test_a_cgroup_without_swap_is_killed_where_the_host_has_some() -> None:
    limits = {"memory": "100 MB", "swap": "0 B"}
    on = platform("c", c=container())
    groups = {"a": group(1, growing("60 MB", "20 MB/s"), limits=limits)}
    story = run(scenario(on, host={"swap": "1 GB"}, groups=groups))
    assert story.result.instances["exited_s"][0] == 3
    assert story.metrics["disk_written_bytes"] == 0


def test_a_guest_drops_its_cache_then_swaps_and_then_kills_inside_itself() -> None:
    """100 MB, and 50 of swap on its disk: 60 + 40 of cache, and 20 MB more each second.

    80 MB are read in 0.8 s at first, since a guest's cache is cold. The host holds the 100 MB
    that the guest has touched, and writes what it swaps.
    """
    vm = machine("100 MB", swap="50 MB")
    grows = growing("60 MB", "20 MB/s", read="80 MB", brings=FILES)
    mix = mixed(a=platform("v", vm=vm), b=platform("p"))
    story = run(scenario(mix, groups={"a": group(1, grows), "b": of("800 MB")}))
    assert states(story) == ["oom-killed", "ready"]
    assert story.result.instances["exited_s"][0] == pytest.approx(5.8)
    assert [swapped for _, swapped in course(story, "swap")] == [20, 40, 0]
    assert story.metrics["disk_written_bytes"] == 40 * MB
    assert story.metrics["memory_peak_bytes"] == 900 * MB


def test_a_share_of_the_guests_memory_may_be_its_swap() -> None:
    """Half of 100 MB; 120 MB are held, 20 of them on the disk."""
    vm = machine("100 MB", swap="50 %")
    grows = growing("100 MB", "20 MB/s", "20 MB")
    story = run(scenario(platform("v", vm=vm), groups={"a": group(1, grows)}))
    assert story.metrics["swap_bytes"] == 20 * MB
    assert story.metrics["memory_gross_bytes"] == 100 * MB
    assert story.held("memory") == {"net.private": 120 * MB, "credit.swapped": -20 * MB}


def test_what_is_stranded_and_cached_in_a_guest_goes_before_swap_where_a_balloon_takes_it() -> None:
    """A guest touched 700 MB: 300 are held, 200 clean cache, 200 free inside.

    With a balloon, 600 more take the 200 that are free and 100 of the cache; without, swap.
    """
    frees = group(
        1,
        workload(read="200 MB", brings=FILES),
        memory={"times_s": [0, 5], "values": [500 * MB, 300 * MB]},
    )
    for balloon, swap, cached in (("on", 0, 100), ("off", 300, 200)):
        vm = machine("800 MB", ram={"balloon": balloon}, files={"kind": "disk", "cache": "direct"})
        mix = mixed(a=platform("v", vm=vm), b=platform("p"))
        groups = {"a": frees, "b": late("600 MB", 10)}
        story = run(scenario(mix, host={"swap": "400 MB"}, groups=groups))
        assert story.metrics["swap_bytes"] == swap * MB
        assert story.held("memory")["boundary.guest-cache"] == cached * MB
        assert story.metrics["oom_kills"] == 0


# memory.high


def test_above_high_an_asker_waits_by_the_square_of_its_excess_and_is_not_killed() -> None:
    """By what is above 256 KiB, which is one batch: 64/3 (0.1^3 - 0.0125^3) = 0.0213 s at 10 %.

    At 50 % it is 64/3 (0.1768^3 - 0.0125^3) up to where a batch waits for 2 s, and 2 x 0.3232.
    """
    on = platform("c", c=container())
    limits = {"memory_high": "262144 B"}
    groups = {
        "a": of("262144 B", limits=limits),
        "b": of("288358 B", limits=limits),
        "c": of("393216 B", limits=limits),
    }
    story = run(scenario(on, groups=groups))
    waited = [0, 0.021292, 0.764260]
    assert story.started == pytest.approx(waited, rel=1e-3)
    assert story.result.instances["spent_waiting_s"].tolist() == pytest.approx(waited, rel=1e-3)
    assert states(story) == ["ready"] * 3


def test_what_grows_above_high_grows_more_slowly() -> None:
    """By a batch of 256 KiB a second from 10 on: the first above waits 0.213 s, the next 1.428,
    and each other one 2 s: at 1, 2.21, 4.64, 7.64, 10.64, 13.64, 16.64 and 19.64 s.
    """
    on = platform("c", c=container())
    batch = 262_144
    grows = growing(f"{10 * batch} B", f"{batch} B/s")
    groups = {
        "a": group(1, grows, limits={"memory_high": f"{10 * batch} B"}),
        "b": group(1, grows, limits={"memory_high": "900 MB"}),
    }
    story = run(scenario(on, groups=groups, horizon="20.5 s"))
    assert story.metrics["memory_gross_bytes"] == (18 + 30) * batch
    assert states(story) == ["ready"] * 2


def test_above_high_cache_goes_and_then_swap_and_nobody_waits_for_long() -> None:
    """100 MB, of which 40 were cache; at 10 s it has 160, of which 60 are swapped out."""
    on = platform("c", c=container())
    grows = growing("60 MB", "10 MB/s", "100 MB", read="80 MB", brings=FILES)
    groups = {"a": group(1, grows, limits={"memory_high": "100 MB"})}
    story = run(scenario(on, host={"swap": "1 GB"}, groups=groups, horizon="10.5 s"))
    assert story.metrics["swap_bytes"] == 60 * MB
    assert story.metrics["page_cache_bytes"] == 0
    assert story.metrics["memory_gross_bytes"] == 100 * MB


# Swap takes time


def test_what_is_swapped_out_loads_the_disk() -> None:
    """200 MB go out while another reads 200 MB: each has half of 100 MB/s, so both take 4 s."""
    reads = group(1, workload(read="200 MB", brings=FILES), arrive={"at": "10 s"})
    groups = {"a": of("600 MB"), "b": late("600 MB", 10), "c": reads}
    story = run(scenario(host={"swap": "1 GB"}, groups=groups, page_cache="cold"))
    assert story.started[1:] == pytest.approx([4, 4])


def test_who_works_stands_still_until_its_memory_is_back() -> None:
    """At 50 s it begins to use half a core, and 200 of its 600 MB are on the disk.

    As these come back as many of the other go, which makes 400 MB to move: 4 s. So it works from
    54 s on. The other sleeps, and what it has on the disk stays there.
    """
    groups = {
        "a": group(1, workload(private="600 MB"), cpu={"times_s": [0, 50], "values": [0, 0.5]}),
        "b": late("600 MB", 10),
    }
    story = run(scenario(host={"swap": "1 GB"}, groups=groups))
    assert story.metrics["cpu_net_core_s"] == pytest.approx(0.5 * 46)
    assert story.metrics["disk_read_bytes"] == 200 * MB
    assert story.metrics["disk_written_bytes"] == 400 * MB
    assert story.metrics["swap_bytes"] == 200 * MB


def test_work_touches_its_share_and_no_more() -> None:
    """Half of 600 MB: the other half may stay on the disk, and 300 + 600 is less than there is."""
    groups = {
        "a": group(1, touching("50 %", "600 MB", steady={"cpu": "0.5 cores"})),
        "b": late("600 MB", 10),
    }
    story = run(scenario(host={"swap": "1 GB"}, groups=groups))
    assert story.metrics["cpu_net_core_s"] == pytest.approx(50)
    assert story.metrics["disk_read_bytes"] == 0
    assert story.metrics["swap_bytes"] == 200 * MB


def test_who_does_nothing_is_swapped_out_before_who_works() -> None:
    """The first works all the time, the second came later and sleeps; the third needs 200 MB."""
    groups = {
        "a": group(1, workload(private="400 MB", steady={"cpu": "0.5 cores"})),
        "b": late("400 MB", 5),
        "c": late("400 MB", 10),
    }
    story = run(scenario(host={"swap": "1 GB"}, groups=groups))
    swapped = [each.life.account.swapped for each in story.fleet.engines[0].instances]
    assert swapped == [0, 200 * MB, 0]
    assert story.metrics["cpu_net_core_s"] == pytest.approx(50)


def test_a_guest_that_computes_has_its_region_read_back_first() -> None:
    """A guest of 600 MB waits for 10 s, then computes for 1; another process took 200 of it.

    They come back while 200 of the process go out: 400 MB, 4 s, before the 1 core-s.
    """
    boot = {"queue": {"wait": "10 s"}, "kernel": {"compute": "1 core-s"}}
    vm = machine("700 MB", interior={"memory": "600 MB"}, boot=boot)
    mix = mixed(a=platform("v", vm=vm), b=platform("p"))
    story = run(
        scenario(mix, host={"swap": "1 GB"}, groups={"a": group(1), "b": late("600 MB", 5)})
    )
    assert story.started == pytest.approx([15, 2])
    assert story.result.instances["spent_disk_s"].tolist() == pytest.approx([4, 2])


def test_two_that_need_more_than_there_is_both_come_to_their_end() -> None:
    """Two guests of 700 MB in 1000, in turns of wait and work: slow, but they get there."""
    boot = {"kernel": {"wait": "4 s", "compute": "4 core-s", "rounds": 4}}
    vm = machine("800 MB", interior={"memory": "700 MB"}, boot=boot)
    asked = scenario(
        platform("v", vm=vm),
        host={"swap": "1 GB", "cores": "2 cores"},
        groups={"a": group(2)},
        horizon="1000 s",
    )
    story = run(asked)
    assert states(story) == ["ready"] * 2
    assert min(story.started) > 8
    assert story.metrics["disk_read_bytes"] >= 400 * MB


def test_memory_that_nobody_wants_any_more_needs_no_way_back() -> None:
    """Who is stopped while it is on the disk leaves room there, and nobody reads it."""
    groups = {"a": group(1, workload(private="600 MB", run="20 core-s")), "b": late("600 MB", 10)}
    story = run(scenario(host={"swap": "1 GB"}, groups=groups))
    assert story.metrics["swap_bytes"] == 0
    assert story.metrics["disk_read_bytes"] == 0
    assert story.metrics["memory_gross_bytes"] == 600 * MB


# What guests give back


@pytest.mark.parametrize(
    ("ram", "times"),
    [({}, [(0, 300)]), ({"reporting": "5 s"}, [(0, 300), (25, 200), (28, 100)])],
)
def test_what_a_guest_frees_is_given_back_after_its_delay(
    ram: Spec, times: list[tuple[float, float]]
) -> None:
    """300 MB, 200 from 20 s on and 100 from 23: each part waits 5 s, or is stranded for good."""
    frees = {"times_s": [0, 20, 23], "values": [300 * MB, 200 * MB, 100 * MB]}
    on = platform("v", vm=machine("500 MB", ram=ram))
    story = run(scenario(on, groups={"a": group(1, memory=frees)}))
    held = story.result.samples.query("resource == 'memory' and component != 'swap'")
    held = held[held["component"] != "page_cache"]
    whole = held.pivot(index="time_s", columns="component", values="value").ffill().sum(axis=1)
    changes = [(time, value / MB) for time, value in whole[whole.diff() != 0].items()]
    assert changes == times


def test_who_ends_in_a_guest_leaves_memory_that_is_reported() -> None:
    """100 MB are free at 5 s, and the host's at 7; without reporting they never are."""
    short = group(1, workload(private="100 MB", run="5 core-s"))
    for ram, stranded in (({"reporting": "2 s"}, 0), ({}, 100)):
        on = platform("n", vm=machine("500 MB", scope="host", ram=ram), c=container())
        story = run(scenario(on, groups={"a": short, "b": of("10 MB")}))
        assert story.held("memory").get("stranded", 0) == stranded * MB


def test_what_is_used_again_before_it_was_reported_stays() -> None:
    """200 MB are freed at 20 s and used again at 22; reporting would take them at 25."""
    again = {"times_s": [0, 20, 22], "values": [300 * MB, 100 * MB, 300 * MB]}
    on = platform("v", vm=machine("500 MB", ram={"reporting": "5 s"}))
    story = run(scenario(on, groups={"a": group(1, memory=again)}))
    assert story.held("memory") == {"net.private": 300 * MB}


# Overcommit


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("heuristic", ["failed", "ready", "ready"]),
        ("always", ["oom-killed", "ready", "ready"]),
        ("never", ["failed", "ready", "failed"]),
    ],
)
def test_what_may_be_promised(policy: str, expected: list[str]) -> None:
    """1 GB. 1.5 at once is absurd, but `always` lets it be tried. `never` promises half of it."""
    groups = {"a": of("1500 MB"), "b": late("400 MB", 10), "c": late("200 MB", 20)}
    story = run(scenario(host={"overcommit": policy}, groups=groups))
    assert states(story) == expected


@pytest.mark.parametrize(("policy", "ready"), [("heuristic", 3), ("always", 3), ("never", 1)])
def test_guests_may_be_promised_more_than_there_is_if_they_do_not_touch_it(
    policy: str, ready: int
) -> None:
    """Three guests of 400 MB, each of which touches 50; `never` counts 400 each, of 500."""
    groups = {"a": group(3, workload(private="50 MB"))}
    on = platform("v", vm=machine("400 MB"))
    story = run(scenario(on, host={"overcommit": policy}, groups=groups))
    assert states(story) == ["ready"] * ready + ["failed"] * (3 - ready)


def test_swap_may_be_promised_on_top() -> None:
    """Half of 1 GB, and all of 300 MB of swap."""
    host = {"overcommit": "never", "swap": "300 MB"}
    story = run(scenario(host=host, groups={"a": group(10, workload(private="100 MB"))}))
    assert states(story).count("ready") == 8


# Growth


def test_a_leak_goes_on_until_the_kill() -> None:
    """100 MB and 50 more each second: 1000 at 18 s, and no room at 19."""
    story = run(scenario(groups={"a": group(1, growing("100 MB", "50 MB/s"))}))
    assert states(story) == ["oom-killed"]
    assert story.result.instances["exited_s"][0] == 19
    assert story.metrics["memory_peak_bytes"] == 1000 * MB


def test_what_grows_up_to_a_size_stays_there() -> None:
    """From 100 MB by 30 a second, 100 in all: 130, 160, 190, 200."""
    story = run(scenario(groups={"a": group(1, growing("100 MB", "30 MB/s", "100 MB"))}))
    assert course(story, "net.private") == [(0, 100), (1, 130), (2, 160), (3, 190), (4, 200)]


def test_growth_begins_with_readiness_and_anew_with_each_life() -> None:
    """Ready at 2 s; crashed at 10.5, with 8 steps; ready again at 12.6."""
    of = group(1, growing("10 MB", "10 MB/s", start="2 core-s"), restart="always")
    crash = {"at": "10.5 s", "kind": "instance-crash", "instance": "a/0"}
    story = run(scenario(groups={"a": of}, faults=[crash], horizon="15 s"))
    assert course(story, "net.private")[-4:] == [
        (10.5, 0),
        (pytest.approx(12.6), 10),
        (pytest.approx(13.6), 20),
        (pytest.approx(14.6), 30),
    ]


def test_memory_follows_its_course_up_and_down() -> None:
    """The first value is held from the start on, whatever the workload says."""
    course_ = {"times_s": [5, 10, 30], "values": [50 * MB, 200 * MB, 20 * MB]}
    story = run(scenario(groups={"a": group(1, workload(private="77 MB"), memory=course_)}))
    assert course(story, "net.private") == [(0, 50), (10, 200), (30, 20)]


@pytest.mark.parametrize("horizon", ["1000 s", "366 d"])
def test_growth_has_ten_thousand_steps_at_most(horizon: str) -> None:
    story = run(scenario(groups={"a": group(1, growing("1 MB", "1 B/s"))}, horizon=horizon))
    assert 900 <= len(course(story, "net.private")) <= 10_001


def test_a_year_under_pressure_is_not_looked_at_every_second() -> None:
    """Two that work and have not enough; they read back and forth, a bounded number of times."""
    busy = workload(private="600 MB", steady={"cpu": "0.1 cores"})
    story = run(scenario(host={"swap": "1 GB"}, groups={"a": group(2, busy)}, horizon="366 d"))
    assert len(course(story, "cpu")) < 50_000
    assert states(story) == ["ready"] * 2


def test_what_is_there_ahead_is_there_at_once_whatever_the_host_swaps_for_it() -> None:
    """A process of 700 MB, then a guest of 500 that stands ahead: 200 MB go out, and nobody waits.

    They are written in 2 s, after which the guest is still the one that it was.
    """
    vm = machine(
        "500 MB", scope=1000, provision="ahead", reserve="full", boot={"k": {"compute": "1 core-s"}}
    )
    mix = mixed(a=platform("p"), b=platform("v", vm=vm))
    groups = {"a": of("700 MB"), "b": late("1 MB", 10)}
    story = run(scenario(mix, host={"swap": "1 GB"}, groups=groups))
    assert story.started == [0, 0]
    assert story.metrics["disk_written_bytes"] == 200 * MB
    assert story.metrics["cpu_gross_core_s"] == 0
    assert story.fleet.engines[0].machine.kernel.existing == 1
