"""A row of text becomes an observation, or says in plain words why it does not."""

import pytest
from observed import NEEDED, observation
from pydantic import ValidationError

from sim.spec.observation import COLUMNS, POINTS, UNITS, Metric, Observation


def problem(**cells: object) -> str:
    with pytest.raises(ValidationError) as raised:
        observation(**cells)
    return str(raised.value)


def test_empty_cells_have_the_defaults_of_the_contract() -> None:
    row = observation()
    assert (row.host, row.hosts, row.workload) == ("server-16c-64g", 1, "sleep")
    assert (row.image_state, row.page_cache, row.statistic) == ("present", "warm", "mean")
    assert (row.started_at_once, row.already_running, row.cpu_busy_cores) == (1, 0, 0)
    assert (row.begins, row.ends) == ("request", "ready")
    assert row.in_flight is row.clients is row.relative_to is None


def test_the_columns_are_those_of_an_observation_in_the_order_of_the_contract() -> None:
    fields = Observation.model_fields
    assert [field.alias or name for name, field in fields.items()] == [*COLUMNS]
    assert ",".join(COLUMNS) == (
        "id,source,host,hosts,platform,workload,image,image_state,page_cache,vcpus,guest_memory,"
        "started_at_once,in_flight,already_running,cpu_busy_cores,clients,link,relative_to,from,"
        "to,metric,statistic,value,unit,note"
    )


def test_names_and_mappings_are_read_as_a_scenario_has_them() -> None:
    row = observation(platform="{extends: vm-qemu, ksm: on}", host="openstack-6c")
    assert row.platform == {"extends": "vm-qemu", "ksm": "on"}
    assert row.host == "openstack-6c"
    assert observation(link="100 Mbit/s").link == {"bandwidth": "100 Mbit/s"}
    assert observation(link="{round_trip: 1 ms}").link == {"round_trip": "1 ms"}


@pytest.mark.parametrize(
    ("metric", "unit", "factor", "base"),
    [
        ("duration_s", "ms", 1e-3, "s"),
        ("duration_s", "", 1.0, "s"),
        ("memory_per_instance_bytes", "MiB", 2.0**20, "bytes"),
        ("memory_per_instance_bytes", "MB", 1e6, "bytes"),
        ("cpu_per_start_core_s", "core-ms", 1e-3, "core-s"),
        ("throughput_per_s", "1/min", 1 / 60, "1/s"),
        ("throughput_per_s", "req/s", 1.0, "1/s"),
        ("cpu_idle_cores", "millicores", 1e-3, "cores"),
        ("instances_that_fit", "VMs", 1.0, "instances"),
    ],
)
def test_a_unit_is_a_factor_of_the_metric_s_base_unit(
    metric: Metric, unit: str, factor: float, base: str
) -> None:
    row = observation(metric=metric, unit=unit)
    assert (row.factor, row.base) == (factor, base)


def test_every_metric_has_one_base_unit_first() -> None:
    for metric, units in UNITS.items():
        assert next(iter(units.values())) == 1.0, metric


def test_what_divides_another_is_a_ratio_and_has_no_other_unit() -> None:
    row = observation(relative_to="process", platform="vm-qemu", unit="%")
    assert (row.factor, row.base) == (0.01, "ratio")
    assert "'ms' is no unit" in problem(relative_to="process", unit="ms")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"unit": "MiB"}, "'MiB' is no unit"),
        ({"unit": "mS"}, "did you mean 'ms'"),
        ({"value": "abc"}, "'abc' is no number"),
        ({"value": "-1"}, "no amount of anything"),
        ({"value": "0"}, "no amount of anything"),
        ({"value": "nan"}, "no amount of anything"),
        ({"value": "inf"}, "no amount of anything"),
        ({"started_at_once": "2.5"}, "'2.5' is no count"),
        ({"started_at_once": "0"}, "no amount of anything"),
        ({"started_at_once": "10", "in_flight": "5"}, "exclude each other"),
        ({"begins": "ready", "ends": "init"}, "init does not come after ready"),
        ({"begins": "ready", "ends": "ready"}, "ready does not come after ready"),
        ({"metric": "latency_s"}, "a latency is that of requests"),
        ({"guest_memory": "128 lightyears"}, "'lightyears' is not a unit"),
        ({"platform": "{extends: vm-qemu"}, "goes wrong here"),
        ({"platform": "[a]"}, "is no name and no mapping"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_said(cells: dict[str, str], said: str) -> None:
    assert said in problem(**cells)


@pytest.mark.parametrize("needed", NEEDED)
def test_without_what_is_needed_there_is_no_observation(needed: str) -> None:
    with pytest.raises(ValidationError, match=needed):
        Observation.model_validate({name: NEEDED[name] for name in NEEDED if name != needed})


def test_bare_sizes_are_bytes() -> None:
    assert observation(guest_memory="1048576").guest_memory == "1048576 B"


@pytest.mark.parametrize(
    ("cells", "alone"),
    [
        ({}, True),
        ({"clients": 50}, True),
        ({"started_at_once": 2}, False),
        ({"in_flight": 1}, False),
        ({"already_running": 1}, False),
        ({"cpu_busy_cores": 1}, False),
    ],
)
def test_alone_is_who_has_nothing_beside(cells: dict[str, int], alone: bool) -> None:
    assert observation(**cells).is_alone is alone


def test_the_points_of_a_life_are_in_the_order_of_the_contract() -> None:
    assert POINTS == ("request", "vmm", "kernel", "init", "runtime", "ready", "reply", "exit")
