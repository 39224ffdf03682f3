"""What the page of a validation says, in the order of reading, whatever the format."""

from collections.abc import Iterator, Mapping

from pandas import DataFrame

from sim.records.validation import KINDS, Validation
from sim.report.account import Account, Chapter
from sim.report.comparison import Source
from sim.report.figures.drawing import Drawing
from sim.report.findings import Cell, Table
from sim.report.frames import rows
from sim.report.validation import (
    FAR,
    amount_of,
    errors_table,
    percent,
    sentences,
    size_of,
    told,
)
from sim.report.wording import listed, metric_name

WORDS = {
    "observation": "one published measurement, with the conditions that it was taken under",
    "predicted": "what the model says under the same conditions",
    "error": "predicted over measured, less one: above 0 where the model says more",
    "median": "half of the errors are no larger, whichever way they go",
    "90th percentile": "nine of ten errors are no larger, whichever way they go",
    "bias": "the error in the middle, with its sign: whether the model says too much or too little",
    "source": "a paper, a talk, a table of a project; all weigh the same, however long they are",
    "fitted": "numbers of the catalog were chosen so that these come out",
    "left out": "of a source of which other rows were fitted to; nothing was fitted to these",
    "outside": "of a source that nothing at all was fitted to",
    "calibrated": "chosen so that the simulation meets measured results",
    "rank correlation": "of pairs of points of a curve, how many keep their order: 1 is all, "
    "0 as many as not",
    "start-up alone": "one instance starts, and nothing else does anything",
    "start-up under load": "several start at once, or others run or work beside",
    "density": "how many instances fit on a host",
}
"""The words of the page, with their meanings."""

_NONE = "not explained"


def proof(
    validation: Validation,
    drawings: Mapping[str, Drawing],
    sources: Mapping[str, Source],
    observations: str = "",
) -> Account:
    """Say everything of a validation; `observations` is the file that it judged, if any."""
    shown = [drawings[name] for name in ("predicted",) if name in drawings]
    chapters = (
        _kinds(validation, drawings),
        _fits(validation),
        _sources(validation, drawings),
        _curves(validation, drawings),
        _far_off(validation),
        _silent(validation),
        _not_used(validation),
        _every(validation),
    )
    named = f" --observations {observations}" if observations else ""
    return Account(
        title="How far the model is off",
        question="Each measurement is simulated anew under the conditions that it was taken in. "
        "What does the model say, and what was measured?",
        answer=[*sentences(validation)],
        reading="Nothing on this page is a fit through the points that it shows: each line and "
        "each prediction is a simulation.",
        shown=shown,
        chapters=[each for each in chapters if each is not None],
        cited=_cited(validation, sources),
        command=f"tare validate{named} --report",
        tables="The tables beside this page hold every row of it; tables/observations.csv has each "
        "observation with its prediction.",
        words=WORDS,
    )


def _kinds(validation: Validation, drawings: Mapping[str, Drawing]) -> Chapter:
    return Chapter(
        "By kind of thing",
        drawings=[drawings[name] for name in ("kinds",) if name in drawings],
        table=errors_table(validation.errors, "kind"),
        folded="The same in numbers",
        note="Sources weigh the same, however many rows each has.",
    )


def _sources(validation: Validation, drawings: Mapping[str, Drawing]) -> Chapter:
    table = errors_table(validation.errors, "source")
    return Chapter(
        "By source",
        drawings=[drawings[name] for name in ("sources",) if name in drawings],
        table=table,
        folded=f"All {len(table.rows):,} sources",
    )


def _curves(validation: Validation, drawings: Mapping[str, Drawing]) -> Chapter | None:
    """What of a condition that changes the model has followed."""
    found = [drawing for name, drawing in drawings.items() if name.startswith("curves")]
    if not found:
        return None
    count = validation.curves["curve"].nunique()
    return Chapter(
        "Curves",
        [
            f"{count:,} {'set' if count == 1 else 'sets'} of three observations or more differ in "
            "one condition alone. No curve is stored in the model: what bends a line are locks, "
            "processors and disks that are shared, and latencies that are waited for."
        ],
        found,
    )


def _fits(validation: Validation) -> Chapter:
    """How many numbers were fitted to how many rows, and how well rows come out that were not."""
    roles = errors_table(validation.errors, "role")
    crossed = errors_table(validation.errors, "crossed")
    heads = ("what they were for", *roles.columns[1:])
    both = Table(heads, (*roles.rows, *crossed.rows), roles.words)
    fits = validation.calibrations
    return Chapter("What was fitted, and what was not", [*_accounts(fits)], table=both)


