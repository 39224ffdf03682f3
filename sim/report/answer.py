"""The answer in three sentences: which platform, how much it takes, and what binds; then more."""

from collections.abc import Iterator, Mapping, Sequence

from sim.report import caches, endings, faults, images, loads, pressure, rebuilds
from sim.report.comparison import Comparison, platform_names
from sim.report.contrast import contrast, few, is_tie, spread
from sim.report.estimates import Estimate, Metrics, by_platform, of_metric, with_most_live
from sim.report.findings import meeting, start_up_shares, tightest, who_meets
from sim.report.wins import Contest, contests, praised
from sim.report.wording import capital, listed, metric_amount, mix, percent, resource_name

_MOSTLY = 0.5
_FULL = 0.95
_ENDED = 1.05  # so much more at the peak than at the end means that instances have gone
_ENDS = 2  # a sentence of three names the first and the last; the tables have the rest

_BEST = {
    "memory_gross_bytes": ("holds least memory", "hold least memory"),
    "oom_kills": ("loses fewest for want of memory", "lose fewest for want of memory"),
    "blast_radius": ("loses fewest when something breaks", "lose fewest when something breaks"),
    "throughput_per_s": ("answers most requests", "answer most requests"),
    "request_p99_s": ("answers soonest", "answer soonest"),
}
_OF_LOADS_AND_FAULTS = _BEST.keys() - {"memory_gross_bytes"}
_OF_STARTS = {
    "memory_gross_bytes": _BEST["memory_gross_bytes"],
    "startup_p99_s": ("starts fastest", "start fastest"),
}
_TOLD_ELSEWHERE = ("memory_gross_bytes", "startup_p99_s", "request_p99_s")
"""The metrics that the second sentence has the numbers of."""


def answer(comparison: Comparison) -> list[str]:
    """Say in up to three sentences which platform, how much, and what binds; ties as ties."""
    found = (_which(comparison), _how_much(comparison), _what_binds(comparison))
    names = platform_names(comparison)
    return [_begun(sentence, names) for sentence in found if sentence]


def _begun(sentence: str, names: Sequence[str]) -> str:
    """A sentence with a capital, but where a platform's name begins it."""
    begins = sentence.startswith(tuple(names))
    return sentence if begins else capital(sentence)


def details(comparison: Comparison) -> list[str]:
    """Say what else was found of page cache, CPU, requests, memory under pressure and faults."""
    return [
        *images.sentences(comparison),
        *caches.sentences(comparison),
        *_cpu(by_platform(comparison.summary)),
        *loads.sentences(comparison),
        *pressure.sentences(comparison),
        *faults.sentences(comparison),
        *endings.sentences(comparison),
    ]


def _which(comparison: Comparison) -> str:
    """Who meets the objectives, and who is best; or what builds or hands come to, or who is short
    of instances, which tells more."""
    short = _not_ready(by_platform(comparison.summary))
    said = [short, *([] if short else [rebuilds.said(comparison) or _best(comparison)])]
    judged = who_meets(comparison)
    found = "; ".join(part for part in (judged, *said) if part)
    return f"{found}." if found else ""


def _not_ready(platforms: Mapping[str, Metrics]) -> str:
    short = []
    for name, metrics in platforms.items():
        asked, ready = (metrics[f"instances_{what}"].mean for what in ("started", "ready"))
        if ready < asked:
            short.append((f"{_mean_count(ready)} of {_mean_count(asked)}", name))
    return f"not all become ready: only {spread(sorted(short))}" if short else ""


