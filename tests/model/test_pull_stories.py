"""Stories of pulls: registries with limits, mirrors, lazy starts, copies of disks, copy-up."""

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

LINK = {"bandwidth": "10 MB/s", "round_trip": "10 ms", "window": "10 MB"}
APP = workload(brings=image("app", one=layer("40 MB", "10 MB"), two=layer("40 MB", "10 MB")))


def pulled(
    *, hosts: int = 1, count: int = 1, of: Spec = APP, files: Spec | None = None, **more: object
) -> Run:
    """So many instances over an image that is absent, on links of 10 MB/s and 10 ms."""
    on = platform("c", c=container(files={"kind": "layers", "parallel": 3, **(files or {})}))
    host = {"link": LINK}
    groups = {"a": group(count, of)}
    return run(scenario(on, hosts=hosts, groups=groups, images="absent", host=host, **more))


def test_a_registry_that_is_further_off_takes_longer_to_answer() -> None:
    """15 round trips of 10 and of 100 ms, and 20 MB at 10 MB/s."""
    for registry, trip in ((None, 0.01), ({"round_trip": "100 ms"}, 0.1)):
        assert pulled(registry=registry).started == pytest.approx([15 * trip + 2.0])


def test_one_connection_gets_no_more_than_the_registry_gives_it() -> None:
    """Two layers of 10 MB at 2 MB/s each, side by side: 5 s."""
    assert pulled(registry={"connection": "2 MB/s"}).started == pytest.approx([0.15 + 5.0])


def test_a_registry_answers_so_many_requests_a_second() -> None:
    """Three for the list, at 0, 0.5 and 1 s; the layers' at 1.5 and 2 s, at 10 MB/s together."""
    story = pulled(registry={"requests": "2/s", "round_trip": "0 s"})
    # the first layer has 5 MB when the second begins, and 5 MB more by 3 s; the other by 3.5 s
    assert story.started == pytest.approx([3.5])
    assert story.fleet.network.origins["registry"].asked == 5


def test_pulls_beyond_the_allowance_are_refused_with_a_reason() -> None:
    """Two of three hosts get theirs; the third is told after as many round trips."""
    story = pulled(hosts=3, count=3, registry={"allows": {"pulls": 2, "per": "6 h"}})
    instances = story.result.instances
    assert instances["state"].tolist() == ["ready", "ready", "failed"]
    assert instances["exited_s"].tolist()[2] == pytest.approx(0.14)
    assert instances["reason"].tolist()[2].startswith("too many pulls: the registry allows 2")


def test_pulling_twice_moves_nothing() -> None:
    """The second instance of a host comes once all is there."""
    groups = {"a": group(1, APP), "b": group(1, APP, arrive={"at": "50 s"})}
    on = platform("c", c=container(files={"kind": "layers"}))
    story = run(scenario(on, groups=groups, images="absent", host={"link": LINK}))
    assert story.metrics["pulled_bytes"] == 20 * MB
    assert story.started[1] == 0.0


MIRROR: Spec = {"bandwidth": "100 MB/s", "round_trip": "1 ms"}
WARM: Spec = {"bandwidth": "5 MB/s", "mirror": MIRROR}
COLD: Spec = {"bandwidth": "5 MB/s", "mirror": {**MIRROR, "holds": "nothing"}}


def test_a_mirror_that_holds_all_spares_the_registry() -> None:
    """Six round trips of 1 ms and one more; 20 MB over each host's own link of 10 MB/s."""
    story = pulled(hosts=2, count=2, registry=WARM)
    assert story.started == pytest.approx([0.007 + 2.0] * 2)
    assert {name: each.sent for name, each in story.fleet.network.origins.items()} == {
        "mirror": 40 * MB
    }


def test_a_mirror_that_holds_nothing_is_filled_by_the_first_pull_through_it() -> None:
    """20 MB come at the registry's 5 MB/s, once for both; what the mirror has goes on at once."""
    story = pulled(hosts=2, count=2, registry=COLD)
    asked = 6 * 0.001 + 14 * 0.01 + 0.001 + 0.01
    assert story.started == pytest.approx([asked + 4.0] * 2, abs=0.02)
    sent = {name: each.sent for name, each in story.fleet.network.origins.items()}
    assert sent == {"registry": 20 * MB, "mirror": 40 * MB}


