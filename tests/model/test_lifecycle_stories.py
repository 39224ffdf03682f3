"""Stories of instances that share machines, arrive, are refused, fail, are killed and end."""

import math

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

BIG = image("big", base=layer("20 MB", "20 MB"), top=layer("70 MB", "10 MB"))
OTHER = image("other", base=layer("20 MB", "20 MB"), more=layer("5 MB", "5 MB"))
LAYERED = container(files={"kind": "layers"})
SMALL_DISK: Spec = {"disk": {"capacity": "50 MB"}}


def vm_of(places: int | str, provision: str = "on-demand", boot: str = "3 core-s") -> Spec:
    """A VM for several, that takes a while to boot."""
    return machine(scope=places, provision=provision, boot={"kernel": {"compute": boot}})


def test_instances_of_a_shared_machine_wait_for_it_and_only_then_make_another() -> None:
    """Two places: two VMs boot for three instances, on a core each; the phase is `waiting`."""
    on = platform("vm", vm=vm_of(2))
    story = run(scenario(on, host={"cores": "2 cores"}, groups={"web": group(3)}))
    assert story.started == pytest.approx([3.0] * 3)
    assert story.result.instances["waiting_s"].tolist() == pytest.approx([3.0] * 3)
    assert story.result.instances["spent_waiting_s"].tolist() == pytest.approx([3.0] * 3)
    assert len(story.fleet.engines[0].servants) == 2


def test_what_is_there_ahead_costs_no_time_but_all_its_memory() -> None:
    on = platform("vm", vm=vm_of(2, "ahead") | {"interior": {"kernel": "10 MB"}})
    story = run(scenario(on, groups={"web": group(3)}))
    assert story.started == [0.0] * 3
    assert story.metrics["memory_gross_bytes"] == 20 * MB
    assert story.metrics["cpu_gross_core_s"] == 0


def test_a_place_that_is_free_again_is_taken_before_another_machine_is_made() -> None:
    """Two VMs of two places; whoever comes after the first ended finds both with one free."""
    short, long = workload(run="5 core-s"), workload()
    groups = {
        "a": group(1, short),
        "b": group(2, long, arrive={"every": "0 s"}),
        "c": group(2, long, arrive={"at": "50 s"}),
        "d": group(1, long, arrive={"at": "60 s"}),
    }
    story = run(scenario(platform("vm", vm=vm_of(2)), host={"cores": "4 cores"}, groups=groups))
    assert len(story.fleet.engines[0].servants) == 3
    assert story.started == pytest.approx([3.0] * 3 + [0.0, 0.0, 3.0])


def test_workloads_share_a_machine_unless_it_is_made_of_their_files() -> None:
    groups = {"a": group(1, workload(brings=BIG)), "b": group(1, workload(brings=OTHER))}
    node = platform("nodes", vm=vm_of(4), c=LAYERED)
    assert len(run(scenario(node, groups=groups)).fleet.engines[0].servants) == 1
    pod = platform("pods", vm=vm_of(4) | {"files": {"kind": "disk", "provision": "clone"}})
    story = run(scenario(pod, groups=groups))
    assert len(story.fleet.engines[0].servants) == 2
    assert story.metrics["disk_net_bytes"] == 95 * MB


def test_a_machine_that_is_there_ahead_has_its_files_though_images_are_absent() -> None:
    """A VM of a guest's image for all of a host; the image of the workload is pulled, in 3 s."""
    files = {"kind": "disk", "guest": image("guest", linux=layer("80 MB", kind="os"))}
    for provision, disk in (("clone", 80), ("copy", 160)):
        vm = machine(scope="host", provision="ahead", files=files | {"provision": provision})
        groups = {"web": group(2, workload(brings=BIG))}
        story = run(scenario(platform("d", vm=vm, c=LAYERED), groups=groups, images="absent"))
        assert story.metrics["pulled_bytes"] == 30 * MB
        assert story.metrics["disk_gross_bytes"] == (disk + 90) * MB


