"""Stories of disks and pulls: who holds which bytes, and how long moving them takes."""

import pytest
from model.worlds import (
    MB,
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


def layers(parallel: int = 1, **more: object) -> Spec:
    """A container over an image's layers."""
    return container(files={"kind": "layers", "parallel": parallel, **more})


def disk(**more: object) -> Spec:
    """A boundary with a kernel and a disk of its own."""
    return machine(files={"kind": "disk", **more})


def sized(*sizes: int) -> Spec:
    """An image of layers of so many MB, as large on the wire as unpacked."""
    named = {f"layer-{size}": layer(f"{size} MB", f"{size} MB") for size in sizes}
    return image("app", **named)


GUEST = image("guest", linux=layer("200 MB", kind="os"))
SLIM = image("slim", base=layer("50 MB", kind="os"), node=layer("40 MB", kind="runtime"))
BASED = SLIM | {"name": "based", "layers": {**SLIM["layers"], "site": layer("10 MB")}}


def test_layers_are_held_once_and_count_by_what_they_are_for() -> None:
    """Two images share two layers: 50 MB of an OS are tare, 40 and 10 MB are net."""
    groups = {"a": group(2, workload(brings=SLIM)), "b": group(2, workload(brings=BASED))}
    story = run(scenario(platform("c", c=layers(writable="1 MB")), groups=groups))
    assert story.held("disk") == {
        "boundary.image-os": 50 * MB,
        "net.files": 50 * MB,
        "boundary.writable": 4 * MB,
    }


def test_a_bare_process_needs_no_operating_system_of_an_image() -> None:
    story = run(scenario(groups={"a": group(2, workload(brings=BASED))}))
    assert story.held("disk") == {"net.files": 50 * MB}
    assert story.metrics["disk_tare_bytes"] == 0


def test_copies_take_the_whole_disk_each_and_clones_what_they_write() -> None:
    """A guest of 200 MB and 50 MB of the workload: once as the template, and for each of two."""
    groups = {"a": group(2, workload(brings=BASED))}
    boot = {"userland": {"write": "2 MB"}}
    copies = run(scenario(platform("vm", vm=disk(guest=GUEST) | {"boot": boot}), groups=groups))
    assert copies.held("disk") == {
        "boundary.guest-os": 3 * 200 * MB,
        "net.files": 50 * MB,
        "duplicate.files": 2 * 50 * MB,
    }
    clone = disk(guest=GUEST, provision="clone", writable="3 MB")
    clones = run(scenario(platform("vm", vm=clone | {"boot": boot}), groups=groups))
    assert clones.held("disk") == {
        "boundary.guest-os": 200 * MB,
        "net.files": 50 * MB,
        "boundary.writable": 6 * MB,
    }
    assert clones.metrics["disk_written_bytes"] == 2 * (2 + 3) * MB


def test_two_images_on_one_kind_of_vm_have_a_template_each() -> None:
    groups = {"a": group(1, workload(brings=sized(20))), "b": group(1, workload(brings=sized(30)))}
    clone = disk(guest=GUEST, provision="clone")
    for images, pulled in (("present", 0), ("absent", 20 + 30 + 1 + 1)):
        story = run(scenario(platform("vm", vm=clone), groups=groups, images=images))
        assert story.held("disk") == {"boundary.guest-os": 400 * MB, "net.files": 50 * MB}
        assert story.metrics["pulled_bytes"] == pulled * MB


def test_a_layer_that_guest_and_workload_share_is_one() -> None:
    both = image("both", linux=layer("200 MB", kind="os"), app=layer("10 MB"))
    groups = {"a": group(1, workload(brings=both))}
    clone = disk(guest=GUEST, provision="clone")
    story = run(scenario(platform("vm", vm=clone), groups=groups, images="absent"))
    assert story.metrics["pulled_bytes"] == 2 * MB
    assert story.metrics["disk_gross_bytes"] == 210 * MB


@pytest.mark.parametrize(
    ("parallel", "seconds"),
    [
        # arrive at 1, 3, 6 s; unpacked by 1 + 1, 3 + 2 and 6 + 3
        (1, 9.0),
        # two at 5 MB/s each: at 2, 4, 6 s; unpacked by 3, 4 + 2, and 6 + 3
        (2, 9.0),
        # three at 10/3 MB/s: at 3, 5, 6 s; unpacked by 4, 5 + 2, and 7 + 3
        (3, 10.0),
        (9, 10.0),
    ],
)
def test_layers_come_in_parallel_and_are_unpacked_in_order(parallel: int, seconds: float) -> None:
    """10, 20 and 30 MB at 10 MB/s; 0.1 s of CPU a MB to unpack; nobody waits for writes."""
    on = platform("c", c=layers(parallel, unpack="10 MB/s"))
    groups = {"a": group(2, workload(brings=sized(10, 20, 30)))}
    story = run(scenario(on, groups=groups, images="absent"))
    assert story.started == pytest.approx([seconds] * 2)
    assert story.metrics["pulled_bytes"] == story.metrics["disk_gross_bytes"] == 60 * MB
    assert story.result.instances["pull_s"].tolist() == pytest.approx([6.0] * 2)
    assert story.result.instances["unpack_s"].tolist() == pytest.approx([seconds - 6.0] * 2)
    assert story.held("cpu")["set-up"] == pytest.approx(6.0)


def test_round_trips_precede_a_pull_and_each_layer_and_a_window_slows_a_flow() -> None:
    """14 of 0.1 s, one more before each layer; 0.5 MB each 0.1 s: 2 and 4 s for 10 and 20 MB."""
    link = {"bandwidth": "10 MB/s", "round_trip": "100 ms", "window": "500 kB"}
    groups = {"a": group(1, workload(brings=sized(10, 20)))}
    story = run(
        scenario(platform("c", c=layers()), host={"link": link}, groups=groups, images="absent")
    )
    assert story.result.instances["pull_s"].tolist() == pytest.approx([1.4 + 0.1 + 2 + 0.1 + 4])


def test_only_missing_layers_are_pulled() -> None:
    """The slim image is there; of the one that is based on it a layer of 1 MB comes, in 0.1 s."""
    groups = {"b": group(1, workload(brings=BASED))}
    keep = {"a": group(1, workload(brings=SLIM))}
    on = platform("c", c=layers())
    story = run(scenario(on, groups=groups | keep, images=["slim"]))
    assert story.metrics["pulled_bytes"] == 1 * MB
    assert story.result.instances["pull_s"].dropna().tolist() == pytest.approx([0.1])


def test_a_layer_on_its_way_for_one_image_is_not_pulled_for_another() -> None:
    """The second asks at 0.15 s, in the midst of the second layer: its own is one more MB."""
    groups = {
        "a": group(1, workload(brings=SLIM)),
        "b": group(1, workload(brings=BASED), arrive={"at": "150 ms"}),
    }
    story = run(scenario(platform("c", c=layers()), groups=groups, images="absent"))
    assert story.metrics["pulled_bytes"] == 3 * MB
    assert story.metrics["disk_gross_bytes"] == 100 * MB
    assert story.metrics["instances_ready"] == 2


def test_hosts_share_what_a_registry_sends() -> None:
    """Two hosts pull 20 MB: 2 s over a link each, 4 s behind a registry of 10 MB/s."""
    groups = {"a": group(2, workload(brings=sized(20)))}
    on = platform("c", c=layers())
    for registry, seconds in ((None, 2.0), ({"bandwidth": "10 MB/s"}, 4.0)):
        story = run(scenario(on, hosts=2, groups=groups, images="absent", registry=registry))
        assert story.result.instances["pull_s"].tolist() == pytest.approx([seconds] * 2)
        assert story.result.hosts["pulled_bytes"].tolist() == [20 * MB] * 2


def test_unpacking_is_cpu_work_at_the_speed_of_the_host() -> None:
    """10 MB at 10 MB/s of a core of twice the speed: 0.5 s, after 1 s of pull."""
    groups = {"a": group(1, workload(brings=sized(10)))}
    on = platform("c", c=layers(unpack="10 MB/s"))
    story = run(scenario(on, host={"speed": 2}, groups=groups, images="absent"))
    assert story.started == pytest.approx([1.5])


def test_a_copy_is_written_after_the_pull_of_its_template() -> None:
    """10 MB come in 1 s and go to the disk at once as the template and as the copy, at 100 MB/s."""
    groups = {"a": group(1, workload(brings=sized(10)))}
    story = run(scenario(platform("vm", vm=disk()), groups=groups, images="absent"))
    assert story.started == pytest.approx([1.2])
    assert story.metrics["disk_gross_bytes"] == 20 * MB


@pytest.mark.parametrize(
    ("crossing", "seconds"),
    [
        ({}, 0.131072),
        ({"latency": "1 ms"}, 0.131072 + 0.1),
        ({"serial": "4 ms"}, 0.4),
        ({"bandwidth": "32.768 MB/s"}, 0.4),
        ({"serial": "100 us"}, 0.131072),
        ({"latency": "1 ms", "compute": "1 core-ms"}, 0.131072 + 0.1 + 0.1),
    ],
)
def test_each_block_operation_pays_its_way_out_of_a_vm(crossing: Spec, seconds: float) -> None:
    """100 operations of 128 KiB at 100 MB/s, which take 1.31072 ms each on the bare disk."""
    vm = machine(crossings={"block": crossing})
    groups = {"a": group(1, workload(read="13107200 B"))}
    story = run(scenario(platform("vm", vm=vm), groups=groups, page_cache="cold"))
    assert story.started == pytest.approx([seconds])


def test_crossings_of_nested_boundaries_add_up_and_the_narrowest_binds() -> None:
    """Latencies of 1 and 2 ms add to the 1.31 ms of the disk; serial times of 1 and 5 ms do not."""
    for inner, outer, seconds in (
        ({"latency": "1 ms"}, {"latency": "2 ms"}, 0.131072 + 0.3),
        ({"serial": "5 ms"}, {"serial": "1 ms"}, 0.5),
    ):
        on = platform(
            "n",
            vm=machine(crossings={"block": outer}),
            c=container(crossings={"block": inner}),
        )
        groups = {"a": group(1, workload(read="13107200 B"))}
        story = run(scenario(on, groups=groups, page_cache="cold"))
        assert story.started == pytest.approx([seconds])


def test_bytes_cut_off_at_the_horizon_count_as_far_as_they_came() -> None:
    """5 s of reading at 100 MB/s, of writing at 100 MB/s, and of pulling at 10 MB/s."""
    reads = scenario(
        horizon="5 s", groups={"a": group(1, workload(read="900 MB"))}, page_cache="cold"
    )
    assert run(reads).metrics["disk_read_bytes"] == pytest.approx(500 * MB)
    writes = platform("c", c=container(create={"fill": {"write": "900 MB"}}))
    assert run(scenario(writes, horizon="5 s")).metrics["disk_written_bytes"] == pytest.approx(
        500 * MB
    )
    groups = {"a": group(1, workload(brings=sized(900)))}
    pulls = scenario(platform("c", c=layers()), horizon="5 s", groups=groups, images="absent")
    assert run(pulls).metrics["pulled_bytes"] == pytest.approx(50 * MB)


def test_steady_streams_move_their_bytes_and_what_is_written_is_kept() -> None:
    """From 20 s to 100 s: 80 s of 2 MB/s read and 1 MB/s written."""
    work = workload("20 core-s", steady={"read": "2 MB/s", "write": "1 MB/s"})
    story = run(scenario(groups={"a": group(1, work)}))
    assert story.metrics["disk_read_bytes"] == pytest.approx(160 * MB, abs=1)
    assert story.metrics["disk_written_bytes"] == pytest.approx(80 * MB, abs=1)
    assert story.held("disk") == {"net.files": MB, "net.data": pytest.approx(80 * MB, abs=1)}


@pytest.mark.parametrize("boundary", [None, layers(), disk(provision="clone")])
def test_a_stream_fills_a_disk_and_no_more(boundary: Spec | None) -> None:
    on = platform() if boundary is None else platform("x", b=boundary)
    host = {"disk": {"capacity": "50 MB"}}
    groups = {"a": group(2, workload(steady={"write": "1 MB/s"}))}
    story = run(scenario(on, host=host, groups=groups))
    assert story.metrics["disk_written_bytes"] == pytest.approx(200 * MB, abs=2)
    assert story.metrics["disk_gross_bytes"] == 50 * MB


def test_who_wants_what_is_being_read_waits_for_it() -> None:
    """50 MB at 100 MB/s take half a second; nobody has them sooner, the disk reads them once."""
    work = workload("1 core-ms", read="50 MB")
    story = run(scenario(groups={"web": group(3, work)}, page_cache="cold"))
    assert min(story.result.instances["ready_s"]) >= 0.5
    assert story.metrics["disk_read_bytes"] == 50_000_000


def on_two(shared: str) -> list[float]:
    """Seconds of two starts, each of which reads 100 MB on a host of its own."""
    reader = workload(read="100 MB", brings=sized(100))
    host = {"disk": {"shared": shared}}
    asked = scenario(hosts=2, host=host, page_cache="cold", groups={"a": group(2, reader)})
    return run(asked).started


def test_hosts_with_one_store_behind_them_slow_each_other() -> None:
    assert on_two("off") == pytest.approx([1.0, 1.0])
    assert on_two("on") == pytest.approx([2.0, 2.0])


def test_who_reads_from_a_shared_store_is_slowed_while_others_read_and_no_longer() -> None:
    """100 MB, and 100 MB half a second later on another host, at 100 MB/s together."""
    reader = workload(read="100 MB", brings=sized(100))
    groups = {"a": group(1, reader), "b": group(1, reader, arrive={"at": "0.5 s"})}
    asked = scenario(hosts=2, host={"disk": {"shared": "on"}}, page_cache="cold", groups=groups)
    assert run(asked).started == pytest.approx([1.5, 1.5])


def test_a_guest_opens_its_disk_on_a_shared_store_past_the_page_cache_of_its_host() -> None:
    groups = {"a": group(1, workload(read="50 MB", brings=sized(50)))}

    def cached(shared: str) -> float:
        asked = scenario(platform("d", d=disk()), host={"disk": {"shared": shared}}, groups=groups)
        return run(asked).metrics["page_cache_bytes"]

    assert cached("off") - cached("on") == 50 * MB


SLOW = {"disk": {"latency": "10 ms", "operations": "500 operations/s"}}
"""A disk that answers after 10 ms, and so five at a time."""


def syncing(count: int, syncs: int = 50, rounds: int = 1) -> list[float]:
    """Seconds of so many starts at once that write so many pages, each on the disk at last."""
    made = container(create={"engine": {"syncs": syncs, "rounds": rounds}})
    return run(scenario(platform("c", c=made), host=SLOW, groups={"a": group(count)})).started


def test_small_writes_that_follow_one_another_each_wait_for_the_disk() -> None:
    """50 take 0.5 s, also in three rounds; five can be under way, so ten take twice that."""
    assert syncing(1) == pytest.approx([0.5])
    assert syncing(1, rounds=3) == pytest.approx([0.5])
    assert syncing(5) == pytest.approx([0.5] * 5)
    assert syncing(10) == pytest.approx([1.0] * 10)


def test_small_writes_count_a_page_each() -> None:
    made = container(create={"engine": {"syncs": 50}})
    story = run(scenario(platform("c", c=made), host=SLOW))
    assert story.metrics["disk_written_bytes"] == 50 * 4096
