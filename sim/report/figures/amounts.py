"""What each platform takes of memory, CPU and disk, by what takes it."""

from typing import TYPE_CHECKING

from sim.report.comparison import Comparison, platform_names
from sim.report.estimates import by_platform, of_metric
from sim.report.figures.bars import stacked_bars, stacks
from sim.report.figures.style import WIDE, Size, platform_colours
from sim.report.figures.titles import most_against_least
from sim.report.wording import amount, host_name, mix, percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def memory(comparison: Comparison, size: Size = WIDE) -> "Figure | None":
    """Draw memory at the horizon, against what the host has to give."""
    host = comparison.scenario.host
    capacity = (host.memory.value - host.memory_in_use.value) * comparison.scenario.hosts
    found = of_metric(by_platform(comparison.summary), "memory_gross_bytes")
    title = most_against_least(found, "holds", "memory") if found else ""
    return _bars(comparison, "memory", title, size, capacity)


def disk(comparison: Comparison, size: Size = WIDE) -> "Figure | None":
    """Draw the disk's allocated bytes: layers that are shared count once."""
    capacity = comparison.scenario.host.disk.capacity.value * comparison.scenario.hosts
    found = of_metric(by_platform(comparison.summary), "disk_gross_bytes")
    title = most_against_least(found, "fills", "disk") if found else ""
    return _bars(comparison, "disk", title, size, capacity)


def cpu(comparison: Comparison, size: Size = WIDE) -> "Figure | None":
    """Draw CPU time over the run: the work, and what the platform adds to it."""
    return _bars(comparison, "cpu", _cpu_title(comparison), size, None)


def _bars(
    comparison: Comparison, resource: str, title: str, size: Size, capacity: float | None
) -> "Figure | None":
    names = platform_names(comparison)
    found = stacks(comparison.components, resource, names)
    rows = comparison.components[comparison.components["resource"] == resource]
    if not title or not rows["value"].any():
        return None
    head = (title, f"{mix(comparison.scenario)} on {host_name(comparison.scenario)}")
    unit = str(rows["unit"].iloc[0])
    return stacked_bars(head, found, unit, platform_colours(names), size, capacity)


def _cpu_title(comparison: Comparison) -> str:
    """The platform on which the largest share of the CPU time is not the work itself."""
    shares = {}
    for name, metrics in by_platform(comparison.summary).items():
        gross, net = metrics.get("cpu_gross_core_s"), metrics.get("cpu_net_core_s")
        if gross and net and gross.mean > 0:
            shares[name] = (1 - net.mean / gross.mean, gross.mean - net.mean, gross.mean)
    if not shares:
        return ""
    name = max(shares, key=lambda name: shares[name][0])
    share, over, gross = shares[name]
    if share <= 0:
        return "No platform adds CPU time to the work"
    said = f"{amount(over, 'core-s')} of {amount(gross, 'core-s')}"
    return f"{percent(share)} of the CPU time on {name} is overhead: {said}"
