"""Read the tables of a result off a fleet that has run to its horizon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import nan

import pandas as pd

from sim.model.activity import Begin
from sim.model.answering import answer
from sim.model.engine import Engine
from sim.model.fleet import Fleet
from sim.model.instance import Instance
from sim.model.making import FETCHING
from sim.model.request_tables import read_faults, read_latencies, read_requests
from sim.model.standing import standing
from sim.model.steps import StepRecord
from sim.model.task import CPU, DISK, LINK, LOCKS, WAITING, Task
from sim.records.result import Result
from sim.records.schema import RUN_TABLES, column_names
from sim.resources.memory import Account, Ledger
from sim.resources.stock import NET

RESOURCES = (CPU, DISK, LINK, LOCKS, WAITING)
Row = dict[str, object]


def read_result(fleet: Fleet, fixed: list[Row], seed: int, replication: int) -> Result:
    """Make the tables of a run; `fixed` is what each host held before the first instance."""
    answered = answer(fleet, seed, replication)
    return Result(
        platform=fleet.scenario.platforms[0].name,
        seed=seed,
        replication=replication,
        horizon_s=fleet.scenario.horizon,
        groups=tuple(fleet.scenario.groups),
        instances=_instances(fleet),
        hosts=pd.DataFrame(
            _host(fleet, engine) | before
            for engine, before in zip(fleet.engines, fixed, strict=True)
        ),
        components=pd.DataFrame(
            [row for engine in fleet.engines for row in _components(engine)],
            columns=column_names(RUN_TABLES["components"]),
        ),
        samples=fleet.recorder.samples(),
        events=fleet.recorder.events(),
        requests=read_requests(fleet, answered),
        latencies=read_latencies(answered),
        faults=read_faults(fleet),
        hands=_hands(fleet),
        builds=_builds(fleet),
    )


def read_fixed(engine: Engine) -> Row:
    """What a host holds before the first instance: the platform's fixed part."""
    return {
        "memory_fixed_bytes": engine.machine.kernel.ledger.gross,
        "disk_fixed_bytes": engine.machine.store.space.gross,
    }


def _instances(fleet: Fleet) -> pd.DataFrame:
    """A row an instance, by group and number, with a column a phase and a resource."""
    mappers = [_mappers(engine.instances) for engine in fleet.engines]
    rows = [_instance(fleet, instance, mappers[instance.host]) for instance in fleet.instances]
    columns = [
        *("group", "number", "instance", "host", "state", "reason"),
        *("standing", "exit_status"),
        *("created_s", "ready_s", "exited_s", "gross_bytes", "net_bytes"),
        *("restarts", "oom_kills", "downtime_s"),
        *(f"{phase}_s" for phase in _phases(fleet)),
        "image_s",
        *(f"spent_{resource}_s" for resource in RESOURCES),
    ]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["group", "number"], kind="stable", ignore_index=True)


def _phases(fleet: Fleet) -> list[str]:
    """All phases of all groups, in order of performance."""
    return list(
        dict.fromkeys(
            activity.phase
            for plan in fleet.plans.values()
            for activity in plan.activities
            if isinstance(activity, Begin)
        )
    )


def _instance(fleet: Fleet, instance: Instance, mappers: Counter[object]) -> Row:
    phases, spent = _of_first_start(instance)
    life = instance.life
    holds = life is not None and life.is_live
    return {
        "group": instance.group,
        "number": instance.number,
        "instance": instance.name,
        "host": instance.host,
        "state": instance.state,
        "reason": instance.reason,
        "standing": standing(instance),
        "exit_status": instance.exit_status,
        "created_s": instance.created_s,
        "ready_s": instance.ready_s,
        "exited_s": instance.exited_s,
        "gross_bytes": _gross(life, fleet.engines[instance.host]) if life and holds else 0.0,
        "net_bytes": _net(life, mappers) if life and holds else 0.0,
        "restarts": instance.restarts,
        "oom_kills": instance.oom_kills,
        "downtime_s": instance.downtime_s,
        **{f"{phase}_s": seconds for phase, seconds in phases.items()},
        "image_s": _waited_for_image(phases),
        **{f"spent_{resource}_s": spent.get(resource, 0.0) for resource in RESOURCES},
    }


def _waited_for_image(phases: Mapping[str, float]) -> float:
    return sum(phases.get(phase, 0.0) for phase in FETCHING) or nan


def _of_first_start(instance: Instance) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Phases and spendings of the start that led to the first ready, or of one still under way."""
    if instance.ready_s == instance.ready_s or instance.life is None:
        return instance.phases, instance.spent
    return instance.life.phases, instance.life.spent


def _gross(task: Task, engine: Engine) -> float:
    """The host's memory that an instance holds: its own, and its part of what it shares."""
    total = 0.0
    for depth in range(1, len(task.machines)):
        outer, machine = task.machines[depth - 1], task.machines[depth]
        if depth - 1 in task.outside:
            total += task.outside[depth - 1].pss()
        if depth in task.owned:
            if machine.kernel is not outer.kernel:
                return total + _region(machine.kernel.ledger, engine)
            total += machine.account.pss() + sum(map(Account.pss, machine.daemons.values()))
    return total + (0.0 if task.account is None else task.account.pss())