def test_a_shared_machine_that_cannot_be_made_fails_all_who_wait_for_it() -> None:
    """A VM for all that reserves more than the host has, made ahead or on demand."""
    for provision in ("ahead", "on-demand"):
        vm = machine("2 GB", scope="host", provision=provision, reserve="full")
        groups = {"web": group(3, arrive={"every": "10 s"})}
        story = run(scenario(platform("vm", vm=vm), groups=groups))
        assert story.result.instances["state"].tolist() == ["failed"] * 3
        assert story.result.instances["reason"].str.contains("vm.vm could not be made").all()
        assert story.metrics["memory_gross_bytes"] == 0
        assert story.fleet.engines[0].cpu.root.nodes == 0


def test_a_pull_that_fills_the_disk_fails_all_who_wait_and_leaves_nobody_waiting() -> None:
    """20 MB of layers fit on 50 MB, 70 more do not, for good; the other image shares what fits."""
    groups = {
        "a": group(2, workload(brings=BIG)),
        "b": group(1, workload(brings=BIG), arrive={"at": "50 s"}),
        "c": group(1, workload(brings=OTHER), arrive={"at": "60 s"}),
    }
    on = platform("c", c=LAYERED)
    story = run(scenario(on, host=SMALL_DISK, groups=groups, images="absent", hosts=2))
    instances = story.result.instances
    assert instances["state"].tolist() == ["failed"] * 3 + ["ready"]
    assert instances["reason"].str.contains("host disk").tolist() == [True] * 3 + [False]
    assert instances["exited_s"].tolist()[:3] == pytest.approx([3.0, 3.0, 50.0])
    assert story.fleet.network.pending == 0


def test_an_image_that_shares_a_layer_which_found_no_room_fails_with_it() -> None:
    """Both want the layer of 70 MB; the second asks while the first is on the way."""
    top = image("top", top=layer("70 MB", "10 MB"))
    groups = {
        "a": group(1, workload(brings=BIG)),
        "b": group(1, workload(brings=top), arrive={"at": "1 s"}),
    }
    story = run(scenario(platform("c", c=LAYERED), host=SMALL_DISK, groups=groups, images="absent"))
    assert story.result.instances["state"].tolist() == ["failed"] * 2
    assert story.fleet.network.pending == 0


@pytest.mark.parametrize("on", [platform(), platform("c", c=LAYERED)])
def test_images_that_are_said_to_be_present_and_find_no_room_fail_their_instances(on: Spec) -> None:
    story = run(scenario(on, host=SMALL_DISK, groups={"a": group(2, workload(brings=BIG))}))
    assert story.result.instances["state"].tolist() == ["failed"] * 2
    assert story.result.instances["reason"].str.contains("host disk").all()


def test_so_do_images_inside_a_vm_one_after_the_other() -> None:
    """The host's disk of 100 MB holds the guest of 40 MB, and not 90 MB of layers inside."""
    files = {"kind": "disk", "guest": image("guest", linux=layer("20 MB", kind="os"))}
    on = platform("n", vm=machine(scope="host", files=files), c=LAYERED)
    host = {"disk": {"capacity": "100 MB"}}
    story = run(scenario(on, host=host, groups={"a": group(2, workload(brings=BIG))}))
    assert story.result.instances["state"].tolist() == ["failed"] * 2


def test_daemons_that_find_no_memory_fail_every_instance_and_hold_nothing() -> None:
    daemon = {"memory": {"small": "300 MB", "large": "900 MB"}, "cpu": "0.1 cores"}
    for on in (
        platform("c", c=container(daemon=daemon)),
        platform("n", vm=machine("2 GB", scope="host"), c=container(daemon=daemon)),
        platform("n", vm=machine("2 GB"), c=container(daemon=daemon)),
    ):
        story = run(scenario(on, groups={"web": group(2, arrive={"every": "10 s"})}))
        assert story.result.instances["state"].tolist() == ["failed"] * 2
        held = story.held("memory")
        assert set(held) <= {"stranded"}, "a guest may have touched what its daemon gave back"
        assert story.metrics["cpu_gross_core_s"] == 0