def test_who_does_not_use_the_mirror_asks_the_registry() -> None:
    story = pulled(registry=WARM, files={"mirror": "off"})
    assert story.started == pytest.approx([0.15 + 4.0])


LAZY: Spec = {"read": "10 %", "span": "4 MB"}


def test_a_lazy_start_reads_what_it_needs_span_by_span_and_the_rest_comes_after() -> None:
    """8 MB of 80 in two spans, 1 MB on the wire each, with a round trip; 18 MB later."""
    story = pulled(files={"lazy": LAZY})
    assert story.started == pytest.approx([0.14 + 2 * (0.01 + 0.1)])
    assert story.result.instances["on-demand_s"].tolist() == pytest.approx([0.22])
    assert story.metrics["pulled_bytes"] == 20 * MB
    assert story.metrics["disk_gross_bytes"] == 80 * MB


def test_the_rest_may_never_come() -> None:
    story = pulled(files={"lazy": {**LAZY, "rest": "never"}})
    assert story.metrics["pulled_bytes"] == 2 * MB
    assert story.metrics["disk_gross_bytes"] == 8 * MB


def test_a_lazy_start_reads_at_least_what_its_workload_reads() -> None:
    """20 MB of 80: five spans."""
    reader = {**APP, "start": {"compute": "0 core-s", "read": "20 MB"}}
    story = pulled(files={"lazy": LAZY}, of=reader)
    assert story.result.instances["on-demand_s"].tolist() == pytest.approx([5 * 0.11])


def test_a_link_is_split_among_all_that_a_host_hears_from() -> None:
    """A pull through the mirror and one past it: half of the link for each."""
    near = container(files={"kind": "layers"})
    past = container(files={"kind": "layers", "mirror": "off"})
    mixed = {"name": "m", "mix": {"a": platform("n", c=near), "b": platform("p", c=past)}}
    brings = [workload(brings=image(name, **{name: layer("20 MB", "20 MB")})) for name in "ab"]
    groups = {"a": group(1, brings[0]), "b": group(1, brings[1])}
    registry = {"mirror": {"round_trip": "10 ms"}, "round_trip": "10 ms"}
    story = run(
        scenario(mixed, groups=groups, images="absent", registry=registry, host={"link": LINK})
    )
    # the one through the mirror begins 80 ms before the other, and the other ends 80 ms after it
    assert story.started == pytest.approx([0.07 + 0.08 + 3.84, 0.15 + 3.84 + 0.08])


GUEST = image("guest", linux=layer("200 MB", kind="os"))


def test_a_copy_that_is_made_at_the_start_is_read_converted_and_written() -> None:
    """200 MB read cold at 100 MB/s, 0.5 s of CPU, and 200 MB written; nothing where it was made."""
    files = {"kind": "disk", "guest": GUEST, "convert": "400 MB/s"}
    for made, seconds in (("ahead", 0.0), ("start", 2.0 + 0.5 + 2.0)):
        on = platform("vm", vm=machine("300 MB", files={**files, "made": made}))
        groups = {"a": group(1, workload(brings=image("app", app=layer("0 B"))))}
        story = run(scenario(on, groups=groups, page_cache="cold"))
        assert story.started == pytest.approx([seconds], abs=0.01)


@pytest.mark.parametrize(("kind", "held"), [("layers", 2 * 30), ("disk", 0), ("outside", 0)])
def test_who_writes_to_a_file_of_a_layer_copies_all_of_it(kind: str, held: int) -> None:
    """30 MB of files for each of two; a disk of its own is written in place."""
    of = {**APP, "start": {"compute": "0 core-s", "copy_up": "30 MB"}}
    on = platform("c", c=container(files={"kind": kind}))
    story = run(scenario(on, groups={"a": group(2, of)}))
    assert story.held("disk").get("boundary.writable", 0) == held * MB
    assert story.metrics["disk_written_bytes"] == held * MB
