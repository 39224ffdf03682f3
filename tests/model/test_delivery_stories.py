"""Stories of one who builds for others: what comes to them, when, and what a person does for it."""

from __future__ import annotations

import pytest
from model.built import BUILDER, LAYERED, build, performed, spans, step
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
    workload,
)
from model.worlds import scenario as a_scenario

from sim.images.stored.layers import RATIO
from sim.spec.scenario import Scenario

VM = platform("vm", vm=machine(files={"kind": "disk"}))
BY_HAND = platform("hand", vm=machine(files={"kind": "disk", "prepared": "inside"}))
BASE = image("base", os=layer("20 MB", "20 MB", kind="os"))
WIRE = round(24.3 * MB)
"""Bytes on disk of a layer that is 10 MB on the wire."""
CORES = {"cores": "64 cores", "memory": "100 GB"}


def _first() -> Spec:
    return build(
        step("base", kind="base", image=BASE, line=1),
        step("a", needs=(0,), wait=4.0, layer=WIRE),
        layers={"a": WIRE},
    ) | {"base": BASE}


def _later() -> Spec:
    return build(
        step("base", kind="base", image=BASE, line=1),
        step("b", needs=(0,), wait=4.0, layer=WIRE),
        change="edit:x",
        layers={"b": WIRE},
    ) | {"base": BASE}


def _scenario(
    *builds: Spec, on: Spec = LAYERED, count: int = 2, every: str = "30 s", **more: object
) -> Scenario:
    """Builds of a group on the first host, whose image the instances of another run."""
    groups = {
        "b": group(1, BUILDER, build={"runs": list(builds), "every": every}),
        "app": group(count, workload(private="1 MB"), built_by="b"),
    }
    return a_scenario(on, groups=groups, host=CORES, **more)


def _of(story: Run, name: str) -> list[float]:
    """When the instances of a group were ready."""
    instances = story.result.instances
    return [float(at) for at in instances[instances["group"] == name]["ready_s"]]


def test_what_a_layer_is_on_the_wire_is_by_the_compression_of_layers() -> None:
    assert pytest.approx(10 * MB, abs=1) == WIRE / RATIO


def test_nobody_runs_what_is_not_built_yet() -> None:
    """4 s for the step and 1 s to push 10 MB; the host of the builder has all layers already."""
    story = run(_scenario(_first()))
    assert _of(story, "b") == [0.0]
    assert _of(story, "app") == pytest.approx([5.0, 5.0])
    assert story.metrics["pulled_bytes"] == pytest.approx(10 * MB, abs=10)  # as sent


def test_other_hosts_pull_what_they_do_not_have() -> None:
    """Two hosts: the second pulls the new 10 MB, and the base as well where it is absent."""
    for images, first, second in (("present", 5.0, 6.0), ("absent", 7.0, 10.0)):
        story = run(_scenario(_first(), hosts=2, images=images))
        started = _of(story, "app")
        # absent: 0.1 s for the 1 MB of the builder's own image too
        late = 0.1 if images == "absent" else 0.0
        assert sorted(started) == pytest.approx([first + late, second + late], abs=0.01)


def test_later_builds_replace_what_runs_and_bring_only_what_is_new() -> None:
    """From 30 s on: 4 s for the step, 1 s to push, and 1 s to pull on the other host."""
    story = run(_scenario(_first(), _later(), hosts=2))
    events = story.result.events
    ready = events[events["event"] == "ready"]
    times = [float(at) for at in ready[ready["instance"].str.startswith("app/")]["time_s"]]
    assert sorted(times) == pytest.approx([5.0, 6.0, 35.0, 36.0], abs=0.01)
    gone = events[events["detail"] == "another version comes"]
    assert sorted(gone["instance"]) == ["app/0", "app/1"]
    assert story.metrics["pulled_bytes"] == pytest.approx(2 * 2 * 10 * MB, abs=10)
    assert (story.result.instances["state"][:2] == "ready").all()


def test_a_build_of_which_all_is_there_moves_nothing() -> None:
    story = run(_scenario(_first(), _first(), hosts=2))
    assert performed(story, 1) == ["pushing"]
    assert story.metrics["pulled_bytes"] == pytest.approx(2 * 10 * MB, abs=10)
    assert story.metrics["instances_ready"] == 2 + (story.result.instances["group"] == "b").sum()


def test_who_waits_for_a_build_that_never_comes_is_told_of() -> None:
    """The builder fails at once, for its layer is larger than the disk."""
    huge = build(step("a", layer=100_000 * MB))
    story = run(_scenario(huge))
    states = story.result.instances.set_index("instance")["state"]
    assert states.to_dict() == {"app/0": "starting", "app/1": "starting", "b/0": "failed"}
    assert story.result.instances["created_s"].tolist() == [0.0, 0.0, 0.0]
    assert story.metrics["instances_ready"] == 1  # the builder was


@pytest.mark.parametrize("own", [{"count": 2}, {"count": 1, "restart": "always"}], ids=str)
def test_what_is_built_once_more_starts_nobody_twice(own: Spec) -> None:
    """By a second builder, or by one that begins again after it has ended."""
    steps = _first()
    groups = {
        "b": {"workload": BUILDER, "build": {"runs": [steps]}, **own},
        "app": group(2, workload(private="1 MB"), built_by="b"),
    }
    story = run(a_scenario(LAYERED, groups=groups, host=CORES, horizon="20 s"))
    instances = story.result.instances
    assert instances[instances["group"] == "app"]["instance"].tolist() == ["app/0", "app/1"]
    assert _of(story, "app") == pytest.approx([5.0, 5.0], abs=1.01)


