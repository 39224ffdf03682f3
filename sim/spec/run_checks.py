"""What may not contradict the rest of a scenario while it runs: loads, memory limits, faults."""

from collections.abc import Callable, Collection, Iterator

from sim import units
from sim.errors import did_you_mean, shown
from sim.spec.breakage import Fault
from sim.spec.document import Path
from sim.spec.finding import Finding
from sim.spec.group import Arrival
from sim.spec.parts import Parts

_MOST_TIMES = 10_000
_AT_ONCE = Arrival.model_validate({"at": "0 s"})


def loads_served(parts: Parts, known_servers: Callable[[], Collection[str]]) -> Iterator[Finding]:
    """Find loads on workloads that answer no requests; the catalog is asked for others if so."""
    for name, group in parts.groups.items():
        workload, path = group.workload, ("groups", name, "load")
        if group.load is None:
            continue
        if workload.run is not None:
            problem = f"{workload.name} ends by itself, once it has run, and takes no load"
            yield Finding(path, problem, "take load out, or run out of the workload")
        elif workload.serve is None:
            problem = f"{workload.name} does not say what a request takes"
            known = ", ".join(sorted(known_servers()))
            remedy = "write serve: {compute: …} in the workload"
            yield Finding(path, problem, remedy + (f", or choose of {known}" if known else ""))


def _high_below_limit(parts: Parts) -> Iterator[Finding]:
    for name, limits in parts.limits.items():
        high, limit = limits.memory_high, limits.memory
        if high is not None and limit is not None and high > limit:
            path: Path = ("groups", name, "limits", "memory_high")
            problem = f"{_size(high)} is never reached, above the limit of {_size(limit)}"
            yield Finding(path, problem, f"write {_size(limit)} or less")


def _faults_possible(parts: Parts) -> Iterator[Finding]:
    for number, fault in parts.faults.items():
        path: Path = ("faults", number)
        yield from _fault_in_time(fault, parts, path)
        yield from _host_there(fault, parts, path)
        if fault.instance is not None:
            yield from _instance_there(fault.instance, parts, (*path, "instance"))


def _fault_in_time(fault: Fault, parts: Parts, path: Path) -> Iterator[Finding]:
    if parts.horizon is None:
        return
    horizon = units.write_quantity(parts.horizon, units.DURATION)
    key = "poisson" if fault.every is None else "every"
    if fault.at is not None:
        yield from _in_time(fault.at, parts, path)
    elif (times := parts.horizon * _frequency(fault)) > _MOST_TIMES:
        problem = f"it breaks about {times:,.0f} times within {horizon}"
        yield Finding((*path, key), problem, f"{_MOST_TIMES:,} are the most")


def _in_time(at: float, parts: Parts, path: Path) -> Iterator[Finding]:
    """Find what would happen after the horizon."""
    if parts.horizon is not None and at > parts.horizon:
        horizon = units.write_quantity(parts.horizon, units.DURATION)
        problem = f"{units.write_quantity(at, units.DURATION)} is after the horizon"
        yield Finding((*path, "at"), problem, f"write {horizon} or less, or a longer horizon")


def _frequency(fault: Fault) -> float:
    return 1 / fault.every if fault.every is not None else fault.poisson or 0.0


def _host_there(fault: Fault, parts: Parts, path: Path) -> Iterator[Finding]:
    if fault.host is not None and parts.hosts is not None and fault.host >= parts.hosts:
        problem = f"there is no host {fault.host}: hosts is {parts.hosts}, and the first is 0"
        yield Finding((*path, "host"), problem, f"write {parts.hosts - 1} or less, or more hosts")


def _instance_there(instance: str, parts: Parts, path: Path) -> Iterator[Finding]:
    name, _, number = instance.partition("/")
    if name not in parts.group_names:
        yield Finding(path, f"{name!r} is no group", did_you_mean(name, parts.group_names))
    elif name in parts.groups and int(number) >= (count := parts.groups[name].count):
        problem = f"there is no {instance}: count is {count}, and the first is {name}/0"
        yield Finding(path, problem, f"write {name}/{count - 1} or less, or a higher count")


def _commands_possible(parts: Parts) -> Iterator[Finding]:
    for name, group in parts.groups.items():
        for number, command in enumerate(group.commands):
            path: Path = ("groups", name, "commands", number)
            yield from _in_time(command.at, parts, path)
            if command.instance is not None and command.instance >= group.count:
                problem = f"there is no {name}/{command.instance}: count is {group.count}"
                yield Finding((*path, "instance"), problem, f"write {group.count - 1} or less")
            if command.do == "start" and group.arrive.in_flight is not None:
                problem = "each instance in flight is followed by the next once it has ended"
                yield Finding((*path, "do"), problem, "take it out, or write arrive: {at: 0 s}")


def _names_free(parts: Parts) -> Iterator[Finding]:
    """Two containers of one name are refused by an engine, and so by a scenario."""
    taken: dict[str, str | int] = {}
    for name, group in parts.groups.items():
        if group.name is not None and taken.setdefault(group.name, name) != name:
            problem = f"the name {group.name} is already in use by {taken[group.name]}"
            yield Finding(("groups", name, "name"), problem, "choose another")


def _builders_there(parts: Parts) -> Iterator[Finding]:
    """Who is built by another names one who builds, and comes as soon as that is done."""
    for name, group in parts.groups.items():
        if group.built_by is None:
            continue
        path: Path = ("groups", name)
        if group.build is not None:
            problem = f"{name} builds for itself, and is built by {group.built_by} as well"
            yield Finding((*path, "built_by"), problem, "take build out, or built_by")
        else:
            yield from _builder_fits(group.built_by, parts, (*path, "built_by"))
        if group.arrive != _AT_ONCE:
            problem = f"{name} comes when {group.built_by} has built it, and at no other time"
            yield Finding((*path, "arrive"), problem, "take arrive out, or built_by")


def _builder_fits(builder: str, parts: Parts, path: Path) -> Iterator[Finding]:
    builders = [name for name, group in parts.groups.items() if group.build is not None]
    if builder not in parts.group_names:
        known = [str(name) for name in builders] or parts.group_names
        yield Finding(path, f"{shown(builder)} is no group", did_you_mean(builder, known))
    elif builder in parts.groups and builder not in builders:
        remedy = f"write build: {{dockerfile: ./Dockerfile}} in {builder}"
        yield Finding(path, f"{builder} builds nothing", remedy)


def _builders_end(parts: Parts) -> Iterator[Finding]:
    """A builder is done once it has built, and answers nobody."""
    for name, group in parts.groups.items():
        if group.build is not None and group.load is not None:
            problem = f"{name} ends by itself, once it has built, and takes no load"
            yield Finding(("groups", name, "load"), problem, "take load out, or build")


def _size(size: float) -> str:
    return units.format_quantity(size, units.SIZE)


RUN_RULES: tuple[Callable[[Parts], Iterator[Finding]], ...] = (
    *(_high_below_limit, _faults_possible, _commands_possible, _names_free),
    *(_builders_there, _builders_end),
)
"""Rules that look at the parts of the scenario alone."""
