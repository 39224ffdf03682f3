"""The title of a figure states its finding with the number, computed from the same frames."""

from collections.abc import Mapping

from sim.report.estimates import Estimate
from sim.report.wording import amount, times


def most_against_least(found: Mapping[str, Estimate], verb: str, what: str) -> str:
    """Say `b holds 5.4 times the memory of a: 12.9 GiB against 2.4 GiB`, or that they tie."""
    ranked = sorted(found.items(), key=lambda item: item[1].mean)
    (lightest, least), (heaviest, most) = ranked[0], ranked[-1]
    much, little = amount(most.mean, most.unit), amount(least.mean, least.unit)
    if len(ranked) == 1:
        return f"{heaviest} {verb} {much} of {what}"
    if least.overlaps(most):
        return f"Every platform {verb} about {much} of {what}: a tie"
    if least.mean <= 0:
        return f"{heaviest} {verb} {much} of {what}, {lightest} none"
    ratio = times(most.mean / least.mean)
    return f"{heaviest} {verb} {ratio} times the {what} of {lightest}: {much} against {little}"
