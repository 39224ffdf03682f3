"""A scenario at a point is the one that is loaded so, with all that the point leaves alone."""

from functools import cache
from pathlib import Path as FilePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_files import FULL, write

from sim.catalog.scenario import from_written, load
from sim.catalog.varied import varied
from sim.errors import ScenarioError
from sim.spec.document import Path, Tree, child, is_cited
from sim.spec.faults import by_name
from sim.spec.scenario import Scenario
from sim.spec.statement import stated

VM = "platforms.vm-full.boundaries.vm"
SCENARIOS = sorted((FilePath(__file__).parents[2] / "scenarios").glob("*.yaml"))

POINTS: list[dict[str, object]] = [
    {},
    {"groups.web.count": 7},
    {"groups.web.count": 7, "groups.cache.count": 1, "seed": 3},
    {"groups.web.workload": "redis"},
    {"groups.web.workload.memory.private": "64 MiB", "groups.web.load.clients": 9},
    {"groups.web.limits.memory": "600 MiB", "groups.web.arrive": {"at": "1 s"}},
    {"groups.web.publish": [81], "groups.cache.load.trace": {"times_s": [0], "values": [3]}},
    {"groups.cache.memory.values": [1, 2.5]},
    {"groups": {name: {"workload": "redis", "count": 2} for name in ("web", "cache")}},
    {"host": "server-16c-64g"},
    {"host": {"extends": "laptop-8c-16g", "memory": "64 GiB"}},
    {"host.memory": "512 GiB", "hosts": 3, "placement": "spread"},
    {"host.disk.latency": "1 ms", "host.cores": 12},
    {"platforms": ["process", "gvisor"]},
    {f"{VM}.footprint.vmm": "51 MiB"},
    {f"{VM}.footprint.vmm.private": "51 MiB", "platforms.nested.boundaries.vm.scope": 4},
    {f"{VM}.footprint.vmm.private.value": "51 MiB", f"{VM}.size.memory": "40 %"},
    {f"{VM}.create.vmm.compute": "30 core-ms"},
    {"platforms.mixed.mix.cache.boundaries.vm.reserve": "full"},
    {"platforms.merged": "gvisor"},
    {"platforms.process.title": "bare"},
    {"horizon": "8 min", "seed": 0, "images": "present", "page_cache": "warm"},
    {"registry.bandwidth": "2 Gbit/s", "person.step": "1 min"},
    {"registry": None},
    {"objectives.startup_p99_s": "< 7", "objectives.restarts": "= 0"},
    {"faults": [], "requests_in_detail": 10, "replications": 4},
    {"faults.0.at": "2 min"},
]  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> FilePath:
    return write(FilePath(tmp_path_factory.mktemp("varied")), FULL)


@pytest.fixture(scope="module")
def full(file: FilePath) -> Scenario:
    return load(file)


@pytest.mark.parametrize("values", POINTS, ids=lambda values: ", ".join(values) or "nothing")
def test_it_is_what_is_loaded_with_the_same_values(
    values: dict[str, object], file: FilePath, full: Scenario
) -> None:
    point, loaded = varied(full, values), load(file, overrides=values)

    assert point == loaded.model_copy(update={"sweep": None})
    assert point == from_written(stated(point), "scenario").model_copy(
        update={"settings": point.settings}
    )


def test_what_it_does_not_touch_is_shared(full: Scenario) -> None:
    point = varied(full, {"groups.web.count": 7, f"{VM}.footprint.vmm": "51 MiB"})

    assert point.host is full.host
    assert point.groups["cache"] is full.groups["cache"]
    assert [one is other for one, other in zip(point.platforms, full.platforms, strict=True)] == [
        True, True, False, True, True, True,
    ]  # fmt: skip
    assert point.settings == {"groups.web.count": "7", f"{VM}.footprint.vmm": "51 MiB"}
    assert point.sweep is None


def test_a_number_of_the_catalog_that_is_set_leans_on_the_scenario(full: Scenario) -> None:
    vmm = varied(full, {f"{VM}.footprint.vmm": "51 MiB"}).platforms[2].boundaries["vm"].footprint

    assert (vmm["vmm"].private.source, vmm["vmm"].private.evidence) == ("scenario", "assumed")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"groups.web.count": 0, "groups.web.limits.memory": "1 TiB"},
            "--vary groups.web.count: 0 is too small; write 1 or more\n"
            "--vary groups.web.limits.memory: 1 TiB is more than the host's 128 GiB; "
            "write 128 GiB or less, or choose a larger host",
        ),
        ({"groups.wb.count": 3}, "--vary groups.wb.count: groups has no 'wb'; did you mean 'web'?"),
        (
            {"host.memory": "10 GiB", "host.memory_in_use": "11 GiB"},
            "--vary host.memory_in_use: 11 GiB is more than the host's 10 GiB; "
            "write 10 GiB or less, or choose a larger host",
        ),
        (
            {"groups.web.count": 1},
            "faults.1.instance: there is no web/1: count is 1, and the first is web/0; "
            "write web/0 or less, or a higher count",
        ),
    ],
)
def test_what_cannot_be_is_told_as_of_what_was_varied(
    values: dict[str, object], said: str, full: Scenario
) -> None:
    with pytest.raises(ScenarioError) as caught:
        varied(full, values)

    assert str(caught.value) == said


@cache
def worked(name: str) -> tuple[Scenario, Tree]:
    """A worked scenario, as of one point, and what is stated of it."""
    scenario = load(SCENARIOS[0].with_name(name)).model_copy(update={"sweep": None})
    return scenario, {**stated(scenario)}


def path_into(tree: Tree, draw: st.DrawFn) -> Path:
    """A way into a tree, of any depth."""
    path: Path = ()
    while isinstance(tree, dict | list) and tree and not is_cited(tree):
        if path and draw(st.integers(0, 4)) == 0:
            break
        steps = list(tree) if isinstance(tree, dict) else [*range(len(tree))]
        path = (*path, draw(st.sampled_from(steps)))
        tree = child(tree, path[-1])
    return path


@st.composite
def places(draw: st.DrawFn) -> tuple[str, Path, Path]:
    """Two places in a worked scenario, neither of which is in the other."""
    file = draw(st.sampled_from(SCENARIOS)).name
    one, other = (path_into(worked(file)[1], draw) for _ in range(2))
    length = min(len(one), len(other))
    return file, one, other if one[:length] != other[:length] else one


def standing_at(tree: Tree, path: Path) -> Tree:
    for step in path:
        tree = child(tree, step)
    return tree


@settings(max_examples=150, deadline=None)
@given(places())
def test_a_scenario_that_is_set_to_what_it_says_stays_as_it_is(
    place: tuple[str, Path, Path],
) -> None:
    scenario, tree = worked(place[0])
    values = {
        ".".join(map(str, by_name(path, tree))): standing_at(tree, path) for path in place[1:]
    }

    assert varied(scenario, values).model_copy(update={"settings": {}}) == scenario
