"""What builds and hands come to, in half a sentence: after a change, and machine by machine."""

from __future__ import annotations

from collections.abc import Mapping

from sim.report.comparison import Comparison, platform_names
from sim.report.contrast import MOST_PLATFORMS_NAMED, contrast, is_tie, told
from sim.report.estimates import Estimate, by_platform, estimates, of_metric
from sim.report.wording import listed, percent

_AGAIN = "build_again_s"


def said(comparison: Comparison) -> str:
    """Say what a person did, or how long the build after a change takes; nothing without either."""
    platforms = by_platform(comparison.summary)
    steps = of_metric(platforms, "person_steps")
    if steps:
        differing = of_metric(platforms, "drift_share")
        return f"steps by hand are {contrast(steps)}{_differing(differing)}"
    return _after_a_change(comparison)


def _differing(shares: Mapping[str, Estimate]) -> str:
    """How many of the machines came out otherwise, where any did."""
    having = [f"{percent(each.mean)} on {name}" for name, each in shares.items() if each.mean]
    if not having:
        return ""
    others = ", and none elsewhere" if len(having) < len(shares) else ""
    return f"; machines that differ from most are {listed(having)}{others}"


def _after_a_change(comparison: Comparison) -> str:
    found = estimates(comparison.summary, "group")
    parts = []
    for name in platform_names(comparison):
        groups = {of: each[_AGAIN] for (on, of), each in found.items()
                  if on == name and _AGAIN in each}  # fmt: skip
        parts += [f"{_extremes(groups)} on {name}"] if groups else []
    if not parts or len(parts) > MOST_PLATFORMS_NAMED:
        return ""
    return f"a build after a change takes {'; '.join(parts)}"


def _extremes(groups: Mapping[str, Estimate]) -> str:
    """The quickest and the slowest of the groups that build, by their names."""
    ranked = sorted(groups.items(), key=lambda each: each[1].mean)
    (one, least), (other, most) = ranked[0], ranked[-1]
    if len(groups) == 1 or is_tie(least, most):
        return f"{told(least)}{' whatever is built' if len(groups) > 1 else ''}"
    return f"{told(least)} for {one} and {told(most)} for {other}"
