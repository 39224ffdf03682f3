"""From an observation to the scenario of its stated conditions.

A measured life ends at the point to which was measured: what its platform would do after that is
not started, as the guest of a boot benchmark goes down when its init is reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sim.catalog.scenario import from_written
from sim.spec.document import Tree
from sim.spec.merge import deep_merge
from sim.spec.observation import POINTS, Observation
from sim.spec.platform import Boundary, Phase, Platform
from sim.spec.quantity import nothing
from sim.spec.scenario import Group, Scenario
from sim.spec.workload import ApplicationStart, Run, Steady

MEASURED = "measured"
"""The group whose instances were measured; of others are those that ran before, and neighbours."""

SETTLED_S, WATCHED_S = 4000.0, 4000.0
"""How long what ran before has been there, and for how long a start is watched."""

SERVED_S = 120.0
"""For how long requests are answered, boots included."""

ROUNDS = 20
"""How many rounds of a closed loop of starts are measured."""

ALONE, TAIL_ALONE = 60, 300
"""How many starts, one after another, tell a mean or a median, and how many a tail."""

_OF_STARTS = ("duration_s", "cpu_per_start_core_s", "throughput_per_s")

APPLICATION = "application"
"""The phase in which the workload itself starts."""

Place = tuple[str, str, str]


def scenario_of(observation: Observation, *, reference: bool = False) -> Scenario:
    """Build the scenario of an observation's conditions, on the platform that divides it if asked.

    Raises ScenarioError with all that is wrong with what its cells name.
    """
    platform = observation.relative_to if reference else observation.platform
    return from_written(_written(observation, cast("Tree", platform)), observation.id)


def _written(observation: Observation, platform: Tree) -> dict[str, Tree]:
    """The scenario as a file would have it."""
    host = cast("Tree", observation.host)
    if observation.link is not None:
        host = _over(host, {"link": cast("Tree", observation.link)})
    return {
        "version": 1,
        "title": observation.id,
        "host": host,
        "hosts": observation.hosts,
        "platforms": [_among_neighbours(platform, observation)],
        "horizon": f"{_horizon(observation)} s",
        "images": observation.image_state,
        "page_cache": observation.page_cache,
        "groups": _groups(observation),
    }


def _over(entry: Tree, change: Mapping[str, Tree]) -> Tree:
    """An entry, named or written out, with a change laid over it."""
    return deep_merge(entry if isinstance(entry, dict) else {"extends": entry}, dict(change))


def _among_neighbours(platform: Tree, observation: Observation) -> Tree:
    """The platform, and beside it threads of neighbours, which run on the host as they are."""
    if not observation.cpu_busy_cores:
        return platform
    running = {"running": platform} if observation.already_running else {}
    bare: Tree = {"name": "bare", "boundaries": {}}
    return {"name": "mixed", MEASURED: platform, **running, "neighbours": bare}


def _horizon(observation: Observation) -> float:
    if observation.clients:
        return SERVED_S
    return _begin(observation) + WATCHED_S


def _begin(observation: Observation) -> float:
    """When the measured starts begin."""
    return SETTLED_S if observation.already_running else 1.0 if observation.cpu_busy_cores else 0.0


def _groups(observation: Observation) -> dict[str, Tree]:
    """Who was measured, who was there before, and whose threads were busy beside."""
    group = _measured(observation)
    groups: dict[str, Tree] = {MEASURED: {**group, **_starts(observation)}}
    if observation.already_running:
        before: Tree = {"ramp": f"{SETTLED_S / 2} s"}
        groups["running"] = {**group, "count": observation.already_running, "arrive": before}
    if observation.cpu_busy_cores:
        groups["neighbours"] = _neighbours(observation)
    return groups


def _measured(observation: Observation) -> dict[str, Tree]:
    workload = cast("Tree", observation.workload)
    if observation.image is not None:
        workload = _over(workload, {"image": cast("Tree", observation.image)})
    limits: dict[str, Tree] = {}
    if observation.vcpus is not None:
        limits["cpu"] = observation.vcpus
    if observation.guest_memory is not None:
        limits["memory"] = observation.guest_memory
    group: dict[str, Tree] = {"workload": workload, "limits": limits}
    return group | ({"load": {"clients": observation.clients}} if observation.clients else {})


def _starts(observation: Observation) -> dict[str, Tree]:
    begin = f"{_begin(observation)} s"
    if flying := in_flight(observation):
        count = flying * _rounds(observation)
        return {"count": count, "arrive": {"in_flight": flying, "at": begin}}
    return {"count": observation.started_at_once, "arrive": {"at": begin}}


def in_flight(observation: Observation) -> int | None:
    """How many starts are kept going; one where one alone, again and again, is measured."""
    if observation.in_flight:
        return observation.in_flight
    is_start = observation.metric in ("duration_s", "cpu_per_start_core_s")
    is_single = observation.started_at_once == 1 and observation.ends != "reply"
    is_as_before = observation.page_cache == "warm" and observation.image_state == "present"
    return 1 if is_start and is_single and is_as_before else None


def _rounds(observation: Observation) -> int:
    if observation.in_flight:
        return ROUNDS
    if observation.already_running:
        return ROUNDS
    return ALONE if observation.statistic in ("mean", "p50") else TAIL_ALONE


def _neighbours(observation: Observation) -> Tree:
    """Threads that never rest, so many on each host."""
    busy = observation.cpu_busy_cores
    number = max(1, -(-busy // 1))
    nothing_held: Tree = {"private": "0 B", "mapped": "0 B", "kernel": "0 B"}
    thread: Tree = {
        **{"name": "busy", "title": "Busy thread", "image": "batch", "work": "compute"},
        **{"start": {"compute": "0 core-s"}, "memory": nothing_held},
        "steady": {"cpu": busy / number},
    }
    return {"workload": thread, "count": int(number) * observation.hosts}


def as_measured(scenario: Scenario, observation: Observation) -> Scenario:
    """The scenario in which measured lives end where measuring ended, and nothing is asked of them.

    Requests are asked of those whose answers were measured.
    """
    groups = dict(scenario.groups)
    (platform,) = scenario.platforms
    for name in groups.keys() - {"neighbours"}:
        groups[name] = groups[name] if observation.clients else _idle(groups[name])
        if is_cut(observation):
            groups[name] = _empty(groups[name])
    if in_flight(observation) or observation.ends == "exit":
        groups[MEASURED] = _ending(groups[MEASURED])
    mix = {name: _to_the_end(each, observation) for name, each in platform.mix.items()}
    platform = _to_the_end(platform, observation).model_copy(update={"mix": mix})
    return scenario.model_copy(update={"groups": groups, "platforms": [platform]})


def _to_the_end(platform: Platform, observation: Observation) -> Platform:
    """The platform with the steps up to where measuring ended."""
    if observation.ends != "exit":
        platform = _left(platform)
    return _cut(platform, observation.ends) if is_cut(observation) else platform


def is_cut(observation: Observation) -> bool:
    """Whether measuring ended before the workload was ready."""
    is_early = POINTS.index(observation.ends) < POINTS.index("ready")
    return is_early and observation.metric in _OF_STARTS


def _idle(group: Group) -> Group:
    """A group whose instances ask for nothing once they are ready."""
    return _with_workload(group, {"steady": Steady()})


def _empty(group: Group) -> Group:
    """A group whose instances are ready as soon as what is around them is."""
    return _with_workload(group, {"start": ApplicationStart(compute=nothing())})


def _ending(group: Group) -> Group:
    """A group whose instances end as soon as they are ready, if they would not end later."""
    if group.workload.run is not None:
        return group
    return _with_workload(group, {"run": Run(compute=nothing())})


def _with_workload(group: Group, change: Mapping[str, object]) -> Group:
    return group.model_copy(update={"workload": group.workload.model_copy(update=dict(change))})


def measured_platform(scenario: Scenario) -> Platform:
    """The platform on which what was measured runs."""
    return scenario.platforms[0].of(MEASURED)


def phase_at(platform: Platform, point: str) -> str | None:
    """The phase with which a point of a life begins; None where lives on a platform have none.

    Where no phase of a kernel of its own leads to its first program, that is the application.
    """
    found = (phase_name for (_, _, phase_name), phase in _phases(platform) if phase.begins == point)
    return next(found, APPLICATION if point == "init" and _has_kernel(platform) else None)


def _phases(platform: Platform) -> list[tuple[Place, Phase]]:
    """The phases of a life in their order, each with its boundary, its side of it and its name."""
    return [
        ((name, side, phase_name), phase)
        for name, boundary in platform.boundaries.items()
        if boundary.scope == "instance"
        for side, phases in (("create", boundary.create), ("boot", boundary.boot))
        for phase_name, phase in phases.items()
    ]


def _has_kernel(platform: Platform) -> bool:
    """Whether instances have kernels of their own, the first program of which may be their own."""
    return any(
        boundary.kernel == "own" and boundary.scope == "instance"
        for boundary in platform.boundaries.values()
    )


def _cut(platform: Platform, point: str) -> Platform:
    """The platform without the phases from a point of a life on."""
    places = [place for place, phase in _phases(platform)]
    first = next(
        (number for number, (_, phase) in enumerate(_phases(platform)) if phase.begins == point),
        len(places),
    )
    kept = set(places[:first])
    boundaries = {
        name: boundary if boundary.scope != "instance" else _kept(name, boundary, kept)
        for name, boundary in platform.boundaries.items()
    }
    return platform.model_copy(update={"boundaries": boundaries})


def _left(platform: Platform) -> Platform:
    """The platform without the steps that take it down."""
    return platform.model_copy(
        update={
            "boundaries": {
                name: boundary.model_copy(update={"remove": {}})
                for name, boundary in platform.boundaries.items()
            }
        }
    )


def _kept(name: str, boundary: Boundary, kept: set[Place]) -> Boundary:
    create, boot = (
        {phase: phases[phase] for phase in phases if (name, side, phase) in kept}
        for side, phases in (("create", boundary.create), ("boot", boundary.boot))
    )
    return boundary.model_copy(update={"create": create, "boot": boot})
