"""Stories of memory: who holds it, what is shared, what is stranded, and who is killed."""

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

NODE = image("node", base=layer("50 MB", kind="runtime"), app=layer("10 MB"))


def disk(**more: object) -> Spec:
    """A boundary with a kernel and a disk of its own."""
    return machine(files={"kind": "disk", **more})


def test_net_is_private_memory_and_one_copy_of_what_is_mapped() -> None:
    work = workload(private="10 MB", mapped="40 MB", kernel="1 MB", brings=NODE)
    story = run(scenario(groups={"web": group(3, work)}))
    assert story.held("memory") == {
        "net.private": 30 * MB,
        "net.kernel": 3 * MB,
        "net.files": 40 * MB,
    }
    assert story.metrics["memory_tare_bytes"] == 0
    assert story.result.instances["gross_bytes"].tolist() == pytest.approx(
        [11 * MB + 40 * MB / 3] * 3
    )
    assert story.result.instances["net_bytes"].tolist() == pytest.approx(
        [11 * MB + 40 * MB / 3] * 3
    )


def test_guests_hold_a_copy_each_of_what_containers_share() -> None:
    """Three guests map 40 MB each: one copy is net, and two are duplicates."""
    groups = {"web": group(3, workload(mapped="40 MB", brings=NODE))}
    shared = run(scenario(platform("c", c=container()), groups=groups))
    assert shared.held("memory") == {"net.files": 40 * MB}
    own = run(scenario(platform("vm", vm=machine()), groups=groups))
    assert own.held("memory") == {"net.files": 40 * MB, "duplicate.files": 80 * MB}


def test_a_guest_kernel_takes_its_share_of_ram_and_bounce_buffers_above_a_threshold() -> None:
    """1/64 of 96 MB of struct page; 7 MB more where RAM exceeds 100 MB, as at 128 MB."""
    kernel = {"private": "3 MB", "per_memory": "1.5625 %", "threshold": "100 MB", "above": "7 MB"}
    held = [
        run(scenario(platform("vm", vm=machine(memory, interior={"kernel": kernel})))).held(
            "memory"
        )
        for memory in ("96 MB", "128 MB")
    ]
    assert held == [{"boundary.kernel": 4_500_000}, {"boundary.kernel": 12 * MB}]


def test_what_a_process_frees_inside_a_guest_that_lives_on_is_stranded() -> None:
    """Two processes of 20 MB run 1 s each in one VM, 10 s apart: the second uses the first's."""
    vm = machine(scope="host", interior={"kernel": "10 MB"})
    work = workload(private="20 MB", run="1 core-s")
    story = run(
        scenario(platform("vm", vm=vm), groups={"web": group(2, work, arrive={"every": "10 s"})})
    )
    assert story.held("memory") == {"boundary.kernel": 10 * MB, "stranded": 20 * MB}
    assert story.metrics["memory_peak_bytes"] == 30 * MB
    samples = story.result.samples
    memory = samples[(samples["component"] == "net.private") & (samples["resource"] == "memory")]
    assert memory["value"].tolist() == [20 * MB, 0, 20 * MB, 0]
    assert memory["time_s"].tolist() == pytest.approx([0, 1, 10, 11])


def test_a_vm_of_its_own_gives_everything_back() -> None:
    vm = machine(interior={"kernel": "10 MB"}, footprint={"vmm": "5 MB"})
    work = workload(private="20 MB", read="30 MB", mapped="30 MB", run="1 core-s")
    story = run(scenario(platform("vm", vm=vm), groups={"web": group(2, work)}))
    assert story.metrics["memory_gross_bytes"] == 0
    assert story.metrics["memory_peak_bytes"] == 2 * 65 * MB
    assert story.result.instances["state"].tolist() == ["exited"] * 2


def test_full_reservation_holds_all_of_a_guests_ram_from_the_first_moment() -> None:
    """Of 3 guests of 400 MB a host of 1 GB takes 2; the third fails, and nobody is killed."""
    vm = machine("400 MB", reserve="full", interior={"kernel": "10 MB"})
    story = run(scenario(platform("vm", vm=vm), groups={"web": group(3)}))
    assert story.held("memory") == {"boundary.kernel": 20 * MB, "stranded": 780 * MB}
    assert story.result.instances["state"].tolist() == ["ready", "ready", "failed"]
    assert "no memory to make vm.vm" in story.result.instances["reason"][2]
    assert story.metrics["oom_kills"] == 0


