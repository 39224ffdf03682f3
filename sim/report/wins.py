"""Where each platform wins, with the other end beside it, and ties called ties."""

import math
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from sim.report import faults, losses
from sim.report.comparison import Comparison, platform_names
from sim.report.contrast import is_tie
from sim.report.estimates import Estimate, Metrics, by_platform, of_metric, with_most_live
from sim.report.wording import listed, metric_amount


class Contest(NamedTuple):
    """What platforms are compared in, by which metric, and whether the most or the least wins.

    Who lacks a metric where `absent_is_none` has none of it, which may be best.
    """

    what: str
    metric: str
    most_wins: bool = False
    absent_is_none: bool = False


_NONE = Estimate(0.0, math.nan, math.nan, 1, "")
_BLAST = Contest("smallest blast radius", "blast_radius")
_CONTESTS = (
    Contest("least memory", "memory_gross_bytes"),
    Contest("fastest start", "startup_p99_s"),
    Contest("highest throughput", "throughput_per_s", most_wins=True),
    Contest("lowest p99 of requests", "request_p99_s"),
    Contest("fewest requests lost", "requests_lost"),
    Contest("fewest killed for want of memory", "oom_kills"),
    _BLAST,
    Contest("quickest recovery", "recovery_mean_s"),
    Contest("least downtime of all instances together", "downtime_s", absent_is_none=True),
)


def wins(comparison: Comparison) -> list[str]:
    """Say for each platform, or those that tie, in what it is best.

    Nothing where there is only one platform, or nothing but starts and what they take was asked.
    """
    names = platform_names(comparison)
    if len(names) == 1 or not _is_tested(comparison):
        return []
    found: dict[tuple[str, ...], list[str]] = {}
    for contest, values in contests(comparison):
        winning = praised(contest, values, comparison)
        if winning:
            found.setdefault(winning, []).append(_told(contest, values))
    return list(_lines(found, names))


def _is_tested(comparison: Comparison) -> bool:
    """Whether the scenario asks for more than starts: requests, faults, memory that runs out."""
    pressing = ("oom_kills", "swap_bytes", "memory_merged_bytes")
    platforms = by_platform(comparison.summary)
    return (
        not comparison.loads.empty
        or not comparison.faults.empty
        or any(found.mean for metric in pressing for found in of_metric(platforms, metric).values())
    )


def contests(comparison: Comparison) -> Iterator[tuple[Contest, dict[str, Estimate]]]:
    """Give the contests that several may win, with what each platform brings to it."""
    for contest, values in _held(comparison):
        if len(values) > 1 and any(estimate.mean for estimate in values.values()):
            yield contest, values


def _held(comparison: Comparison) -> Iterator[tuple[Contest, dict[str, Estimate]]]:
    blasts = faults.blasts(comparison)
    for contest in _CONTESTS:
        if contest is _BLAST and blasts:
            for cause, lost in blasts.items():
                yield contest._replace(what=f"{contest.what} of one {cause}"), lost
        else:
            yield contest, _brought(contest, comparison)


def _brought(contest: Contest, comparison: Comparison) -> dict[str, Estimate]:
    """What those bring to a contest who may win it."""
    found = of_metric(_fit_for(contest, comparison), contest.metric)
    if not (found and contest.absent_is_none):
        return found
    return {name: found.get(name, _NONE) for name in platform_names(comparison)}


def _fit_for(contest: Contest, comparison: Comparison) -> dict[str, Metrics]:
    """Who may win: little memory is no merit where few live, nor few kills where few started."""
    platforms = by_platform(comparison.summary)
    if contest.metric == "memory_gross_bytes":
        return with_most_live(comparison)
    if contest.metric != "oom_kills":
        return platforms
    most = max(metrics["instances_ready"].mean for metrics in platforms.values())
    return {name: of for name, of in platforms.items() if of["instances_ready"].mean == most}


def praised(
    contest: Contest, values: Mapping[str, Estimate], comparison: Comparison
) -> tuple[str, ...]:
    """Give who is best, but nobody for answering most who loses requests or who answers them."""
    best = winners(values, contest.most_wins)
    losing = losses.losing(comparison) if contest.metric == "throughput_per_s" else ()
    return tuple(name for name in best if name not in losing)


def winners(values: Mapping[str, Estimate], most_wins: bool = False) -> tuple[str, ...]:
    """Give everyone who cannot be told from the best."""
    if not values:
        return ()
    choose = max if most_wins else min
    best = choose(values.values(), key=lambda estimate: estimate.mean)
    return tuple(name for name, estimate in values.items() if is_tie(estimate, best))


def _told(contest: Contest, values: Mapping[str, Estimate]) -> str:
    """The contest with the winner's number, and the number of who is furthest behind."""
    winning = winners(values, contest.most_wins)
    choose = min if contest.most_wins else max
    best = _amount(contest, values[winning[0]])
    others = {name: values[name] for name in values if name not in winning}
    if not others:
        least = min(values.values(), key=lambda estimate: estimate.mean)
        return f"{contest.what} (about {_amount(contest, least)})"
    last = choose(others, key=lambda name: others[name].mean)
    return f"{contest.what} ({best}, against {_amount(contest, others[last])} on {last})"


def _amount(contest: Contest, estimate: Estimate) -> str:
    return metric_amount(contest.metric, estimate.mean)


def _lines(found: Mapping[tuple[str, ...], list[str]], names: list[str]) -> Iterator[str]:
    """First who wins alone, in the order of the file, then who ties, then who wins nothing."""
    for name in names:
        if (name,) in found:
            yield f"{name}: {', '.join(found[name,])}."
    yield from (_tie(tied, told, names) for tied, told in found.items() if len(tied) > 1)
    idle = [name for name in names if name not in chain(*found)]
    if idle:
        yield f"Best in none of these: {listed(idle)}."


def _tie(tied: tuple[str, ...], told: list[str], names: list[str]) -> str:
    whose = "all" if len(tied) == len(names) else listed(tied)
    return f"A tie of {whose}: {', '.join(told)}."
