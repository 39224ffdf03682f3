"""How far platforms lie apart, said in half a sentence, and ties called ties."""

import math
from collections.abc import Mapping, Sequence

from sim.report.estimates import Estimate
from sim.report.wording import amount, core_seconds, listed, times_as

MOST_PLATFORMS_NAMED = 4
"""Of more platforms than these, a sentence names the first and the last."""

_NEAR = 0.01
_FIRST_NAMED = 3
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def is_tie(one: Estimate, other: Estimate) -> bool:
    """Whether two cannot be told apart: by their intervals, or as a report writes them.

    Where there are no intervals, what differs by less than 1 % is as good.
    """
    if one.overlaps(other) or amount(one.mean, one.unit) == amount(other.mean, other.unit):
        return True
    has_intervals = not (math.isnan(one.low) or math.isnan(other.low))
    return not has_intervals and math.isclose(one.mean, other.mean, rel_tol=_NEAR)


def contrast(
    found: Mapping[str, Estimate], much: str = "", most_named: int = MOST_PLATFORMS_NAMED
) -> str:
    """Say least and most: `2.1 GiB on a and 12.9 GiB on b, 6.1 times as much`, or that they tie."""
    ranked = sorted(found.items(), key=lambda item: item[1].mean)
    (_, least), (_, most) = ranked[0], ranked[-1]
    if len(ranked) > 1 and is_tie(least, most):
        return f"about {told(least)} on every platform, a tie"
    said = spread([(told(estimate), name) for name, estimate in ranked], most_named)
    apart = len(ranked) > 1 and least.mean > 0
    much = much or ("as much" if least.unit else "as many")
    return f"{said}, {times_as(most.mean / least.mean, much)}" if apart else said


def told(estimate: Estimate) -> str:
    """Say a mean in its unit; CPU time of any size in the one unit that prose compares it in."""
    if estimate.unit == "core-s":
        return core_seconds(estimate.mean)
    return amount(estimate.mean, estimate.unit)


def among(found: Mapping[str, Estimate], platforms: int) -> str:
    """Say what those have that have any, of so many platforms: `3 on a, and none elsewhere`."""
    having = {name: estimate for name, estimate in found.items() if estimate.mean > 0}
    if len(having) == platforms > 1:
        return contrast(having)
    ranked = sorted(having.items(), key=lambda item: item[1].mean)
    said = spread([(told(estimate), name) for name, estimate in ranked])
    return f"{said}, and none elsewhere" if platforms > len(having) else said


def spread(ranked: Sequence[tuple[str, str]], most_named: int = MOST_PLATFORMS_NAMED) -> str:
    """Name what each of a few has, and of many the first and the last; what is equal stands once.

    `ranked` holds what is said and the platform of which it is, in order.
    """
    (first, one), (last, other) = ranked[0], ranked[-1]
    if len(ranked) > most_named:
        ends = f"{first} on {one} to {last} on {other}"
        return ends if first != last else f"{first} on each of {len(ranked)} platforms"
    names: dict[str, list[str]] = {}
    for what, name in ranked:
        names.setdefault(what, []).append(name)
    return listed(f"{what} on {listed(having)}" for what, having in names.items())


def few(names: Sequence[str], of: int) -> str:
    """Name a few platforms; of more the first, and how many there are besides."""
    if len(names) <= MOST_PLATFORMS_NAMED:
        return listed(names)
    if len(names) == of:
        return "every platform"
    more = len(names) - _FIRST_NAMED
    return listed([*names[:_FIRST_NAMED], f"{_COUNTS[more] if more < len(_COUNTS) else more} more"])
