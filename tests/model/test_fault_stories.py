"""Stories of what breaks: whom it takes, what stands, and when all are back."""

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

BOOT = {"kernel": {"compute": "3 core-s"}}
STACKS: dict[str, Spec] = {
    "process": platform(),
    "container": platform("c", c=container()),
    "vm": platform("v", vm=machine(boot=BOOT)),
    "shared": platform("s", vm=machine(scope="host", boot=BOOT)),
    "nested": platform(
        "n",
        outer=machine(scope="host", boot={"kernel": {"compute": "2 core-s"}}),
        inner=machine(boot=BOOT),
    ),
}
HOST: Spec = {"cores": "4 cores", "reboot": "20 s"}


def fault(kind: str, at: str = "50 s", **more: object) -> Spec:
    """A fault of a kind, by default in the middle of a run."""
    return {"at": at, "kind": kind, **more}


def broken(on: Spec, faults: list[Spec], of: Spec | None = None, **more: object) -> Run:
    """A pair that is always restarted, on a platform where something breaks."""
    return run(
        scenario(
            on,
            host=HOST,
            groups={"web": of or group(2, restart="always")},
            faults=faults,
            **more,
        )
    )


def down(story: Run) -> list[float]:
    return [round(seconds, 6) for seconds in story.result.instances["downtime_s"]]


@pytest.mark.parametrize("stack", STACKS)
def test_a_crash_takes_one_and_leaves_the_kernel_under_it(stack: str) -> None:
    """A restart after 0.1 s finds the machine up, be it its own: nobody boots again."""
    story = broken(STACKS[stack], [fault("instance-crash", instance="web/0")])
    assert story.result.faults["lost"].tolist() == [1]
    assert story.result.faults["recovery_s"].tolist() == pytest.approx([0.1])
    assert down(story) == [0.1, 0.0]
    assert story.result.instances["restarts"].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("stack", "kind", "lost", "recovery"),
    [
        ("process", "host-kernel-panic", 2, 20.0),
        ("container", "host-kernel-panic", 2, 20.0),
        ("vm", "guest-kernel-panic", 1, 3.1),
        ("shared", "guest-kernel-panic", 2, 3.1),
        ("nested", "guest-kernel-panic", 1, 3.1),
    ],
)
def test_a_panic_takes_all_that_run_on_the_kernel_under_an_instance(
    stack: str, kind: str, lost: int, recovery: float
) -> None:
    """Where that is the host's kernel all wait for its reboot; a guest of 3 core-s boots again."""
    story = broken(STACKS[stack], [fault("guest-kernel-panic", instance="web/1")])
    faults = story.result.faults
    assert faults["kind"].tolist() == [kind]
    assert faults["lost"].tolist() == faults["back"].tolist() == [lost]
    assert faults["recovery_s"].tolist() == pytest.approx([recovery])
    assert down(story)[1] == pytest.approx(recovery)
    assert down(story)[0] == pytest.approx(recovery if lost == 2 else 0.0)


@pytest.mark.parametrize(
    ("stack", "recovery"),
    [("process", 20), ("container", 20), ("vm", 23), ("shared", 23), ("nested", 28)],
)
def test_a_host_that_panics_takes_all_and_they_start_anew_after_its_reboot(
    stack: str, recovery: float
) -> None:
    """20 s for the host; 3 core-s for a guest; 2, and then 3 for each guest on its one core."""
    story = broken(STACKS[stack], [fault("host-kernel-panic")])
    assert story.result.faults["lost"].tolist() == [2]
    assert story.result.faults["recovery_s"].tolist() == pytest.approx([recovery])
    assert down(story) == pytest.approx([recovery] * 2)


