"""Stories of builds: what steps wait for, what they take, what is kept, and what goes wrong."""

from __future__ import annotations

import pytest
from model.built import BUILDER, LAYERED, build, built, performed, spans, step
from model.test_order_and_repeat import same
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

from sim.spec.scenario import Scenario

TWO_CORES = {"cores": "2 cores"}
VM = platform("vm", vm=machine(files={"kind": "disk"}))


def test_a_step_begins_when_all_that_it_needs_are_over() -> None:
    first, second = step("a", wait=2.0), step("b", wait=5.0)
    last = step("c", needs=(0, 1), compute=1.0)
    assert spans(built(build(first, second, last))) == {
        "a": (0.0, pytest.approx(2.0)),
        "b": (0.0, pytest.approx(5.0)),
        "c": (pytest.approx(5.0), pytest.approx(6.0)),
    }


@pytest.mark.parametrize(("needs", "seconds"), [((), 4.0), ((0,), 8.0)])
def test_stages_go_side_by_side_and_steps_of_one_after_another(
    needs: tuple[int, ...], seconds: float
) -> None:
    """Two steps of 4 core-s on one thread each, on two cores."""
    story = built(
        build(step("a", compute=4.0), step("b", needs=needs, compute=4.0)), host=TWO_CORES
    )
    assert story.metrics["build_first_s"] == pytest.approx(seconds)


@pytest.mark.parametrize(("threads", "seconds"), [(1, 6.0), (2, 3.0), (8, 3.0)])
def test_threads_use_as_many_cores_as_there_are(threads: int, seconds: float) -> None:
    story = built(build(step("a", compute=6.0, threads=threads)), host=TWO_CORES)
    assert story.metrics["build_first_s"] == pytest.approx(seconds)


def test_a_faster_core_is_done_sooner() -> None:
    story = built(build(step("a", compute=6.0)), host={"speed": 1.5})
    assert story.metrics["build_first_s"] == pytest.approx(4.0)


def test_work_is_done_in_its_order() -> None:
    """1 s, 3 round trips of 0.1 s, 20 MB at 10 MB/s, 2 core-s; nobody waits for the write."""
    link = {"bandwidth": "10 MB/s", "round_trip": "100 ms", "window": "100 MB"}
    work = {"wait": 1.0, "round_trips": 3.0, "download": 20 * MB, "compute": 2.0, "write": 50 * MB}
    story = built(build(step("a", **work)), host={"link": link})
    assert story.metrics["build_first_s"] == pytest.approx(5.3)
    assert story.metrics["disk_written_bytes"] == 50 * MB
    assert story.metrics["pulled_bytes"] == 20 * MB


@pytest.mark.parametrize(("connections", "seconds"), [(1, 20.0), (4, 5.0), (20, 2.0)])
def test_a_connection_carries_a_window_a_round_trip(connections: int, seconds: float) -> None:
    """100 kB a round trip of 0.1 s: 1 MB/s each, and 10 MB/s together at most."""
    link = {"bandwidth": "10 MB/s", "round_trip": "100 ms", "window": "100 kB"}
    story = built(build(step("a", download=20 * MB, connections=connections)), host={"link": link})
    assert story.metrics["build_first_s"] == pytest.approx(seconds)


def test_two_downloads_share_the_link() -> None:
    """20 and 10 MB: both have 10 MB after 2 s, and the rest takes 1 s more."""
    story = built(build(step("a", download=20 * MB), step("b", download=10 * MB)))
    assert [ends for _, ends in spans(story).values()] == pytest.approx([3.0, 2.0])


def test_what_is_cached_takes_no_time_whatever_else_has_to_be_done() -> None:
    first = build(step("a", compute=4.0, layer=MB), step("b", needs=(0,), compute=2.0))
    again = build(
        step("a", compute=4.0, layer=MB), step("c", needs=(0,), compute=3.0), change="edit:x"
    )
    story = built(first, again, first)
    assert [performed(story, number) for number in range(3)] == [["a", "b"], ["c"], []]
    assert spans(story, 1) == {
        "a": (pytest.approx(6.0), pytest.approx(6.0)),
        "c": (pytest.approx(6.0), pytest.approx(9.0)),
    }
    assert story.metrics["build_first_s"] == pytest.approx(6.0)
    assert story.metrics["build_again_s"] == pytest.approx(1.5)
    assert story.metrics["build_cached_share"] == pytest.approx(3 / 4)
    assert story.metrics["builds_done"] == 3


def test_builds_begin_every_so_often_or_as_soon_as_the_last_is_over() -> None:
    """The third, due at 20 s, waits for the second, which takes 15 s from 10 s on."""
    builds = [build(step(name, wait=seconds)) for name, seconds in (("a", 1), ("b", 15), ("c", 1))]
    story = built(*builds, every="10 s")
    begins = [next(iter(spans(story, number).values()))[0] for number in range(3)]
    assert begins == pytest.approx([0.0, 10.0, 25.0])


