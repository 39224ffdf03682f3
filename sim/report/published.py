"""What published ports cost: starts and memory of groups that differ in how many they publish."""

import math

from sim.report.comparison import Comparison, platform_names
from sim.report.estimates import Estimate, Metrics, estimates
from sim.report.findings import ABSENT, Cell, Table
from sim.report.wording import amount

_SHOWN = ("startup_mean_s", "memory_per_instance_bytes")


def costs(comparison: Comparison) -> Table:
    """Give start-up and memory by the number of ports, where groups of one workload differ in it.

    Groups of which nobody became ready tell nothing of it.
    """
    names = platform_names(comparison)
    found = estimates(comparison.summary, "group")
    groups = comparison.scenario.groups
    numbers = {name: len(group.ports) for name, group in groups.items()}
    is_asked = len({group.workload.name for group in groups.values()}) == 1
    said = tuple(
        (Cell(name), Cell(str(count), count), *(_cell(found.get((on, name), {})) for on in names))
        for name, count in sorted(numbers.items(), key=lambda item: item[1])
    )
    differ = is_asked and max(numbers.values()) > 0 and len(set(numbers.values())) > 1
    return Table(("group", "ports", *names), said if differ else ())


def _cell(metrics: Metrics) -> Cell:
    start, memory = (metrics.get(name) for name in _SHOWN)
    if start is None:
        return ABSENT
    return Cell(", ".join(_told(one) for one in (start, memory) if one is not None), start.mean)


def _told(estimate: Estimate) -> str:
    return "-" if math.isnan(estimate.mean) else amount(estimate.mean, estimate.unit)