@pytest.mark.parametrize("stack", STACKS)
def test_a_lost_host_that_was_the_only_one_is_the_end(stack: str) -> None:
    story = broken(STACKS[stack], [fault("host-loss")])
    assert story.result.faults["lost"].tolist() == [2]
    assert story.result.faults["recovery_s"].isna().all()
    assert down(story) == [50.0, 50.0]
    assert story.result.instances["state"].tolist() == ["failed", "failed"]
    assert story.metrics["memory_gross_bytes"] == 0


@pytest.mark.parametrize("kind", ["instance-crash", "guest-kernel-panic", "host-kernel-panic"])
@pytest.mark.parametrize("stack", STACKS)
def test_who_is_not_restarted_stays_down(stack: str, kind: str) -> None:
    who = {} if kind.startswith("host") else {"instance": "web/0"}
    story = broken(STACKS[stack], [fault(kind, **who)], group(2))
    state = story.result.instances["state"].tolist()
    assert state.count("failed") == story.result.faults["lost"][0]
    assert down(story)[0] == 50.0
    assert story.result.faults["recovery_s"].isna().all()


def test_a_fault_during_the_start_begins_the_start_anew() -> None:
    """4 of 10 s have passed; 0.1 s later it begins again; it never was ready, so never down."""
    on = platform("c", c=container(create={"make": {"wait": "10 s"}}))
    story = broken(on, [fault("instance-crash", "4 s", instance="web/0")])
    assert story.started == pytest.approx([14.1, 10.0])
    assert down(story) == [0.0, 0.0]
    assert story.result.instances["make_s"].tolist() == pytest.approx([10.0, 10.0])


def test_a_crash_while_a_vm_boots_leaves_no_half_a_vm() -> None:
    """1 of 3 core-s of the boot is gone, with no process there yet: all of it begins anew."""
    story = broken(STACKS["vm"], [fault("instance-crash", "1 s", instance="web/0")])
    assert story.started == pytest.approx([4.1, 3.0])
    assert story.fleet.engines[0].machine.kernel.existing == 2


def test_a_crash_while_the_inner_guest_boots_leaves_the_outer_one() -> None:
    """Each in a guest of its own: 2 core-s, and of the 3 of the inner one the first again."""
    outer = machine(boot={"kernel": {"compute": "2 core-s"}})
    on = platform("n", outer=outer, inner=machine(boot=BOOT))
    story = broken(on, [fault("instance-crash", "3 s", instance="web/0")])
    assert story.started == pytest.approx([6.1, 5.0])


@pytest.mark.parametrize("stack", ["vm", "nested"])
def test_a_kernel_that_is_not_up_cannot_panic(stack: str) -> None:
    """The second panic, at the same instant and in the back-off, hits nobody, least of all all."""
    panic = fault("guest-kernel-panic", instance="web/0")
    late = fault("guest-kernel-panic", "50.05 s", instance="web/0")
    story = broken(STACKS[stack], [panic, panic, late])
    assert story.result.faults["lost"].tolist() == [1, 0, 0]
    assert down(story) == pytest.approx([3.1, 0.0])


def test_a_panic_before_there_is_a_kernel_hits_nobody() -> None:
    """The VMM takes 5 s to come before the guest's kernel does."""
    on = platform("v", first=container(create={"vmm": {"wait": "5 s"}}), vm=machine(boot=BOOT))
    story = broken(on, [fault("guest-kernel-panic", "1 s", instance="web/0")])
    assert story.result.faults["lost"].tolist() == [0]
    assert story.started == pytest.approx([8.0, 8.0])


def test_a_crash_in_the_back_off_finds_nobody_and_delays_nothing() -> None:
    faults = [fault("instance-crash", at, instance="web/0") for at in ("50 s", "50 s", "50.05 s")]
    story = broken(platform(), faults)
    assert story.result.faults["lost"].tolist() == [1, 0, 0]
    assert story.result.instances["restarts"].tolist() == [1, 0]
    assert down(story) == pytest.approx([0.1, 0.0])


