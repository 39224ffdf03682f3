"""What several scenarios say together: which platform is cheapest where, and how that changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from sim.report.comparison import Comparison, platform_names
from sim.report.contrast import MOST_PLATFORMS_NAMED, is_tie, told
from sim.report.estimates import Estimate, by_platform, of_metric, with_most_live
from sim.report.figures.drawing import Drawing
from sim.report.findings import ABSENT, Cell, Table, mean_cell
from sim.report.wording import listed, percent, times

Comparisons = Mapping[str, Comparison]
"""Comparisons by their names in a report."""

Found = dict[str, dict[str, Estimate]]
"""What the platforms of each scenario have of one metric, where they have it."""

COMPARED = {
    "memory gross": "memory_gross_bytes",
    "p99 start": "startup_p99_s",
    "CPU gross": "cpu_gross_core_s",
    "p99 request": "request_p99_s",
    "ready": "instances_ready",
}
"""What a planner puts side by side, by what it is called."""

HEADLINE = ("memory gross", "p99 start")
"""What stands in tables of its own where there is little room."""

_ALIKE = 1.05  # ratios that differ by less are the same to a planner


@dataclass(frozen=True, slots=True)
class Across(Table):
    """A row a metric and platform, a column a scenario; the answer over it, the figure beside it.

    `headline` has a table of its own for each of the metrics that come first.
    """

    answer: Sequence[str] = ()
    drawings: Sequence[Drawing] = ()
    headline: Mapping[str, Table] = field(default_factory=dict)


def across(comparisons: Comparisons, drawings: Sequence[Drawing] = ()) -> Across:
    """Put scenarios side by side; what a platform does not have, or is not in, is a dash."""
    rows = {name: _rows(name, comparisons) for name in COMPARED}
    headline = {
        name: Table(("platform", *comparisons), tuple(row[1:] for row in rows[name]))
        for name in HEADLINE
    }
    every = tuple(row for of in rows.values() for row in of)
    headings = ("metric", "platform", *comparisons)
    return Across(headings, every, 2, answer(comparisons), drawings, headline)


def answer(comparisons: Comparisons) -> list[str]:
    """Say who is cheapest in memory and quickest to start, and what moves between scenarios."""
    starts = found(comparisons, COMPARED["p99 start"])
    sentences = (
        _best("In memory, the cheapest is", "with", memory(comparisons)),
        _best("The first to have 99 % ready is", "within", starts),
        changing(comparisons),
    )
    return [sentence for sentence in sentences if sentence]


def found(comparisons: Comparisons, metric: str) -> Found:
    """Give one metric of the platforms of each scenario, without those that lack it."""
    return {
        label: of_metric(by_platform(comparison.summary), metric)
        for label, comparison in comparisons.items()
    }


def memory(comparisons: Comparisons) -> Found:
    """Give gross memory where as many live as on any platform, for who lost some holds less."""
    return {
        label: of_metric(with_most_live(comparison), COMPARED["memory gross"])
        for label, comparison in comparisons.items()
    }


def every_platform(comparisons: Comparisons) -> list[str]:
    """Name the platforms of all scenarios, in the order of the files."""
    named = (name for comparison in comparisons.values() for name in platform_names(comparison))
    return list(dict.fromkeys(named))


def _rows(heading: str, comparisons: Comparisons) -> list[tuple[Cell, ...]]:
    """The rows of one metric, of those platforms that have it anywhere."""
    of = found(comparisons, COMPARED[heading])
    firsts = {label: platform_names(comparison)[0] for label, comparison in comparisons.items()}
    if not is_shared(of):
        return []
    return [
        (Cell(heading), Cell(name), *(_cell(name, of[label], firsts[label]) for label in of))
        for name in every_platform(comparisons)
        if any(name in platforms for platforms in of.values())
    ]


def is_shared(of: Found) -> bool:
    """Whether two scenarios have a metric, or all that there are."""
    return sum(map(bool, of.values())) >= min(2, len(of))


def _cell(name: str, of: Mapping[str, Estimate], first: str) -> Cell:
    """The mean; on asking its interval, and how many times the first platform's it is."""
    if name not in of:
        return ABSENT
    own = of[name]
    has_ratio = name != first and first in of and of[first].mean > 0
    ratio = f"{times(own.mean / of[first].mean)} times {first}" if has_ratio else ""
    return mean_cell(own, told(own), ratio)


