"""Stories of whose files and whose kernel: shared folders, devices, paths, and foreign programs."""

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

OLD = image("old", base=layer("8 MB"), node18=layer("20 MB", kind="runtime", path="/bin/node"))
NEW = image("new", base=layer("8 MB"), node22=layer("30 MB", kind="runtime", path="/bin/node"))


def folder(cache: str) -> Spec:
    """A guest whose files lie in layers on the host."""
    return machine(files={"kind": "layers", "cache": cache})


def two_versions(on: Spec, **more: object) -> Run:
    """Two projects on one host that want different contents at one path."""
    groups = {
        "old": group(1, workload(brings=OLD), arrive={"at": "0 s"}),
        "young": group(1, workload(brings=NEW), arrive={"at": "1 s"}),
    }
    return run(scenario(on, groups=groups, **more))


def outcome(story: Run) -> list[str]:
    return story.result.instances["state"].tolist()


@pytest.mark.parametrize("images", ["present", "absent"])
def test_one_file_system_has_room_for_one_version_at_a_path(images: str) -> None:
    story = two_versions(platform(), images=images)
    assert outcome(story) == ["ready", "failed"]
    assert story.result.instances["reason"][1] == (
        "needs node22 at /bin/node, where node18 is, and both share a file system"
    )
    assert story.metrics["disk_gross_bytes"] == (8 + 20) * MB


@pytest.mark.parametrize(
    "boundary",
    [
        container(files={"kind": "layers"}),
        machine(files={"kind": "disk", "guest": image("linux")}),
        folder("host"),
    ],
)
def test_file_systems_of_their_own_have_room_for_both(boundary: Spec) -> None:
    assert outcome(two_versions(platform("own", wall=boundary))) == ["ready", "ready"]


def test_a_version_stays_installed_after_its_process_has_ended() -> None:
    groups = {
        "old": group(1, workload(brings=OLD, run="1 core-s"), arrive={"at": "0 s"}),
        "young": group(1, workload(brings=NEW), arrive={"at": "50 s"}),
    }
    assert outcome(run(scenario(groups=groups))) == ["exited", "failed"]


@pytest.mark.parametrize(
    ("boundaries", "reason"),
    [
        ({}, ""),  # what lies in the host's own files was made for the host
        (
            {"wall": container(title="Container")},
            "Container: needs a kernel of Linux, and the one here is of macOS",
        ),
        ({"vm": machine(), "wall": container(files={"kind": "layers"})}, ""),
        (
            {"vm": machine(system="windows", files={"kind": "layers"})},
            "app: needs a kernel of Linux, and the one here is of Windows",
        ),
        (
            {"vm": machine(system="windows"), "wall": container()},
            "wall: needs a kernel of Linux, and the one here is of Windows",
        ),
        ({"wall": container(system="macos")}, ""),
        (
            {"sentry": machine(wall="system-call")},
            "sentry: needs a kernel of Linux, and the one here is of macOS",
        ),
    ],
)
def test_programs_need_the_kernel_that_they_were_made_for(
    boundaries: dict[str, Spec], reason: str
) -> None:
    story = run(scenario(platform("p", **boundaries), host={"system": "macos"}))
    assert story.result.instances["reason"].tolist() == [reason]
    assert outcome(story) == ["failed" if reason else "ready"]


def test_layers_reach_a_guest_through_a_shared_folder_and_are_on_disk_once() -> None:
    story = run(scenario(platform("v", vm=folder("host")), groups={"web": group(5)}))
    assert story.metrics["disk_gross_bytes"] == 1 * MB  # one layer on the host, no disk in guests


def test_a_mapped_folder_serves_containers_inside_of_the_guest_as_well() -> None:
    """Two sandboxes, a container in a guest each, map 50 MB: the host's one copy, read once."""
    on = platform("nested", vm=folder("mapped"), inner=container())
    work = workload(read="50 MB", mapped="50 MB", private="5 MB")
    groups = {"web": group(2, work, arrive={"every": "10 s"})}
    story = run(scenario(on, groups=groups, page_cache="cold"))
    assert story.started == pytest.approx([0.5, 0.0])
    assert story.metrics["memory_gross_bytes"] == (50 + 2 * 5) * MB
    assert story.metrics["memory_net_bytes"] == (50 + 2 * 5) * MB


def test_what_a_guest_has_mapped_outside_goes_with_it() -> None:
    work = workload(read="50 MB", mapped="50 MB", run="1 core-s")
    story = run(scenario(platform("v", vm=folder("mapped")), groups={"web": group(3, work)}))
    assert story.metrics["memory_gross_bytes"] == 0
    assert story.metrics["page_cache_bytes"] == 50 * MB


@pytest.mark.parametrize(("how", "read", "disk"), [("clone", 10, 10), ("thin", 30, 10)])
def test_thin_devices_share_blocks_and_no_page_cache(how: str, read: int, disk: int) -> None:
    """Three guests of one base of 10 MB, cold: clones read its file once, thin devices each."""
    brings = image("node", base=layer("10 MB", kind="runtime"))
    files = {"kind": "disk", "provision": how, "guest": brings}
    work = workload(read="10 MB", mapped="10 MB", brings=brings)
    groups = {"web": group(3, work, arrive={"every": "10 s"})}
    story = run(scenario(platform("v", vm=machine(files=files)), groups=groups, page_cache="cold"))
    assert story.metrics["disk_read_bytes"] == read * MB
    assert story.metrics["disk_gross_bytes"] == disk * MB


def test_containers_on_devices_of_their_own_share_no_page_cache_on_one_kernel() -> None:
    """Device-mapper: each of two containers reads and holds its own 10 MB, and only once."""
    brings = image("node", base=layer("10 MB", kind="runtime"))
    files = {"kind": "disk", "provision": "thin"}
    work = workload(read="10 MB", mapped="10 MB", brings=brings)
    groups = {"web": group(2, work, arrive={"every": "10 s"})}
    story = run(scenario(platform("c", c=container(files=files)), groups=groups, page_cache="cold"))
    assert story.metrics["disk_read_bytes"] == 20 * MB
    assert story.metrics["memory_gross_bytes"] == 20 * MB
    assert story.metrics["page_cache_bytes"] == 0


def test_a_copy_on_a_device_of_its_own_is_no_net_memory() -> None:
    """Two containers that hold 10 MB of one content each: one copy is net, the other is not."""
    brings = image("node", base=layer("10 MB", kind="runtime"))
    on = platform("c", c=container(files={"kind": "disk", "provision": "thin"}))
    groups = {"web": group(2, workload(mapped="10 MB", brings=brings))}
    metrics = run(scenario(on, groups=groups)).metrics
    assert metrics["memory_net_bytes"] == 10 * MB
    assert metrics["memory_gross_bytes"] == 20 * MB


def test_a_kernel_without_a_size_may_use_what_there_is_and_is_promised_nothing() -> None:
    """Three of them on a host of 1 GB that promises no more than half of it."""
    on = platform("s", sentry={"kernel": "own", "files": {"kind": "outside"}})
    groups = {"web": group(3, workload(private="100 MB"))}
    story = run(scenario(on, host={"overcommit": "never"}, groups=groups, placement="pack"))
    assert outcome(story) == ["ready"] * 3
    assert story.metrics["memory_gross_bytes"] == 300 * MB