def test_a_host_that_reboots_does_not_panic_again() -> None:
    """Whatever strikes within its 20 s: nothing of it is up."""
    faults = [
        fault("host-kernel-panic"),
        fault("host-kernel-panic", "55 s"),
        fault("guest-kernel-panic", "60 s", instance="web/0"),
        fault("instance-crash", "65 s", instance="web/1"),
    ]
    story = broken(platform(), faults)
    assert story.result.faults["lost"].tolist() == [2, 0, 0, 0]
    assert down(story) == pytest.approx([20.0, 20.0])


def test_who_arrives_while_the_host_is_down_starts_once_it_is_up() -> None:
    late = group(2, restart="always", arrive={"times_s": [0.0, 55.0]})
    story = broken(platform(), [fault("host-kernel-panic")], late)
    assert story.result.instances["ready_s"].tolist() == pytest.approx([0.0, 70.0])
    never = group(2, arrive={"times_s": [0.0, 55.0]})
    story = broken(platform(), [fault("host-kernel-panic")], never)
    assert story.result.instances["reason"].tolist() == [
        "the kernel of its host panicked",
        "its host is down",
    ]


def test_a_host_that_was_down_has_cold_caches_and_keeps_its_images() -> None:
    """A start reads 50 MB: nothing while warm, 0.5 s after the panic; one pull serves both."""
    big = image("big", files=layer("50 MB", "10 MB"))
    on = platform("c", c=container(files={"kind": "layers"}))
    of = group(1, workload(read="50 MB", brings=big), restart="always")
    story = broken(on, [fault("host-kernel-panic")], of)
    assert story.started == [0.0]
    assert down(story) == pytest.approx([20.5])
    story = broken(on, [fault("host-kernel-panic")], of, images="absent")
    assert story.metrics["pulled_bytes"] == 10 * MB


def test_a_lock_passes_on_when_its_holder_or_who_is_next_crashes() -> None:
    """4 core-s under a lock: at 2 s the first has done half, and goes, as does the second.

    The third has the lock from then to 6; the others come back at 2.1, in their order.
    """
    on = platform("c", c=container(create={"make": {"lock": {"name": "l"}, "compute": "4 core-s"}}))
    faults = [fault("instance-crash", "2 s", instance=f"web/{number}") for number in (0, 1)]
    story = broken(on, faults, group(3, restart="on-failure"))
    assert story.started == pytest.approx([10.0, 14.0, 6.0])
    assert story.metrics["cpu_gross_core_s"] == pytest.approx(2 + 3 * 4)


def test_a_pull_goes_on_when_those_who_wait_for_it_crash() -> None:
    """20 MB over 10 MB/s: ready at 2 s, crash or not."""
    on = platform("c", c=container(files={"kind": "layers"}))
    of = group(2, workload(brings=image("b", files=layer("20 MB", "20 MB"))), restart="always")
    story = broken(on, [fault("instance-crash", "1 s", instance="web/0")], of, images="absent")
    assert story.started == pytest.approx([2.0, 2.0])
    assert story.metrics["pulled_bytes"] == 20 * MB


def test_a_pull_inside_a_guest_ends_with_its_kernel_and_begins_anew() -> None:
    """At 1 s half of 20 MB have come, onto the guest's own disk; from 1.1 s on all of it again."""
    files = {"kind": "disk", "provision": "clone"}
    on = platform("n", vm=machine(files=files), c=container(files={"kind": "layers"}))
    of = group(1, workload(brings=image("b", files=layer("20 MB", "20 MB"))), restart="always")
    panic = fault("guest-kernel-panic", "1 s", instance="web/0")
    story = broken(on, [panic], of, images="absent")
    assert story.started == pytest.approx([3.1])
    assert story.metrics["pulled_bytes"] == pytest.approx(30 * MB)
    assert story.fleet.network.pending == 0


