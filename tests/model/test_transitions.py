"""Whatever is done to instances, they go from state to state as an engine lets them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from model.worlds import Spec, container, group, machine, platform, run, scenario, workload

from sim.model.fleet import Fleet
from sim.model.standing import standing

ALLOWED = {
    "created": {"running", "exited", "removing", "dead"},
    "running": {"paused", "restarting", "exited", "removing", "created", "dead"},
    "paused": {"running", "restarting", "exited", "removing", "dead"},
    "restarting": {"running", "exited", "removing", "created", "dead"},
    "exited": {"running", "created", "restarting", "removing", "dead"},
    "removing": {"exited"},
    "dead": {"created", "running", "exited"},
}
"""What may follow each state, one event after the other; several may happen at one instant."""

DONE = ("stop", "kill", "pause", "unpause", "start", "remove")
PLATFORMS = (
    platform(),
    platform("c", c=container(remove={"network": {"wait": "300 ms"}}, port={"footprint": "1 MB"})),
    platform("v", vm=machine(shutdown={"services": {"wait": "700 ms", "compute": "0.2 core-s"}})),
    platform("k", vm=machine(boot={"kernel": {"wait": "1 s"}}), c=container()),
)

times = st.integers(0, 120).map(lambda tenths: f"{tenths * 250} ms")
commands = st.lists(
    st.fixed_dictionaries(
        {"at": times, "do": st.sampled_from(DONE)}, optional={"instance": st.integers(0, 1)}
    ),
    max_size=8,
)
mains = st.fixed_dictionaries(
    {},
    optional={
        "after": times.filter(lambda time: time != "0 ms"),
        "status": st.sampled_from([0, 1, 7]),
        "interactive": st.sampled_from(["on", "off"]),
        "handler": st.fixed_dictionaries({"takes": times, "status": st.sampled_from([0, 3])}),
    },
)
groups = st.fixed_dictionaries(
    {"of": mains, "commands": commands},
    optional={
        "restart": st.sampled_from(["no", "always", "unless-stopped", "on-failure:2"]),
        "terminal": st.sampled_from(["on", "off"]),
        "publish": st.sampled_from([["80:80"], [80], []]),
        "run": st.sampled_from(["1 core-s", "4 core-s"]),
    },
)
faults = st.lists(
    st.fixed_dictionaries(
        {
            "at": times,
            "kind": st.sampled_from(["instance-crash", "host-kernel-panic", "guest-kernel-panic"]),
        }
    ),
    max_size=2,
)


def _group(of: Spec, run: str | None = None, **more: object) -> Spec:
    busy = workload("500 core-ms", private="1 MB", run=run, main=of, steady={"cpu": "0.1 cores"})
    return group(2, busy, **more)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLATFORMS), st.lists(groups, min_size=1, max_size=2), faults)
def test_states_follow_each_other_as_they_may(
    on: Spec, asked: list[Spec], broken: list[Spec]
) -> None:
    """And at the end nothing is held by what has ended, and each instance is counted once."""
    named = {f"g{number}": _group(**each) for number, each in enumerate(asked)}  # type: ignore[arg-type]
    wanted = scenario(on, host={"reboot": "3 s"}, groups=named, faults=broken, horizon="31 s")
    fleet = Fleet(wanted, 1, 0)
    fleet.prepare()
    _follow(fleet)
    told = run(wanted)
    instances = told.result.instances
    assert len(instances) == 2 * len(named) == told.metrics["instances_started"]
    assert told.metrics["memory_gross_bytes"] >= 0
    if not any(instance.is_live for instance in told.fleet.instances):
        assert told.metrics["memory_gross_bytes"] == 0
        assert told.fleet.engines[0].cpu.root.nodes == 0


def _follow(fleet: Fleet) -> None:
    """Run event by event, and see that each state may follow the one before."""
    seen: dict[str, str] = {}
    engine = fleet.engines[0]
    note = engine.perform_all

    def watched(now: float) -> None:
        note(now)
        for instance in fleet.instances:
            here = standing(instance)
            before = seen.get(instance.name, here)
            assert here == before or here in ALLOWED[before], (instance.name, before, here, now)
            seen[instance.name] = here
            has_ended = instance.life is not None and not instance.life.is_live
            assert not (has_ended and engine.ports.of(instance.name))

    engine.perform_all = watched  # type: ignore[method-assign]
    fleet.run()
