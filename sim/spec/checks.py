"""What the parts of a scenario must be to each other, beyond each fitting its own place."""

from collections.abc import Callable, Collection, Iterator

from sim import units
from sim.errors import did_you_mean, shown
from sim.spec.boundary_checks import BOUNDARY_RULES
from sim.spec.document import Path
from sim.spec.finding import Finding
from sim.spec.group import MOST_INSTANCES
from sim.spec.metrics import METRICS, UNITS_OF_RESOURCES
from sim.spec.objective import Comparison
from sim.spec.parts import Parts
from sim.spec.platform import PLATFORM_KEYS, Platform
from sim.spec.quantity import Quantity
from sim.spec.run_checks import RUN_RULES, loads_served
from sim.spec.sweep_checks import sweep_possible


def check(
    parts: Parts, known_images: Collection[str], known_servers: Callable[[], Collection[str]]
) -> Iterator[Finding]:
    """Find what contradicts itself.

    `known_images` are those of the catalog, and `known_servers` finds its workloads that serve.
    """
    for rule in (*_RULES, *BOUNDARY_RULES, *RUN_RULES):
        yield from rule(parts)
    yield from _images_known(parts, known_images)
    yield from loads_served(parts, known_servers)


def _names_once(parts: Parts) -> Iterator[Finding]:
    first: dict[str, str | int] = {}
    for place, platform in parts.platforms.items():
        if first.setdefault(platform.name, place) != place:
            problem = f"an earlier platform is named {platform.name} as well"
            remedy = f"write {{name: …, extends: {platform.name}}}, or take one out"
            yield Finding(("platforms", place), problem, remedy)


def _mixes_whole(parts: Parts) -> Iterator[Finding]:
    for place, platform in parts.platforms.items():
        if platform.mix:
            yield from _mix_faults(platform, ("platforms", place), parts.group_names)


def _mix_faults(mix: Platform, path: Path, groups: Collection[str]) -> Iterator[Finding]:
    for group in groups:
        if group not in mix.mix:
            problem = f"the mix has no platform for the group {group}"
            yield Finding(path, problem, f"add {group}: PLATFORM")
    for group, platform in mix.mix.items():
        place = (*path, "mix", group)
        if group not in groups:
            yield Finding(place, f"{shown(group)} is no group", did_you_mean(group, groups))
        if platform.mix:
            yield Finding(place, "a mix stands in a mix", "name one platform for the group")
    if mix.boundaries:
        remedy = "give each group of the mix its own platform with boundaries"
        yield Finding((*path, "boundaries"), "a mix has no boundaries of its own", remedy)


def _groups_named(parts: Parts) -> Iterator[Finding]:
    for name in parts.group_names:
        if name in PLATFORM_KEYS:
            problem = f"a group cannot be named {name}, which is a key of platforms"
            yield Finding(("groups", name), problem, "name it otherwise", at_key=True)


def _host_whole(parts: Parts) -> Iterator[Finding]:
    if parts.host is not None:
        yield from _at_most_memory(parts.host.memory_in_use.value, parts, ("host", "memory_in_use"))
        swap, disk = parts.host.swap.value, parts.host.disk.capacity.value
        if swap > disk:
            sizes = [units.format_quantity(size, units.SIZE) for size in (swap, disk)]
            problem = f"{sizes[0]} is more than the host's disk of {sizes[1]}, on which it lies"
            yield Finding(("host", "swap"), problem, f"write {sizes[1]} or less")


def _limits_possible(parts: Parts) -> Iterator[Finding]:
    for name, limits in parts.limits.items():
        path: Path = ("groups", name, "limits")
        yield from _at_most_memory(limits.memory or 0, parts, (*path, "memory"))
        yield from _at_most_cores(limits.cpu or 0, parts, (*path, "cpu"))


def _sizes_possible(parts: Parts) -> Iterator[Finding]:
    for path, boundary in parts.boundaries():
        if boundary.size is not None:
            memory, cpu = _absolute(boundary.size.memory), _absolute(boundary.size.cpu)
            yield from _at_most_memory(memory, parts, (*path, "size", "memory"))
            yield from _at_most_cores(cpu, parts, (*path, "size", "cpu"))


def _absolute(quantity: Quantity) -> float:
    return 0.0 if quantity.relative else quantity.value


