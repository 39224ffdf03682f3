"""What each platform takes of memory, CPU and disk, by what takes it."""

from collections.abc import Mapping

from matplotlib.figure import Figure

from sim.report.comparison import Comparison, platform_names
from sim.report.estimates import by_platform, of_metric
from sim.report.figures import titles
from sim.report.figures.bars import stacked_bars, stacks
from sim.report.figures.style import Size
from sim.report.wording import host_name, mix


def memory(comparison: Comparison, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw memory at the horizon, against what the host has to give."""
    host = comparison.scenario.host
    capacity = (host.memory.value - host.memory_in_use.value) * comparison.scenario.hosts
    found = of_metric(by_platform(comparison.summary), "memory_gross_bytes")
    title = titles.most_against_least(found, titles.MEMORY)
    return _bars(comparison, "memory", title, colours, size, capacity)


def disk(comparison: Comparison, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw the disk's allocated bytes: layers that are shared count once."""
    capacity = comparison.scenario.host.disk.capacity.value * comparison.scenario.hosts
    found = of_metric(by_platform(comparison.summary), "disk_gross_bytes")
    title = titles.most_against_least(found, titles.DISK)
    return _bars(comparison, "disk", title, colours, size, capacity)


def cpu(comparison: Comparison, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw CPU time over the run: the work, and what the platform adds to it."""
    title = titles.share_of_overhead(by_platform(comparison.summary))
    return _bars(comparison, "cpu", title, colours, size, None)


def _bars(
    comparison: Comparison,
    resource: str,
    title: str,
    colours: Mapping[str, str],
    size: Size,
    capacity: float | None,
) -> Figure | None:
    rows = comparison.components[comparison.components["resource"] == resource]
    if not rows["value"].any():
        return None
    names = platform_names(comparison)
    head = (title, f"{mix(comparison.scenario)} on {host_name(comparison.scenario)}")
    return stacked_bars(head, stacks(rows, names), rows["unit"].iloc[0], colours, size, capacity)