def test_a_pull_into_the_hosts_store_survives_the_guest_that_asked_for_it() -> None:
    """The guests have the host's files; the other one waits for the pull that the first began."""
    on = platform("n", vm=machine(), c=container(files={"kind": "layers", "unpack": "10 MB/s"}))
    of = group(2, workload(brings=image("b", files=layer("20 MB", "20 MB"))), restart="always")
    panic = fault("guest-kernel-panic", "3 s", instance="web/0")
    story = broken(on, [panic], of, images="absent")
    assert story.started == pytest.approx([4.0, 4.0])
    assert story.metrics["pulled_bytes"] == 20 * MB
    assert story.metrics["disk_gross_bytes"] == 20 * MB


def test_who_waits_for_what_another_reads_goes_on_when_that_one_crashes() -> None:
    """50 MB at 100 MB/s: at 0.2 s the reader crashes, and all that waited have what it read."""
    on = platform("c", c=container(files={"kind": "layers"}))
    of = group(3, workload(read="50 MB", brings=image("b", files=layer("50 MB"))), restart="always")
    crash = fault("instance-crash", "200 ms", instance="web/0")
    story = broken(on, [crash], of, page_cache="cold")
    assert story.started == pytest.approx([0.3, 0.2, 0.2])
    assert story.metrics["disk_read_bytes"] == 20 * MB


def test_faults_without_a_name_are_drawn_alike_on_all_platforms() -> None:
    """The times and the victims are those of the seed, and another seed has others."""
    faults: list[Spec] = [{"poisson": "6 / min", "kind": "instance-crash"}]
    of = group(5, restart="always")

    def happened(stack: str, seed: int) -> list[tuple[float, str]]:
        asked = scenario(STACKS[stack], groups={"web": of}, faults=faults)
        told = run(asked, seed=seed).result.faults
        return list(zip(told["time_s"], told["target"], strict=True))

    first = happened("process", 1)
    assert 2 <= len(first) <= 25, "10 are expected in 100 s"
    assert happened("process", 1) == happened("container", 1) == first
    assert happened("process", 2) != first
    assert [time for time, _ in happened("nested", 1)] == [time for time, _ in first]


def test_every_so_often_is_every_so_often() -> None:
    story = broken(platform(), [{"every": "30 s", "kind": "instance-crash", "instance": "web/0"}])
    assert story.result.faults["time_s"].tolist() == [30.0, 60.0, 90.0]
    assert down(story) == pytest.approx([0.3, 0.0])


def test_a_fault_at_the_very_end_does_not_happen_any_more() -> None:
    story = broken(platform(), [fault("host-loss", "100 s")])
    assert story.result.faults.empty
    assert down(story) == [0.0, 0.0]


def on_three(placement: str, of: Spec, faults: list[Spec], **more: object) -> Run:
    """Three hosts of which some are lost."""
    return run(scenario(hosts=3, placement=placement, groups={"web": of}, faults=faults, **more))


def test_those_on_a_lost_host_move_to_where_the_fewest_are() -> None:
    """Six on three hosts; the two of the first go to one each of the others, after 0.1 s."""
    lost = fault("host-loss", host=0)
    story = on_three("spread", group(6, restart="always"), [lost])
    assert story.result.instances["host"].tolist() == [1, 1, 2, 2, 1, 2]
    assert story.result.faults["back"].tolist() == [2]
    assert story.result.faults["recovery_s"].tolist() == pytest.approx([0.1])
    assert story.result.instances["restarts"].tolist() == [1, 0, 0, 1, 0, 0]


def test_packed_ones_move_to_the_first_with_room_and_stay_down_where_none_has() -> None:
    """Claims of 400 MB, two a host: of the first two one finds room on the third host."""
    work = workload(private="400 MB")
    lost = fault("host-loss", host=0)
    story = on_three("pack", group(5, work, restart="on-failure"), [lost])
    instances = story.result.instances
    assert instances["host"].tolist()[0] == 2
    assert instances["state"].tolist() == ["ready", "failed", "ready", "ready", "ready"]
    assert down(story) == pytest.approx([0.1, 50.0, 0.0, 0.0, 0.0])
    assert story.result.faults["back"].tolist() == [1]


