"""Stories of equal pages in guests: when they merge, how much that saves, and what parts them.

The scanner here passes 100 MB a second, 250 pages after each pause of 10.24 ms. It begins when the
first guest stands and is still empty, so that its first look at that one takes next to no time.
"""

from pathlib import Path

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

from sim.catalog.scenario import load

SCANNER: Spec = {"merging": {"pages": 250, "pause": "10.24 ms"}}
GUEST = machine("500 MB", ram={"merging": "on"})
ALIKE = platform("v", vm=GUEST)


def equal(size: str, share: str = "100 %", **more: object) -> Spec:
    """A workload of which a share is equal in all of its instances."""
    work = workload(private=size)
    return work | {"memory": {**work["memory"], "alike": share, **more}}


def merged(story: Run) -> list[tuple[float, float]]:
    """The MB that are saved, each time that this changes."""
    samples = story.result.samples
    rows = samples[samples["component"] == "credit.merged"]
    return [(time, -value / MB) for time, value in zip(rows["time_s"], rows["value"], strict=True)]


def alike(of: Spec, count: int = 2, on: Spec = ALIKE, **more: object) -> Run:
    """So many of one workload in guests on a host of 1 GB."""
    host = SCANNER | more.pop("host", {})  # type: ignore[operator]
    return run(scenario(on, host=host, groups={"a": group(count, of)}, **more))


def test_two_guests_merge_once_both_have_been_scanned_twice() -> None:
    """200 MB each: 2 s a scan, and the second guest has had two after 6 s. Nothing before."""
    story = alike(equal("200 MB"))
    assert merged(story) == [(pytest.approx(6, abs=0.01), 200)]
    assert story.metrics["memory_gross_bytes"] == 200 * MB
    assert story.metrics["memory_merged_bytes"] == 200 * MB
    assert story.metrics["memory_peak_bytes"] == 400 * MB


def test_only_what_is_equal_is_merged_and_never_with_other_workloads() -> None:
    """30 % of 200 MB; and a workload of another name has other contents, equal as they may be."""
    story = alike(equal("200 MB", "30 %"))
    assert story.metrics["memory_merged_bytes"] == 60 * MB
    other = equal("200 MB") | {"name": "other"}
    groups = {"a": group(1, equal("200 MB")), "b": group(1, other)}
    story = run(scenario(ALIKE, host=SCANNER, groups=groups))
    assert story.metrics["memory_merged_bytes"] == 0


def test_each_guest_is_merged_as_its_second_scan_ends() -> None:
    """Five of 100 MB, a second each: after 4 s all were scanned once, then one each second.

    The second one saves the first 100 MB at 6 s, half of what can be saved is at 7, all at 9.
    """
    story = alike(equal("100 MB"), 5)
    assert merged(story) == [
        (pytest.approx(6, abs=0.01), 100),
        (pytest.approx(7, abs=0.01), 200),
        (pytest.approx(8, abs=0.01), 300),
        (pytest.approx(9, abs=0.01), 400),
    ]


def test_at_the_kernels_own_rate_the_same_takes_five_times_as_long() -> None:
    """100 pages of 4 KiB each 20 ms are 20.48 MB/s: 6 s become 29.3."""
    groups = {"a": group(2, equal("200 MB"))}
    story = run(scenario(ALIKE, groups=groups))
    assert merged(story) == [(pytest.approx(600 / 20.48, rel=1e-3), 200)]


def test_files_that_guests_have_read_are_equal_as_well() -> None:
    """A guest's cache is its memory: 150 MB of the same file in each, and one copy is enough.

    They read one after the other from a disk of 100 MB/s, or what the host's cache has.
    """
    reads = workload(read="150 MB", brings=image("files", data=layer("150 MB")))
    story = alike(reads, page_cache="cold")
    assert story.metrics["memory_merged_bytes"] == 150 * MB
    assert story.held("memory")["credit.merged"] == -150 * MB


def test_what_a_kernel_holds_is_equal_as_far_as_is_stated() -> None:
    kernel = {"private": "100 MB", "alike": "80 %", "pinned": "on"}
    on = platform("v", vm=GUEST | {"interior": {"guest-kernel": kernel}})
    assert alike(workload(), 3, on).metrics["memory_merged_bytes"] == 2 * 80 * MB


