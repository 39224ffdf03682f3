"""How instances stand at a moment, told in the words of an engine of containers."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan

from sim.model.application import binder
from sim.model.faults import LOST
from sim.model.fleet import Fleet
from sim.model.instance import Instance
from sim.model.names import drawn_names, given_names, identifier, told_apart
from sim.model.task import Task
from sim.records.containers import Container, Standing
from sim.spec.group import Group


def standing(instance: Instance) -> Standing:
    """The state of an instance, of the seven that there are."""
    life = instance.life
    if life is None:
        return "created"
    if not life.is_live:
        return _after(instance, life)
    if instance.leaving:
        return "removing"
    if instance.waits:
        return "restarting"
    if life.is_paused:
        return "paused"
    return "running" if _has_begun(life) else _before(instance)


def _after(instance: Instance, life: Task) -> Standing:
    """The state of one that has ended, or never began; nobody can end one whose host is lost."""
    if life.reason == LOST:
        return "dead"
    return "created" if instance.status is None else "exited"


def _before(instance: Instance) -> Standing:
    """The state of one that is being made: at first, after a restart, or started again."""
    if instance.status is None:
        return "created"
    return "restarting" if instance.restarts else "exited"


def _has_begun(life: Task) -> bool:
    return not isnan(life.up_s)


def containers(fleet: Fleet, seed: int, replication: int) -> list[Container]:
    """List all instances that there are, in the order in which they came."""
    names = _names(fleet.scenario.groups, seed, replication)
    return [
        _container(fleet, instance, names[instance.name], seed, replication)
        for instance in fleet.instances
        if not (instance.leaving and not instance.is_live)
    ]


def _names(groups: Mapping[str, Group], seed: int, replication: int) -> dict[str, str]:
    """The name of each instance; those that the scenario gives are taken before any is drawn."""
    named = sorted(groups, key=lambda group: (groups[group].name is None, group))
    taken: set[str] = set()
    found = {}
    for name in named:
        group = groups[name]
        if group.name is not None:
            drawn = given_names(group.name, group.count)
        else:
            drawn = drawn_names(seed, replication, name, group.count)
        for number, each in enumerate(told_apart(drawn, taken)):
            found[f"{name}/{number}"] = each
    return found


def _container(
    fleet: Fleet, instance: Instance, name: str, seed: int, replication: int
) -> Container:
    group = fleet.scenario.groups[instance.group]
    image, life = group.workload.image, instance.life
    begun = life is not None and _has_begun(life)
    return Container(
        id=identifier(seed, replication, instance.name),
        name=name,
        instance=instance.name,
        host=instance.host,
        image=image.reference or image.name,
        command=group.workload.main.command or image.command or group.workload.name,
        created_s=instance.created_s,
        started_s=life.up_s if life is not None and begun else None,
        ended_s=None if isnan(instance.ended_s) else instance.ended_s,
        standing=standing(instance),
        exit_status=instance.status,
        published=_published(fleet, instance),
        exposed=_exposed(fleet, instance, image.expose),
    )


def _published(fleet: Fleet, instance: Instance) -> tuple[tuple[int, int], ...]:
    """The ports that lead to an instance; on the host's own network none has to."""
    if not _has_network(instance):
        return ()
    return fleet.engines[instance.host].ports.of(instance.name)


def _exposed(fleet: Fleet, instance: Instance, expose: list[int]) -> tuple[int, ...]:
    if not _has_network(instance):
        return ()
    led_to = {inside for _, inside in _published(fleet, instance)}
    return tuple(sorted(set(expose) - led_to))


def _has_network(instance: Instance) -> bool:
    """Whether an instance runs, on a network of its own."""
    is_running = standing(instance) in ("running", "paused")
    return is_running and binder(instance.plan.insides) is not None