def test_a_guest_that_only_touches_may_promise_more_than_there_is() -> None:
    vm = machine("400 MB", interior={"kernel": "10 MB"})
    story = run(scenario(platform("vm", vm=vm), groups={"web": group(3)}))
    assert story.held("memory") == {"boundary.kernel": 30 * MB}
    assert story.metrics["instances_ready"] == 3


def test_who_does_not_fit_has_the_largest_killed_and_of_equals_the_last() -> None:
    """A host of 1 GB: three of 300 MB fit; for each more, the youngest of them must go."""
    story = run(scenario(groups={"web": group(5, workload(private="300 MB", kernel="5 MB"))}))
    states = story.result.instances["state"].tolist()
    assert states == ["ready"] * 2 + ["oom-killed"] * 2 + ["ready"]
    assert story.held("memory") == {"net.private": 900 * MB, "net.kernel": 15 * MB}
    assert (story.metrics["oom_kills"], story.metrics["instances_ready"]) == (2, 5)
    assert "host memory" in story.result.instances["reason"][2]


def test_a_container_is_killed_at_its_limit_and_a_guest_at_its_ram() -> None:
    groups = {"web": group(1, workload(private="60 MB"), limits={"memory": "50 MB"})}
    for boundary in (container(), machine("900 MB")):
        story = run(scenario(platform("x", b=boundary), groups=groups))
        assert story.result.instances["state"].tolist() == ["oom-killed"]
        assert story.metrics["memory_gross_bytes"] == 0


def test_what_a_boundary_holds_outside_is_not_under_the_instances_limit() -> None:
    shim = container(footprint={"shim": {"private": "80 MB", "shared": "9 MB"}})
    groups = {"web": group(2, workload(private="40 MB"), limits={"memory": "50 MB"})}
    story = run(scenario(platform("c", c=shim), groups=groups))
    assert story.held("memory") == {"net.private": 80 * MB, "boundary.shim": 169 * MB}
    assert story.result.instances["gross_bytes"].tolist() == [124.5 * MB] * 2


def test_a_files_share_of_a_boundary_is_no_net_memory_of_the_instance() -> None:
    """An innermost boundary that maps 8 MB inside: tare, though the instance's account has it."""
    inside = container(interior={"agent": {"shared": "8 MB"}})
    story = run(
        scenario(platform("c", c=inside), groups={"web": group(2, workload(mapped="4 MB"))})
    )
    assert story.result.instances["net_bytes"].tolist() == [2 * MB] * 2
    assert story.result.instances["gross_bytes"].tolist() == [6 * MB] * 2
    assert story.metrics["memory_net_bytes"] == 4 * MB


def test_a_holding_named_like_a_phase_is_held_from_that_phase_on() -> None:
    """A peak of 30 MB is reached only after the first phase: at 0 s and 1 s samples say so."""
    boundary = container(
        footprint={"early": "10 MB", "late": "20 MB"},
        create={"first": {"wait": "1 s"}, "late": {"wait": "1 s"}},
    )
    samples = run(scenario(platform("c", c=boundary))).result.samples
    memory = samples[samples["resource"] == "memory"]
    assert memory[["time_s", "component", "value"]].to_numpy().tolist() == [
        [0.0, "boundary.early", 10 * MB],
        [1.0, "boundary.late", 20 * MB],
    ]


def test_containers_of_one_image_read_it_once_and_guests_once_each() -> None:
    """Cold: 50 MB at 100 MB/s. The second container finds it cached; a second guest does not."""
    groups = {"web": group(2, workload(read="50 MB", mapped="50 MB"), arrive={"every": "10 s"})}
    cold = {"groups": groups, "page_cache": "cold"}
    containers = run(scenario(platform("c", c=container()), **cold))
    assert containers.started == pytest.approx([0.5, 0.0])
    assert containers.metrics["disk_read_bytes"] == 50 * MB
    guests = run(scenario(platform("vm", vm=machine()), **cold))
    assert guests.started == pytest.approx([0.5, 0.5])
    assert guests.metrics["disk_read_bytes"] == 100 * MB


@pytest.mark.parametrize(("cache", "held", "clean"), [("host", 100, 50), ("mapped", 50, 0)])
def test_a_shared_folder_is_read_once_and_held_by_each_guest_or_once(
    cache: str, held: int, clean: int
) -> None:
    """Two guests map 50 MB of the host's files: in copies of their own, or the host's one (DAX).

    Where guests keep copies, the host's clean page cache has a third.
    """
    groups = {"web": group(2, workload(read="50 MB", mapped="50 MB"), arrive={"every": "10 s"})}
    files = {"kind": "outside", "cache": cache}
    guests = run(
        scenario(platform("vm", vm=machine(files=files)), groups=groups, page_cache="cold")
    )
    assert guests.started == pytest.approx([0.5, 0.0])
    assert guests.metrics["disk_read_bytes"] == 50 * MB
    assert guests.metrics["memory_gross_bytes"] == held * MB
    assert guests.metrics["memory_net_bytes"] == 50 * MB
    assert guests.metrics["page_cache_bytes"] == clean * MB