def test_builders_of_one_host_find_what_the_other_has_built_and_share_its_cores() -> None:
    """Both of 4 core-s at once on one core take 8 s; who comes later finds all of it."""
    steps = build(step("a", compute=4.0, layer=MB))
    both = built(steps, count=2)
    assert both.result.builds["ends_s"].tolist() == pytest.approx([8.0, 8.0])
    later = {"b": group(2, BUILDER, build={"runs": [steps]}, arrive={"every": "10 s"})}
    story = run(scenario(LAYERED, groups=later))
    assert performed(story, 0, "b/1") == []
    assert spans(story, 0, "b/1") == {"a": (pytest.approx(10.0), pytest.approx(10.0))}
    assert story.held("disk")["net.files"] == 2 * MB  # its own image, and the layer


@pytest.mark.parametrize("on", [platform(), VM], ids=["process", "vm"])
def test_where_no_layers_are_kept_all_steps_are_performed_again(on: Spec) -> None:
    """The builder's own steps, and base images, are not there at all."""
    steps = build(
        step("load", kind="internal", wait=5.0, line=0),
        step("base", kind="base", needs=(0,)),
        step("a", needs=(1,), compute=4.0, layer=MB),
        step("export", kind="export", needs=(2,), wait=5.0, line=0),
    )
    story = built(steps, steps, on=on)
    for number in range(2):
        assert performed(story, number) == ["a"]
    assert story.metrics["build_total_s"] == pytest.approx(8.0)
    assert story.metrics["build_cached_share"] == 0.0


def test_each_run_starts_a_container_and_other_steps_and_machines_do_not() -> None:
    """2 s from where the runtime begins; 1 s before that is of the first start alone."""
    create = {"daemon": {"wait": "1 s"}, "runtime": {"wait": "2 s", "begins": "runtime"}}
    on = platform("c", c=container(files={"kind": "layers"}, create=create))
    steps = build(step("copy", kind="copy", wait=1.0), step("run", needs=(0,), wait=1.0))
    story = built(steps, on=on)
    assert spans(story) == {
        "copy": (pytest.approx(3.0), pytest.approx(4.0)),
        "run": (pytest.approx(4.0), pytest.approx(7.0)),
    }
    boot = machine(files={"kind": "disk"}, create=create)
    assert built(steps, on=platform("vm", vm=boot)).metrics["build_first_s"] == pytest.approx(2.0)


def test_a_base_is_pulled_once_and_only_where_it_is_absent() -> None:
    """15 MB at 10 MB/s for the first build, nothing for those after it or where it is there."""
    base = image("base", os=layer("15 MB", "15 MB", kind="os"))
    steps = build(step("base", kind="base", image=base), step("a", needs=(0,), wait=1.0))
    for images, first in (("present", 1.0), ("absent", 2.5)):
        story = built(steps, steps, images=images)
        assert story.metrics["build_first_s"] == pytest.approx(first)
        assert story.metrics["build_again_s"] == pytest.approx(0.0)
        assert spans(story)["base"][1] - spans(story)["base"][0] == pytest.approx(first - 1.0)


def test_a_base_that_is_new_is_pulled_even_where_images_are_there() -> None:
    base = image("base", os=layer("15 MB", "15 MB", kind="os"))
    newer = image("newer", os=layer("15 MB", "15 MB", kind="os"), more=layer("5 MB", "5 MB"))
    story = built(
        build(step("base", kind="base", image=base)),
        build(step("newer", kind="base", image=newer, is_new=True), change="base:newer"),
    )
    assert story.metrics["pulled_bytes"] == 5 * MB  # what it has in common is there
    assert story.metrics["build_again_s"] == pytest.approx(0.5)


def test_layers_are_held_once_and_those_of_later_builds_are_the_cache() -> None:
    """Two builders: 30 MB of the first build, then 20 MB beside it; all of it once."""
    first = build(step("a", layer=10 * MB), step("b", needs=(0,), layer=20 * MB))
    again = build(step("a", layer=10 * MB), step("c", needs=(0,), layer=20 * MB), change="edit:x")
    story = built(first, again, count=2)
    held = story.held("disk")
    assert held["boundary.build-cache"] == 20 * MB
    assert held["net.files"] == 31 * MB  # with the 1 MB of the builder's image
    assert sum(held.values()) == story.metrics["disk_gross_bytes"]


def test_a_build_for_which_the_disk_is_too_small_fails_with_the_reason() -> None:
    disk = {"capacity": "50 MB"}
    steps = build(
        step("a", layer=40 * MB),
        step("b", needs=(0,), wait=1.0, layer=40 * MB),
        step("beside", wait=50.0, layer=MB),
        step("c", needs=(1,), wait=1.0),
    )
    story = built(steps, host={"disk": disk})
    one = story.result.instances.iloc[0]
    assert one["state"] == "failed"
    assert "b: " in one["reason"]
    assert "disk" in one["reason"]
    assert one["exited_s"] == pytest.approx(1.0)
    assert story.metrics["builds_done"] == 0
    assert not story.fleet.engines[0].working
    assert story.held("disk")["net.files"] == 41 * MB  # what was done stays


