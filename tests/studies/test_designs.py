"""The designs of sweeps: which points there are, by hand, and how they are written."""

from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_files import SMALL, write

from sim.catalog.scenario import load
from sim.spec.scenario import Scenario
from sim.spec.sweep import Sweep
from sim.studies.sweeps.designs import Points, points_of

GiB = 2**30
COUNT, MEMORY, WORKLOAD = "groups.web.count", "host.memory", "groups.web.workload"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Two instances on a host of 8 GiB."""
    return load(write(Path(tmp_path_factory.mktemp("designs")), SMALL))


def swept(scenario: Scenario, **keys: object) -> Points:
    return points_of(scenario.model_copy(update={"sweep": Sweep.model_validate(keys)}))


def test_a_grid_has_all_combinations_of_which_the_last_axis_changes_first(small: Scenario) -> None:
    axes = {COUNT: [1, 5], MEMORY: {"from": "8 GiB", "to": "32 GiB", "scale": "log", "steps": 3}}
    points = swept(small, axes=axes)

    assert len(points) == 6
    assert [tuple(point.values()) for point in points] == [
        (1, "8 GiB"), (1, "16 GiB"), (1, "32 GiB"),
        (5, "8 GiB"), (5, "16 GiB"), (5, "32 GiB"),
    ]  # fmt: skip
    assert points[4] == {COUNT: 5, MEMORY: "16 GiB"} == points[-2]
    assert points[4:] == [points[4], points[5]]
    with pytest.raises(IndexError):
        points[6]


def test_a_zip_takes_the_first_with_the_first(small: Scenario) -> None:
    counts = {"from": 10, "to": 200, "steps": 4}
    points = swept(small, axes={COUNT: counts, "seed": [4, 3, 2, 1]}, design="zip")

    assert [*points] == [
        {COUNT: 10, "seed": 4},
        {COUNT: 73, "seed": 3},  # 10 + 190/3 is 73.3
        {COUNT: 137, "seed": 2},
        {COUNT: 200, "seed": 1},
    ]


def test_one_at_a_time_goes_out_from_the_scenario_which_stands_there_once(small: Scenario) -> None:
    axes = {COUNT: [1, 2, 3], MEMORY: ["4 GiB", "8192 MiB"], WORKLOAD: ["web-node", "redis"]}
    points = swept(small, axes=axes, design="one-at-a-time")

    assert [*points] == [{}, {COUNT: 1}, {COUNT: 3}, {MEMORY: "4 GiB"}, {WORKLOAD: "redis"}]
    told = [tuple(axis.cell(point) for axis in points.axes) for point in points]
    assert told == [
        (2, 8 * GiB, "web-node"),
        (1, 8 * GiB, "web-node"),
        (3, 8 * GiB, "web-node"),
        (2, 4 * GiB, "web-node"),
        (2, 8 * GiB, "redis"),
    ]


def test_no_axes_are_one_point_which_sets_nothing(small: Scenario) -> None:
    assert [*points_of(small)] == [*swept(small, design="one-at-a-time")] == [{}]


@settings(max_examples=30, deadline=None)
@given(count=st.integers(1, 60), seed=st.integers(0, 2**63 - 1))
def test_a_latin_hypercube_has_one_point_in_each_part_of_each_axis(
    small: Scenario, count: int, seed: int
) -> None:
    axes = {
        "person.slip": {"from": "0 %", "to": "100 %"},
        "horizon": {"from": "1 s", "to": "1024 s", "scale": "log"},
    }
    seeded = small.model_copy(update={"seed": seed})
    points = swept(seeded, axes=axes, design="latin-hypercube", points=count)

    slips, horizons = (axis.numbers or () for axis in points.axes)
    assert sorted(int(slip * count) for slip in slips) == [*range(count)]
    assert len(points) == count
    bounds = [1024 ** (part / count) for part in range(count + 1)]
    parts = zip(sorted(horizons), bounds, bounds[1:], strict=False)
    assert all(low * 0.999999 <= seconds <= high * 1.000001 for seconds, low, high in parts)


def test_sobol_points_fill_both_halves_and_quarters_alike(small: Scenario) -> None:
    """The first four points of two axes lie in the four quarters of the square, one in each."""
    axes = {"person.slip": {"from": "0 %", "to": "100 %"}, "horizon": {"from": "1 s", "to": "2 s"}}
    points = swept(small, axes=axes, design="sobol", points=64)

    slips, horizons = (axis.numbers or () for axis in points.axes)
    for first in range(0, 64, 4):
        four = zip(slips[first : first + 4], horizons[first : first + 4], strict=True)
        assert sorted((slip >= 0.5, seconds >= 1.5) for slip, seconds in four) == [
            (False, False), (False, True), (True, False), (True, True),
        ]  # fmt: skip
    assert sorted(int(slip * 64) for slip in slips) == [*range(64)]


def test_the_seed_of_the_scenario_decides_what_is_drawn(small: Scenario) -> None:
    axes = {MEMORY: {"from": "8 GiB", "to": "16 GiB"}, WORKLOAD: ["redis", "web-node"]}
    other = small.model_copy(update={"seed": 2})
    first, again, another = (
        [*swept(each, axes=axes, design="sobol", points=8)] for each in (small, small, other)
    )

    assert first == again != another
    assert first[0] == {MEMORY: "10.2893532962 GiB", WORKLOAD: "redis"}
    assert {str(point[WORKLOAD]) for point in first} == {"redis", "web-node"}


def test_columns_have_the_unit_of_their_numbers(small: Scenario) -> None:
    points = swept(small, axes={
        COUNT: [1, 5],
        MEMORY: ["8 GiB", "16384 MiB"],
        "horizon": {"from": "1 min", "to": "2 min", "steps": 2},
        "host.cores": ["2 cores", "4000 millicores"],
        "host.link.bandwidth": ["1 Gbit/s"],
        "groups.web.arrive": [{"poisson": "3 / min"}, {"at": "0 s"}],
        "person.slip": ["5 %", 0.5],
        "placement": ["spread", "pack"],
    })  # fmt: skip

    assert [(axis.name, axis.unit, axis.numbers) for axis in points.axes] == [
        (COUNT, "", (1, 5)),
        ("host.memory_bytes", "bytes", (8 * GiB, 16 * GiB)),
        ("horizon_s", "s", (60, 120)),
        ("host.cores", "cores", (2, 4)),
        ("host.link.bandwidth_bytes_per_s", "bytes/s", (125e6,)),
        ("groups.web.arrive", "", None),
        ("person.slip", "", (0.05, 0.5)),
        ("placement", "", None),
    ]
    assert points.axes[5].cell(points[0]) == '{"poisson": "3 / min"}'


def test_values_of_ranges_are_written_as_the_scenario_takes_them(small: Scenario) -> None:
    steps = {"steps": 3}
    points = swept(small, design="zip", axes={
        COUNT: {"from": 1, "to": 4, **steps},
        MEMORY: {"from": "1000 B", "to": "1001 B", **steps},
        "host.cores": {"from": 1, "to": 4, **steps},
        "horizon": {"from": "1 s", "to": "2 min", "scale": "log", **steps},
        "person.slip": {"from": 0, "to": "15 %", **steps},
        "groups.web.oom_adjust": {"from": -5, "to": 6, **steps},
    })  # fmt: skip

    assert [*points[0].values()] == [1, "1000 B", 1, "1 s", 0, -5]
    assert [*points[1].values()] == [2, "1000.5 B", 2.5, "10.9544511501 s", "7.5 %", 0]
    assert [*points[2].values()] == [4, "1001 B", 4, "2 min", "15 %", 6]


def test_whole_numbers_that_come_out_twice_are_one_point(small: Scenario) -> None:
    axes = {COUNT: {"from": 1, "to": 3, "steps": 9}}

    assert [*swept(small, axes=axes)] == [{COUNT: 1}, {COUNT: 2}, {COUNT: 3}]
    assert len(swept(small, axes=axes, design="zip")) == 9


def test_a_million_points_are_counted_without_being_made(small: Scenario) -> None:
    axes = {COUNT: {"from": 1, "to": 1000, "steps": 1000}, "seed": [*range(1000)]}
    points = swept(small, axes=axes)

    began = perf_counter()
    assert len(points) == 1_000_000
    assert points[999_999] == {COUNT: 1000, "seed": 999}
    assert perf_counter() - began < 0.001
