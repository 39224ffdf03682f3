"""Where along an axis two platforms change places, said with its interval."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.report.estimates import Estimate
from sim.report.frames import rows
from sim.report.sweeps.contests import measured, words_for
from sim.report.sweeps.naming import Naming
from sim.report.sweeps.swept import Swept
from sim.spec.metrics import most_wins

_COLUMNS = ("along", "first", "second", "value", "low", "high", "unit", "reason")


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where two change places: the first is better below the value; `others` are held there."""

    metric: str
    along: str
    first: str
    second: str
    at: Estimate
    reason: str
    others: Mapping[str, object]

    @property
    def is_known(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.at.mean)


def crossings(swept: Swept, metric: str) -> list[Crossing]:
    """Give the crossings of a metric, also those that were looked for and not found."""
    frame = swept.crossings[swept.crossings["metric"] == metric]
    held = [axis.name for axis in swept.axes if axis.name in frame.columns]
    return [
        Crossing(
            metric=metric,
            along=along,
            first=first,
            second=second,
            at=Estimate(value, low, high, 0, unit),
            reason=reason,
            others=dict(zip(held, others, strict=True)),
        )
        for along, first, second, value, low, high, unit, reason, *others in rows(
            frame, *_COLUMNS, *held
        )
    ]


def where_it_turns(swept: Swept, metric: str) -> Iterator[str]:
    """Say for each two platforms where they change places, if it is known."""
    known = [found for found in crossings(swept, metric) if found.is_known]
    for first, second in dict.fromkeys((found.first, found.second) for found in known):
        own = [found for found in known if (found.first, found.second) == (first, second)]
        yield _turns(own, swept)


def _turns(own: Sequence[Crossing], swept: Swept) -> str:
    """Where two change places; where that depends on what else is varied, its two ends."""
    naming, one = Naming(swept.axes), own[0]
    more_wins, words = most_wins(one.metric), words_for(one.metric)
    better = " ".join((words.more if more_wins else words.less).format("").split())
    worse = "less" if more_wins else words.opposite
    ranked = sorted(own, key=lambda found: found.at.mean)
    if len(own) == 1:
        held = f"With {naming.place(one.others)}, below" if one.others else "Below"
        return (
            f"{held} {value_said(one, naming)} {one.first} {better} than {one.second}, "
            f"above it {worse}."
        )
    ends = " to ".join(
        f"{value_said(found, naming)} with {naming.place(found.others)}"
        for found in (ranked[0], ranked[-1])
    )
    return (
        f"{one.first} {better} than {one.second} up to a point that goes from {ends}; "
        f"beyond it {worse}."
    )


def value_said(found: Crossing, naming: Naming) -> str:
    """Say where two change places, with its interval: `37 instances [35, 39]`."""
    told, bracket = measured(found.at, "")
    return " ".join(filter(None, (naming.phrase(found.along, found.at.mean, told), bracket)))
