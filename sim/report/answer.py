"""The answer in a few sentences: what it takes, how fast it starts and serves, what it loses."""

from collections.abc import Mapping

from pandas import DataFrame

from sim.report import faults, loads, pressure
from sim.report.comparison import Comparison
from sim.report.contrast import MOST_PLATFORMS_NAMED, contrast, spread
from sim.report.estimates import Metrics, by_platform, of_metric, with_most_live
from sim.report.findings import tightest
from sim.report.wording import listed, mix, percent, resource_name

_MOSTLY = 0.5
_ENDED = 1.05  # so much more at the peak than at the end means that instances have gone


def answer(comparison: Comparison) -> list[str]:
    """Say in plain words, with numbers, what the comparison found; ties are called ties."""
    platforms = by_platform(comparison.summary)
    sentences = (
        _not_ready(platforms),
        _memory(mix(comparison.scenario), with_most_live(comparison)),
        _start_up(platforms),
        _cpu(platforms),
        _capacity(comparison.binding),
        *loads.sentences(comparison),
        *pressure.sentences(comparison),
        *faults.sentences(comparison),
    )
    return [sentence for sentence in sentences if sentence]


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


def _memory(what: str, whole: Mapping[str, Metrics]) -> str:
    """What those platforms hold on which most live; the peak, where some have ended."""
    gross, peak = (of_metric(whole, f"memory_{which}_bytes") for which in ("gross", "peak"))
    if not gross:
        return ""
    if any(peak[name].mean > _ENDED * gross[name].mean for name in peak):
        return f"In memory, {what} hold at their most {contrast(peak)}."
    heaviest = max(gross, key=lambda name: gross[name].mean)
    return f"In memory, {what} hold {contrast(gross)}{_tare(whole[heaviest])}."


def _tare(metrics: Metrics) -> str:
    gross, tare = metrics["memory_gross_bytes"], metrics.get("memory_tare_bytes")
    if tare is None or gross.mean <= 0 or tare.mean < 0:
        return ""
    return f"; {percent(tare.mean / gross.mean)} of that is tare"


def _start_up(platforms: Mapping[str, Metrics]) -> str:
    """The time that 99 % keep within; the mean where fewer became ready on every platform."""
    slowest = of_metric(platforms, "startup_p99_s")
    if slowest:
        return f"99 % are ready within {contrast(slowest, 'as long')}."
    mean = of_metric(platforms, "startup_mean_s")
    return f"Those that become ready take {contrast(mean, 'as long')} in the mean." if mean else ""


def _cpu(platforms: Mapping[str, Metrics]) -> str:
    """What a run takes of the CPU, where some platform takes more for itself than for the work."""
    gross, tare = (of_metric(platforms, f"cpu_{which}_core_s") for which in ("gross", "tare"))
    if not any(tare[name].mean > _MOSTLY * gross[name].mean > 0 for name in tare):
        return ""
    heaviest = max(gross, key=lambda name: gross[name].mean)
    share = percent(tare[heaviest].mean / gross[heaviest].mean)
    return f"In CPU, they take {contrast(gross)}; {share} of that is tare."


def _capacity(binding: DataFrame) -> str:
    found = sorted(tightest(binding).items(), key=lambda item: item[1][1])
    resources = {resource_name(resource) for _, (resource, _) in found}
    if not found:
        return ""
    if len(resources) == 1:
        used = spread([f"{percent(share)} on {name}" for name, (_, share) in found])
        return f"A host is fullest in {resources.pop()}, of which it uses {used}."
    fullest = [f"{resource_name(what)} on {name} ({percent(share)})"
               for name, (what, share) in found]
    few = len(fullest) <= MOST_PLATFORMS_NAMED
    if few:
        return f"A host is fullest in {listed(fullest)}."
    name, (what, share) = found[-1]
    return f"Fullest of all is a host on {name}: in {resource_name(what)}, to {percent(share)}."