def _at_most_memory(size: float, parts: Parts, path: Path) -> Iterator[Finding]:
    if parts.host is not None and size > parts.host.memory.value:
        yield _beyond_host(size, parts.host.memory.value, units.SIZE, path)


def _at_most_cores(cores: float, parts: Parts, path: Path) -> Iterator[Finding]:
    if parts.host is not None and cores > parts.host.cores.value:
        yield _beyond_host(cores, parts.host.cores.value, units.CORES, path)


def _beyond_host(asked: float, there: float, kind: units.Dimension, path: Path) -> Finding:
    has = units.format_quantity(there, kind)
    problem = f"{units.format_quantity(asked, kind)} is more than the host's {has}"
    return Finding(path, problem, f"write {has} or less, or choose a larger host")


def _counts_bearable(parts: Parts) -> Iterator[Finding]:
    total = sum(group.count for group in parts.groups.values())
    if total > MOST_INSTANCES:
        problem = f"the groups have {total:,} instances together"
        yield Finding(("groups",), problem, f"{MOST_INSTANCES:,} are the most")


def _traces_long_enough(parts: Parts) -> Iterator[Finding]:
    for name, group in parts.groups.items():
        times = group.arrive.times_s
        if times is not None and len(times) < group.count:
            problem = f"the trace has {len(times)} times for {group.count} instances"
            yield Finding(("groups", name, "arrive"), problem, f"write count: {len(times)} or less")


def _objectives_known(parts: Parts) -> Iterator[Finding]:
    for metric in parts.metrics:
        if metric not in METRICS:
            remedy = did_you_mean(metric, METRICS, "tare list metrics")
            yield Finding(("objectives", metric), f"{shown(metric)} is no metric", remedy, True)


def _objectives_fit(parts: Parts) -> Iterator[Finding]:
    for name, objective in parts.objectives.items():
        metric, path = str(name), ("objectives", name)
        if objective.unit == "%":
            problem = f"{shown(objective.text)} does not say {objective.bound:g} % of what"
            yield Finding(path, problem, _said_of_what(metric, objective))
        elif metric in METRICS:
            yield from _bound_fits(objective, metric, path)


def _bound_fits(objective: Comparison, metric: str, path: Path) -> Iterator[Finding]:
    unit = METRICS[metric].unit
    if objective.of and unit != UNITS_OF_RESOURCES[objective.of]:
        problem = f"{metric} is no share of the host's {objective.of}"
        yield Finding(path, problem, 'write a bound in its own unit, as in "< 2"')
    elif objective.unit not in (None, unit):
        problem = f"{shown(objective.text)} is in {objective.unit}, and {metric} in {unit or 1}"
        yield Finding(path, problem, f"write a bound in {unit}" if unit else "write it bare")


def _said_of_what(metric: str, share: Comparison) -> str:
    """The same bound as a share of what the metric is an amount of; or a bound that has no share.

    What is no metric is taken for one of the resource that it names, or else of memory.
    """
    unit = METRICS[metric].unit if metric in METRICS else None
    fitting = [of for of, its in UNITS_OF_RESOURCES.items() if unit in (None, its)]
    if fitting:
        resource = max(fitting, key=lambda of: of in metric)
        return f'write "{share.sign} {share.bound:g} % of host {resource}"'
    if unit:
        return f"write a bound in {unit}"
    return f'write a bare number, as in "{share.sign} {share.bound / 100:g}"'


def _images_known(parts: Parts, catalog: Collection[str]) -> Iterator[Finding]:
    known = {*catalog, *_images_used(parts)}
    for number, name in enumerate(parts.images):
        if isinstance(name, str) and name not in known:
            place = ("images", number)
            yield Finding(place, f"{shown(name)} is no image", did_you_mean(name, known))


def _images_used(parts: Parts) -> Iterator[str]:
    yield from (group.workload.image.name for group in parts.groups.values())
    guests = (boundary.files.guest for _, boundary in parts.boundaries())
    yield from (guest.name for guest in guests if guest is not None)


_RULES: tuple[Callable[[Parts], Iterator[Finding]], ...] = (
    *(_names_once, _mixes_whole, _groups_named, _host_whole, _limits_possible),
    *(_sizes_possible, _counts_bearable, _traces_long_enough),
    *(_objectives_known, _objectives_fit, sweep_possible),
)