def test_who_is_killed_while_it_holds_a_lock_passes_it_on() -> None:
    """In a VM of 500 MB: who needs 600 MB is killed, as there is no other; the next goes on."""
    waits = {"unpack": {"lock": {"name": "l"}, "wait": "1 s"}}
    takes = {"unpack": waits["unpack"] | {"rounds": 2}}
    needs = {"unpack": "600 MB"}
    vm = machine("500 MB", scope="host")
    mix = {
        "name": "mix",
        "mix": {
            "a": platform("reads", vm=vm, c=container(create=takes, footprint=needs)),
            "b": platform("reads", vm=vm, c=container(create=waits)),
        },
    }
    story = run(scenario(mix, groups={"a": group(1), "b": group(1)}, page_cache="cold"))
    assert story.result.instances["state"].tolist() == ["oom-killed", "ready"]
    assert story.started[1] == pytest.approx(1.5)
    assert story.result.instances["unpack_s"].tolist() == pytest.approx([0.5, 1.5])


def test_phases_and_what_time_was_spent_with_add_up_to_the_start() -> None:
    phases = {
        "one": {"lock": {"name": "l"}, "wait": "100 ms", "compute": "1 core-s", "rounds": 3},
        "two": {"read": "30 MB", "compute": "1 core-s", "write": "5 MB"},
    }
    on = platform("c", c=container(files={"kind": "layers", "writable": "1 MB"}, create=phases))
    groups = {"web": group(3, workload("2 core-s", read="4 MB", brings=BIG))}
    story = run(scenario(on, groups=groups, images="absent", page_cache="cold"))
    instances = story.result.instances
    phase_names = ["pull", "unpack", "storage", "one", "two", "application"]
    assert instances[[f"{name}_s" for name in phase_names]].sum(axis=1).tolist() == pytest.approx(
        story.started
    )
    spent = [name for name in instances.columns if name.startswith("spent_")]
    assert instances[spent].sum(axis=1).tolist() == pytest.approx(story.started)


def test_fixed_ports_are_refused_while_another_has_them() -> None:
    """One host: the second of two is refused; the third comes when the first has ended."""
    groups = {"web": group(3, workload(run="5 core-s"), publish=["80:80"], arrive={"every": "4 s"})}
    story = run(scenario(groups=groups))
    assert story.result.instances["state"].tolist() == ["exited", "failed", "exited"]
    assert story.result.instances["host"].tolist() == [0, 0, 0]
    assert story.result.instances["reason"][1] == "port 80 of the host is already in use by web/0"
    assert story.metrics["instances_started"] == 3


def test_one_who_is_refused_a_port_holds_no_place() -> None:
    """Two hosts: the third finds its port taken, and goes; the fourth goes where the fewest are."""
    fixed = workload()
    groups = {
        "a": group(3, fixed, publish=["80:80"]),
        "b": group(2, fixed, arrive={"at": "1 s"}),
    }
    story = run(scenario(hosts=2, groups=groups))
    assert story.result.instances["host"].tolist() == [0, 1, 0, 0, 1]


def test_each_port_costs_memory_and_a_phase() -> None:
    port = {"footprint": "2 MB", "create": {"compute": "1 core-s"}}
    groups = {"web": group(2, publish=[80, 443, "9000:9"], arrive={"every": "10 s"})}
    story = run(scenario(platform("c", c=container(port=port)), hosts=2, groups=groups))
    assert story.started == pytest.approx([3.0, 3.0])
    assert story.held("memory") == {"boundary.port": 6 * MB}


def test_a_scope_of_one_is_a_scope_of_the_instance() -> None:
    """Each has a guest of the 50 MB that its limit says, and pays 3 MB for its port."""
    groups = {"web": group(2, publish=[80], limits={"memory": "50 MB"})}
    for scope in ("instance", 1):
        vm = machine(scope=scope, reserve="full", port={"footprint": "3 MB"})
        story = run(scenario(platform("p", vm=vm), groups=groups))
        assert story.metrics["memory_gross_bytes"] == 2 * (50 + 3) * MB


def test_spread_goes_where_the_fewest_live_and_pack_to_the_first_with_room() -> None:
    """Hosts of 1 GB, claims of 400 MB; the short ones end before the late ones come."""
    work, short = workload(private="400 MB"), workload(private="400 MB", run="1 core-s")
    groups = {
        "a": group(1, short),
        "b": group(2, work),
        "c": group(2, work, arrive={"at": "50 s"}),
    }
    spread = run(scenario(hosts=3, groups=groups))
    assert spread.result.instances["host"].tolist() == [0, 1, 2, 0, 0]
    pack = run(scenario(hosts=3, placement="pack", groups=groups))
    assert pack.result.instances["host"].tolist() == [0, 0, 1, 0, 1]


