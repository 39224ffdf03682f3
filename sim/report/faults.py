"""What broke, how much it took with it, and how soon that was back."""

import math
from collections.abc import Iterator, Mapping, Sequence

from pandas import DataFrame, Series

from sim.report.comparison import Comparison, platform_names
from sim.report.contrast import MOST_PLATFORMS_NAMED
from sim.report.estimates import Estimate
from sim.report.findings import Cell, Table
from sim.report.frames import rows
from sim.report.wording import amount, instance_count, listed

MOST_TOLD = 8
"""Of more faults than these on a platform, the worst are told one by one."""

_MOST_KINDS = 3
_PANIC = "kernel-panic"
_COLUMNS = ("time_s", "kind", "target", "detail", "lost", "back", "recovered_s", "recovery_s")


def first_run(comparison: Comparison) -> DataFrame:
    """Give the faults of the first replication, whose events the report has."""
    return comparison.faults[comparison.faults["replication"] == 0]


def timeline(comparison: Comparison) -> Table:
    """Tell the faults of the first replication, in order of time, platform by platform."""
    frame = first_run(comparison)
    said = tuple(
        (Cell(name), *row)
        for name in platform_names(comparison)
        for row in _told(frame[frame["platform"] == name])
    )
    return Table(("platform", "at", "fault", "of", "lost", "back after"), said, words=4)


def _told(frame: DataFrame) -> Iterator[tuple[Cell, ...]]:
    by_loss = frame.sort_values("lost", ascending=False, kind="stable")
    worst = by_loss.head(MOST_TOLD).sort_values("time_s", kind="stable")
    for time, kind, target, detail, lost, back, _, recovery in rows(worst, *_COLUMNS):
        yield (
            Cell(amount(time, "s"), time),
            Cell(kind_name(kind), note=detail),
            Cell(str(target)),
            Cell(amount(lost, ""), lost),
            Cell(return_of(lost, back, recovery).removeprefix("after ") or "-", recovery),
        )
    rest = frame.drop(worst.index)
    if len(rest):
        lost, back = int(rest["lost"].sum()), int(rest["back"].sum())
        more = Cell(f"{len(rest):,} more, no worse")
        yield Cell(""), more, Cell(""), Cell(f"{lost:,}", lost), Cell(f"{back:,} of them")


def kind_name(kind: str) -> str:
    """Say a kind of fault: `host kernel panic`."""
    return kind.replace("-", " ")


def return_of(lost: float, back: float, recovery: float) -> str:
    """Say when what a fault took was back: after how long, how much of it, never; else nothing.

    `recovery` is in seconds until the last of those that came back.
    """
    if not lost:
        return ""
    if not back or math.isnan(recovery):
        return "never"
    after = f"after {amount(recovery, 's')}"
    return after if back >= lost else f"all but {amount(lost - back, '')} {after}"


def sentences(comparison: Comparison) -> list[str]:
    """Say for each kind of fault what one takes on each platform, and when that is back."""
    frame, everyone = comparison.faults, instance_count(comparison.scenario)
    parts = list(frame.groupby(_causes(frame), sort=False))[:_MOST_KINDS]
    return [_sentence(str(cause), part, everyone) for cause, part in parts if part["lost"].any()]


def blasts(comparison: Comparison) -> dict[str, dict[str, Estimate]]:
    """Give for each kind of fault that is aimed at an instance how many one takes, by platform.

    Kinds that take as many on every platform are left out: they tell none from another.
    """
    frame = comparison.faults
    aimed = frame[frame["target"].astype(str).str.contains("/")]
    means = {
        str(cause): part.groupby("platform", sort=False)["lost"].mean()
        for cause, part in aimed.groupby(_causes(aimed), sort=False)
    }
    return {
        cause: {str(name): _without_interval(lost) for name, lost in taken.items()}
        for cause, taken in means.items()
        if taken.nunique() > 1
    }


def _without_interval(mean: float) -> Estimate:
    return Estimate(mean, math.nan, math.nan, 1, "")


def _causes(frame: DataFrame) -> Series:
    return Series(map(_cause, frame["kind"], frame["target"]), index=frame.index, dtype=object)


def _cause(kind: str, target: str) -> str:
    """What was to break: the panic of the kernel under an instance is one, whosever that is."""
    is_below = "/" in target and kind.endswith(_PANIC)
    return kind_name(_PANIC if is_below else kind)


def _sentence(cause: str, frame: DataFrame, everyone: int) -> str:
    means = frame.groupby("platform", sort=False)[["lost", "back", "recovery_s"]].mean()
    taken: dict[str, list[str]] = {}
    returns: dict[str, list[str]] = {}
    found = sorted(rows(means.reset_index(), "platform", *means.columns), key=lambda row: -row[1])
    for name, lost, _, _ in found:
        taken.setdefault(_taken(lost, everyone), []).append(name)
    for name, lost, back, recovery in sorted(found, key=_soonest):
        if lost:
            returns.setdefault(return_of(lost, back, recovery), []).append(name)
    return f"One {cause} takes {_each(taken, len(found))}; back {_each(returns, len(found))}."


def _soonest(row: tuple[str, float, float, float]) -> float:
    """When what was lost was back; what never came, last."""
    _, _, back, recovery = row
    return math.inf if math.isnan(recovery) or not back else recovery


def _taken(lost: float, everyone: int) -> str:
    if not lost:
        return "none"
    return f"all {everyone:,}" if lost == everyone > 1 else amount(lost, "")


def _each(found: Mapping[str, Sequence[str]], platforms: int) -> str:
    """Say what holds where: `all 20 on a and b, and 1 on c`; of much the first and the last."""
    parts = [f"{what} on {listed(names)}" for what, names in found.items()]
    if len(parts) > MOST_PLATFORMS_NAMED:
        return f"{parts[0]} to {parts[-1]}"
    if len(parts) == 1 and platforms > 1 and len(next(iter(found.values()))) == platforms:
        return f"{next(iter(found))} on every platform"
    return ", and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
