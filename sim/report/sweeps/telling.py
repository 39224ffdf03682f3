"""What the page of a sweep says, in the order of reading, whatever the format."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from sim.report import assumptions
from sim.report.account import Account, Chapter
from sim.report.comparison import Source
from sim.report.figures.drawing import Drawing
from sim.report.findings import Table
from sim.report.glossary import WORDS
from sim.report.sweeps import findings
from sim.report.sweeps.answer import answer, moves, turns
from sim.report.sweeps.failing import failures_table
from sim.report.sweeps.reading import margins
from sim.report.sweeps.running import command, how_it_ran
from sim.report.sweeps.swept import Swept
from sim.report.wording import listed

Drawn = Sequence[tuple[str, Drawing]]
"""Figures, each with the kind of thing it shows."""

_OWN_WORDS = {
    "axis": "one thing that is varied, by its path in the scenario or the catalog",
    "point": "one value for every axis; the scenario with these values",
    "paired": "compared run by run: what happens by chance is the same for both, and cancels out",
    "crossing": "where along an axis two platforms change places",
    "main effect": "what an axis does to a metric in the mean over all values of the others",
    "μ*": "Morris: what an input changes on its way over its range, in the mean, without sign",
    "σ": "Morris: how much that differs from place to place, as it does where inputs interact",
    "alone": "Sobol': the share of the variance that an input brings by itself",
    "in all": "Sobol': the same with all that it brings together with others",
}
_SHARED = (
    *("platform", "instance", "gross", "net", "tare", "core-s", "mean", "p99", "run"),
    *("95 % interval", "tie", "measured", "vendor", "derived", "calibrated", "assumed"),
)
GLOSSARY = _OWN_WORDS | {word: WORDS[word] for word in _SHARED}
"""The words of the page, with their meanings."""

_INPUTS = ("tornado", "sobol", "morris")


def account_of(
    swept: Swept, drawn: Drawn, sources: Mapping[str, Source], files: Mapping[str, str]
) -> Account:
    """Say everything of a sweep; `files` are the tables in the report's folder, by their paths."""
    shown = _shown(swept, drawn)
    rest = [(kind, drawing) for kind, drawing in drawn if drawing not in shown]
    leaning = f" It leans on {assumptions.evidence(swept)}." if len(swept.assumptions) else ""
    return Account(
        title=swept.scenario.title,
        question=swept.scenario.question,
        answer=answer(swept),
        reading=f"{how_it_ran(swept)}{leaning}",
        shown=shown,
        chapters=[*_chapters(swept, rest), *_tables(swept, files), *_leaning(swept, sources)],
        cited=assumptions.cited(swept, sources),
        command=command(swept),
        tables=_files(files),
        words=GLOSSARY,
    )


def _shown(swept: Swept, drawn: Drawn) -> list[Drawing]:
    """The figures that show the answer: who wins where, if that differs, and the lines."""
    first = dict(reversed(drawn))
    found = [margin for metric in swept.metrics[:1] for margin in margins(swept.winners, metric)]
    has_several = len({(margin.winner, margin.tie) for margin in found}) > 1
    kinds = ("wins", "lines") if has_several else ("lines",)
    return [first[kind] for kind in kinds if kind in first] or [*first.values()][-1:]


def _chapters(swept: Swept, drawn: Drawn) -> Iterator[Chapter]:
    """What stands open on the page; a chapter without anything in it is left out."""
    first = swept.platforms[0] if swept.platforms else ""
    found = (
        Chapter(
            "Where platforms change places",
            turns(swept),
            table=findings.cut(findings.crossings_table(swept)),
            listed=True,
        ),
        Chapter("Who wins where", drawings=_of(drawn, "wins")),
        Chapter("Along the axes", drawings=_of(drawn, "lines")),
        Chapter(
            f"By how much they differ from {first}",
            drawings=_of(drawn, "differences"),
            note="Compared run by run, since all platforms meet the same arrivals and the same "
            "work. A tie is a difference whose 95 % interval covers 0.",
        ),
        Chapter(
            "What matters most",
            moves(swept),
            drawings=_of(drawn, "effects", *_INPUTS),
            listed=True,
        ),
        Chapter("What failed", table=findings.cut(failures_table(swept))),
        Chapter("What was varied", table=findings.varied(swept)),
    )
    return (each for each in found if each.lines or each.drawings or each.table.rows)


def _of(drawn: Drawn, *kinds: str) -> list[Drawing]:
    return [drawing for kind, drawing in drawn if kind in kinds]


def _tables(swept: Swept, files: Mapping[str, str]) -> Iterator[Chapter]:
    """The tables, folded, and as long as a page bears."""
    found = {
        "winners": ("Every winner", findings.winners(swept)),
        "differences": ("Every difference", findings.differences(swept)),
        "effects": ("Every main effect", findings.effects(swept)),
        "sensitivity": ("Every index of sensitivity", findings.sensitivity(swept)),
        "tornado": ("Every number at both its ends", findings.tornado(swept)),
        "summary": ("Every mean", findings.summary(swept)),
    }
    for name, (title, table) in found.items():
        if table.rows:
            yield _folded(title, table, _path(name, files))


def _folded(title: str, table: Table, path: str) -> Chapter:
    shown, whole = findings.cut(table), len(table.rows)
    if len(shown.rows) == whole:
        return Chapter(title, table=shown, folded=f"{whole:,} {'rows' if whole > 1 else 'row'}")
    folded = f"{len(shown.rows):,} of {whole:,} rows"
    note = f"These rows are spread evenly over all of them; {path} has every one."
    return Chapter(title, table=shown, folded=folded, note=note)


def _path(table: str, files: Mapping[str, str]) -> str:
    """Where a table lies in the folder; its own name, where it does not."""
    ending = f"{table}.csv"
    return next((path for path in files if PurePosixPath(path).name == ending), ending)


def _leaning(swept: Swept, sources: Mapping[str, Source]) -> Iterator[Chapter]:
    if not len(swept.assumptions):
        return
    yield Chapter("What it leans on", table=assumptions.grades(swept))
    yield Chapter(
        "Every number that it leans on",
        table=assumptions.assumptions(swept, sources),
        folded=assumptions.evidence(swept),
    )


def _files(files: Mapping[str, str]) -> str:
    """What the tables beside the page hold."""
    results = _path("results", files)
    others = [path for path in files if path.endswith(".csv") and path != results]
    said = []
    if results in files:
        said.append(f"{results} has each run: a row a point, platform, replication and metric.")
    if others:
        said.append(f"What follows from the runs is in {listed(others)}.")
    return " ".join(said)