def test_what_is_written_anew_between_two_scans_stays_apart() -> None:
    """10 MB/s at random into 200 MB, over the 4 s between two scans of a guest.

    exp(-10 x 4 / 200) of the pages are as they were: 163.7 MB.
    """
    story = alike(equal("200 MB", rewrites="10 MB/s"))
    assert merged(story)[0] == (pytest.approx(6, abs=0.01), pytest.approx(163.746, rel=1e-3))
    assert story.metrics["memory_merged_bytes"] == pytest.approx(163.746 * MB, rel=1e-3)
    fast = alike(equal("200 MB", rewrites="1 GB/s"))
    assert fast.metrics["memory_merged_bytes"] < 0.01 * MB


@pytest.mark.parametrize(
    "on",
    [
        platform("v", vm=machine("500 MB")),
        platform("v", vm=machine("500 MB", ram={"backing": "shared"})),
        platform("c", c=container()),
        platform("p"),
    ],
)
def test_who_does_not_let_the_kernel_look_is_never_merged(on: Spec) -> None:
    story = alike(equal("200 MB"), 2, on)
    assert story.metrics["memory_merged_bytes"] == 0
    assert story.metrics["cpu_gross_core_s"] == 0


def test_of_a_guest_in_a_guest_nothing_is_merged() -> None:
    """The outer ones lie on the host, and what they hold for the inner ones is nobody's content."""
    on = platform("n", outer=machine("500 MB"), inner=GUEST)
    assert alike(equal("200 MB"), 2, on).metrics["memory_merged_bytes"] == 0


@pytest.mark.parametrize(("count", "left"), [(2, 0), (3, 200)])
def test_a_guest_that_ends_takes_its_part_with_it(count: int, left: int) -> None:
    """Of two, the other holds its 200 MB itself; of three, two are left to share."""
    crash = {"at": "50 s", "kind": "guest-kernel-panic", "instance": "a/0"}
    story = alike(equal("200 MB"), count, faults=[crash])
    assert story.metrics["memory_merged_bytes"] == left * MB
    assert story.metrics["memory_gross_bytes"] == 200 * MB


def test_what_is_freed_in_a_guest_and_used_again_parts() -> None:
    """Two of 200 MB; at 50 s the memory of both falls to 80 and rises to 200 at 60."""
    follows = {"times_s": [0, 50, 60], "values": [200 * MB, 80 * MB, 200 * MB]}
    groups = {"a": group(2, equal("200 MB"), memory=follows)}
    story = run(scenario(ALIKE, host=SCANNER, groups=groups, horizon="60.5 s"))
    assert story.held("memory").get("stranded", 0) == 0
    assert story.metrics["memory_gross_bytes"] >= 280 * MB
    assert story.metrics["memory_gross_bytes"] + story.metrics["memory_merged_bytes"] == 400 * MB


def test_merged_memory_makes_room_for_more() -> None:
    """400 MB each: three of them do not fit into 1 GB, unless the first two have been merged."""
    arrive = {"times_s": [0.0, 0.0, 20.0]}
    for on, kills in ((ALIKE, 0), (platform("v", vm=machine("500 MB")), 1)):
        groups = {"a": group(3, equal("400 MB"), arrive=arrive)}
        story = run(scenario(on, host=SCANNER, groups=groups))
        assert story.metrics["oom_kills"] == kills
        assert story.metrics["memory_peak_bytes"] <= 1000 * MB


def test_where_pages_part_and_there_is_no_room_somebody_is_killed() -> None:
    """Two guests of 400 MB save 363, of which others take all but a little.

    When a third comes to be scanned as well there is more time to write between two scans, so
    more of their pages part, and the largest process has to go.
    """
    mix = {"name": "m", "mix": {"a": ALIKE, "b": platform("p"), "c": ALIKE}}
    groups = {
        "a": group(2, equal("400 MB", rewrites="10 MB/s"), oom_adjust=-1000),
        "b": group(1, workload(private="500 MB"), arrive={"at": "60 s"}),
        "c": group(1, workload(private="62.7 MB"), arrive={"at": "70 s"}),
    }
    fast: Spec = {"merging": {"pages": 1000, "pause": "20 ms"}}
    story = run(scenario(mix, host=fast, groups=groups, horizon="300 s"))
    assert story.result.instances["state"].tolist() == ["ready", "ready", "oom-killed", "ready"]
    assert "host memory" in story.result.instances["reason"][2]


