"""Stories of CPU time on a host of one core, each worked out by hand."""

import pytest
from model.worlds import container, group, machine, platform, run, scenario, workload


def test_one_process_alone_starts_in_its_own_time() -> None:
    story = run(scenario(groups={"web": group(1, workload("2 core-s"))}))
    assert story.started == pytest.approx([2.0])
    assert story.metrics["cpu_gross_core_s"] == pytest.approx(2.0)
    assert story.metrics["cpu_net_core_s"] == pytest.approx(2.0)
    assert story.metrics["cpu_tare_core_s"] == pytest.approx(0.0)
    assert story.metrics["cpu_utilization"] == pytest.approx(2.0 / 100)


def test_a_start_may_wait_for_what_takes_no_cpu() -> None:
    """0.5 s of waiting, then 2 core-s: two at once wait together and then share the core."""
    waits = workload() | {"start": {"wait": "0.5 s", "compute": "2 core-s"}}
    story = run(scenario(groups={"web": group(2, waits)}))
    assert story.started == pytest.approx([4.5, 4.5])
    assert story.metrics["cpu_gross_core_s"] == pytest.approx(4.0)


def test_two_processes_share_a_core_and_a_late_one_meets_what_is_left() -> None:
    """2 and 2 core-s, the second 1 s later: 1 s alone, both at half speed until 3 s, and so on."""
    groups = {
        "early": group(1, workload("2 core-s")),
        "late": group(1, workload("2 core-s"), arrive={"at": "1 s"}),
    }
    early, late = run(scenario(groups=groups)).started
    assert (early, late) == pytest.approx((3.0, 3.0))  # ready at 3 s and at 4 s


def test_a_faster_host_divides_all_work() -> None:
    on = platform("c", c=container(create={"make": {"compute": "1 core-s"}}))
    story = scenario(on, host={"speed": 2}, groups={"web": group(1, workload("1 core-s"))})
    assert run(story).started == pytest.approx([1.0])


def test_hardware_threads_are_slower_when_all_are_busy_and_neighbours_pay_for_it() -> None:
    """Two threads of one core, 60 % each together: alone 3 s; two at once 5 s, 4 of 10 lost."""
    host = {"cores": "2 cores", "smt": "60 %"}
    alone = run(scenario(host=host, groups={"web": group(1, workload("3 core-s"))}))
    assert alone.started == pytest.approx([3.0])
    assert alone.metrics["cpu_contention_core_s"] == pytest.approx(0.0)
    both = run(scenario(host=host, groups={"web": group(2, workload("3 core-s"))}))
    assert both.started == pytest.approx([5.0, 5.0])
    assert both.metrics["cpu_net_core_s"] == pytest.approx(6.0)
    assert both.metrics["cpu_contention_core_s"] == pytest.approx(4.0)
    assert both.metrics["cpu_utilization"] == pytest.approx(10 / 200)


def test_threads_share_as_so_many_claims_would() -> None:
    """Two cores, one process of 3 threads and one of 1: the 3 get 1.5 cores, the 1 half a core."""
    wide = workload() | {"start": {"compute": "3 core-s", "threads": 3}}
    groups = {"narrow": group(1, workload("1 core-s")), "wide": group(1, wide)}
    narrow, wide_start = run(scenario(host={"cores": "2 cores"}, groups=groups)).started
    assert (narrow, wide_start) == pytest.approx((2.0, 2.0))


@pytest.mark.parametrize("boundary", [container(), machine(cpu="4 cores")])
def test_a_limit_caps_a_container_and_is_the_vcpus_of_a_vm(boundary: dict[str, object]) -> None:
    wide = workload() | {"start": {"compute": "4 core-s", "threads": 4}}
    groups = {"web": group(1, wide, limits={"cpu": 2})}
    story = scenario(platform("x", b=boundary), host={"cores": "8 cores"}, groups=groups)
    assert run(story).started == pytest.approx([2.0])


def test_a_vm_has_the_vcpus_of_its_size_where_no_limit_says_otherwise() -> None:
    wide = workload() | {"start": {"compute": "6 core-s", "threads": 4}}
    story = scenario(
        platform("vm", vm=machine(cpu="3 cores")),
        host={"cores": "8 cores"},
        groups={"web": group(1, wide)},
    )
    assert run(story).started == pytest.approx([2.0])


def test_boundaries_share_by_halves_whatever_threads_they_have() -> None:
    """One core, two containers, one with 3 threads: 3 core-s and 1 core-s, half a core each."""
    wide = workload() | {"start": {"compute": "3 core-s", "threads": 3}}
    groups = {"narrow": group(1, workload("1 core-s")), "wide": group(1, wide)}
    narrow, wide_start = run(scenario(platform("c", c=container()), groups=groups)).started
    assert (narrow, wide_start) == pytest.approx((2.0, 4.0))


