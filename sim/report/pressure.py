"""What memory under pressure came to: pages merged and swapped out, and who was killed for it."""

from collections.abc import Iterator

from sim.report.comparison import Comparison, platform_names
from sim.report.contrast import among, spread
from sim.report.estimates import by_platform, of_metric
from sim.report.findings import Cell, Table, metric_column
from sim.report.frames import rows
from sim.report.wording import amount

KILLED = "oom-killed"
"""The event of an instance that was killed because memory ran out."""

KILLS = (KILLED, "process-killed")
"""The events of all that was killed for it, be it one process of several."""

READY = "ready"
"""The event of an instance that serves from now on."""

NO_LONGER = ("exited", "failed", "restarted", KILLED)
"""The events of one that does not."""

_RELIEF = (
    metric_column("merged", "memory_merged_bytes"),
    metric_column("swapped out", "swap_bytes"),
    metric_column("OOM kills", "oom_kills"),
    metric_column("restarts", "restarts"),
)
_SAID = {
    "memory_merged_bytes": "Merging equal pages saves",
    "swap_bytes": "Swapped out are",
    "oom_kills": "Killed because memory ran out:",
}
_MOST_KILLED = 3


def relief(comparison: Comparison) -> Table:
    """Give what each platform merged, swapped out, killed and restarted.

    There are no rows where memory sufficed without, whatever else was restarted.
    """
    platforms = by_platform(comparison.summary)
    columns = ("platform", *(column.heading for column in _RELIEF))
    said = tuple(
        (Cell(name), *(column.cell(platforms[name]) for column in _RELIEF))
        for name in platform_names(comparison)
    )
    is_any = any(cell.value > 0 for _, *relieved, _ in said for cell in relieved)
    return Table(columns, said if is_any else ())


def killed(comparison: Comparison) -> Table:
    """Tell who was killed first on each platform in the first replication, and why."""
    events = comparison.events
    frame = events[events["event"].isin(KILLS)]
    said = tuple(
        (Cell(name), Cell(amount(time, "s"), time), Cell(instance), Cell(_why(detail)))
        for name in platform_names(comparison)
        for time, instance, detail in rows(
            frame[frame["platform"] == name].head(_MOST_KILLED), "time_s", "instance", "detail"
        )
    )
    return Table(("platform", "at", "killed first", "why"), said, words=4)


def _why(detail: str) -> str:
    """The reason of a kill, without saying again that memory ran out."""
    return detail.replace("out of memory: ", "", 1)


def sentences(comparison: Comparison) -> Iterator[str]:
    """Say what merging and swap bring, and where memory runs out."""
    platforms = by_platform(comparison.summary)
    for metric, words in _SAID.items():
        found = of_metric(platforms, metric)
        if any(estimate.mean > 0 for estimate in found.values()):
            yield f"{words} {among(found, len(platforms))}."
    running = first_kill(comparison)
    if running:
        yield f"Instances running when the first is killed for want of memory: {running}."


def first_kill(comparison: Comparison) -> str:
    """Say how many run on each platform as the first is killed in the first replication."""
    found = {name: _run_until_killed(comparison, name) for name in platform_names(comparison)}
    counts = sorted((count, name) for name, count in found.items() if count)
    return spread([(f"{count:,}", name) for count, name in counts]) if counts else ""


def _run_until_killed(comparison: Comparison, name: str) -> int:
    """How many were ready just before the first was killed; 0 where none was."""
    events, instances = comparison.events, comparison.instances
    known = instances.loc[instances["platform"] == name, "instance"].unique()
    own = events[(events["platform"] == name) & events["instance"].isin(known)]
    own = own[own["event"].isin((READY, *NO_LONGER))].sort_values("time_s", kind="stable")
    is_kill = own["event"] == KILLED
    before = own[~is_kill.cummax()] if is_kill.any() else own.head(0)
    return int((before.drop_duplicates("instance", keep="last")["event"] == READY).sum())