def _best(head: str, within: str, of: Found) -> str:
    """Who has least in each scenario, and how much; of many scenarios, in how many of them."""
    least = {label: min(own.values(), key=_mean) for label, own in of.items() if own}
    labels: dict[str, list[str]] = {}
    for label, own in least.items():
        labels.setdefault(_leaders(own, of[label]), []).append(label)
    if not labels:
        return ""
    if len(labels) == 1 < len(least):
        whole = len(least) == len(of)
        where = "in every scenario" if whole else f"in {len(least)} of {len(of)} scenarios"
        return f"{head} {next(iter(labels))} {where}, {_amounts(within, least)}."
    return f"{head} {'; '.join(_parts(within, labels, least))}."


def _parts(
    within: str, labels: Mapping[str, list[str]], least: Mapping[str, Estimate]
) -> Iterator[str]:
    """Who leads where: with amounts, if there are few scenarios."""
    for who, own in labels.items():
        if len(least) <= MOST_PLATFORMS_NAMED:
            yield f"{who}, {_amounts(within, {label: least[label] for label in own})}"
        else:
            yield f"{who} in {_count(own, len(least))}"


def _mean(estimate: Estimate) -> float:
    return estimate.mean


def _amounts(within: str, least: Mapping[str, Estimate]) -> str:
    """How much it is in each of a few scenarios; of many the least and the most."""
    ranked = list(least.items())
    if len(ranked) > MOST_PLATFORMS_NAMED:
        (low, one), *_, (high, other) = sorted(ranked, key=lambda item: item[1].mean)
        return f"{within} {told(one)} in {low} to {told(other)} in {high}"
    return f"{within} {listed(f'{told(own)} in {label}' for label, own in ranked)}"


def _count(labels: Sequence[str], of: int) -> str:
    return labels[0] if len(labels) == 1 else f"{len(labels)} of {of} scenarios"


def _leaders(least: Estimate, platforms: Mapping[str, Estimate]) -> str:
    """Who has least; those who cannot be told apart from it are as good."""
    tied = [name for name, own in platforms.items() if is_tie(least, own)]
    if len(tied) == len(platforms) > 1:
        return "a tie of all"
    return tied[0] if len(tied) == 1 else f"a tie of {listed(tied)}"


def changing(comparisons: Comparisons) -> str:
    """Say which platform's memory, as a multiple of another's, changes most between scenarios.

    The other is the first of a scenario, wherever both are in two scenarios or more.
    """
    ratios = _ratios(comparisons)
    firsts = [platform_names(comparison)[0] for comparison in comparisons.values()]
    if not ratios:
        return ""
    reference, name = max(ratios, key=lambda pair: (firsts.count(pair[0]), _apart(ratios[pair])))
    of = ratios[reference, name]
    (low, least), *_, (high, most) = sorted(of.items(), key=lambda item: item[1])
    said = f"Against {reference}, {name} holds"
    if _apart(of) < _ALIKE:
        return f"{said} about {_as_much(most)} the memory in each of {len(of)} scenarios."
    return f"{said} {_as_much(least)} the memory in {low}, and {_as_much(most)} in {high}."


def _as_much(ratio: float) -> str:
    return f"{times(ratio)} times" if ratio >= 1 else f"{percent(ratio)} of"


def _ratios(comparisons: Comparisons) -> dict[tuple[str, str], dict[str, float]]:
    """Memory over that of each platform before it, where both are in two scenarios or more."""
    ratios: dict[tuple[str, str], dict[str, float]] = {}
    pairs = list(combinations(every_platform(comparisons), 2))
    for label, platforms in memory(comparisons).items():
        for reference, name in pairs:
            if {reference, name} <= platforms.keys() and platforms[reference].mean > 0:
                ratio = platforms[name].mean / platforms[reference].mean
                ratios.setdefault((reference, name), {})[label] = ratio
    return {pair: of for pair, of in ratios.items() if len(of) > 1}


def _apart(ratios: Mapping[str, float]) -> float:
    least = min(ratios.values())
    return max(ratios.values()) / least if least > 0 else 1.0
