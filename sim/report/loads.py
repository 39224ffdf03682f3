"""What the requests met: throughput, latency and losses, simulated beside the closed form."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from pandas import DataFrame

from sim.report.comparison import Comparison, platform_names
from sim.report.contrast import among, contrast
from sim.report.estimates import Estimate, Metrics, by_platform, of_metric
from sim.report.findings import ABSENT, Cell, Table
from sim.report.frames import rows
from sim.report.wording import amount, interval, listed, times

Curves = dict[str, dict[int, Estimate]]
"""The throughput of each platform by the number of clients."""

_MOST_LEADS = 2
_NOTABLE = 1.02  # without intervals, who is ahead by less is not ahead


@dataclass(frozen=True, slots=True)
class Lead:
    """Of two platforms: at which numbers of clients the one leads, and at which the other."""

    ahead: str
    behind: str
    at: tuple[int, ...]
    reversed_at: tuple[int, ...]
    swing: float


def throughput(comparison: Comparison) -> Table:
    """What each platform answers of the load of each group; one load stands together."""
    columns = ("throughput_per_s", "throughput_low", "throughput_high", "fluid_per_s", "lost")
    said = tuple(
        (*head, _rate(rate, interval(low, high, "/s")), _rate(fluid), _count(lost))
        for head, (rate, low, high, fluid, lost) in _by_load(comparison, columns)
    )
    heads = ("group", "load", "platform", "throughput", "closed form", "lost")
    return Table(heads, said, words=3)


def latency(comparison: Comparison) -> Table:
    """How long requests take on each platform, simulated, and in closed form."""
    columns = ("p50_s", "p99_s", "mean_s", "fluid_mean_s")
    said = tuple(
        (group, platform, *(_seconds(value, comparison.scenario.horizon) for value in found))
        for (group, _, platform), found in _by_load(comparison, columns)
    )
    return Table(("group", "platform", "p50", "p99", "mean", "closed form"), said, words=2)


def _by_load(
    comparison: Comparison, columns: tuple[str, ...]
) -> Iterator[tuple[tuple[Cell, Cell, Cell], tuple[float, ...]]]:
    """The rows of the loads, group by group, as group, load and platform, and the numbers."""
    groups, names = in_counting_order(comparison.scenario.groups), platform_names(comparison)
    keys = ("group", "platform", "clients", "offered_per_s")
    found = rows(comparison.loads, *keys, *columns)
    in_order = sorted(found, key=lambda row: (groups.index(row[0]), names.index(row[1])))
    for group, platform, clients, offered, *numbers in in_order:
        many = " each" if comparison.scenario.groups[group].count > 1 else ""
        load = f"{client_count(int(clients))}{many}" if clients else amount(offered, "/s")
        yield (Cell(group), Cell(load, clients or offered), Cell(platform)), tuple(numbers)


def in_counting_order(names: Iterable[str]) -> list[str]:
    """Names that differ in their numbers alone by these: `clients-50`, then `clients-120`."""
    found = list(names)
    if len({re.sub(r"\d+", "", name) for name in found}) > 1:
        return found
    return sorted(found, key=lambda name: [int(number) for number in re.findall(r"\d+", name)])


def client_count(clients: int) -> str:
    """Say a number of clients: `1 client`."""
    return f"{clients:,} {'client' if clients == 1 else 'clients'}"


def _rate(value: float, note: str = "") -> Cell:
    return ABSENT if math.isnan(value) else Cell(amount(value, "/s"), value, note)


def _seconds(value: float, horizon: float) -> Cell:
    """A latency; one that no run could show is of a queue that grows as long as it is fed."""
    if value > horizon:
        return Cell("no end", math.inf, "as much is asked for as it can answer, or more")
    return ABSENT if math.isnan(value) else Cell(amount(value, "s"), value)


def _count(value: float) -> Cell:
    return Cell(amount(value, ""), value)


def sentences(comparison: Comparison) -> list[str]:
    """Say how much is answered and how soon, who overtakes whom, and what is lost."""
    if comparison.loads.empty:
        return []
    platforms = by_platform(comparison.summary)
    runs = comparison.scenario.replications
    courses = (curves_of(frame, runs) for frame in closed(comparison).values())
    overtaken = [lead for curves in courses for lead in crossings(curves)[:_MOST_LEADS]]
    return [
        *_served(platforms),
        *(f"As clients are added, {said(lead)}." for lead in overtaken),
        *_lost(of_metric(platforms, "requests_lost")),
    ]


def _served(platforms: Mapping[str, Metrics]) -> Iterator[str]:
    rate = of_metric(platforms, "throughput_per_s")
    if rate:
        yield f"Requests are answered at {contrast(rate)}."


def slowest(platforms: Mapping[str, Metrics], most_named: int) -> str:
    """Say how long requests take, in half a sentence; nothing where there are none."""
    tail = of_metric(platforms, "request_p99_s")
    if not tail:
        return ""
    return f"99 % of the requests are answered within {contrast(tail, 'as long', most_named)}"


def _lost(lost: Mapping[str, Estimate]) -> Iterator[str]:
    if any(found.mean > 0 for found in lost.values()):
        yield f"Requests are lost: {among(lost, len(lost))}."


def closed(comparison: Comparison) -> dict[str, DataFrame]:
    """Give the rows of closed loads, put together where groups differ in their clients alone."""
    frame = comparison.loads[comparison.loads["clients"] > 0]
    found: dict[str, DataFrame] = {}
    for _, part in frame.groupby(frame["group"].map(_kinds(comparison)), sort=False):
        if part.duplicated(["platform", "clients"]).any():
            found |= {str(group): own for group, own in part.groupby("group", sort=False)}
        else:
            first, last = part["group"].iloc[[0, -1]]
            found[first if first == last else f"{first} to {last}"] = part
    return found


def _kinds(comparison: Comparison) -> dict[str, str]:
    """What each group is, apart from its load: the workload, how many, and with which limits."""
    return {
        name: f"{group.workload.name} {group.count} {group.limits!r}"
        for name, group in comparison.scenario.groups.items()
    }


def curves_of(frame: DataFrame, replications: int) -> Curves:
    """Give the throughput by clients that rows of closed loads tell."""
    curves: Curves = {}
    for platform, clients, rate, low, high in rows(
        frame, "platform", "clients", "throughput_per_s", "throughput_low", "throughput_high"
    ):
        found = Estimate(rate, low, high, replications, "/s")
        curves.setdefault(platform, {})[int(clients)] = found
    return curves


def crossings(curves: Curves) -> list[Lead]:
    """Find the pairs of platforms that overtake each other, those first that swing furthest."""
    leads = [_lead(one, other, curves) for one, other in combinations(curves, 2)]
    return sorted((lead for lead in leads if lead), key=lambda lead: -lead.swing)


def _lead(one: str, other: str, curves: Curves) -> Lead | None:
    """Who leads the other with fewer clients and falls behind with more, if either does."""
    ahead, behind = _ahead(one, other, curves), _ahead(other, one, curves)
    if not (ahead and behind):
        return None
    swing = max(ahead.values()) * max(behind.values())
    if min(behind) < min(ahead):
        one, other, ahead, behind = other, one, behind, ahead
    return Lead(one, other, tuple(ahead), tuple(behind), swing)


def _ahead(one: str, other: str, curves: Curves) -> dict[int, float]:
    """At which numbers of clients one leads the other, and how many times as much it answers."""
    shared = sorted(curves[one].keys() & curves[other].keys())
    leading = (at for at in shared if _leads(curves[one][at], curves[other][at]))
    return {at: _ratio(one, other, at, curves) for at in leading}


def _leads(one: Estimate, other: Estimate) -> bool:
    return one.mean > _NOTABLE * other.mean and not one.overlaps(other)


def _ratio(one: str, other: str, at: int, curves: Curves) -> float:
    return curves[one][at].mean / max(curves[other][at].mean, math.ulp(0.0))


def said(lead: Lead) -> str:
    """Say it: `a leads b at 1 and 10 clients; b leads at 120`."""
    first, then = (listed(f"{at:,}" for at in ats) for ats in (lead.at, lead.reversed_at))
    noun = "client" if lead.at == (1,) else "clients"
    return f"{lead.ahead} leads {lead.behind} at {first} {noun}; {lead.behind} leads at {then}"


def furthest_apart(curves: Curves) -> str:
    """Say where throughputs are furthest apart, or that they tie at every number of clients."""
    numbers = sorted({at for curve in curves.values() for at in curve})
    apart = [(*_ends(curves, at), at) for at in numbers]
    most, least, at = max(apart, key=lambda ends: _ratio(ends[0], ends[1], ends[2], curves))
    high, low = curves[most][at], curves[least][at]
    if len(curves) == 1:
        return f"{most} answers {amount(high.mean, '/s')} at {client_count(at)}"
    if not _leads(high, low):
        return "Every platform answers as much at every number of clients: a tie"
    against = f"{amount(high.mean, '/s')} against {amount(low.mean, '/s')}, at {client_count(at)}"
    ratio = times(_ratio(most, least, at, curves))
    return f"{most} answers {ratio} times as much as {least}: {against}"


def _ends(curves: Curves, at: int) -> tuple[str, str]:
    """Who answers most and who least at a number of clients."""
    here = {name: curve[at].mean for name, curve in curves.items() if at in curve}
    return max(here, key=here.__getitem__), min(here, key=here.__getitem__)
