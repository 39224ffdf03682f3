"""What a report says of each comparison, in the order of reading, whatever the format."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.report import findings, losses
from sim.report.answer import answer
from sim.report.comparison import Comparison, Source, platform_names
from sim.report.estimates import by_platform
from sim.report.figures.drawing import Drawing
from sim.report.figures.style import platform_colours
from sim.report.findings import Cell, Table
from sim.report.parts import Part, parts
from sim.report.tables import replications_kept
from sim.report.wins import wins
from sim.report.wording import setting, settings_of

_ACROSS = (
    ("p99 start", "startup_p99_s"),
    ("memory gross", "memory_gross_bytes"),
    ("CPU gross", "cpu_gross_core_s"),
    ("ready", "instances_ready"),
)


@dataclass(frozen=True, slots=True)
class Section:
    """All that a report says of one comparison."""

    label: str
    title: str
    question: str
    setting: str
    answer: Sequence[str]
    colours: Mapping[str, str]
    headline: Table
    failures: Table
    groups: Table
    drawings: Sequence[Drawing]
    parts: Sequence[Part]
    wins: Sequence[str]
    limits: Table
    differences: Table
    incomparable: str
    reference: str
    objectives: Table
    verdict: str
    evidence: str
    assumptions: Table
    cited: Sequence[str]
    command: str
    tables: str


def section(
    label: str,
    comparison: Comparison,
    drawings: Sequence[Drawing],
    sources: Mapping[str, Source],
) -> Section:
    """Say everything of one comparison; `label` is its name in this report."""
    scenario = comparison.scenario
    columns = (*findings.STARTS, *findings.RESOURCES)
    names = platform_names(comparison)
    return Section(
        label=label,
        title=scenario.title,
        question=scenario.question,
        setting=setting(scenario),
        answer=answer(comparison),
        colours=platform_colours(names),
        headline=findings.headline(comparison, columns),
        failures=losses.failures(comparison),
        groups=findings.by_group(comparison, columns),
        drawings=drawings,
        parts=parts(comparison),
        wins=wins(comparison),
        limits=findings.limits(comparison),
        differences=findings.differences(comparison),
        incomparable=losses.incomparable(comparison),
        reference=names[0],
        objectives=findings.objectives(comparison),
        verdict=findings.verdict(comparison),
        evidence=findings.evidence(comparison),
        assumptions=findings.assumptions(comparison, sources),
        cited=findings.cited(comparison, sources),
        command=_command(comparison),
        tables=_tables(comparison),
    )


def across(comparisons: Mapping[str, Comparison]) -> Table:
    """Give the main numbers of every platform of every scenario, side by side."""
    rows: list[tuple[Cell, ...]] = []
    for label, comparison in comparisons.items():
        for name, metrics in by_platform(comparison.summary).items():
            cells = (findings.metric_column(*column).cell(metrics) for column in _ACROSS)
            rows.append((Cell(label), Cell(name), *cells))
    return Table(("scenario", "platform", *(heading for heading, _ in _ACROSS)), tuple(rows), 2)


def _command(comparison: Comparison) -> str:
    """The command that gives the same numbers again, where the scenario's file is."""
    scenario = comparison.scenario
    chosen = {"seed": scenario.seed, "replications": scenario.replications}
    words = [f"{comparison.name}.yaml", *(f"--{name}={value}" for name, value in chosen.items())]
    settings = settings_of(scenario)
    words += [word for path, value in settings.items() for word in ("--set", f"{path}={value}")]
    return f"tare compare {shlex.join(words)}"


def _tables(comparison: Comparison) -> str:
    """What the tables beside the page hold."""
    kept, runs = replications_kept(comparison), comparison.scenario.replications
    instances = f"of the first {kept} of {runs:,} replications" if kept < runs else "of all runs"
    return (
        "summary.csv and the tables beside it hold every number of this page, each instance "
        f"{instances}, and what happened in the first replication; of series that change very "
        "often, samples.csv and requests.csv hold the highs and lows."
    )
