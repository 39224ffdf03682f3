"""What a run of a report's scenarios says of the report: in words for people, and as JSON."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from sim.report.agreement import Again, Agreement, Cell, Difference, OnDisk, other_versions
from sim.report.document import Json
from sim.report.folder import MANIFEST
from sim.report.manifest import machine, versions
from sim.report.remade import Manifest
from sim.report.wording import listed, percent

_MOST_COLUMNS = 6
_NOT_COMPARED = "The page, report.md and the figures are not compared."
_ON_DISK: Mapping[OnDisk, str] = {
    "as written": "",
    "edited": "it was edited after it was written",
    "missing": "it is missing",
}
_AGAIN: Mapping[Again, str] = {
    "identical": "the run gives what was written",
    "equal to 9 digits": "the run gives the same to 9 digits",
    "differs": "the run gives other than was written",
    "gone": "the run writes no such table",
    "new": f"the run writes it, and {MANIFEST} does not have it",
    "not compared": "pyarrow, which writes it, is not installed",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a report: how its manifest was edited, or else of each of its tables."""

    manifest: Manifest
    edited: Sequence[str]
    tables: Mapping[str, Agreement]

    @property
    def holds(self) -> bool:
        """Whether the report is what its scenarios give, to nine digits."""
        return not self.edited and all(each.holds for each in self.tables.values())

    @property
    def word(self) -> str:
        """The verdict in a word."""
        if not self.holds:
            return "differs"
        is_near = any(each.again == "equal to 9 digits" for each in self.tables.values())
        return "equal to 9 digits" if is_near else "identical"


def document(verdict: Verdict) -> dict[str, Json]:
    """Give the verdict as one JSON document; a difference of what is no number is null."""
    return {
        "schema": 1,
        "report": str(verdict.manifest.folder),
        "verdict": verdict.word,
        "edited": [*verdict.edited],
        "scenarios": [
            {"name": each.name, "sha256": each.sha256, "seed": each.seed}
            for each in verdict.manifest.scenarios
        ],
        "tables": {path: _plain(asdict(each)) for path, each in verdict.tables.items()},
        "versions": {name: {"then": then, "now": now} for name, then, now in _others(verdict)},
    }


def _plain(value: object) -> Json:
    """Values as JSON has them, which knows neither NaN nor infinity."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int | str) else None


def lines(verdict: Verdict) -> Iterator[str]:
    """Say the verdict, what became of each table that is not as it was, and what may be why."""
    yield _summed_up(verdict)
    for path, agreement in verdict.tables.items():
        if agreement.on_disk != "as written" or agreement.again != "identical":
            yield f"{path}: {_said(agreement)}"
            yield from (f"  {line}" for line in _told(agreement.difference))
    yield from _reasons(verdict)


def _summed_up(verdict: Verdict) -> str:
    report, count = verdict.manifest.folder, len(verdict.tables)
    if verdict.edited:
        said = "; ".join(verdict.edited)
        return f"differs: {report / MANIFEST}: {said}. What it was is lost, so nothing was run."
    if not verdict.holds:
        wrong = sum(not each.holds for each in verdict.tables.values())
        return f"differs: {wrong} of {count} tables of {report}. {_NOT_COMPARED}"
    made = "scenario gives" if len(verdict.manifest.scenarios) == 1 else "scenarios give"
    same = f"the {count} tables of {report} are what its {made} again"
    return f"{verdict.word}: {same}. {_NOT_COMPARED}"


def _said(agreement: Agreement) -> str:
    if agreement.on_disk == "edited" and not agreement.how and _is_same(agreement.difference):
        return f"it is what the run gives, and not what {MANIFEST} says: one of the two was edited"
    words = (_ON_DISK[agreement.on_disk], agreement.how, _AGAIN[agreement.again])
    return "; ".join(word for word in words if word)


def _is_same(difference: Difference | None) -> bool:
    if difference is None:
        return False
    return not (difference.cells or difference.only_in_one or len({*difference.rows}) > 1)


def _told(difference: Difference | None) -> Iterator[str]:
    """How a file differs from what the run gives."""
    if difference is None or _is_same(difference):
        return
    if difference.only_in_one:
        yield f"columns that only one of the two has: {_few(difference.only_in_one)}"
    written, now = difference.rows
    if written != now:
        yield f"{written:,} rows on disk, {now:,} in the run"
        yield from _place("they part", difference.first)
    elif difference.cells:
        cells = "1 cell differs" if difference.cells == 1 else f"{difference.cells:,} cells differ"
        yield f"{cells}, in {_few(difference.columns)}"
        yield from _largest(difference)


def _largest(difference: Difference) -> Iterator[str]:
    """The largest differences, once where one cell has both; the first, where no number differs."""
    absolute, relative = difference.largest_absolute, difference.largest_relative
    if absolute is None or relative is None:
        yield from _place("the first", difference.first)
        return
    if absolute != relative:
        yield from _place(f"the largest difference, {absolute.absolute:.3g}", absolute)
    share = percent(relative.relative)
    same = f"difference, {relative.absolute:.3g} or {share}"
    most = same if absolute == relative else f"share, {share} of the larger"
    yield from _place(f"the largest {most}", relative)


def _place(what: str, cell: Cell | None) -> Iterator[str]:
    if cell is not None:
        of = ", ".join(f"{name} {value}" for name, value in cell.of.items())
        texts = f"{cell.written or 'nothing'} on disk, {cell.now or 'nothing'} in the run"
        yield f"{what}, in row {cell.row} ({of}): {cell.column} is {texts}"


def _few(columns: Sequence[str]) -> str:
    more = len(columns) - _MOST_COLUMNS
    return listed([*columns[:_MOST_COLUMNS], *([f"{more} more"] if more > 0 else [])])


def _reasons(verdict: Verdict) -> Iterator[str]:
    """Other versions, which are the likely reason of what differs, or change nothing."""
    others = [] if verdict.edited else [_other(*each) for each in _others(verdict)]
    if others:
        why = "is the likely reason" if _is_unlike(verdict) else "changes nothing"
        said = "Not all is as it was when the report was written, which"
        yield f"{said} {why}: {'; '.join(others)}."
    elif _is_unlike(verdict):
        yield "Versions and kind of machine are those with which the report was written."


def _other(name: str, then: str | None, now: str | None) -> str:
    return f"{name} {then or 'absent'} then, {now or 'absent'} now"


def _is_unlike(verdict: Verdict) -> bool:
    """Whether the run gives anything but what was written."""
    return any(each.again != "identical" for each in verdict.tables.values())


def _others(verdict: Verdict) -> list[tuple[str, str | None, str | None]]:
    then = {key: str(verdict.manifest.run[key]) for key in machine() if key in verdict.manifest.run}
    return [*other_versions({**verdict.manifest.versions, **then}, {**versions(), **machine()})]
