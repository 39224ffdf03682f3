"""What moves a metric most: of what was varied, and of the numbers that the model takes."""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pandas import DataFrame

from sim.catalog.spreads import spreads
from sim.records.movers import movers
from sim.report.estimates import Estimate
from sim.report.frames import rows
from sim.report.sweeps.contests import name_of, with_interval
from sim.report.sweeps.naming import Naming, shortened
from sim.report.sweeps.reading import metric_said
from sim.report.sweeps.swept import Swept
from sim.report.wording import capital, listed, percent

_MOST_AXES = 3
_NEGLIGIBLE = 0.01


class Span(NamedTuple):
    """How far the mean of a metric goes from one level of an axis to another, on a platform."""

    axis: str
    platform: str
    least: float
    most: float
    unit: str

    @property
    def width(self) -> float:
        """From the least to the most."""
        return self.most - self.least


class Swing(NamedTuple):
    """What a metric is at both ends of an input, all else as stated."""

    input: str
    ends: tuple[float, float]
    at: tuple[float, float]
    base: float
    unit: str
    evidence: str
    input_unit: str
    reason: str

    @property
    def width(self) -> float:
        """How far the metric goes between the ends; 0 where it is missing at one."""
        return 0.0 if any(map(math.isnan, self.at)) else max(self.at) - min(self.at)


class Index(NamedTuple):
    """How much an input moves a metric: Morris's mean effect and spread, and Sobol's shares."""

    input: str
    mu_star: Estimate
    sigma: float
    first: Estimate
    total: Estimate
    evidence: str
    reason: str

    @property
    def weight(self) -> float:
        """What inputs are ordered by."""
        return self.mu_star.mean if math.isnan(self.total.mean) else self.total.mean


def spans(swept: Swept, metric: str) -> list[Span]:
    """How far each axis moves a metric, on the platform on which it does most; the most first."""
    found: dict[tuple[str, str], list[float]] = {}
    own = swept.effects[swept.effects["metric"] == metric]
    units = own["unit"].tolist()
    for axis, platform, mean in rows(own, "axis", "platform", "mean"):
        found.setdefault((axis, platform), []).append(mean)
    widest: dict[str, Span] = {}
    for (axis, platform), means in found.items():
        span = Span(axis, platform, min(means), max(means), units[0])
        if axis not in widest or span.width > widest[axis].width:
            widest[axis] = span
    return sorted(widest.values(), key=lambda span: -span.width)


def what_moves(swept: Swept, metric: str) -> str:
    """Say which axis moves a metric most, and how much the others do; nothing of a single one."""
    found, naming = spans(swept, metric), Naming(swept.axes)
    if len(found) <= 1 or found[0].width <= 0:
        return ""
    first, *others = found
    said = (
        f"Of what is varied, {naming.short(first.axis)} moves {name_of(metric)} most: "
        f"in the mean over all else {_goes(first, metric)}"
    )
    more = [f"{naming.short(each.axis)} {_moves(each, metric)}" for each in others[:_MOST_AXES]]
    return f"{said}; {listed(more)}."


def _goes(span: Span, metric: str) -> str:
    on = f" on {span.platform}" if span.platform else ""
    least, most = (metric_said(metric, value, span.unit) for value in (span.least, span.most))
    return f"from {least} to {most}{on}"


def _moves(span: Span, metric: str) -> str:
    if span.width <= _NEGLIGIBLE * max(abs(span.least), abs(span.most)):
        return "hardly moves it"
    return f"moves it {_goes(span, metric)}"


def input_names(swept: Swept) -> dict[str, str]:
    """Call each input by as little of its path as tells it from the others."""
    frames = (swept.sensitivity, swept.tornado)
    return shortened(dict.fromkeys(path for frame in frames for path in frame["input"].tolist()))


def swings(swept: Swept, metric: str) -> Mapping[str, list[Swing]]:
    """What a metric is at both ends of each input, by platform, the widest first."""
    found: dict[str, list[Swing]] = {}
    own = swept.tornado[swept.tornado["metric"] == metric]
    ends = ("low_input", "high_input", "at_low", "at_high")
    told = ("base", "unit", "evidence", "input_unit", "reason")
    for platform, name, low, high, at_low, at_high, *more in rows(
        own, "platform", "input", *ends, *told
    ):
        swing = Swing(name, (low, high), (at_low, at_high), *more)
        found.setdefault(platform, []).append(swing)
    return {name: sorted(of, key=lambda swing: -swing.width) for name, of in found.items()}