def test_the_scanner_costs_cpu_as_long_as_there_is_something_to_scan() -> None:
    """2 core-us a page: 250 each 10.24 ms are 0.0488 of a core, until the last guest has ended."""
    story = alike(equal("200 MB"))
    assert story.held("cpu")["merging"] == pytest.approx(100 * 250 * 2e-6 / 0.01024)
    short = equal("200 MB") | {"run": {"compute": "20 core-s"}}
    story = alike(short, 1, host={"cores": "2 cores"})
    assert 20 <= story.held("cpu")["merging"] / (250 * 2e-6 / 0.01024) <= 22.5


def test_after_a_panic_of_the_host_it_begins_again() -> None:
    """0.0488 of a core up to 10 s, and again from 15 s on."""
    groups = {"a": group(2, equal("200 MB"), restart="always")}
    story = run(
        scenario(
            ALIKE,
            host=SCANNER | {"reboot": "5 s"},
            groups=groups,
            faults=[{"at": "10 s", "kind": "host-kernel-panic"}],
        )
    )
    assert story.held("cpu")["merging"] == pytest.approx(95 * 250 * 2e-6 / 0.01024)
    assert merged(story)[-1] == (pytest.approx(21, abs=0.01), 200)


def test_small_guests_are_not_scanned_without_end() -> None:
    """A year of a guest that holds nothing."""
    on = platform("v", vm=GUEST)
    story = alike(workload(), 1, on, horizon="366 d")
    assert story.metrics["memory_gross_bytes"] == 0


def test_what_is_merged_stays_while_the_host_swaps() -> None:
    """Two of 400 MB hold 400; 800 more need 200 of swap, which are not of the merged pages."""
    mix = {"name": "m", "mix": {"a": ALIKE, "b": platform("p")}}
    groups = {
        "a": group(2, equal("400 MB")),
        "b": group(2, workload(private="400 MB"), arrive={"at": "30 s"}),
    }
    story = run(scenario(mix, host=SCANNER | {"swap": "1 GB"}, groups=groups))
    assert story.metrics["memory_merged_bytes"] == 400 * MB
    assert story.metrics["swap_bytes"] == 200 * MB
    assert story.metrics["oom_kills"] == 0


# Against measurements


def asked(tmp_path: Path, text: str) -> Run:
    """Run a scenario file."""
    path = tmp_path / "asked.yaml"
    path.write_text(text, encoding="utf-8")
    return run(load(path))


def test_ten_guests_with_a_database_save_what_was_measured(tmp_path: Path) -> None:
    """2.5 GB of ten guests of 1 GB on a host of 6; which are more than it has, without merging."""
    story = asked(
        tmp_path,
        """\
version: 1
title: Ten equal guests with a database
host: {extends: server-16c-64g, memory: 6 GiB, memory_in_use: 500 MiB, swap: 4 GiB}
platforms: [vm-qemu-ksm]
horizon: 30 min
groups:
  db: {workload: mysql, count: 10, limits: {cpu: 1, memory: 1 GiB}}
""",
    )
    assert story.metrics["memory_merged_bytes"] == pytest.approx(2.5e9, rel=0.15)
    assert story.metrics["instances_ready"] == 10
    assert story.metrics["oom_kills"] == 0


def test_twenty_small_guests_fall_from_135_to_48_megabytes_each() -> None:
    """A VMM of 29.4 MB, and a small guest of 105.6: kernel, userland and the files that it read."""
    vm = machine(
        "512 MB",
        ram={"merging": "on"},
        footprint={"vmm": "29.4 MB"},
        interior={
            "guest-kernel": {"private": "30 MB", "alike": "85 %", "pinned": "on"},
            "userland": {"private": "30 MB", "alike": "60 %"},
        },
        boot={"userspace": {"read": "45.6 MB"}},
        files={"kind": "disk", "cache": "direct"},
    )
    host: Spec = {"memory": "4 GB"}
    story = run(
        scenario(platform("kata", vm=vm), host=host, groups={"a": group(20)}, horizon="600 s")
    )
    assert story.metrics["memory_peak_bytes"] / 20 == pytest.approx(135 * MB, rel=0.01)
    assert story.metrics["memory_gross_bytes"] / 20 == pytest.approx(48 * MB, rel=0.10)
