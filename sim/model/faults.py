"""What breaks in a run: when, whom it takes with it, and when that is back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf, nan

import numpy as np

from sim.model.ending import CRASHED
from sim.model.engine import Engine
from sim.model.instance import FAILED, Instance
from sim.model.lives import crash, end, panic
from sim.model.task import Task
from sim.spec.scenario import Fault

MOST_FAULTS = 20_000
"""One line of a scenario's faults breaks no more often than this in a run, whatever chance says."""


LOST = "its host was lost"


@dataclass(eq=False)
class Loss:
    """One fault that happened: whom it took, how many of them are ready again, and since when."""

    time: float
    host: int
    kind: str
    target: str
    detail: str
    lost: list[Instance] = field(default_factory=list)
    back: int = 0
    recovered_s: float = nan

    def recover(self, now: float) -> None:
        """Note that one whom it took is ready again."""
        self.back += 1
        self.recovered_s = now


def fault_times(fault: Fault, horizon: float, generator: np.random.Generator) -> Iterator[float]:
    """The times at which a line of a scenario's faults breaks something, in order."""
    if fault.at is not None:
        yield fault.at
        return
    time = 0.0
    for _ in range(MOST_FAULTS):
        gap = fault.every or float(generator.exponential()) / (fault.poisson or inf)
        time += gap
        if time >= horizon:
            return
        yield time


def strike(engines: list[Engine], fault: Fault, generator: np.random.Generator, now: float) -> Loss:
    """Break what a fault names, or draws, and note whom that takes."""
    draw = float(generator.random())
    if fault.kind.startswith("host"):
        return _strike_host(engines, fault, draw, now)
    instance = _instance(engines, fault.instance, draw)
    if instance is None or instance.life is None or not instance.runs:
        return Loss(now, -1, fault.kind, fault.instance or "", "nobody ran whom it could take")
    engine, life = engines[instance.host], instance.life
    if fault.kind == "instance-crash":
        loss = Loss(now, engine.number, fault.kind, instance.name, "")
        _take(loss, [instance])
        status = CRASHED if life.is_up else None
        end(engine, life, FAILED, "crashed", now, keep=life.lasting_depth, status=status)
        engine.perform_all(now)
        return loss
    return _panic_under(engine, instance, life, now)


def _strike_host(engines: list[Engine], fault: Fault, draw: float, now: float) -> Loss:
    up = [engine for engine in engines if engine.up_from <= now]
    named = [engine for engine in up if fault.host in (None, engine.number)]
    if not named:
        return Loss(now, -1, fault.kind, f"host {fault.host}", "no such host was up")
    engine = named[int(draw * len(named))]
    loss = Loss(now, engine.number, fault.kind, f"host {engine.number}", "")
    back = inf if fault.kind == "host-loss" else now + engine.host.reboot.value
    reason = LOST if back == inf else "the kernel of its host panicked"
    _take(loss, panic(engine, reason, now, back))
    engine.perform_all(now)
    return loss


def _panic_under(engine: Engine, instance: Instance, life: Task, now: float) -> Loss:
    """Panic the kernel that an instance runs on, which takes all that runs on it."""
    depth = life.kernel_depth
    loss = Loss(now, engine.number, "guest-kernel-panic", instance.name, "")
    if depth != instance.plan.kernel_depth:
        loss.detail = "the kernel that it will run on was not up"
    elif depth == 0:
        loss.kind = "host-kernel-panic"
        loss.detail = "it runs on the kernel of its host"
        back = now + engine.host.reboot.value
        _take(loss, panic(engine, "the kernel of its host panicked", now, back))
    elif depth in life.visits:
        shared = life.visits[depth]
        _take(loss, crash(engine, shared, FAILED, "the kernel of its machine panicked", now))
    else:
        _take(loss, [instance])
        end(engine, life, FAILED, "its kernel panicked", now, keep=depth - 1)
    engine.perform_all(now)
    return loss


def ended_with(instance: Instance, reason: str) -> bool:
    """Whether the present life of an instance has ended for a reason."""
    life = instance.life
    return life is not None and not life.is_live and life.reason == reason


def _take(loss: Loss, instances: list[Instance]) -> None:
    loss.lost = instances
    for instance in instances:
        instance.loss = loss


def _instance(engines: list[Engine], name: str | None, draw: float) -> Instance | None:
    """The instance of a name, or one drawn of those that run."""
    everybody = [instance for engine in engines for instance in engine.instances]
    if name is None:
        return _drawn([instance for instance in everybody if instance.runs], draw)
    return next((instance for instance in everybody if instance.name == name), None)


def _drawn(running: list[Instance], draw: float) -> Instance | None:
    running.sort(key=lambda instance: (instance.group, instance.number))
    return running[int(draw * len(running))] if running else None