def test_a_disk_goes_as_a_whole_each_time() -> None:
    """The base's 20 MB and the layer's, compressed: there is no part of it that others have."""
    story = run(_scenario(_first(), _later(), on=VM, hosts=1))
    assert performed(story) == ["a", "pushing"]
    assert story.metrics["pulled_bytes"] > 2 * 10 * MB


def test_inside_of_each_all_steps_are_performed_and_the_builder_has_nothing_to_do() -> None:
    """Each is ready once its steps are over, and performs those of the later build beside it."""
    story = run(_scenario(_first(), _later(), on=BY_HAND, count=3))
    assert _of(story, "app") == pytest.approx([4.0, 4.0, 4.0])
    assert _of(story, "b") == [0.0]
    assert set(story.result.builds["instance"]) == {"app/0", "app/1", "app/2"}
    assert story.metrics["builds_done"] == 6
    begins = [spans(story, 1, f"app/{number}")["b"][0] for number in range(3)]
    assert begins == pytest.approx([34.0, 34.0, 34.0])
    assert story.metrics["pulled_bytes"] == 0


PERSON = {"step": "10 s"}


def _steps(story: Run) -> dict[str, int]:
    return {row.group: row.steps for row in story.result.hands.itertuples()}


def test_a_person_does_one_step_after_another() -> None:
    """Three machines of two steps, each put up by a step of its own: 9 steps of 10 s."""
    two = build(step("a"), step("b", needs=(0,)))
    story = run(_scenario(two, on=BY_HAND, count=3, person=PERSON, horizon="200 s"))
    # the first steps at 10, 20, 30 s put the machines up; then a step of each in turn
    assert _of(story, "app") == pytest.approx([70.0, 80.0, 90.0])
    assert _steps(story) == {"app": 9}
    assert story.metrics["person_steps"] == 9
    assert story.metrics["drift_share"] == 0.0


def test_a_person_does_not_do_again_what_is_done() -> None:
    """Of the later build, the one step that is not cached on a builder, in each machine."""
    first = build(step("a"), step("b", needs=(0,)))
    later = build(step("a") | {"cached": True}, step("c", needs=(0,)), change="edit:x")
    story = run(_scenario(first, later, on=BY_HAND, count=3, person=PERSON, horizon="400 s"))
    assert _steps(story) == {"app": 9 + 3}
    assert performed(story, 1, "app/2") == ["c"]


def test_a_dockerfile_is_written_once_whatever_the_count() -> None:
    """To start the builder, its two steps written down; each instance is started by hand."""
    two = build(step("a"), step("b", needs=(0,)))
    for count in (1, 4):
        story = run(_scenario(two, count=count, person=PERSON, horizon="300 s"))
        assert _steps(story) == {"app": count, "b": 1 + 2}
    later = build(step("a") | {"cached": True}, step("c", needs=(0,)), change="edit:x")
    story = run(_scenario(two, later, person=PERSON, horizon="300 s"))
    assert _steps(story)["b"] == 1 + 2 + 1
    assert story.metrics["drift_share"] == 0.0


def test_without_a_person_nothing_is_done_by_hand() -> None:
    story = run(_scenario(_first(), _later(), on=BY_HAND))
    assert story.result.hands.empty
    assert "person_steps" not in story.metrics
    assert "drift_share" not in story.metrics


@pytest.mark.parametrize(("slip", "steps"), [(0.01, 5), (0.05, 3)])
def test_so_many_machines_differ_as_one_step_or_more_slips(slip: float, steps: int) -> None:
    """1-(1-p)^k of 1000, within four standard deviations of that."""
    count, made = 1000, [step(f"s{n}", needs=(n - 1,) if n else ()) for n in range(steps)]
    person = {"step": "1 ms", "slip": f"{slip * 100:g} %"}
    asked = _scenario(build(*made), on=platform("bare"), count=count, person=person)
    story = run(asked)
    expected = 1.0 - (1.0 - slip) ** steps
    deviation = (expected * (1.0 - expected) / count) ** 0.5
    assert story.metrics["drift_share"] == pytest.approx(expected, abs=4 * deviation)
    assert story.result.hands["machines"].tolist() == [count]


def test_a_slip_of_an_instance_is_its_own_whatever_the_others_do() -> None:
    two = build(step("a"), step("b", needs=(0,)))
    person = {"step": "1 s", "slip": "50 %"}
    few, many = (
        run(_scenario(two, on=BY_HAND, count=count, person=person)).fleet.hands for count in (4, 9)
    )
    assert few is not None
    assert many is not None
    assert all(many.slips[name] == slips for name, slips in few.slips.items())
    assert len(few.slips) == 4


@pytest.mark.parametrize("on", [LAYERED, VM, BY_HAND], ids=["layers", "disks", "inside"])
def test_hosts_in_whatever_order_get_the_same(on: Spec) -> None:
    person = {"step": "0.7 s", "slip": "10 %"}
    asked = _scenario(_first(), _later(), on=on, count=7, hosts=3, images="absent", person=person)
    one, other = run(asked), run(asked, merged=True)
    same(one.result, other.result)
    assert one.result.builds.equals(other.result.builds)
    assert one.result.hands.equals(other.result.hands)


def test_an_image_without_layers_is_run_as_well() -> None:
    """Built from scratch, of nothing but words."""
    story = run(_scenario(build(step("a", wait=4.0))))
    assert _of(story, "app") == pytest.approx([4.0, 4.0])
    assert story.metrics["pulled_bytes"] == 0


def test_who_is_placed_past_another_boundary_is_delivered_as_that_brings_files() -> None:
    """Files come by the innermost boundary that brings any: a container in a VM pulls layers."""
    on = platform("n", vm=machine(files={"kind": "disk"}), c=container(files={"kind": "layers"}))
    story = run(_scenario(_first(), on=on))
    assert performed(story)[-1] == "pushing"
    assert story.metrics["instances_ready"] >= 2
