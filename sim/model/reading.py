"""Read the tables of a result off a fleet that has run to its horizon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from sim.model.activity import Begin
from sim.model.engine import Engine
from sim.model.fleet import Fleet
from sim.model.task import CPU, DISK, LINK, LOCKS, WAITING, Task
from sim.records.result import Result
from sim.records.schema import RUN_TABLES, column_names
from sim.resources.memory import Account
from sim.resources.stock import NET

RESOURCES = (CPU, DISK, LINK, LOCKS, WAITING)
Row = dict[str, object]


def read_result(fleet: Fleet, fixed: list[Row], seed: int, replication: int) -> Result:
    """Make the tables of a run; `fixed` is what each host held before the first instance."""
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
    )


def read_fixed(engine: Engine) -> Row:
    """What a host holds before the first instance: the platform's fixed part."""
    return {
        "memory_fixed_bytes": engine.machine.kernel.ledger.gross,
        "disk_fixed_bytes": engine.machine.store.space.gross,
    }


def _instances(fleet: Fleet) -> pd.DataFrame:
    """A row an instance, by group and number, with a column a phase and a resource."""
    rows = [
        _instance(task, engine.number, mappers)
        for engine in fleet.engines
        for mappers in [_mappers(engine.instances)]
        for task in engine.instances
    ]
    rows += [_instance(task, -1, Counter()) for task in fleet.refused]
    columns = [
        *("group", "number", "instance", "host", "state", "reason"),
        *("created_s", "ready_s", "exited_s", "gross_bytes", "net_bytes"),
        *(f"{phase}_s" for phase in _phases(fleet)),
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


def _instance(task: Task, host: int, mappers: Counter[object]) -> Row:
    return {
        "group": task.group,
        "number": task.number,
        "instance": task.name,
        "host": host,
        "state": task.state,
        "reason": task.reason,
        "created_s": task.created_s,
        "ready_s": task.ready_s,
        "exited_s": task.exited_s,
        "gross_bytes": _gross(task) if task.is_live else 0.0,
        "net_bytes": _net(task, mappers) if task.is_live else 0.0,
        **{f"{phase}_s": seconds for phase, seconds in task.phases.items()},
        **{f"spent_{resource}_s": task.spent.get(resource, 0.0) for resource in RESOURCES},
    }


def _gross(task: Task) -> float:
    """The host's memory that an instance holds: its own, and its part of what it shares."""
    total = 0.0
    for depth in range(1, len(task.machines)):
        outer, machine = task.machines[depth - 1], task.machines[depth]
        if depth - 1 in task.outside:
            total += task.outside[depth - 1].pss()
        if depth in task.owned:
            if machine.kernel is not outer.kernel:
                return total + machine.kernel.ledger.touched
            total += machine.account.pss() + sum(map(Account.pss, machine.daemons.values()))
    return total + (0.0 if task.account is None else task.account.pss())


def _net(task: Task, mappers: Counter[object]) -> float:
    """What it would hold as a bare process: private memory, and its part of one copy of files."""
    if task.account is None or task.plan is None:
        return 0.0
    charged = task.account.private.items()
    private = sum(size for component, size in charged if component.startswith(NET))
    files = task.plan.files
    return private + (task.plan.mapped / mappers[files] if files in task.account.mapped else 0.0)


def _mappers(tasks: Iterable[Task]) -> Counter[object]:
    """How many live instances of a host map each content of their own, in whatever kernel."""
    return Counter(
        task.plan.files
        for task in tasks
        if task.is_live and task.plan is not None
        if task.account is not None and task.plan.files in task.account.mapped
    )


def _host(fleet: Fleet, engine: Engine) -> Row:
    ledger, space = engine.machine.kernel.ledger, engine.machine.store.space
    live = [task for task in engine.instances if task.is_live]
    return {
        "host": engine.number,
        "cores": engine.host.cores.value,
        "memory_capacity_bytes": ledger.capacity,
        "disk_capacity_bytes": space.capacity,
        "instances": len(live),
        "memory_gross_bytes": ledger.gross,
        "memory_peak_bytes": engine.meters.peak,
        "page_cache_bytes": ledger.page_cache,
        "cpu_gross_core_s": engine.meters.busy,
        "cpu_demand_cores": engine.cpu.root.demand(),
        "disk_gross_bytes": space.gross,
        "disk_read_bytes": engine.meters.read,
        "disk_written_bytes": engine.meters.written,
        "pulled_bytes": fleet.network.pulled[engine.number],
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
