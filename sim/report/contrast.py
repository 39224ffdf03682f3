"""How far platforms lie apart, said in half a sentence, and ties called ties."""

from collections.abc import Mapping, Sequence

from sim.report.estimates import Estimate
from sim.report.wording import amount, listed, times

MOST_PLATFORMS_NAMED = 4
"""Of more platforms than these, a sentence names the first and the last."""


def is_tie(one: Estimate, other: Estimate) -> bool:
    """Whether two cannot be told apart: by their intervals, or as a report writes them."""
    return one.overlaps(other) or amount(one.mean, one.unit) == amount(other.mean, other.unit)


def contrast(found: Mapping[str, Estimate], much: str = "as much") -> str:
    """Say least and most: `2.1 GiB on a and 12.9 GiB on b, 6.1 times as much`, or that they tie."""
    ranked = sorted(found.items(), key=lambda item: item[1].mean)
    (_, least), (_, most) = ranked[0], ranked[-1]
    if len(ranked) > 1 and is_tie(least, most):
        return f"about {amount(least.mean, least.unit)} on every platform, a tie"
    said = spread([f"{amount(found.mean, found.unit)} on {name}" for name, found in ranked])
    apart = len(ranked) > 1 and least.mean > 0
    return f"{said}, {times(most.mean / least.mean)} times {much}" if apart else said


def among(found: Mapping[str, Estimate], platforms: int) -> str:
    """Say what those have that have any, of so many platforms: `3 on a, and none elsewhere`."""
    having = {name: estimate for name, estimate in found.items() if estimate.mean > 0}
    if len(having) == platforms > 1:
        return contrast(having)
    ranked = sorted(having.items(), key=lambda item: item[1].mean)
    said = spread([f"{amount(found.mean, found.unit)} on {name}" for name, found in ranked])
    return f"{said}, and none elsewhere" if platforms > 1 else said


def spread(ranked: Sequence[str]) -> str:
    """Name all of a few; of many the first and the last."""
    if len(ranked) <= MOST_PLATFORMS_NAMED:
        return listed(ranked)
    return f"{ranked[0]} to {ranked[-1]}"
