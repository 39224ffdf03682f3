"""From a row to the scenario of its conditions."""

import pytest
from observed import observation

from sim.errors import ScenarioError
from sim.spec.scenario import Scenario
from sim.studies.conditions import (
    MEASURED,
    ROUNDS,
    as_measured,
    in_flight,
    measured_platform,
    phase_at,
    scenario_of,
)


def made(**cells: object) -> Scenario:
    row = observation(**cells)
    return as_measured(scenario_of(row), row)


def phases(scenario: Scenario) -> set[str]:
    boundaries = measured_platform(scenario).boundaries.values()
    return {name for each in boundaries for name in (*each.create, *each.boot)}


def test_conditions_are_those_of_the_row() -> None:
    asked = made(host="{extends: openstack-6c, cores: 8}", hosts=2, started_at_once=10,
                 vcpus=2, guest_memory="512 MiB", platform="vm-qemu", page_cache="cold",
                 image_state="absent", link="100 Mbit/s")  # fmt: skip
    group = asked.groups[MEASURED]
    assert (asked.host.cores.value, asked.hosts, group.count) == (8, 2, 10)
    assert asked.host.link.bandwidth.value == pytest.approx(12.5e6)
    assert (group.limits.cpu, group.limits.memory) == (2, 512 * 2**20)
    assert (asked.page_cache, asked.images) == ("cold", "absent")


def test_what_was_running_started_long_before_and_neighbours_are_bare_threads() -> None:
    asked = made(platform="container-runc", already_running=30, cpu_busy_cores=3, started_at_once=2)
    assert {name: group.count for name, group in asked.groups.items()} == {
        MEASURED: 2, "running": 30, "neighbours": 3,
    }  # fmt: skip
    platform = asked.platforms[0]
    assert not platform.of("neighbours").boundaries
    assert platform.of("running").boundaries == scenario_of(
        observation(platform="container-runc")
    ).platforms[0].boundaries


def test_so_many_in_flight_are_twenty_rounds_of_them() -> None:
    asked = made(in_flight=5)
    assert asked.groups[MEASURED].count == 5 * ROUNDS
    assert in_flight(observation(in_flight=5)) == 5


def test_one_alone_is_measured_again_and_again_but_what_is_cold_only_once() -> None:
    assert in_flight(observation()) == 1
    assert in_flight(observation(page_cache="cold")) is None
    assert in_flight(observation(image_state="absent")) is None
    assert in_flight(observation(started_at_once=10)) is None
    assert made(page_cache="cold").groups[MEASURED].count == 1


def test_a_life_that_is_measured_to_init_ends_there() -> None:
    whole, cut = made(platform="vm-qemu"), made(platform="vm-qemu", ends="init")
    after = phases(whole) - phases(cut)
    assert after, "nothing was cut off"
    platform = measured_platform(scenario_of(observation(platform="vm-qemu")))
    assert phase_at(platform, "init") in after
    assert phase_at(platform, "kernel") not in after


def test_points_that_a_platform_lacks_are_none() -> None:
    platform = measured_platform(scenario_of(observation(platform="container-runc")))
    assert phase_at(platform, "kernel") is None
    assert phase_at(platform, "init") is None
    assert phase_at(platform, "runtime") is not None


def test_an_image_may_be_another_than_the_workload_s() -> None:
    assert made(image="redis").groups[MEASURED].workload.image.name == "redis"


def test_the_reference_stands_on_the_other_platform() -> None:
    row = observation(platform="vm-qemu", relative_to="process")
    assert scenario_of(row, reference=True).platforms[0].name == "process"


def test_what_a_row_names_must_be_there() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'vm-qemu'"):
        scenario_of(observation(platform="vm-qemuu"))
