"""Readings, with numbers worked out by hand: each is taken as the measurement was."""

import pytest
from observed import observation

from sim.studies.conditions import scenario_of
from sim.studies.readings import Unreadable, predict

HOST = "{extends: server-16c-64g, cores: 4}"
WORK = "{extends: sleep, start: {compute: 100 core-ms, read: 0 B}, variation: 0 %}"


def said(**cells: object) -> float:
    row = observation(**{"host": HOST, "workload": WORK, **cells})
    return predict(row, scenario_of(row))



def test_a_bare_process_takes_its_own_time_and_its_fork() -> None:
    alone = said()
    assert alone == pytest.approx(0.1, rel=0.1)
    assert said(statistic="p90") == pytest.approx(alone, rel=0.02)


def test_eight_at_once_on_four_cores_take_twice_as_long_as_one() -> None:
    assert said(started_at_once=8) / said() == pytest.approx(2.0, rel=0.05)
    assert said(started_at_once=8, hosts=2) / said() == pytest.approx(1.0, rel=0.05)


def test_in_flight_is_a_closed_loop_whose_rate_is_that_of_the_cores() -> None:
    """8 in flight share 4 cores: each takes 0.2 s, and 40 are started a second."""
    assert said(in_flight=8) == pytest.approx(0.2, rel=0.1)
    rate = said(in_flight=8, metric="throughput_per_s")
    assert rate == pytest.approx(4 / said(metric="cpu_per_start_core_s"), rel=0.1)


def test_neighbours_take_their_share_of_the_cores() -> None:
    """Four busy threads and four starts share four cores; one start beside one thread has one."""
    assert said(cpu_busy_cores=1) == pytest.approx(said(), rel=0.05)
    assert said(cpu_busy_cores=4, started_at_once=4) / said() == pytest.approx(2.0, rel=0.1)


def test_first_mean_and_last_are_in_order() -> None:
    first, mean, last = (
        said(platform="container-docker", started_at_once=20, statistic=each)
        for each in ("first", "mean", "last")
    )
    assert first < mean < last


def test_a_cut_life_is_shorter_than_the_whole_and_parts_add_up() -> None:
    vm = {"platform": "microvm-firecracker", "workload": "sleep"}
    to_kernel, to_init, whole = (
        said(**vm, ends="kernel"), said(**vm, ends="init"), said(**vm),
    )  # fmt: skip
    assert 0 < to_kernel < to_init < whole
    assert said(**vm, begins="kernel", ends="init") == pytest.approx(to_init - to_kernel, rel=0.1)


def test_an_exit_comes_after_the_workload_is_ready() -> None:
    docker = {"platform": "container-docker", "workload": "sleep"}
    assert said(**docker, ends="exit") >= said(**docker)


def test_a_point_that_a_platform_lacks_is_said() -> None:
    with pytest.raises(Unreadable, match="no point 'kernel'"):
        said(platform="container-docker", begins="kernel")


def test_what_was_running_makes_lists_longer_and_no_start_faster() -> None:
    docker = {"platform": "container-docker", "workload": "sleep"}
    assert said(**docker, already_running=100) >= said(**docker) * 0.99


def test_a_cold_page_cache_reads_from_the_disk() -> None:
    assert said(workload="web-node", page_cache="cold") > said(workload="web-node")


def test_pss_leaves_out_what_no_process_maps() -> None:
    held = {"platform": "microvm-firecracker", "workload": "sleep", "guest_memory": "128 MiB"}
    whole = said(metric="memory_per_instance_bytes", **held)
    pss = said(metric="pss_per_instance_bytes", **held)
    assert 0 < pss <= whole


def test_memory_per_instance_leaves_out_what_a_platform_holds_once() -> None:
    docker = {"platform": "container-docker", "workload": "sleep"}
    one = said(metric="memory_per_instance_bytes", **docker)
    many = said(metric="memory_per_instance_bytes", started_at_once=50, **docker)
    assert 0 < many < one


def test_the_kernel_of_a_guest_is_a_part_of_it_and_a_process_has_none() -> None:
    vm = {"platform": "microvm-firecracker", "workload": "sleep", "guest_memory": "256 MiB"}
    assert 0 < said(metric="guest_kernel_bytes", **vm) < 256 * 2**20
    with pytest.raises(Unreadable, match="no guest"):
        said(metric="guest_kernel_bytes")


def test_work_that_ends_is_told_by_how_much_of_it_is_done() -> None:
    work = "{extends: batch-compute, variation: 0 %, run: {compute: 2 core-s}}"
    assert said(workload=work, metric="throughput_per_s") == pytest.approx(0.5, rel=0.05)
    half = {"platform": "container-runc", "vcpus": 0.5}
    rate = said(workload=work, metric="throughput_per_s", **half)
    assert rate == pytest.approx(0.25, rel=0.1)


def test_one_client_is_answered_once_in_a_round_trip_and_a_service() -> None:
    serving = "{extends: sleep, serve: {compute: 10 core-ms, packets: 2}}"
    load = {"workload": serving, "clients": 1}
    rate = said(metric="throughput_per_s", **load)
    latency = said(metric="latency_s", **load)
    assert rate == pytest.approx(1 / latency, rel=0.1)
    assert latency == pytest.approx(0.01, rel=0.2)


def test_many_clients_get_what_one_thread_can_do() -> None:
    serving = "{extends: sleep, serve: {compute: 10 core-ms, packets: 2}}"
    rate = said(workload=serving, clients=20, metric="throughput_per_s")
    assert rate == pytest.approx(100, rel=0.05)


def test_disks_hold_the_images_and_what_each_instance_writes() -> None:
    one, two = (
        said(metric="disk_bytes", platform="vm-qemu", workload="sleep", started_at_once=count)
        for count in (1, 2)
    )
    assert one < two < 2 * one


def test_a_pull_is_no_faster_than_the_link() -> None:
    slow, fast = (
        said(metric="pull_s", platform="container-docker", workload="redis", link=link)
        for link in ("10 Mbit/s", "1 Gbit/s")
    )
    assert slow > 5 * fast > 0


def test_as_many_fit_as_memory_holds() -> None:
    big = "{extends: sleep, memory: {private: 1 GiB}}"
    host = "{extends: server-16c-64g, memory: 8 GiB}"
    found = said(host=host, workload=big, metric="instances_that_fit")
    assert found in (6, 7)


def test_the_same_row_gives_the_same_number() -> None:
    assert said(started_at_once=3) == said(started_at_once=3)
