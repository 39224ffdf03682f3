"""What a report says of each comparison, in the order of reading, whatever the format."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.report import assumptions, findings, losses
from sim.report.answer import answer, details
from sim.report.comparison import Comparison, Source, platform_names
from sim.report.figures.drawing import Drawing
from sim.report.findings import Table
from sim.report.parts import Part, parts
from sim.report.remarks import remarks
from sim.report.tables import replications_kept
from sim.report.trust import trusted
from sim.report.wins import wins
from sim.report.wording import setting, settings_of

_ANSWERING = (("at-a-glance",), ("memory", "latencies"), ("memory", "startup"))
"""Which figures show the answer, the first choice first."""


@dataclass(frozen=True, slots=True)
class Section:
    """All that a report says of one comparison."""

    label: str
    title: str
    question: str
    setting: str
    answer: Sequence[str]
    details: Sequence[str]
    colours: Mapping[str, str]
    headline: Table
    reading: str
    failures: Table
    groups: Table
    shown: Sequence[Drawing]
    drawings: Sequence[Drawing]
    parts: Sequence[Part]
    wins: Sequence[str]
    limits: Table
    differences: Table
    incomparable: str
    reference: str
    objectives: Table
    remarks: Sequence[tuple[str, str]]
    trusted: Part
    evidence: str
    grades: Table
    assumptions: Table
    cited: Sequence[tuple[str, str]]
    command: str
    tables: str


def section(
    label: str,
    comparison: Comparison,
    drawings: Sequence[Drawing],
    sources: Mapping[str, Source],
    colours: Mapping[str, str],
) -> Section:
    """Say everything of one comparison; `label` is its name, and `colours` those in this report."""
    scenario = comparison.scenario
    columns = (*findings.STARTS, *findings.RESOURCES)
    names = platform_names(comparison)
    shown = _shown(drawings)
    return Section(
        label=label,
        title=scenario.title,
        question=scenario.question,
        setting=setting(scenario),
        answer=answer(comparison),
        details=details(comparison),
        colours={name: colours[name] for name in names},
        headline=findings.headline(comparison, columns),
        reading=_reading(comparison),
        failures=losses.failures(comparison),
        groups=findings.by_group(comparison, columns),
        shown=shown,
        drawings=[drawing for drawing in drawings if drawing not in shown],
        parts=parts(comparison),
        wins=wins(comparison),
        limits=findings.limits(comparison),
        differences=findings.differences(comparison),
        incomparable=losses.incomparable(comparison),
        reference=names[0],
        objectives=findings.objectives(comparison),
        remarks=remarks(comparison),
        trusted=trusted(comparison),
        evidence=assumptions.evidence(comparison),
        grades=assumptions.grades(comparison),
        assumptions=assumptions.assumptions(comparison, sources),
        cited=assumptions.cited(comparison, sources),
        command=_command(comparison),
        tables=_tables(comparison),
    )


def _shown(drawings: Sequence[Drawing]) -> list[Drawing]:
    """The figures that show the answer: one of all, or memory and what is waited for."""
    found = {drawing.path: drawing for drawing in drawings}
    for names in _ANSWERING:
        shown = [
            drawing for name in names for path, drawing in found.items() if path.endswith(name)
        ]
        if len(shown) == len(names):
            return shown
    return list(drawings[:1])


def _command(comparison: Comparison) -> str:
    """The command that gives the same numbers again, where the scenario's file is."""
    scenario = comparison.scenario
    chosen = {"seed": scenario.seed, "replications": scenario.replications}
    words = [f"{comparison.name}.yaml", *(f"--{name}={value}" for name, value in chosen.items())]
    settings = settings_of(scenario)
    words += [word for path, value in settings.items() for word in ("--set", f"{path}={value}")]
    return f"tare compare {shlex.join(words)}"


def _reading(comparison: Comparison) -> str:
    """How to read the numbers of the first table."""
    runs = comparison.scenario.replications
    means = f"Each number is the mean of {runs:,} runs. " if runs > 1 else ""
    return f"{means}Net is what the work itself needs, tare what a platform adds, gross is both."


def _tables(comparison: Comparison) -> str:
    """What the tables beside the page hold."""
    kept, runs = replications_kept(comparison), comparison.scenario.replications
    instances = f"of the first {kept} of {runs:,} runs" if kept < runs else "of all runs"
    return (
        "summary.csv and the tables beside it hold every number of this page, each instance "
        f"{instances}, and what happened in the first run; of series that change very "
        "often, samples.csv and requests.csv hold the highs and lows."
    )
