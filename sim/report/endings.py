"""How instances stand at the end, and what came of asking them to end."""

from collections import Counter
from collections.abc import Iterator
from math import isnan, nan

from pandas import DataFrame

from sim.report.comparison import Comparison, platform_names
from sim.report.contrast import contrast
from sim.report.estimates import Estimate
from sim.report.findings import ABSENT, Cell, Table
from sim.report.frames import rows
from sim.report.wording import amount

ENDED = "exited"
"""The event of a main process that has ended, and its standing from then on."""

_ASKED = ("stop", "kill")
_STATUS = "with status "


def standings(comparison: Comparison) -> Table:
    """Tell for each group how its instances stand at the end of the first run.

    There are no rows where nobody was told to do anything, and no main process failed.
    """
    frame, names = comparison.instances, platform_names(comparison)
    if not (_is_told(comparison) or _fails(comparison.events)):
        return Table(("group", *names), ())
    first = frame[frame["replication"] == 0]
    said = tuple(
        (Cell(group), *(_standing(first, group, name) for name in names))
        for group in comparison.scenario.groups
    )
    return Table(("group", *names), said, words=1 + len(names))


def _is_told(comparison: Comparison) -> bool:
    return any(group.commands for group in comparison.scenario.groups.values())


def _fails(events: DataFrame) -> bool:
    """Whether some main process ended with another status than 0."""
    return any(detail.startswith(_STATUS) for detail in events["detail"].astype(str))


def _standing(frame: DataFrame, group: str, platform: str) -> Cell:
    """Count the states of a group, the exit status among them: `1 running, 2 exited (137)`."""
    ours = frame[(frame["group"] == group) & (frame["platform"] == platform)]
    found: Counter[str] = Counter()
    for standing, status in rows(ours, "standing", "exit_status"):
        has_ended = standing in (ENDED, "restarting") and not isnan(status)
        found[f"{standing} ({status:.0f})" if has_ended else standing] += 1
    return Cell(", ".join(f"{count:,} {what}" for what, count in sorted(found.items())) or "-")


def ends(comparison: Comparison) -> Table:
    """Tell how long each took to end that was asked to in the first run, and its exit status."""
    names = platform_names(comparison)
    found: dict[tuple[str, float, str], dict[str, list[tuple[float, str]]]] = {}
    for name in names:
        for key, end in _asked(comparison.events[comparison.events["platform"] == name]):
            found.setdefault(key, {}).setdefault(name, []).append(end)
    said = tuple(
        (
            Cell(group),
            Cell(f"{command} at {amount(time, 's')}", time),
            *(_ended(ended.get(name, [])) for name in names),
        )
        for (group, time, command), ended in found.items()
    )
    return Table(("group", "asked", *names), said, words=2)


def _asked(events: DataFrame) -> Iterator[tuple[tuple[str, float, str], tuple[float, str]]]:
    """Each request that an instance ends: its group, time and command; after how long, and how."""
    waiting: dict[str, tuple[float, str]] = {}
    for time, instance, event, detail in rows(events, "time_s", "instance", "event", "detail"):
        if event in _ASKED and not detail:
            waiting.setdefault(instance, (time, event))
        elif event == ENDED and instance in waiting:
            since, command = waiting.pop(instance)
            status = detail.removeprefix(_STATUS) or "0"
            yield (instance.partition("/")[0], since, command), (time - since, status)


def _ended(ended: list[tuple[float, str]]) -> Cell:
    """Say the mean time, and the statuses."""
    if not ended:
        return ABSENT
    mean = sum(took for took, _ in ended) / len(ended)
    statuses = ", ".join(dict.fromkeys(status for _, status in ended))
    return Cell(f"{amount(mean, 's')} ({statuses})", mean)


def sentences(comparison: Comparison) -> Iterator[str]:
    """Say how long it takes to stop an instance, in the mean."""
    took: dict[str, list[float]] = {}
    for name in platform_names(comparison):
        for (_, _, command), (seconds, _) in _asked(
            comparison.events[comparison.events["platform"] == name]
        ):
            if command == "stop":
                took.setdefault(name, []).append(seconds)
    found = {name: _mean(seconds) for name, seconds in took.items()}
    if found:
        yield f"Stopping an instance takes {contrast(found, 'as long')}."


def _mean(seconds: list[float]) -> Estimate:
    return Estimate(sum(seconds) / len(seconds), nan, nan, len(seconds), "s")