def _region(ledger: Ledger, engine: Engine) -> float:
    """What a guest takes of the memory around it, less what is swapped out or merged."""
    return ledger.touched - ledger.out - engine.scanner.saved_by(ledger)


def _net(task: Task, mappers: Counter[object]) -> float:
    """What it would hold as a bare process: private memory, and its part of one copy of files."""
    if task.account is None or task.plan is None:
        return 0.0
    charged = task.account.private.items()
    private = sum(size for component, size in charged if component.startswith(NET))
    files = task.plan.files
    return private + (task.plan.mapped / mappers[files] if files in task.account.mapped else 0.0)


def _mappers(instances: Iterable[Instance]) -> Counter[object]:
    """How many live instances of a host map each content of their own, in whatever kernel."""
    lives = (instance.life for instance in instances)
    return Counter(
        life.plan.files
        for life in lives
        if life is not None and life.is_live and life.plan is not None
        if life.account is not None and life.plan.files in life.account.mapped
    )


def _hands(fleet: Fleet) -> pd.DataFrame:
    """What a person did for each group, and how many of its instances are not as most are."""
    rows: list[Row] = []
    for group in sorted({} if fleet.hands is None else fleet.hands.steps):
        assert fleet.hands is not None
        known = fleet.hands.slips
        made = [tuple(known[each.name]) for each in fleet.instances
                if each.group == group and each.name in known]  # fmt: skip
        alike = max(Counter(made).values(), default=0)
        told = {"machines": len(made), "differing": len(made) - alike}
        rows.append({"group": group, "steps": fleet.hands.steps[group], **told})
    return pd.DataFrame(rows, columns=column_names(RUN_TABLES["hands"]))


def _builds(fleet: Fleet) -> pd.DataFrame:
    """A row a step of each build, by group, instance and build."""
    rows = [_step(record) for engine in fleet.engines for record in engine.steps]
    frame = pd.DataFrame(rows, columns=column_names(RUN_TABLES["builds"]))
    keys = ["group", "instance", "build", "step"]
    return frame.sort_values(keys, kind="stable", ignore_index=True)


def _step(record: StepRecord) -> Row:
    build, step = record.build, record.planned.step
    return {
        "group": record.group,
        "instance": record.instance,
        "build": build.number,
        "change": build.change,
        "step": record.number,
        "line": step.line,
        "name": step.name,
        "cached": record.is_cached,
        "begins_s": record.begins_s,
        "ends_s": record.ends_s,
        "layer_bytes": step.layer,
        "rule": step.rule,
    }


def _host(fleet: Fleet, engine: Engine) -> Row:
    ledger, space = engine.machine.kernel.ledger, engine.machine.store.space
    live = [instance for instance in engine.instances if instance.is_live]
    return {
        "host": engine.number,
        "cores": engine.host.cores.value,
        "memory_capacity_bytes": ledger.capacity,
        "disk_capacity_bytes": space.capacity,
        "instances": len(live),
        "memory_gross_bytes": ledger.gross,
        "memory_peak_bytes": engine.meters.peak,
        "page_cache_bytes": ledger.page_cache,
        "swap_bytes": ledger.swap_used,
        "merged_bytes": engine.scanner.saved,
        "stolen_core_s": engine.meters.stolen,
        "cpu_gross_core_s": engine.meters.busy,
        "cpu_demand_cores": engine.cpu.root.demand(),
        "disk_gross_bytes": space.gross,
        "disk_read_bytes": engine.meters.read,
        "disk_written_bytes": engine.meters.written,
        "pulled_bytes": fleet.network.pulled[engine.number],
        "registry_bytes": fleet.network.from_registry[engine.number],
    }


def _components(engine: Engine) -> Iterable[Row]:
    """What a host holds at the horizon, and the CPU time that it has spent, by component."""

    def row(group: str, resource: str, component: str, value: float) -> Row:
        return {
            "host": engine.number,
            "group": group,
            "resource": resource,
            "component": component,
            "value": value,
        }

    stocks = {"memory": engine.machine.kernel.ledger, "disk": engine.machine.store.space}
    for resource, stock in stocks.items():
        for component, held in sorted(stock.components.items()):
            if held:
                yield row("", resource, component, held)
    for (group, component), work in sorted(engine.meters.used.items()):
        yield row(group, "cpu", component, work)
    yield row("", "cpu", "contention", engine.meters.contention)