def test_containers_queue_on_the_kernels_lock_and_vms_do_not() -> None:
    """4 starts of 1 s under a lock, 4 cores: containers take 1, 2, 3, 4 s, and VMs 1 s each.

    The mean is the time alone, a, and (N - 1) / 2 times the holding, h: a = h = 1 s, 2.5 s.
    """
    phase = {"net": {"lock": {"name": "rtnl"}, "compute": "1 core-s"}}
    host = {"cores": "4 cores"}
    groups = {"web": group(4)}
    queued = run(scenario(platform("c", c=container(create=phase)), host=host, groups=groups))
    assert queued.started == pytest.approx([1.0, 2.0, 3.0, 4.0])
    assert queued.metrics["startup_mean_s"] == pytest.approx(1.0 + 1.0 * (4 - 1) / 2)
    assert queued.result.instances["spent_locks_s"].tolist() == pytest.approx([0, 1, 2, 3])

    own = run(scenario(platform("vm", vm=machine(boot=phase)), host=host, groups=groups))
    assert own.started == pytest.approx([1.0] * 4)
    assert own.result.instances["spent_locks_s"].sum() == 0


def test_what_is_done_under_a_lock_grows_with_those_that_exist() -> None:
    """a + b n + q n² = 1 + 0.1 n + 0.01 n²: n counts the starting one, and those before it."""
    lock = {"name": "mounts", "linear": "100 core-ms", "quadratic": "10 core-ms"}
    on = platform("c", c=container(create={"mount": {"lock": lock, "compute": "1 core-s"}}))
    story = run(scenario(on, groups={"web": group(3, arrive={"every": "10 s"})}))
    assert story.started == pytest.approx([1.11, 1.24, 1.39])


def test_what_is_slow_without_a_processor_keeps_its_lock_and_no_core() -> None:
    """1 + 0.1 n + 0.01 n² s: each finds itself and those who are done, not those who wait."""
    lock = {"name": "devices", "linear_wait": "100 ms", "quadratic_wait": "10 ms"}
    wall = container(create={"make": {"lock": lock, "wait": "1 s"}})
    story = run(scenario(platform("c", c=wall), groups={"web": group(3)}))
    assert story.started == pytest.approx([1.11, 1.11 + 1.24, 1.11 + 1.24 + 1.39])
    assert story.metrics["cpu_gross_core_s"] == 0.0


def test_who_waits_busily_takes_what_it_gets_of_a_core_and_no_more_time() -> None:
    """1 s of a timed loop and 0.5 core-s: 1.5 s alone; of two on one core 1 s and 2 x 0.5 s.

    Of five on it the 0.3 core-s that the loop asks for at least take longer than 1 s: 5 x 0.8 s.
    """
    boot = {"loop": {"spin": "1 s", "compute": "300 core-ms"}, "rest": {"compute": "500 core-ms"}}
    on = platform("v", vm=machine(boot=boot))
    alone, both, many = (
        run(scenario(on, host={"cores": "1 cores"}, groups={"web": group(count)}))
        for count in (1, 2, 5)
    )
    assert many.started == pytest.approx([4.0] * 5)
    assert many.metrics["cpu_gross_core_s"] == pytest.approx(4.0)
    assert alone.started == pytest.approx([1.5])
    assert alone.metrics["cpu_gross_core_s"] == pytest.approx(1.5)
    assert both.started == pytest.approx([2.0] * 2)
    assert both.metrics["cpu_gross_core_s"] == pytest.approx(2.0)


def test_who_is_interrupted_while_it_waits_busily_asks_for_no_more() -> None:
    """A panic at 5 s takes a loop of 10 s; it begins again at 25 s, and spins to the end at 30."""
    panic = {"at": "5 s", "kind": "host-kernel-panic", "host": 0}
    on = platform("v", vm=machine(boot={"kernel": {"spin": "10 s"}}))
    hosts = {"cores": "1 cores", "reboot": "20 s"}
    groups = {"web": group(1, restart="always")}
    story = run(scenario(on, host=hosts, groups=groups, faults=[panic], horizon="30 s"))
    assert story.metrics["cpu_gross_core_s"] == pytest.approx(10.0)
    assert story.metrics["instances_ready"] == 0


def test_those_that_ended_no_longer_slow_a_start_down() -> None:
    lock = {"name": "mounts", "linear": "1 core-s"}
    on = platform("c", c=container(create={"mount": {"lock": lock, "compute": "1 core-s"}}))
    groups = {"web": group(3, workload(run="1 core-s"), arrive={"every": "10 s"})}
    assert run(scenario(on, groups=groups)).started == pytest.approx([2.0] * 3)