def _mean_count(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"


def _best(comparison: Comparison) -> str:
    """Who of those that meet the objectives is best in what was asked."""
    names, whole = meeting(comparison), len(platform_names(comparison))
    found: dict[tuple[str, ...], list[str]] = {}
    for who, what in _bests(comparison, names):
        found.setdefault(who, []).append(what)
    said = [f"{few(who, whole)} {listed(what)}" for who, what in found.items()]
    told = ", and ".join(filter(None, (", ".join(said[:-1]), *said[-1:])))
    return f"of these {told}" if told and 1 < len(names) < whole else told


def _bests(comparison: Comparison, names: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The winners of what was asked, and what they are best in; a tie of all is no finding."""
    held = list(contests(comparison))
    asked = _BEST if any(of.metric in _OF_LOADS_AND_FAULTS for of, _ in held) else _OF_STARTS
    for contest, brought in held:
        values = {name: brought[name] for name in names if name in brought}
        winning = praised(contest, values, comparison)
        if contest.metric in asked and 0 < len(winning) < len(values):
            words = asked[contest.metric][len(winning) > 1]
            yield winning, f"{words}{_numbers(contest, values, winning)}"


def _numbers(contest: Contest, values: Mapping[str, Estimate], winning: Sequence[str]) -> str:
    """The winner's number and the worst, where the next sentence does not tell them."""
    if contest.metric in _TOLD_ELSEWHERE:
        return ""
    choose = min if contest.most_wins else max
    last = choose(values, key=lambda name: values[name].mean)
    best, worst = (metric_amount(contest.metric, values[of].mean) for of in (winning[0], last))
    return f" ({best}, against {worst} on {last})"


def _how_much(comparison: Comparison) -> str:
    """What it takes of memory, and how long starts or, where there are some, requests take."""
    platforms = by_platform(comparison.summary)
    what = mix(comparison.scenario)
    memory = _memory(what, with_most_live(comparison), len(platforms))
    waits = loads.slowest(platforms, _ENDS) or _start_up("them" if memory else what, platforms)
    said = "; ".join(part for part in (memory, waits) if part)
    return f"{said}." if said else ""


def _memory(what: str, whole: Mapping[str, Metrics], platforms: int) -> str:
    """What those platforms hold on which most live; the peak, where some have ended."""
    gross, peak = (of_metric(whole, f"memory_{which}_bytes") for which in ("gross", "peak"))
    if not gross or len(gross) == 1 < platforms:
        return ""
    if any(peak[name].mean > _ENDED * gross[name].mean for name in peak):
        return f"in memory, {what} hold at their most {contrast(peak, most_named=_ENDS)}"
    heaviest = max(gross, key=lambda name: gross[name].mean)
    return f"in memory, {what} hold {contrast(gross, most_named=_ENDS)}{_tare(whole[heaviest])}"


def _tare(metrics: Metrics) -> str:
    gross, tare = metrics["memory_gross_bytes"], metrics.get("memory_tare_bytes")
    if tare is None or gross.mean <= 0 or tare.mean < 0:
        return ""
    return f", of which {percent(tare.mean / gross.mean)} is tare, what a platform adds to the work"


def _start_up(whom: str, platforms: Mapping[str, Metrics]) -> str:
    """The time that 99 % keep within; the mean where fewer became ready on every platform."""
    slowest = of_metric(platforms, "startup_p99_s")
    if slowest:
        return f"99 % of {whom} are ready within {contrast(slowest, 'as long', _ENDS)}"
    mean = of_metric(platforms, "startup_mean_s")
    if not mean:
        return ""
    return f"those that become ready take {contrast(mean, 'as long', _ENDS)} in the mean"


def _cpu(platforms: Mapping[str, Metrics]) -> Iterator[str]:
    """What a run takes of the CPU, where some platform takes more for itself than for the work."""
    gross, tare = (of_metric(platforms, f"cpu_{which}_core_s") for which in ("gross", "tare"))
    if any(tare[name].mean > _MOSTLY * gross[name].mean > 0 for name in tare):
        heaviest = max(gross, key=lambda name: gross[name].mean)
        share = percent(tare[heaviest].mean / gross[heaviest].mean)
        yield (f"Over a run the processor is busy for {contrast(gross)}, of which {share} is tare; "
               "a core-s is one core busy for one second.")  # fmt: skip


def _what_binds(comparison: Comparison) -> str:
    """What a host is fullest of, what starts are made of, and when memory runs out."""
    found = tightest(comparison.binding)
    if not found:
        return ""
    full = max(share for _, share in found.values()) >= _FULL
    everywhere = all(bound == "memory" and share >= _FULL for bound, share in found.values())
    killed = pressure.first_kill(comparison) if everywhere else ""
    running = f"; instances running when the first is killed: {killed}" if killed else ""
    return f"{_fullest(found, full)}{running or _of_starts(comparison)}."


def _fullest(found: Mapping[str, tuple[str, float]], full: bool) -> str:
    """What a host is fullest of on each platform, one resource or several."""
    ranked = sorted(found.items(), key=lambda item: item[1][1])
    resources = {resource_name(resource) for resource, _ in found.values()}
    if len(resources) > 1:
        return _fullest_of_several(ranked, full)
    used = spread([(percent(share), name) for name, (_, share) in ranked], _ENDS)
    what = resources.pop()
    if full:
        return f"What binds is {what}, of which a host uses {used}"
    return f"No host is full; nearest to it is {what}, of which a host uses {used}"


def _fullest_of_several(ranked: Sequence[tuple[str, tuple[str, float]]], full: bool) -> str:
    """Where a host is full, and of what; what it uses everywhere, where it is full nowhere."""
    told = [of for of in ranked if of[1][1] >= _FULL] if full else ranked
    said = spread([(f"{percent(share)} of {resource_name(what)}", name)
                   for name, (what, share) in told])  # fmt: skip
    if not full:
        return f"No host is full: it uses {said}"
    others = "" if len(told) == len(ranked) else ", and is not on the others"
    return f"A host is full where it uses {said}{others}"


def _of_starts(comparison: Comparison) -> str:
    """What most of a start goes to, on the platform that is slowest to start."""
    starts = of_metric(by_platform(comparison.summary), "startup_mean_s")
    if not starts or not comparison.loads.empty:
        return ""
    slowest = max(starts, key=lambda name: starts[name].mean)
    if is_tie(starts[slowest], min(starts.values(), key=lambda found: found.mean)):
        slowest = next(iter(starts))
    shares = start_up_shares(comparison.binding, slowest)
    if not shares or shares[0][1] < _MOSTLY:
        return ""
    what, share = shares[0]
    return f"; {percent(share)} of a start on {slowest} is spent on {resource_name(what)}"
