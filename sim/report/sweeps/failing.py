"""What of a sweep failed, and why: points that cannot be run, and runs."""

from collections.abc import Iterator

from sim.report.contrast import few
from sim.report.findings import Cell, Table
from sim.report.frames import rows
from sim.report.sweeps.naming import Naming
from sim.report.sweeps.swept import Swept

_MOST_REASONS = 2
_COLUMNS = ("reason", "platform", "points", "runs", "point")

Failure = tuple[str, str, int, int, int]
"""Reason, platform, points, runs and the first point."""


def what_failed(swept: Swept) -> Iterator[str]:
    """Say how much failed and why, reason by reason; nothing where all went well."""
    yield from _did_less(swept)
    never, failed = _invalid(swept), _of_runs(swept)
    if never:
        count, whole = sum(points for _, _, points, _, _ in never), len(swept.points)
        yield f"{_of(count, whole, 'point')} cannot be run: {_reasons(never, swept)}."
    if failed:
        yield f"{_of(swept.failed, swept.runs, 'run')} failed: {_reasons(failed, swept)}."


def _did_less(swept: Swept) -> Iterator[str]:
    """Where fewer became ready on a platform than on another, which makes it look cheap."""
    found: dict[str, list[int]] = {}
    for point, name in rows(swept.short, "point", "platform"):
        found.setdefault(name, []).append(point)
    places = Naming(swept.axes).places(swept.points)
    for name, points in found.items():
        at = f"{len(points):,} of {len(swept.points):,} points, first at {places[points[0]]}"
        yield (
            f"On {name} fewer instances become ready than elsewhere at {at}; there it is compared "
            "with nobody."
        )


def failures_table(swept: Swept) -> Table:
    """Every reason, with how often it was met, and where first."""
    places = Naming(swept.axes).places(swept.points)
    return Table(
        ("reason", "platform", "first at", "points", "runs"),
        tuple(
            (
                Cell(reason),
                Cell(platform),
                Cell(places.get(point, "")),
                Cell(f"{points:,}", points),
                Cell(f"{runs:,}", runs),
            )
            for reason, platform, points, runs, point in (*_invalid(swept), *_of_runs(swept))
        ),
        words=3,
    )


def _invalid(swept: Swept) -> list[Failure]:
    return [failure for failure in _failures(swept) if not failure[3]]


def _of_runs(swept: Swept) -> list[Failure]:
    return [failure for failure in _failures(swept) if failure[3]]


def _failures(swept: Swept) -> list[Failure]:
    """What failed, the commonest first."""
    found = [(*row,) for row in rows(swept.failures, *_COLUMNS)]
    return sorted(found, key=lambda row: (-row[3], -row[2]))


def _of(count: int, whole: int, what: str) -> str:
    if count == whole:
        return f"All {whole:,} {what}s" if whole > 1 else f"The only {what}"
    return f"{count:,} of {whole:,} {what}s"


def _reasons(failures: list[Failure], swept: Swept) -> str:
    """The commonest reasons, each with the platforms on which it was met, and where first."""
    by_reason: dict[str, list[Failure]] = {}
    for failure in failures:
        by_reason.setdefault(failure[0], []).append(failure)
    said = [
        f"{_often(own) if len(by_reason) > 1 else ''}{reason.rstrip('.')} ({_where(own, swept)})"
        for reason, own in [*by_reason.items()][:_MOST_REASONS]
    ]
    rest = len(by_reason) - len(said)
    more = [f"{rest:,} more {'reason' if rest == 1 else 'reasons'}, below"] if rest else []
    return "; ".join((*said, *more))


def _often(failures: list[Failure]) -> str:
    runs = sum(runs for _, _, _, runs, _ in failures)
    return f"{runs or sum(points for _, _, points, _, _ in failures):,}: "


def _where(failures: list[Failure], swept: Swept) -> str:
    """On which platforms, and at which point first."""
    first = min(point for *_, point in failures)
    place = Naming(swept.axes).places(swept.points).get(first, f"point {first}")
    on = few([platform for _, platform, *_ in failures], 0) if failures[0][1] else ""
    return f"on {on}, first at {place}" if on else f"first at {place}"