def test_when_all_hosts_are_lost_nobody_comes_back() -> None:
    """Host by host: the first moves on twice, the second once, and then there is no host."""
    faults = [fault("host-loss", f"{50 + 10 * host} s", host=host) for host in range(3)]
    story = on_three("spread", group(3, restart="always"), faults)
    assert story.result.faults["lost"].tolist() == [1, 2, 3]
    assert story.result.faults["back"].tolist() == [1, 2, 0]
    assert story.result.instances["state"].tolist() == ["failed"] * 3
    assert down(story) == pytest.approx([30.2, 30.1, 30.0])
    assert story.fleet.engines[2].machine.kernel.ledger.gross == 0


def test_who_waits_for_a_restart_on_a_lost_host_moves_as_well() -> None:
    """It crashed at 49 s and would be back at 54; the host goes, and 5 s later it is elsewhere."""
    of = group(3, restart="always", back_off={"first": "5 s"})
    faults = [fault("instance-crash", "49 s", instance="web/0"), fault("host-loss", host=0)]
    story = on_three("spread", of, faults)
    assert story.result.instances["state"].tolist() == ["ready"] * 3
    assert story.result.instances["host"][0] in (1, 2)
    assert down(story) == pytest.approx([6.0, 0.0, 0.0])


def test_who_is_on_the_way_to_another_host_at_the_end_is_in_the_table() -> None:
    of = group(3, restart="always", back_off={"first": "30 s"})
    story = on_three("spread", of, [fault("host-loss", "90 s", host=0)])
    assert len(story.result.instances) == 3
    assert story.result.instances["state"].tolist() == ["restarting", "ready", "ready"]
    assert down(story) == [10.0, 0.0, 0.0]


def test_a_host_that_is_lost_gives_its_ports_and_places_back_and_takes_nobody() -> None:
    """Who was on it goes where its port is in use, ends there, and tries again and again."""
    of = group(3, restart="always", publish=["80:80"])
    story = on_three("spread", of, [fault("host-loss", host=1)])
    instances = story.result.instances
    assert instances["state"].tolist() == ["ready", "restarting", "ready"]
    assert instances["exit_status"].dropna().tolist() == [1]
    assert down(story) == pytest.approx([0.0, 50.0, 0.0])
    late = group(4, arrive={"times_s": [0.0, 0.0, 0.0, 60.0]})
    story = on_three("spread", late, [fault("host-loss", host=0)])
    assert story.result.instances["host"].tolist() == [0, 1, 2, 1]


def test_who_shares_a_vm_that_panics_shares_one_again() -> None:
    """Two places each, three VMs for five. One of those who lost theirs finds a free place."""
    on = platform("v", vm=machine(scope=2, boot=BOOT))
    story = broken(on, [fault("guest-kernel-panic", instance="web/2")], group(5, restart="always"))
    assert story.result.faults["lost"].tolist() == [2]
    assert down(story) == pytest.approx([0.0, 0.0, 0.1, 3.1, 0.0])
    assert story.result.faults["recovery_s"].tolist() == pytest.approx([3.1])
    assert story.fleet.engines[0].machine.kernel.existing == 3


def test_one_that_is_there_ahead_has_to_boot_after_a_panic() -> None:
    """It cost nothing at first; after 50 s its 3 core-s are real."""
    on = platform("v", vm=machine(scope="host", provision="ahead", boot=BOOT))
    story = broken(on, [fault("guest-kernel-panic", instance="web/0")])
    assert story.started == [0.0, 0.0]
    assert down(story) == pytest.approx([3.1, 3.1])
    assert story.metrics["cpu_gross_core_s"] == pytest.approx(3.0)
    story = broken(on, [fault("host-kernel-panic")])
    assert down(story) == pytest.approx([23.0, 23.0])
