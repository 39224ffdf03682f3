"""How a sweep was run: which points, how often each, and what its intervals are worth."""

import math
import shlex

from sim.report.frames import rows
from sim.report.sweeps.contests import name_of
from sim.report.sweeps.naming import Naming
from sim.report.sweeps.scales import Levels, levels_of
from sim.report.sweeps.swept import Precision, Swept
from sim.report.wording import amount, listed, percent

_MOST_AXES = 3


def how_it_ran(swept: Swept) -> str:
    """Say which points were run, how often, and what the brackets are."""
    return " ".join((*_points(swept), _replications(swept), *_brackets(swept)))


def command(swept: Swept) -> str:
    """Give the command that gives the same numbers again, where the scenario's file is."""
    return f"tare sweep {shlex.join((f'{swept.name}.yaml', *swept.arguments))}"


def _points(swept: Swept) -> tuple[str, ...]:
    count, names = len(swept.points), [name for name in swept.platforms if name]
    what = f"{count:,} {'point' if count == 1 else 'points'}"
    on = f" on {len(names):,} platforms" if len(names) > 1 else f" on {names[0]}" if names else ""
    watched = amount(swept.scenario.horizon, "s")
    return (f"{what}{_chosen(swept)}{on}, {swept.runs:,} runs, each watched for {watched}.",)


def _chosen(swept: Swept) -> str:
    """How the points were chosen, axis by axis."""
    levels = [levels_of(axis, swept.points) for axis in swept.axes]
    if not levels:
        return ""
    said = [_levels(of, swept) for of in levels]
    if len(said) > _MOST_AXES:
        said = [f"{len(said):,} axes"]
    axes = listed(said)
    return {
        "grid": f", every combination of {axes}" if len(levels) > 1 else f" of {axes}",
        "zip": f", {axes} taken together, value by value",
        "one-at-a-time": f", {axes} changed one at a time",
        "latin-hypercube": f" of a Latin hypercube over {axes}",
        "sobol": f" of Sobol' over {axes}",
    }[swept.design]


def _levels(levels: Levels, swept: Swept) -> str:
    naming = Naming(swept.axes)
    short = naming.short(levels.name)
    if levels.is_words or len(levels.values) == 1:
        return f"{short} ({listed(naming.value(levels.name, each) for each in levels.values)})"
    first, last = (naming.value(levels.name, levels.values[end]) for end in (0, -1))
    return f"{short} ({len(levels.values):,} from {first} to {last})"


def _replications(swept: Swept) -> str:
    times = sorted({int(n) for n in swept.summary["n"]})
    if not times:
        return "No run has an outcome."
    often = f"{times[0]:,}" if times[0] == times[-1] else f"{times[0]:,} to {times[-1]:,}"
    if swept.precision is not None:
        return _by_rule(swept, swept.precision, often)
    each = "once" if times[-1] == 1 else f"{often} times"
    pairing = ", with the same chance on every platform" if len(swept.platforms) > 1 else ""
    return f"Each was run {each}{pairing}."


def _by_rule(swept: Swept, rule: Precision, often: str) -> str:
    missed, whole = _missed(swept, rule)
    said = (
        f"Each was run until the 95 % interval of {name_of(rule.of)} was within "
        f"{percent(rule.precision)} of the mean, which took {often} runs."
    )
    if missed:
        said += f" {missed:,} of {whole:,} are not so precise after {rule.at_most:,} runs."
    return (
        f"{said} Intervals that end runs by their own width cover a little less than their name "
        "says: runs that agree by chance end sooner."
    )


def _missed(swept: Swept, rule: Precision) -> tuple[int, int]:
    """How many means are less precise than was asked, and how many there are."""
    own = swept.summary[swept.summary["metric"] == rule.of]
    widths = [
        (high - low) / 2 > rule.precision * abs(mean) or math.isnan(low)
        for mean, low, high in rows(own, "mean", "low", "high")
    ]
    return sum(widths), len(widths)


def _brackets(swept: Swept) -> tuple[str, ...]:
    """What brackets are; nothing where no interval is."""
    if not swept.summary["low"].notna().any():
        return ("One run has no interval: chance cannot be told from what lies behind it.",)
    return (
        "Brackets are 95 % intervals by Student's t, of differences run by run; a tie is a "
        "difference whose interval covers 0.",
    )
