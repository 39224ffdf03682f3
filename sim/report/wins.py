"""Where each platform wins, and what no number shows: told both ways, with ties called ties."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from sim.report import faults
from sim.report.comparison import Comparison, platform_names
from sim.report.contrast import is_tie
from sim.report.estimates import Estimate, Metrics, by_platform, of_metric, with_most_live
from sim.report.wording import listed, metric_amount
from sim.spec.platform import Platform


class _Contest(NamedTuple):
    what: str
    metric: str
    most_wins: bool = False


_BLAST = _Contest("smallest blast radius", "blast_radius")
_CONTESTS = (
    _Contest("least memory", "memory_gross_bytes"),
    _Contest("fastest start", "startup_p99_s"),
    _Contest("highest throughput", "throughput_per_s", most_wins=True),
    _Contest("lowest p99 of requests", "request_p99_s"),
    _Contest("fewest requests lost", "requests_lost"),
    _Contest("fewest killed for want of memory", "oom_kills"),
    _BLAST,
    _Contest("quickest recovery", "recovery_mean_s"),
    _Contest("least downtime", "downtime_s"),
)

_OWN_KERNEL = (
    "each instance has a kernel of its own, which may be another kernel or that of another "
    "operating system, and whose panic takes no other instance"
)
_KERNEL_TOGETHER = (
    "several instances share a kernel apart from the host's, which may be another kernel, and "
    "whose panic takes those and no others"
)


def wins(comparison: Comparison) -> list[str]:
    """Say for each platform, or those that tie, in what it is best, and what goes unmeasured.

    Nothing where there is only one platform, or nothing but starts and what they take was asked.
    """
    names = platform_names(comparison)
    if len(names) == 1 or not _is_tested(comparison):
        return []
    found: dict[tuple[str, ...], list[str]] = {}
    for contest, values in _contests(comparison):
        if len(values) > 1 and any(estimate.mean for estimate in values.values()):
            winners = _winners(values, contest.most_wins)
            found.setdefault(winners, []).append(_told(contest, values, winners))
    return [*_lines(found, names), *_unmeasured(comparison)]


def _is_tested(comparison: Comparison) -> bool:
    """Whether the scenario asks for more than starts: requests, faults, memory that runs out."""
    pressing = ("oom_kills", "swap_bytes", "memory_merged_bytes")
    platforms = by_platform(comparison.summary)
    return (
        not comparison.loads.empty
        or not comparison.faults.empty
        or any(found.mean for metric in pressing for found in of_metric(platforms, metric).values())
    )


def _contests(comparison: Comparison) -> Iterator[tuple[_Contest, dict[str, Estimate]]]:
    """Every contest, with what each platform brings to it that may win."""
    blasts = faults.blasts(comparison)
    for contest in _CONTESTS:
        if contest is _BLAST and blasts:
            for cause, lost in blasts.items():
                yield contest._replace(what=f"{contest.what} of one {cause}"), lost
        else:
            yield contest, of_metric(_fit_for(contest, comparison), contest.metric)


def _fit_for(contest: _Contest, comparison: Comparison) -> dict[str, Metrics]:
    """Who may win: little memory is no merit where few live, nor few kills where few started."""
    platforms = by_platform(comparison.summary)
    if contest.metric == "memory_gross_bytes":
        return with_most_live(comparison)
    if contest.metric != "oom_kills":
        return platforms
    most = max(metrics["instances_ready"].mean for metrics in platforms.values())
    return {name: of for name, of in platforms.items() if of["instances_ready"].mean == most}


def _winners(values: Mapping[str, Estimate], most_wins: bool) -> tuple[str, ...]:
    """Everyone who cannot be told from the best."""
    choose = max if most_wins else min
    best = choose(values.values(), key=lambda estimate: estimate.mean)
    return tuple(name for name, estimate in values.items() if is_tie(estimate, best))


def _told(contest: _Contest, values: Mapping[str, Estimate], winners: tuple[str, ...]) -> str:
    """The contest with the winner's number, and the number of who is furthest behind."""
    choose = min if contest.most_wins else max
    best = _amount(contest, values[winners[0]])
    others = {name: values[name] for name in values if name not in winners}
    if not others:
        return f"{contest.what} (about {best})"
    last = choose(others, key=lambda name: others[name].mean)
    return f"{contest.what} ({best}, against {_amount(contest, others[last])} on {last})"


def _amount(contest: _Contest, estimate: Estimate) -> str:
    return metric_amount(contest.metric, estimate.mean)


def _lines(found: Mapping[tuple[str, ...], list[str]], names: list[str]) -> Iterator[str]:
    """First who wins alone, in the order of the file, then who ties, then who wins nothing."""
    for name in names:
        if (name,) in found:
            yield f"{name}: {', '.join(found[name,])}."
    yield from (_tie(winners, told, names) for winners, told in found.items() if len(winners) > 1)
    idle = [name for name in names if name not in chain(*found)]
    if idle:
        yield f"In none of these: {listed(idle)}."


def _tie(winners: tuple[str, ...], told: list[str], names: list[str]) -> str:
    whose = "all" if len(winners) == len(names) else listed(winners)
    return f"A tie of {whose}: {', '.join(told)}."


def _unmeasured(comparison: Comparison) -> Iterator[str]:
    """What a kernel of one's own brings that no metric counts."""
    groups = list(comparison.scenario.groups)
    for each, words in ((True, _OWN_KERNEL), (False, _KERNEL_TOGETHER)):
        named = (_with_kernel(known, groups, each) for known in comparison.scenario.platforms)
        having = [name for name in named if name]
        if having:
            yield f"What no number shows: on {listed(having)}, {words}."


def _with_kernel(platform: Platform, groups: list[str], each: bool) -> str:
    """The platform's name if its groups have such a kernel, with the groups if only some have."""
    having = [group for group in groups if _kernel_of(platform.of(group)) is each]
    if not having:
        return ""
    return platform.name if len(having) == len(groups) else f"{platform.name} ({listed(having)})"


def _kernel_of(platform: Platform) -> bool | None:
    """Whether each instance has a kernel of its own, or several share one; None on the host's."""
    walls = [wall for wall in platform.boundaries.values() if wall.kernel == "own"]
    return any(wall.scope == "instance" for wall in walls) if walls else None
