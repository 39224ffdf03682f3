"""The title of a figure of a sweep states its finding with the number."""

from collections.abc import Sequence

from sim.report.contrast import spread
from sim.report.estimates import Estimate
from sim.report.sweeps.contests import name_of, said, unsigned, words_for
from sim.report.sweeps.figures.charts import Chart
from sim.report.sweeps.mattering import Index, Swing, spans
from sim.report.sweeps.naming import Naming
from sim.report.sweeps.reading import metric_said
from sim.report.sweeps.swept import Swept
from sim.report.sweeps.turning import Crossing, crossings, value_said
from sim.report.sweeps.winning import how_far
from sim.report.wording import capital, listed, percent

_ENDS = 2


def of_lines(swept: Swept, metric: str, charts: Sequence[Chart]) -> str:
    """Who change places, and where; where nobody does, what each has at the last point."""
    if any(chart.marks for chart in charts):
        return _change_places(swept, metric)
    if len(swept.platforms) == 1 or not charts[0].is_joined:
        return how_far(swept, metric).removesuffix(".")
    return _at_the_end(metric, charts[-1], Naming(swept.axes))


def _change_places(swept: Swept, metric: str) -> str:
    """Where the first two change places that do so anywhere."""
    known = [found for found in crossings(swept, metric) if found.is_known]
    pair = known[0].first, known[0].second
    own = [found for found in known if (found.first, found.second) == pair]
    return f"{pair[0]} and {pair[1]} change places at {_where(own, Naming(swept.axes))}"


def _where(own: Sequence[Crossing], naming: Naming) -> str:
    """Where two change places: the one place, or the first and the last of several."""
    ranked = sorted(own, key=lambda found: found.at.mean)
    least, most = ranked[0], ranked[-1]
    if len(ranked) == 1:
        held = f", with {naming.place(least.others)}" if least.others else ""
        return f"{value_said(least, naming)}{held}"
    depending = listed(map(naming.short, least.others))
    return f"{value_said(least, naming)} to {value_said(most, naming)}, depending on {depending}"


def _at_the_end(metric: str, chart: Chart, naming: Naming) -> str:
    """What each platform has at the last place at which any has something."""
    levels = chart.levels
    last = max(line[-1][0] for line in chart.lines.values())
    found = {name: line[-1][1] for name, line in chart.lines.items() if line[-1][0] == last}
    ranked = sorted(found.items(), key=lambda item: item[1].mean)
    told = spread([(metric_said(metric, of.mean, of.unit), name) for name, of in ranked], _ENDS)
    where = naming.phrase(levels.name, levels.values[levels.numbers.index(last)])
    is_held = chart.title not in ("", naming.short(levels.name))
    return f"{capital(name_of(metric))} at {where}{f', {chart.title}' if is_held else ''}: {told}"


def of_effects(swept: Swept, metric: str) -> str:
    """Which axis moves a metric most, and how far; nothing where none moves it."""
    found = spans(swept, metric)
    if not found or found[0].width <= 0:
        return ""
    span = found[0]
    least, most = (metric_said(metric, value, span.unit) for value in (span.least, span.most))
    on = f" on {span.platform}" if span.platform else ""
    moves = f"{Naming(swept.axes).short(span.axis)} moves {name_of(metric)} most"
    return f"{moves}: from {least} to {most}{on}"


def of_difference(swept: Swept, metric: str, platform: str, found: Estimate, where: str) -> str:
    """By how much a platform is ahead of the first or behind it, and where."""
    words = words_for(metric)
    form = words.less if found.mean < 0 else words.more
    told = said(form, unsigned(found), metric, swept.platforms[0])
    return f"{platform} {told} at {where}"


def of_swing(metric: str, platform: str, swing: Swing, name: str) -> str:
    """Which input, by that name, moves a metric most, from one of its ends to the other."""
    least, most = (metric_said(metric, value, swing.unit) for value in sorted(swing.at))
    return f"{name} moves {name_of(metric)}{_on(platform)} most: from {least} to {most}"


def of_shares(metric: str, platform: str, index: Index, name: str) -> str:
    """Which input, by that name, has a part in most of a metric's variance."""
    share = percent(index.total.mean)
    return f"{name} has a part in {share} of the variance of {name_of(metric)}{_on(platform)}"


def of_morris(metric: str, platform: str, name: str, moved: str) -> str:
    """Which input has the largest effects on a metric, and how large they are."""
    return f"{name} moves {name_of(metric)}{_on(platform)} most: by {moved} in the mean"


def _on(platform: str) -> str:
    return f" on {platform}" if platform else ""