def _accounts(fits: DataFrame) -> Iterator[str]:
    """How many numbers were calibrated on what."""
    fitted = fits[fits["numbers"] > 0]  # from the rows of other sets numbers were worked out
    numbers, observed = int(fitted["numbers"].sum()), int(fitted["rows"].sum())
    if not numbers:
        yield "No number was fitted to any of these observations."
        return
    yield (
        f"{numbers:,} numbers of the catalog were calibrated, on {observed:,} observations: "
        f"{observed / numbers:.1f} observations a number."
    )
    sets = rows(fits, "calibration", "numbers", "rows", "median")
    said = (
        f"{name} ({count:,} of {many:,} rows, off by {size_of(median)})"
        for name, count, many, median in sets
    )
    yield f"The sets, with how many numbers each fitted to how many rows: {listed(said)}."


def _far_off(validation: Validation) -> Chapter:
    """Every observation that is off by more than a bound, with why, if anybody knows."""
    found = told(validation.observations)
    far = found[found["error"].abs() > FAR]
    far = far.reindex(far["error"].abs().sort_values(ascending=False, kind="stable").index)
    why = [*rows(far, "explanation", "note")]
    known = sum(bool(explanation or note) for explanation, note in why)
    line = (
        f"{len(far):,} of {len(found):,} observations are off by more than {FAR:.0%}. Of "
        f"{known:,} of them it is known why, or what is special about them."
    ).replace("%", " %")
    shown = ("id", "platform", "conditions", "metric", "value", "predicted", "unit", "error")
    table = Table(
        ("row", "what", "why", "measured", "predicted", "error"),
        tuple(
            (
                Cell(row),
                Cell(", ".join(filter(None, (platform, conditions, metric_name(metric))))),
                Cell(explanation or note or _NONE),
                Cell(amount_of(value, unit), value),
                Cell(amount_of(said, unit), said),
                Cell(percent(error), error),
            )
            for (row, platform, conditions, metric, value, said, unit, error), (
                explanation, note,
            ) in zip(rows(far, *shown), why, strict=True)
        ),
        words=3,
    )  # fmt: skip
    return Chapter("Far off", [line], table=table)


def _silent(validation: Validation) -> Chapter | None:
    """Of which rows the model says nothing, and why."""
    frame = validation.observations[validation.observations["role"] == "unused"]
    if frame.empty:
        return None
    table = Table(
        ("row", "platform", "metric", "why"),
        tuple(tuple(map(Cell, row)) for row in rows(frame, "id", "platform", "metric", "reason")),
        words=4,
    )
    return Chapter("Of which the model says nothing", table=table)


def _not_used(validation: Validation) -> Chapter | None:
    """The rows of evidence that no scenario can be built of, by reason."""
    frame = validation.unused
    if frame.empty:
        return None
    groups = [(reason, part) for reason, part in frame.groupby("reason", sort=True)]
    table = Table(
        ("reason", "what it means", "rows"),
        tuple(
            (Cell(str(reason)), Cell(part["meaning"].iloc[0]), Cell(f"{len(part):,}", len(part)))
            for reason, part in groups
        ),
        words=2,
    )
    return Chapter(
        "Evidence that is not used",
        [f"{len(frame):,} rows of evidence are not among the observations. Fitting badly is no "
         "reason to leave one out."],
        table=table,
        note="tables/unused.csv names each.",
    )  # fmt: skip


def _every(validation: Validation) -> Chapter:
    """Every observation beside what the model says of it, kind by kind."""
    frame = told(validation.observations)
    in_order = frame["kind"].map({kind: place for place, kind in enumerate(KINDS)})
    frame = frame.reindex(in_order.sort_values(kind="stable").index)
    shown = ("id", "source", "kind", "platform", "conditions", "metric", "statistic", "role")
    numbers = ("value", "predicted", "unit", "error")
    table = Table(
        ("row", "source", "kind", "platform", "conditions", "metric", "statistic", "role",
         "measured", "predicted", "error"),
        tuple(
            (
                *map(Cell, words),
                Cell(amount_of(value, unit), value),
                Cell(amount_of(said, unit), said),
                Cell(percent(error), error),
            )
            for words, (value, said, unit, error) in zip(
                rows(frame, *shown), rows(frame, *numbers), strict=True
            )
        ),
        words=8,
    )  # fmt: skip
    return Chapter("Every observation", table=table, folded=f"All {len(table.rows):,} of them")


def _cited(validation: Validation, sources: Mapping[str, Source]) -> list[tuple[str, str]]:
    """The sources of the rows of which more is known than their names."""
    named = sorted({*validation.observations["source"]} & sources.keys())
    return [
        (key, ", ".join(filter(None, (sources[key].title, sources[key].where)))) for key in named
    ]