def test_a_step_that_fails_as_another_has_its_bytes_takes_that_with_it() -> None:
    """Two downloads side by side are over at 2 s, and there is no room for what the first left."""
    disk = {"capacity": "50 MB"}
    steps = build(step("a", download=10 * MB, layer=90 * MB), step("b", download=10 * MB, layer=MB))
    story = built(steps, host={"disk": disk})
    assert story.result.instances["exited_s"].tolist() == pytest.approx([2.0])
    assert story.metrics["pulled_bytes"] == 20 * MB
    assert not story.fleet.engines[0].working
    assert story.fleet.network.pending == 0


def _broken_off(own: Spec, **more: object) -> Run:
    """A build of three steps side by side that is broken off after 2 s, while all of them go on."""
    steps = build(
        step("a", compute=30.0, layer=MB), step("b", download=500 * MB), step("c", wait=30.0)
    )
    groups = {"b": group(1, BUILDER, build={"runs": [steps]}, **own)}
    return run(scenario(LAYERED, groups=groups, **more))


def test_a_host_that_panics_in_the_middle_of_a_build_leaves_nothing_running() -> None:
    story = _broken_off({}, faults=[{"at": "2 s", "kind": "host-kernel-panic"}])
    _nothing_goes_on(story)
    assert story.result.instances["state"].tolist() == ["failed"]


def test_a_stop_in_the_middle_of_a_build_leaves_nothing_running() -> None:
    story = _broken_off({"commands": [{"at": "2 s", "do": "stop", "grace": "1 s"}]})
    _nothing_goes_on(story)
    assert story.metrics["cpu_gross_core_s"] <= 3.0 + 1e-6


def _nothing_goes_on(story: Run) -> None:
    engine = story.fleet.engines[0]
    assert not engine.working
    assert not engine.computing
    assert story.fleet.network.pending == 0
    assert story.result.builds["ends_s"].isna().all()
    assert "net.private" not in story.held("memory")
    assert story.metrics["builds_done"] == 0


def test_a_builder_that_is_restarted_goes_on_from_what_it_had_built() -> None:
    """The crash at 5 s takes the second step, begun at 4 s; the first is cached after it."""
    steps = build(step("a", wait=4.0, layer=MB), step("b", needs=(0,), wait=4.0))
    again = group(1, BUILDER, build={"runs": [steps]}, restart="always")
    crash = {"at": "5 s", "kind": "instance-crash"}
    story = run(scenario(LAYERED, groups={"b": again}, faults=[crash], horizon="12 s"))
    rows = story.result.builds
    whole = rows[rows["name"] == "b"]["ends_s"].dropna()
    cached = rows[(rows["name"] == "a") & rows["cached"].astype(bool)]
    assert len(whole) >= 1
    assert len(cached) >= 1


def test_the_books_close_at_the_end() -> None:
    """CPU and disk are the sums of their components, with two builders and crossings that cost."""
    create = {"make": {"compute": "0.5 core-s", "begins": "runtime"}}
    costly = container(files={"kind": "layers"}, create=create, crossings={"cpu": {"compute": 1.5}})
    steps = build(
        step("a", compute=4.0, layer=10 * MB, write=10 * MB),
        step("b", compute=4.0, layer=20 * MB, threads=2),
        step("c", needs=(0, 1), compute=2.0, read=MB, layer=30 * MB),
    )
    later = build(step("a", layer=10 * MB), step("d", needs=(0,), compute=2.0, layer=5 * MB))
    story = built(steps, later, on=platform("c", c=costly), count=2, host=TWO_CORES)
    metrics = story.metrics
    parts = ("cpu_net_core_s", "cpu_tare_core_s", "cpu_contention_core_s")
    assert metrics["cpu_gross_core_s"] == pytest.approx(sum(metrics[part] for part in parts))
    assert metrics["cpu_gross_core_s"] == pytest.approx(sum(story.held("cpu").values()))
    assert metrics["disk_gross_bytes"] == sum(story.held("disk").values())
    assert metrics["cpu_net_core_s"] == pytest.approx(
        2 * 10.0 + 2 * 2.0
    )  # each step twice: at once


def _three_hosts() -> Scenario:
    """Builders on hosts whose steps meet at the registry and a server outside."""
    base = image("base", os=layer("15 MB", "15 MB", kind="os"))
    steps = build(
        step("base", kind="base", image=base),
        step("a", needs=(0,), download=20 * MB, compute=1.0, layer=30 * MB),
        step("b", needs=(0,), compute=3.0, layer=5 * MB),
        step("c", needs=(1, 2), wait=0.5),
    )
    groups = {"b": group(5, BUILDER, build={"runs": [steps, steps]}, arrive={"every": "1.3 s"}),
              "w": group(2, workload("1 core-s"))}  # fmt: skip
    return scenario(LAYERED, groups=groups, hosts=3, images="absent")


def test_hosts_in_whatever_order_build_the_same() -> None:
    asked = _three_hosts()
    one, other = run(asked), run(asked, merged=True)
    same(one.result, other.result)
    assert one.result.builds.equals(other.result.builds)
    assert one.metrics["builds_done"] == 10