def test_nested_boundaries_multiply_their_slowdowns() -> None:
    """1 core-s of compute at 1.5 in the VM and 1.2 in the container inside: 1.8 core-s, 1 net."""
    on = platform(
        "nested",
        vm=machine(crossings={"cpu": {"compute": 1.5}}),
        c=container(crossings={"cpu": {"compute": 1.2}}),
    )
    story = run(scenario(on, groups={"web": group(1, workload("1 core-s"))}))
    assert story.started == pytest.approx([1.8])
    assert story.held("cpu") == pytest.approx({"net": 1.0, "crossings": 0.8, "contention": 0.0})


def test_a_boundary_is_made_at_the_speed_of_what_stands_around_it() -> None:
    """Both phases of the inner one cross the outer one: 2 times 1 core-s at 1.5; none its own."""
    phase = {"make": {"compute": "1 core-s"}}
    slow = {"cpu": {"system-calls": 1.5}}
    on = platform(
        "nested",
        vm=machine(boot=phase, crossings=slow),
        c=container(create=phase, boot=phase, crossings=slow),
    )
    assert run(scenario(on)).started == pytest.approx([1.0 + 1.5 + 1.5])


def test_more_threads_than_cores_lose_what_switching_takes() -> None:
    """10 % of a busy core: two of 0.9 core-s are done after 2 s, and 0.2 core-s are contention."""
    groups = {"web": group(2, workload("900 core-ms"))}
    story = run(scenario(host={"switching": "10 %"}, groups=groups))
    assert story.started == pytest.approx([2.0, 2.0])
    assert story.metrics["cpu_contention_core_s"] == pytest.approx(0.2)
    assert story.metrics["cpu_tare_core_s"] == pytest.approx(0.0)
    assert story.metrics["cpu_gross_core_s"] == pytest.approx(2.0)


def test_one_thread_a_core_loses_nothing() -> None:
    groups = {"web": group(2, workload("900 core-ms"))}
    story = run(scenario(host={"switching": "10 %", "cores": "2 cores"}, groups=groups))
    assert story.started == pytest.approx([0.9, 0.9])
    assert story.metrics["cpu_contention_core_s"] == 0.0


def test_net_work_is_the_same_on_every_platform() -> None:
    varied = workload("1 core-s", run="2 core-s", variation="30 %")
    platforms = [
        platform("bare"),
        platform("c", c=container(create={"make": {"compute": "1 core-s"}})),
        platform("vm", vm=machine(crossings={"cpu": {"compute": 1.4}}, idle="0.1 cores")),
    ]
    asked = [scenario(on, groups={"web": group(5, varied)}) for on in platforms]
    net = [run(one).metrics["cpu_net_core_s"] for one in asked]
    assert net == pytest.approx([net[0]] * 3)
    assert net[0] != pytest.approx(15.0, rel=1e-3)  # it does vary from instance to instance


def test_work_cut_off_at_the_horizon_counts_as_far_as_it_came() -> None:
    on = platform("vm", vm=machine(crossings={"cpu": {"compute": 1.25}}))
    story = run(scenario(on, horizon="10 s", groups={"web": group(1, workload("1 core-h"))}))
    assert story.held("cpu") == pytest.approx({"net": 8.0, "crossings": 2.0, "contention": 0.0})


def test_steady_demand_idling_and_daemons_run_from_when_they_are_up() -> None:
    """Over 100 s: 0.1 cores from ready at 20 s on, as much idling of the VM, daemons all along."""
    steady = workload("20 core-s", steady={"cpu": "0.1 cores"})
    on = platform("vm", vm=machine(idle="0.2 cores", daemon={"cpu": "0.05 cores"}))
    story = run(scenario(on, host={"cores": "4 cores"}, groups={"web": group(1, steady)}))
    expected = {"net": 20 + 8.0, "idle": 16.0 + 5.0, "crossings": 0.0, "contention": 0.0}
    assert story.held("cpu") == pytest.approx(expected)


def test_a_machine_with_idling_daemons_inside_can_be_taken_down() -> None:
    """A daemon of the inner boundary idles in the instance's own VM for the 10 s that it lives."""
    on = platform("nested", vm=machine(), c=container(daemon={"cpu": "0.1 cores"}))
    story = run(scenario(on, groups={"web": group(1, workload("9 core-s", run="0 core-s"))}))
    assert story.metrics["instances_ready"] == 1
    assert story.held("cpu")["idle"] == pytest.approx(0.1 * story.started[0])
    assert story.fleet.engines[0].cpu.root.nodes == 0


def test_what_makes_a_shared_machine_takes_its_mean_time() -> None:
    """It is no instance, so it draws no variation: 2 core-s exactly, though instances vary."""
    shared = machine(scope="host", boot={"kernel": {"compute": "2 core-s"}}, variation="50 %")
    assert run(scenario(platform("vm", vm=shared))).started == pytest.approx([2.0])
