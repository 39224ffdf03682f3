"""The answer in about three sentences: what it takes, how fast it starts, what it fills."""

from collections.abc import Mapping

from pandas import DataFrame

from sim.report.comparison import Comparison
from sim.report.estimates import Estimate, Metrics, by_platform, of_metric
from sim.report.frames import rows
from sim.report.wording import amount, listed, mix, percent, resource_name, times

_MOST_PLATFORMS_NAMED = 4


def answer(comparison: Comparison) -> list[str]:
    """Say in plain words, with numbers, what the comparison found; ties are called ties."""
    platforms = by_platform(comparison.summary)
    sentences = (
        _not_ready(platforms),
        _memory(mix(comparison.scenario), platforms),
        _start_up(platforms),
        _capacity(comparison.binding),
    )
    return [sentence for sentence in sentences if sentence]


def tightest(binding: DataFrame) -> dict[str, tuple[str, float]]:
    """Give what a host is fullest of: platform to resource and the share of it in use."""
    found: dict[str, tuple[str, float]] = {}
    asked = binding[binding["question"] == "use"]
    for platform, resource, share in rows(asked, "platform", "resource", "value"):
        if platform not in found or share > found[platform][1]:
            found[platform] = (resource, share)
    return found


def contrast(found: Mapping[str, Estimate], much: str = "as much") -> str:
    """Say least and most: `2.1 GiB on a and 12.9 GiB on b, 6.1 times as much`, or that they tie."""
    ranked = sorted(found.items(), key=lambda item: item[1].mean)
    (_, least), (_, most) = ranked[0], ranked[-1]
    if len(ranked) > 1 and least.overlaps(most):
        return f"about {amount(least.mean, least.unit)} on every platform, a tie"
    said = _spread([f"{amount(found.mean, found.unit)} on {name}" for name, found in ranked])
    apart = len(ranked) > 1 and least.mean > 0
    return f"{said}, {times(most.mean / least.mean)} times {much}" if apart else said


def _spread(ranked: list[str]) -> str:
    """All of a few; of many the first and the last."""
    if len(ranked) <= _MOST_PLATFORMS_NAMED:
        return listed(ranked)
    return f"{ranked[0]} to {ranked[-1]}"


def _not_ready(platforms: Mapping[str, Metrics]) -> str:
    """Who is short of instances, and by how many, for it qualifies every other number."""
    short = []
    for name, metrics in platforms.items():
        asked, ready = (metrics[f"instances_{what}"].mean for what in ("started", "ready"))
        if ready < asked:
            short.append(f"{_mean_count(ready)} of {_mean_count(asked)} on {name}")
    return f"Not all become ready: only {listed(short)}." if short else ""


def _mean_count(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"


def _memory(what: str, platforms: Mapping[str, Metrics]) -> str:
    gross = of_metric(platforms, "memory_gross_bytes")
    if not gross:
        return ""
    heaviest = max(gross, key=lambda name: gross[name].mean)
    tare = platforms[heaviest].get("memory_tare_bytes")
    sentence = f"In memory, {what} hold {contrast(gross)}"
    if tare is None or gross[heaviest].mean <= 0:
        return f"{sentence}."
    return f"{sentence}; {percent(tare.mean / gross[heaviest].mean)} of that is tare."


def _start_up(platforms: Mapping[str, Metrics]) -> str:
    """The time that 99 % keep within; the mean where fewer became ready on every platform."""
    slowest = of_metric(platforms, "startup_p99_s")
    if slowest:
        return f"99 % are ready within {contrast(slowest, 'as long')}."
    mean = of_metric(platforms, "startup_mean_s")
    return f"Those that become ready take {contrast(mean, 'as long')} in the mean." if mean else ""


def _capacity(binding: DataFrame) -> str:
    found = sorted(tightest(binding).items(), key=lambda item: item[1][1])
    resources = {resource_name(resource) for _, (resource, _) in found}
    if not found:
        return ""
    if len(resources) == 1:
        used = _spread([f"{percent(share)} on {name}" for name, (_, share) in found])
        return f"A host is fullest in {resources.pop()}, of which it uses {used}."
    used = _spread(
        [f"{resource_name(what)} on {name} ({percent(share)})" for name, (what, share) in found]
    )
    return f"A host is fullest in {used}."
