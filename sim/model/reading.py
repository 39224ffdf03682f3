"""Read the tables of a result off a fleet that has run to its horizon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import nan
from operator import attrgetter, itemgetter

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
from sim.records.table import Table
from sim.resources.memory import Account, Ledger
from sim.resources.stock import NET

RESOURCES = (CPU, DISK, LINK, LOCKS, WAITING)
Fixed = dict[str, float]
Row = tuple[object, ...]


def read_result(fleet: Fleet, fixed: list[Fixed], seed: int, replication: int) -> Result:
    """Make the tables of a run; `fixed` is what each host held before the first instance."""
    answered = answer(fleet, seed, replication)
    return Result(
        platform=fleet.scenario.platforms[0].name,
        seed=seed,
        replication=replication,
        horizon_s=fleet.scenario.horizon,
        groups=tuple(fleet.scenario.groups),
        tables={
            "instances": _instances(fleet),
            "hosts": _hosts(fleet, fixed),
            "components": _table("components", map(_components, fleet.engines)),
            "samples": fleet.recorder.samples(),
            "events": fleet.recorder.events(),
            "requests": read_requests(fleet, answered),
            "latencies": read_latencies(answered),
            "faults": read_faults(fleet),
            "hands": _hands(fleet),
            "builds": _builds(fleet),
        },
    )


def _table(name: str, parts: Iterable[Iterable[Row]]) -> Table:
    """A table of rows that come in parts."""
    return Table.of_rows(column_names(RUN_TABLES[name]), [row for part in parts for row in part])


def read_fixed(engine: Engine) -> Fixed:
    """What a host holds before the first instance: the platform's fixed part."""
    return {
        "memory_fixed_bytes": engine.machine.kernel.ledger.gross,
        "disk_fixed_bytes": engine.machine.store.space.gross,
    }


def _instances(fleet: Fleet) -> Table:
    """A row an instance, by group and number, with a column a phase and a resource."""
    mappers = [_mappers(engine.instances) for engine in fleet.engines]
    phases = _phases(fleet)
    in_order = sorted(fleet.instances, key=attrgetter("group", "number"))
    rows = [_instance(fleet, each, mappers[each.host], phases) for each in in_order]
    columns = [
        *("group", "number", "instance", "host", "state", "reason"),
        *("standing", "exit_status"),
        *("created_s", "ready_s", "exited_s", "gross_bytes", "net_bytes"),
        *("restarts", "oom_kills", "downtime_s"),
        *(f"{phase}_s" for phase in phases),
        "image_s",
        *(f"spent_{resource}_s" for resource in RESOURCES),
    ]
    return Table.of_rows(columns, rows)


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


def _instance(
    fleet: Fleet, instance: Instance, mappers: Counter[object], phases: Sequence[str]
) -> Row:
    took, spent = _of_first_start(instance)
    life = instance.life
    holds = life is not None and life.is_live
    return (
        *(instance.group, instance.number, instance.name, instance.host),
        *(instance.state, instance.reason, standing(instance), instance.exit_status),
        *(instance.created_s, instance.ready_s, instance.exited_s),
        _gross(life, fleet.engines[instance.host]) if life and holds else 0.0,
        _net(life, mappers) if life and holds else 0.0,
        *(instance.restarts, instance.oom_kills, instance.downtime_s),
        *(took.get(phase, nan) for phase in phases),
        _waited_for_image(took),
        *(spent.get(resource, 0.0) for resource in RESOURCES),
    )


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


def _hands(fleet: Fleet) -> Table:
    """What a person did for each group, and how many of its instances are not as most are."""
    rows: list[Row] = []
    for group in sorted({} if fleet.hands is None else fleet.hands.steps):
        assert fleet.hands is not None
        known = fleet.hands.slips
        made = [tuple(known[each.name]) for each in fleet.instances
                if each.group == group and each.name in known]  # fmt: skip
        alike = max(Counter(made).values(), default=0)
        rows.append((group, fleet.hands.steps[group], len(made), len(made) - alike))
    return _table("hands", [rows])


def _builds(fleet: Fleet) -> Table:
    """A row a step of each build, by group, instance and build."""
    rows = [_step(record) for engine in fleet.engines for record in engine.steps]
    return _table("builds", [sorted(rows, key=itemgetter(0, 1, 2, 4))])


def _step(record: StepRecord) -> Row:
    build, step = record.build, record.planned.step
    return (
        *(record.group, record.instance, build.number, build.change, record.number),
        *(step.line, step.name, record.is_cached, record.begins_s, record.ends_s),
        *(step.layer, step.rule),
    )


def _hosts(fleet: Fleet, fixed: list[Fixed]) -> Table:
    """A row a host, by number."""
    rows = [_host(fleet, each) | was for each, was in zip(fleet.engines, fixed, strict=True)]
    return Table.of_rows(rows[0], [[*row.values()] for row in rows])


def _host(fleet: Fleet, engine: Engine) -> dict[str, float]:
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
    stocks = {"memory": engine.machine.kernel.ledger, "disk": engine.machine.store.space}
    for resource, stock in stocks.items():
        for component, held in sorted(stock.components.items()):
            if held:
                yield engine.number, "", resource, component, held
    for (group, component), work in sorted(engine.meters.used.items()):
        yield engine.number, group, "cpu", component, work
    yield engine.number, "", "cpu", "contention", engine.meters.contention
