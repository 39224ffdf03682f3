"""Stories of who gets the CPU where all want it: weights, quotas, and what guests are denied."""

import pytest
from model.worlds import Run, Spec, container, group, machine, platform, run, scenario, workload

WAYS = {
    "process": platform(),
    "container": platform("c", c=container()),
    "vm": platform("v", vm=machine()),
}


def shared(on: Spec, cores: int = 1, **groups: Spec) -> Run:
    """Some groups on a host of so many cores."""
    return run(scenario(on, host={"cores": f"{cores} cores"}, groups=groups))


def net(story: Run, name: str) -> float:
    """Core-seconds of net work of a group."""
    rows = story.result.components
    rows = rows[(rows["resource"] == "cpu") & (rows["group"] == name)]
    return float(rows[rows["component"] == "net"]["value"].sum())


def busy(cores: float = 1, **more: object) -> Spec:
    return group(1, workload(steady={"cpu": f"{cores} cores"}), **more)


def works(seconds: float, **more: object) -> Spec:
    return group(1, workload(run=f"{seconds} core-s"), **more)


@pytest.mark.parametrize("way", WAYS)
def test_twice_the_weight_gets_twice_as_much_of_a_contended_core(way: str) -> None:
    """200 against 100: 20 core-s are done at 30 s, and those of the other at 40."""
    double = {"cpu_weight": 200}
    story = shared(WAYS[way], a=works(20, limits=double), b=works(20))
    assert story.result.instances["exited_s"].tolist() == pytest.approx([30, 40])
    story = shared(WAYS[way], a=busy(limits=double), b=busy())
    assert net(story, "a") == pytest.approx(200 / 3)
    assert net(story, "b") == pytest.approx(100 / 3)


@pytest.mark.parametrize("way", WAYS)
def test_where_there_is_a_core_for_each_the_weights_do_not_matter(way: str) -> None:
    story = shared(WAYS[way], 2, a=works(20, limits={"cpu_weight": 200}), b=works(20))
    assert story.result.instances["exited_s"].tolist() == [20, 20]


def test_the_weight_of_the_whole_does_not_grow_with_its_threads() -> None:
    """Containers of one thread and of three: each is one cgroup of weight 100, so half a core."""
    three = workload()
    three = three | {"run": {"compute": "60 core-s", "threads": 3}}
    story = shared(WAYS["container"], a=group(1, three), b=busy())
    assert net(story, "a") == pytest.approx(50)
    assert net(story, "b") == pytest.approx(50)


def test_a_quota_leaves_the_rest_to_others() -> None:
    """A quarter of a core for the first, whatever its weight; the second has the rest."""
    tight = {"cpu": 0.25, "cpu_weight": 10_000}
    story = shared(WAYS["container"], a=busy(limits=tight), b=busy())
    assert net(story, "a") == pytest.approx(25)
    assert net(story, "b") == pytest.approx(75)


def test_a_guest_beside_a_busy_process_is_stolen_what_that_one_gets() -> None:
    """From 5 s on half a core each until the 10 core-s of the process are done: 20 s, 10 core-s."""
    mix = {"name": "m", "mix": {"a": WAYS["vm"], "b": WAYS["process"]}}
    story = shared(mix, a=busy(), b=works(10, arrive={"at": "5 s"}))
    assert story.metrics["cpu_steal_core_s"] == pytest.approx(10)
    assert net(story, "a") == pytest.approx(90)


def test_guests_that_halve_a_core_are_stolen_the_other_halves() -> None:
    """Each wants 100 core-s and gets 50. Of work that ends: 20 at 30 s, and 20 at 40."""
    assert shared(WAYS["vm"], a=busy(), b=busy()).metrics["cpu_steal_core_s"] == pytest.approx(100)
    story = shared(WAYS["vm"], a=works(20, limits={"cpu_weight": 200}), b=works(20))
    assert story.metrics["cpu_steal_core_s"] == pytest.approx(10 + 20)


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_stolen_anything_where_there_is_a_core_for_each(way: str) -> None:
    story = shared(WAYS[way], 3, a=busy(), b=works(10), c=busy(0.5))
    assert story.metrics["cpu_steal_core_s"] == pytest.approx(0, abs=1e-9)


def test_only_guests_are_stolen_from() -> None:
    """Containers on a full core wait, and that is contention of the host, no steal."""
    story = shared(WAYS["container"], a=busy(), b=busy())
    assert story.metrics["cpu_steal_core_s"] == 0


def test_what_a_guest_cannot_use_is_not_stolen() -> None:
    """Half a core is all that it has, and that it gets: beside it half a core is free."""
    half = platform("v", vm=machine(cpu="0.5 cores"))
    assert shared(half, a=busy()).metrics["cpu_steal_core_s"] == pytest.approx(0, abs=1e-9)
    mix = {"name": "m", "mix": {"a": half, "b": WAYS["process"]}}
    story = shared(mix, a=busy(), b=busy(0.5))
    assert story.metrics["cpu_steal_core_s"] == pytest.approx(0, abs=1e-9)


def test_a_guests_own_queueing_is_no_steal() -> None:
    """Two in a guest of one core, on a host of four: the 20 s that they share are its own."""
    on = platform("v", vm=machine(scope="host"))
    story = shared(on, 4, a=busy(), b=works(10, arrive={"at": "5 s"}))
    assert story.metrics["cpu_steal_core_s"] == pytest.approx(0, abs=1e-9)
