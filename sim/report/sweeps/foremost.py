"""Which of very many platforms a figure of lines shows, so that they can be told apart."""

from collections import Counter
from collections.abc import Sequence

from sim.report.sweeps.reading import compared, margins
from sim.report.sweeps.scales import spread_over
from sim.report.sweeps.swept import Swept
from sim.spec.metrics import most_wins

MOST_PLATFORMS = 8


def foremost(swept: Swept, metric: str) -> list[str]:
    """Give the platforms to be drawn, in their order: all, or the first, who wins, and some of all
    ranks between.
    """
    names = [*swept.platforms]
    if len(names) <= MOST_PLATFORMS:
        return names
    kept = {names[0], *_winning(swept, metric)}
    ranked = [name for name in _ranked(swept, metric) if name not in kept]
    kept.update(spread_over(ranked, MOST_PLATFORMS - len(kept)))
    return [name for name in names if name in kept]


def _winning(swept: Swept, metric: str) -> list[str]:
    """The two that win most often."""
    wins = Counter(each.winner for each in margins(swept.winners, metric) if not each.tie)
    return [name for name, _ in wins.most_common(2)]


def _ranked(swept: Swept, metric: str) -> Sequence[str]:
    """The platforms from the best to the worst, by their means over what points they have."""
    found = compared(swept, metric)
    sign = -1.0 if most_wins(metric) else 1.0
    means = {name: sum(each.mean for each in of.values()) / len(of) for name, of in found.items()}
    return sorted(means, key=lambda name: sign * means[name])
