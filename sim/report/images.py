"""How long starts waited for images that were not there, for what, and what was sent for them."""

from collections.abc import Iterator, Mapping, Sequence

from sim.report.comparison import Comparison, platform_names
from sim.report.estimates import Metrics, by_platform, of_metric
from sim.report.findings import ABSENT, Cell, Table, metric_column
from sim.report.frames import rows
from sim.report.wording import amount, percent
from sim.units import DATA_RATE, format_quantity

_PARTS = {"pull": "until it came", "unpack": "unpacking", "on-demand": "reading on demand"}
"""The phases of a wait, as headings."""

_WAITS = (
    metric_column("image, mean", "image_mean_s"),
    metric_column("image, longest", "image_max_s"),
)
_SENT = (
    metric_column("pulled", "pulled_bytes"),
    metric_column("registry sent", "registry_bytes"),
)
_BOUND = 0.75  # of a wait: then the registry is what it waits for


NOTE = (
    "How long a start waits for an image that is not there: until its list and its layers have "
    "come, and then until the last of them is unpacked; or, where it starts before that, for what "
    "it reads first. What is pulled comes from the registry or from a mirror, which asks the "
    "registry once."
)


def waits(comparison: Comparison) -> Table:
    """Give how long starts waited for images on each platform, in parts, and what was sent."""
    platforms, phases = by_platform(comparison.summary), _phases(comparison)
    shown = _shown(phases)
    waited, sent = ([column.heading for column in columns] for columns in (_WAITS, _SENT))
    heads = ("platform", *waited, *(_PARTS[phase] for phase in shown), *sent)
    said = tuple(
        _row(name, platforms[name], list(map(phases.get(name, {}).get, shown)))
        for name in platform_names(comparison)
    )
    return Table(heads, said if of_metric(platforms, "image_mean_s") else ())


def _shown(phases: Mapping[str, Mapping[str, float]]) -> list[str]:
    """The phases of waits that there are on any platform, in order."""
    told = {phase for parts in phases.values() for phase in parts}
    return [phase for phase in _PARTS if phase in told]


def _row(name: str, metrics: Metrics, parts: Sequence[float | None]) -> tuple[Cell, ...]:
    waited, sent = ([column.cell(metrics) for column in columns] for columns in (_WAITS, _SENT))
    return (Cell(name), *waited, *map(_seconds, parts), *sent)


def sentences(comparison: Comparison) -> Iterator[str]:
    """Say where the registry itself is what all wait for, or would be if they waited for all."""
    registry = comparison.scenario.registry
    bandwidth = None if registry is None else registry.bandwidth
    if bandwidth is None:
        return
    for name, metrics in by_platform(comparison.summary).items():
        sent, longest = metrics.get("registry_bytes"), metrics.get("image_max_s")
        if sent is not None and longest is not None:
            yield from _told(name, sent.mean / bandwidth, longest.mean, bandwidth)


def _told(name: str, sending: float, longest: float, bandwidth: float) -> Iterator[str]:
    if sending < _BOUND * longest:
        return
    said = (
        f"The registry needs {amount(sending, 's')} to send what {name} asks of it, at the "
        f"{format_quantity(bandwidth, DATA_RATE)} that it has for all"
    )
    if sending > longest:
        yield f"{said}; no start waits longer than {amount(longest, 's')}, the rest comes later."
    else:
        yield f"{said}: {percent(sending / longest)} of the longest wait, {amount(longest, 's')}."


def _phases(comparison: Comparison) -> dict[str, dict[str, float]]:
    """The mean seconds of each phase in which a start waits for an image, by platform."""
    found: dict[str, dict[str, float]] = {}
    for platform, phase, mean in rows(comparison.phases, "platform", "phase", "mean_s"):
        if phase in _PARTS:
            found.setdefault(platform, {})[phase] = mean
    return found


def _seconds(mean: float | None) -> Cell:
    return ABSENT if mean is None else Cell(amount(mean, "s"), mean)