def test_pack_refuses_what_no_host_can_promise_and_takes_what_fits_once_it_can() -> None:
    """A host promises 1 GB: two of three guests of 400 MB; later ones when both have ended."""
    groups = {
        "a": group(3, workload(run="1 core-s"), limits={"memory": "400 MB"}),
        "b": group(2, limits={"memory": "400 MB"}, arrive={"at": "50 s"}),
    }
    story = run(scenario(platform("vm", vm=machine()), placement="pack", groups=groups))
    assert story.result.instances["state"].tolist() == ["exited"] * 2 + ["failed"] + ["ready"] * 2
    assert story.metrics["instances_failed"] == 1


@pytest.mark.parametrize(
    ("arrive", "times"),
    [
        ({"at": "7 s"}, [7, 7, 7]),
        ({"every": "7 s"}, [0, 7, 14]),
        ({"ramp": "7 s"}, [0, 3.5, 7]),
        ({"times_s": [1.0, 1.0, 9.5, 12.0]}, [1, 1, 9.5]),
    ],
)
def test_instances_are_asked_for_as_the_pattern_says(arrive: Spec, times: list[float]) -> None:
    story = run(scenario(groups={"web": group(3, arrive=arrive)}))
    assert story.result.instances["created_s"].tolist() == pytest.approx(times)


def test_who_would_come_at_the_horizon_does_not_and_who_starts_then_is_not_ready() -> None:
    groups = {"web": group(3, workload("60 core-s"), arrive={"every": "50 s"})}
    story = run(scenario(groups=groups))
    assert story.result.instances["state"].tolist() == ["ready", "starting"]
    assert math.isnan(story.started[1])
    assert story.metrics["instances_started"] == 2
    assert "startup_max_s" not in story.metrics


def test_a_machine_for_all_inside_an_instances_own_goes_with_it() -> None:
    """Odd, but a file may say so: nothing of the inner machine outlives the instance."""
    inner = machine("50 MB", scope="host", files={"kind": "disk"}, idle="0.1 cores")
    inner |= {"interior": {"kernel": "5 MB"}, "footprint": {"vmm": "1 MB"}}
    for outer in (machine(), container(), container(files={"kind": "layers"})):
        on = platform("n", outer=outer, inner=inner)
        story = run(scenario(on, groups={"web": group(2, workload(run="1 core-s"))}))
        assert story.result.instances["state"].tolist() == ["exited"] * 2
        assert story.metrics["memory_gross_bytes"] == 0
        assert story.fleet.engines[0].cpu.root.nodes == 0


def test_a_disk_too_small_for_a_copy_keeps_no_memory_reserved_for_it() -> None:
    """The template fits, the copy does not: what was taken for the guest is given back."""
    vm = machine(reserve="full", files={"kind": "disk"}, footprint={"vmm": "5 MB"})
    groups = {"web": group(2, workload(brings=OTHER))}
    story = run(
        scenario(platform("vm", vm=vm), host={"disk": {"capacity": "40 MB"}}, groups=groups)
    )
    assert story.result.instances["state"].tolist() == ["failed"] * 2
    assert story.metrics["memory_gross_bytes"] == 0
    assert story.metrics["disk_gross_bytes"] == 25 * MB


def test_hosts_on_which_machines_are_made_late_still_meet_at_the_registry_in_order() -> None:
    """Each wants a shared machine with an image of 10 MB, at times that vary, after a wait.

    The first to ask is host 0 at about 5 s, though host 1 may ask before it in time.
    """
    outer = container(create={"queue": {"wait": "5 s"}}, variation="80 %")
    inner = container(scope="host", files={"kind": "layers"})
    asked = scenario(
        platform("n", outer=outer, inner=inner),
        hosts=4,
        groups={"web": group(8, workload(brings=image("ten", ten=layer("10 MB", "10 MB"))))},
        images="absent",
        registry={"bandwidth": "10 MB/s"},
    )
    drained, merged = run(asked), run(asked, merged=True)
    assert drained.started == merged.started
    assert drained.metrics["instances_ready"] == 8
    assert drained.metrics["pulled_bytes"] == 40 * MB


