"""The title of a figure states its finding with the number, computed from the same frames."""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.report.estimates import Estimate, Metrics
from sim.report.wording import amount, core_seconds, number, percent, times


@dataclass(frozen=True, slots=True)
class Finding:
    """How to say that platforms differ, that they tie, that one has none, and what one has."""

    differ: str
    tie: str
    none: str
    alone: str


MEMORY = Finding(
    "{most} holds {times} times the memory of {least}: {much} against {little}",
    "Every platform holds about {much} of memory: a tie",
    "{most} holds {much} of memory, and {least} none",
    "{most} holds {much} of memory",
)
DISK = Finding(
    "{most} fills {times} times the disk of {least}: {much} against {little}",
    "Every platform fills about {much} of disk: a tie",
    "{most} fills {much} of disk, and {least} nothing",
    "{most} fills {much} of disk",
)
STARTUP = Finding(
    "{most} takes {times} times as long to start as {least}: 99 % within {much} against {little}",
    "99 % start within about {much} on every platform: a tie",
    "99 % start within {much} on {most}, and at once on {least}",
    "99 % start within {much} on {most}",
)
REQUESTS = Finding(
    "{most} takes {times} times as long to answer as {least}: 99 % within {much} against {little}",
    "99 % are answered within about {much} on every platform: a tie",
    "99 % are answered within {much} on {most}, and at once on {least}",
    "99 % are answered within {much} on {most}",
)
BLAST = Finding(
    "Instances lost to faults: {much} on {most}, {little} on {least}",
    "Instances lost to faults: {much} on every platform, a tie",
    "Instances lost to faults: {much} on {most}, none on {least}",
    "Instances lost to faults: {much} on {most}",
)


def most_against_least(found: Mapping[str, Estimate], finding: Finding) -> str:
    """Say what the platforms with most and least make of a finding; nothing without platforms."""
    ranked = sorted(found.items(), key=lambda item: item[1].mean)
    if not ranked:
        return ""
    (lightest, least), (heaviest, most) = ranked[0], ranked[-1]
    words = {
        "most": heaviest,
        "least": lightest,
        "much": amount(most.mean, most.unit),
        "little": amount(least.mean, least.unit),
        "times": times(most.mean / least.mean) if least.mean > 0 else "",
    }
    return _form(finding, ranked).format(**words)


def _form(finding: Finding, ranked: list[tuple[str, Estimate]]) -> str:
    least, most = ranked[0][1], ranked[-1][1]
    if len(ranked) == 1:
        return finding.alone
    if least.overlaps(most):
        return finding.tie
    return finding.differ if least.mean > 0 else finding.none


def fewest_ready(platforms: Mapping[str, Metrics]) -> str:
    """Say on which platform the smallest share became ready; nothing where all did."""
    shares = {
        name: metrics["instances_ready"].mean / metrics["instances_started"].mean
        for name, metrics in platforms.items()
        if metrics["instances_started"].mean
    }
    worst = min(shares, key=shares.__getitem__, default=None)
    if worst is None or shares[worst] >= 1:
        return ""
    if not shares[worst]:
        return f"No instance becomes ready on {worst}"
    return f"Only {percent(shares[worst])} of the instances become ready on {worst}"


def share_of_overhead(platforms: Mapping[str, Metrics]) -> str:
    """Say on which platform the largest share of the CPU time is not the work itself."""
    shares = {}
    for name, metrics in platforms.items():
        gross, net = metrics.get("cpu_gross_core_s"), metrics.get("cpu_net_core_s")
        if gross and net and gross.mean > 0:
            shares[name] = (1 - net.mean / gross.mean, gross.mean - net.mean, gross.mean)
    if not shares:
        return ""
    worst = max(shares, key=shares.__getitem__)
    share, over, whole = shares[worst]
    if share <= 0:
        return "No platform adds CPU time to the work"
    said = f"{number(over)} of {core_seconds(whole)}"
    return f"{percent(share)} of the CPU time on {worst} is overhead: {said}"