def indices(swept: Swept, metric: str) -> Mapping[str, list[Index]]:
    """How much each input moves a metric, by platform, what moves it most first."""
    found: dict[str, list[Index]] = {}
    own = swept.sensitivity[swept.sensitivity["metric"] == metric]
    told = ("evidence", "reason")
    every = [[*_triple(own, name)] for name in ("mu_star", "first", "total")]
    for place, row in enumerate(rows(own, "platform", "input", "sigma", *told)):
        platform, name, sigma, evidence, reason = row
        mu_star, first, total = (of[place] for of in every)
        index = Index(name, mu_star, sigma, first, total, evidence, reason)
        found.setdefault(platform, []).append(index)
    return {name: sorted(of, key=_heaviest_first) for name, of in found.items()}


def _triple(own: DataFrame, name: str) -> Iterator[Estimate]:
    """An index with its interval, row by row."""
    for mean, low, high in rows(own, name, f"{name}_low", f"{name}_high"):
        yield Estimate(mean, low, high, 0, "")


def _heaviest_first(index: Index) -> float:
    return math.inf if math.isnan(index.weight) else -index.weight


def what_matters(swept: Swept, metric: str) -> Iterator[str]:
    """Say which input moves a metric most: by its variance or effects, and end to end."""
    short = input_names(swept)
    yield from _most_of(swept, metric, short)
    of_platforms = [(of[0], name) for name, of in swings(swept, metric).items()]
    widest = max(of_platforms, key=lambda found: found[0].width, default=None)
    if widest and widest[0].width > 0:
        swing, platform = widest
        least, most = (metric_said(metric, value, swing.unit) for value in sorted(swing.at))
        what = f"{short[swing.input]}{_graded(swing.evidence)}"
        yield (
            f"From one end of what it may be to the other, {what} takes {name_of(metric)}"
            f"{_on(platform)} from {least} to {most}, more than any other number."
        )
    yield from most_assumed(swept, metric)


def most_assumed(swept: Swept, metric: str) -> Iterator[str]:
    """Say which number that is only assumed moves a metric most, and how many do not move it."""
    own = swept.tornado[swept.tornado["metric"] == metric]
    widest = max(movers(own), key=lambda found: found.swing, default=None)
    if widest is not None:
        ends = sorted((widest.at_low, widest.at_high))
        least, most = (metric_said(metric, value, widest.unit) for value in ends)
        yield (
            f"Of the numbers that are only assumed, {input_names(swept)[widest.input]} moves "
            f"{name_of(metric)}{_on(widest.platform)} most: from {least} to {most}. "
            f"{widest.still:,} of {widest.moving + widest.still:,} numbers there do not change it."
        )


def where_intervals_are_from(swept: Swept) -> Iterator[str]:
    """Say what the numbers of the catalog were varied over, where any of them was."""
    if swept.tornado["evidence"].astype(bool).any():
        grades = listed(f"{grade} {each.factor:g}" for grade, each in spreads().items())
        yield (
            "What a number of the catalog may be is what its entry states, or else an assumption: "
            f"from its value over a factor to its value times it, by its evidence: {grades}."
        )


def _most_of(swept: Swept, metric: str, short: Mapping[str, str]) -> Iterator[str]:
    units = dict(zip(swept.summary["metric"], swept.summary["unit"], strict=True))
    for platform, of in indices(swept, metric).items():
        first = of[0]
        if first.weight == 0.0:
            continue
        if not math.isnan(first.total.mean):
            shares = f"{_share(first.total)} of its variance, {_share(first.first)} by itself alone"
            yield (
                f"{capital(name_of(metric))}{_on(platform)} depends most on {short[first.input]}"
                f"{_graded(first.evidence)}: it has a part in {shares}."
            )
        elif not math.isnan(first.mu_star.mean):
            moved = with_interval(_in_unit(first.mu_star, units.get(metric, "")), metric)
            yield (
                f"{capital(name_of(metric))}{_on(platform)} depends most on {short[first.input]}"
                f"{_graded(first.evidence)}, which moves it by {moved} in the mean."
            )


def _in_unit(found: Estimate, unit: str) -> Estimate:
    return Estimate(found.mean, found.low, found.high, found.n, unit)


def _on(platform: str) -> str:
    return f" on {platform}" if platform else ""


def _graded(evidence: str) -> str:
    return f" ({evidence})" if evidence else ""


def _share(found: Estimate) -> str:
    if math.isnan(found.low):
        return percent(found.mean)
    return f"{percent(found.mean)} [{found.low * 100:.0f}, {found.high * 100:.0f}]"