def test_in_a_closed_loop_each_that_has_ended_is_followed_by_the_next() -> None:
    """Two in flight share one core: both of 1 core-s end at 2 s, and so on every 2 s; from 10 s."""
    work = workload("1 core-s", run="0 core-s")
    loop = group(5, work, arrive={"in_flight": 2, "at": "10 s"})
    story = run(scenario(groups={"web": loop}))
    table = story.result.instances
    assert table["created_s"].tolist() == pytest.approx([10.0, 10.0, 12.0, 12.0, 14.0])
    assert table["exited_s"].tolist() == pytest.approx([12.0, 12.0, 14.0, 14.0, 15.0])


def test_a_closed_loop_stays_on_its_hosts_whatever_the_order_of_the_ends() -> None:
    """Four in flight on two hosts: each host runs two at a time, three turns, for 6 s."""
    work = workload("1 core-s", run="0 core-s")
    loop = group(12, work, arrive={"in_flight": 4})
    story = run(scenario(hosts=2, groups={"web": loop}))
    assert story.result.instances["host"].value_counts().to_dict() == {0: 6, 1: 6}
    assert story.result.instances["exited_s"].max() == pytest.approx(6.0)


def test_a_step_for_the_network_is_taken_for_those_who_answer_requests_alone() -> None:
    card = {"compute": "3 core-s", "needs": "network"}
    on = platform("vm", vm=machine(boot={"kernel": {"compute": "2 core-s"}, "card": card}))
    server = workload(serve={"compute": "1 core-ms"})
    assert run(scenario(on)).started == pytest.approx([2.0])
    assert run(scenario(on, groups={"web": group(1, server)})).started == pytest.approx([5.0])


TAKEN_DOWN = {"remove": {"unmount": {"compute": "2 core-s"}, "tell": {"wait": "1 s"}}}
"""What takes 2 s of the only core, and 1 s besides."""


def ended(story: Run) -> list[float]:
    """When each instance was gone."""
    return list(story.result.instances["exited_s"])


def test_what_is_around_a_main_process_is_taken_down_before_it_is_gone() -> None:
    """A run of 5 s ends at 5 s; its container is gone 3 s later, and its memory then."""
    on = platform("c", c=container(footprint={"shim": "10 MB"}, **TAKEN_DOWN))
    story = run(scenario(on, groups={"a": group(1, workload(run="5 core-s", private="90 MB"))}))
    assert ended(story) == pytest.approx([8.0])
    assert story.held("memory") == {}
    cpu = story.held("cpu")
    assert (cpu["net"], cpu["set-up"]) == pytest.approx((5.0, 2.0))
    assert story.metrics["memory_peak_bytes"] == 100 * MB


def test_a_horizon_while_it_is_taken_down_finds_it_stopping_without_its_own_memory() -> None:
    on = platform("c", c=container(footprint={"shim": "10 MB"}, **TAKEN_DOWN))
    groups = {"a": group(1, workload(run="5 core-s", private="90 MB"))}
    story = run(scenario(on, groups=groups, horizon="6 s"))
    assert story.result.instances["state"].tolist() == ["stopping"]
    assert story.held("memory") == {"boundary.shim": 10 * MB}


def test_who_begins_again_is_not_taken_down() -> None:
    on = platform("c", c=container(**TAKEN_DOWN))
    again = {"restart": "always", "back_off": {"first": "1 s", "most": "1 s"}}
    groups = {"a": group(1, workload(run="5 core-s"), **again)}
    story = run(scenario(on, groups=groups, horizon="20 s"))
    assert story.metrics["restarts"] == 3  # at 6, 12 and 18 s


def test_a_host_that_panics_while_something_is_taken_down_takes_it_all() -> None:
    on = platform("c", c=container(**TAKEN_DOWN))
    groups = {"a": group(1, workload(run="5 core-s"), restart="on-failure")}
    faults = [{"at": "6 s", "kind": "host-kernel-panic", "host": 0}]
    host = {"reboot": "10 s"}
    story = run(scenario(on, host=host, groups=groups, faults=faults))
    assert story.result.instances["restarts"].tolist() == [1]
    assert ended(story) == pytest.approx([16.0 + 8.0])