def test_linked_clones_meet_in_the_hosts_cache_and_copies_do_not() -> None:
    """What a guest reads through the host's cache stays there, once for the base of all clones."""
    work = workload(read="10 MB", mapped="10 MB", brings=NODE)
    groups = {"web": group(3, work, arrive={"every": "10 s"})}
    read = {}
    for how in ("clone", "copy"):
        for cache in ("host", "direct"):
            on = platform("vm", vm=disk(provision=how, cache=cache))
            story = run(scenario(on, groups=groups, page_cache="cold"))
            metrics = story.metrics
            read[how, cache] = metrics["disk_read_bytes"] / MB, metrics["page_cache_bytes"] / MB
    assert read == {
        ("clone", "host"): (10, 10),
        ("clone", "direct"): (30, 0),
        ("copy", "host"): (30, 30),
        ("copy", "direct"): (30, 0),
    }


def test_a_reader_of_more_of_a_file_reads_the_rest_in_the_guest_and_on_the_host() -> None:
    """One guest, two workloads of one file: 10 MB, then all 30 MB of it, so 20 MB more."""
    brings = image("node", base=layer("50 MB", kind="runtime"))
    groups = {
        name: group(1, workload(read=size, mapped=size, brings=brings), arrive={"at": at})
        for name, size, at in (("a", "10 MB", "0 s"), ("b", "30 MB", "10 s"))
    }
    on = platform("vm", vm=disk(provision="clone") | {"scope": "host"})
    story = run(scenario(on, groups=groups, page_cache="cold"))
    assert story.metrics["disk_read_bytes"] == 30 * MB
    assert story.started == pytest.approx([0.1, 0.2])


def test_a_warm_host_reads_nothing_and_a_warm_guest_neither_but_a_new_one_does() -> None:
    work = workload(read="50 MB", mapped="50 MB")
    for scope, provision, seconds in (
        ("host", "ahead", 0.0),
        ("host", "on-demand", 0.5),
        ("instance", "on-demand", 0.5),
    ):
        on = platform("vm", vm=machine(scope=scope, provision=provision))
        assert run(scenario(on, groups={"web": group(1, work)})).started == pytest.approx([seconds])
    assert run(scenario(groups={"web": group(1, work)})).started == [0.0]


def test_cache_makes_way_for_processes_and_is_read_again() -> None:
    """A host of 1 GB caches 600 MB of a file, then holds 900 MB: 500 MB had to be dropped."""
    reader = workload(read="600 MB", run="0 core-s")
    groups = {
        "a": group(2, reader, arrive={"every": "50 s"}),
        "b": group(1, workload(private="900 MB"), arrive={"at": "20 s"}),
    }
    story = run(scenario(groups=groups, page_cache="cold"))
    assert story.metrics["disk_read_bytes"] == (600 + 500) * MB
    assert story.metrics["page_cache_bytes"] == 100 * MB
    assert story.metrics["oom_kills"] == 0


def test_fixed_tare_is_what_is_there_before_the_first_instance() -> None:
    """A daemon of 7 MB, and a VM for all with 10 MB of kernel; each instance takes 20 MB."""
    vm = machine(
        scope="host",
        provision="ahead",
        interior={"kernel": "10 MB"},
        daemon={"memory": {"engine": {"private": "6 MB", "shared": "1 MB"}}},
    )
    story = run(
        scenario(platform("vm", vm=vm), groups={"web": group(4, workload(private="20 MB"))})
    )
    assert story.metrics["memory_fixed_tare_bytes"] == 17 * MB
    assert story.metrics["memory_per_instance_bytes"] == 20 * MB
    assert story.metrics["memory_tare_bytes"] == 17 * MB


def test_a_daemon_inside_an_instances_own_machine_is_part_of_what_it_holds() -> None:
    inner = container(daemon={"memory": {"agent": "3 MB"}})
    for outer in (container(), machine()):
        groups = {"web": group(2, workload(private="5 MB"))}
        story = run(scenario(platform("n", outer=outer, inner=inner), groups=groups))
        assert story.result.instances["gross_bytes"].tolist() == [8 * MB] * 2
        assert story.metrics["memory_gross_bytes"] == 16 * MB
