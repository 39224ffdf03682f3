"""Who wins a metric, where, and by how much; where nobody is compared, how far the metric goes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from sim.report.estimates import Estimate
from sim.report.sweeps.contests import name_of, unsigned, with_interval, words_for
from sim.report.sweeps.naming import Naming
from sim.report.sweeps.reading import Margin, compared, margins
from sim.report.sweeps.scales import Levels, levels_of
from sim.report.sweeps.swept import Swept
from sim.report.wording import capital, listed

_MOST_NAMED = 3
_MOST_STRETCHES = 4
_TWO = 2


def who_wins(swept: Swept, metric: str) -> str:
    """Say in a sentence who is best in a metric, and by how much; nothing without any number."""
    found = margins(swept.winners, metric)
    if not found:
        return how_far(swept, metric)
    said = who_wins_where(swept, metric)
    if _has_one_winner(found):
        return f"{said}{_by_how_much(swept, found, metric)}."
    ahead = [*_at_most(swept, found, metric)]
    return f"{said}. {listed(ahead)}." if ahead else f"{said}."


def who_wins_where(swept: Swept, metric: str) -> str:
    """Say who wins at how many points, and at which; the title of a picture of it."""
    found = margins(swept.winners, metric)
    best = words_for(metric).best
    wins = Counter(margin.winner for margin in found if not margin.tie)
    if not wins:
        return f"In {name_of(metric)} the first two cannot be told apart{_at(found, 'any')}"
    if _has_one_winner(found):
        return f"{found[0].winner} {best}{_at(found, 'each')}"
    where = _where(swept, found)
    (first, most), *others = wins.most_common()
    said = [f"{first} {best} at {most:,} of {len(found):,} points{where.get(first, '')}"]
    said += [f"{name} at {n:,}{where.get(name, '')}" for name, n in others[: _MOST_NAMED - 1]]
    if rest := others[_MOST_NAMED - 1 :]:
        said.append(f"{len(rest):,} others at {sum(n for _, n in rest):,}")
    return f"{listed(said)}{_ties(len(found) - wins.total())}"


def _at_most(swept: Swept, found: Sequence[Margin], metric: str) -> Iterator[str]:
    """By how much each of the first winners is ahead where it is most so."""
    places = Naming(swept.axes).places(swept.points)
    decided = [margin for margin in found if not margin.tie]
    wins = Counter(margin.winner for margin in decided)
    verb = " is ahead"
    for name, _ in wins.most_common(_MOST_NAMED):
        own = (margin for margin in decided if margin.winner == name)
        furthest = max(own, key=lambda margin: abs(margin.by.mean))
        ahead = _ahead(furthest, metric, swept)
        yield f"{name}{verb} by up to {ahead} at {places[furthest.point]}"
        verb = ""


def _ahead(margin: Margin, metric: str, swept: Swept, before: str = "of") -> str:
    """By how much one is ahead, and of whom, where that could be several."""
    whom = f" {before} {margin.second}" if len(swept.platforms) > _TWO else ""
    return f"{with_interval(unsigned(margin.by), metric)}{whom}"


def _has_one_winner(found: Sequence[Margin]) -> bool:
    return len({margin.winner for margin in found}) == 1 and not any(each.tie for each in found)


def _at(found: Sequence[Margin], which: str) -> str:
    return f" at {which} of {len(found):,} points" if len(found) > 1 else ""


def _ties(count: int) -> str:
    return {0: "", 1: "; 1 is a tie"}.get(count, f"; {count:,} are ties")


def _by_how_much(swept: Swept, found: Sequence[Margin], metric: str) -> str:
    """By how much the one winner is ahead of the next: least and most."""
    places = Naming(swept.axes).places(swept.points)
    ranked = sorted(found, key=lambda margin: abs(margin.by.mean))
    least, most = (_ahead(margin, metric, swept, "before") for margin in (ranked[0], ranked[-1]))
    if len(found) == 1:
        return f", by {least}"
    return f", by {least} at {places[ranked[0].point]} to {most} at {places[ranked[-1].point]}"


def _where(swept: Swept, found: Sequence[Margin]) -> Mapping[str, str]:
    """Where along an axis each platform wins, if one axis alone decides it."""
    for axis in swept.axes:
        levels = levels_of(axis, swept.points)
        stretches = [] if levels.is_words else _stretches(levels, swept, found)
        if 1 < len(stretches) <= _MOST_STRETCHES:
            return dict(_told(stretches, levels.name, Naming(swept.axes)))
    return {}


Stretch = tuple[str, Sequence[object]]
"""A winner, and the levels next to each other at which it wins whatever else is varied."""


def _stretches(levels: Levels, swept: Swept, found: Sequence[Margin]) -> list[Stretch]:
    """The levels of an axis in stretches of one winner; nothing where it does not decide."""
    at = dict(zip(swept.points["point"], swept.points[levels.name], strict=True))
    winners: dict[object, set[str]] = {}
    for margin in found:
        winners.setdefault(at[margin.point], set()).update(() if margin.tie else [margin.winner])
    if max(map(len, winners.values())) > 1:
        return []
    decided = [(*winners[level], level) for level in levels.values if winners.get(level)]
    return [
        (name, [level for _, level in own]) for name, own in groupby(decided, lambda row: row[0])
    ]


def _told(stretches: Sequence[Stretch], axis: str, naming: Naming) -> Iterator[tuple[str, str]]:
    told: dict[str, list[str]] = {}
    for place, (name, own) in enumerate(stretches):
        first, last = (naming.phrase(axis, own[end]) for end in (0, -1))
        said = f"at {first}" if first == last else f"from {first} to {last}"
        if place == 0:
            said = f"up to {last}"
        elif place == len(stretches) - 1:
            said = f"from {first} on"
        told.setdefault(name, []).append(said)
    return ((name, f" ({listed(said)})") for name, said in told.items())


def how_far(swept: Swept, metric: str) -> str:
    """From where to where a metric goes."""
    every = [
        (found, platform, point)
        for platform, of in compared(swept, metric).items()
        for point, found in of.items()
    ]
    if not every:
        return ""
    places = Naming(swept.axes).places(swept.points)
    ranked = sorted(every, key=lambda row: row[0].mean)
    least, most = (
        _found(found, metric, platform, places[point])
        for found, platform, point in (ranked[0], ranked[-1])
    )
    if ranked[0][0].mean == ranked[-1][0].mean:
        return f"{capital(name_of(metric))} is {least}."
    return f"{capital(name_of(metric))} goes from {least} to {most}."


def _found(found: Estimate, metric: str, platform: str, place: str) -> str:
    on = f" on {platform}" if platform else ""
    return f"{with_interval(found, metric)}{on} at {place}"
