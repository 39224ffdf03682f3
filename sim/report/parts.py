"""The tables of what happened during the run, where something did, for every format alike."""

from dataclasses import dataclass

from sim.report import faults, loads, pressure
from sim.report.comparison import Comparison
from sim.report.findings import Table


@dataclass(frozen=True, slots=True)
class Part:
    """A table under its title, and a note on how to read it."""

    title: str
    table: Table
    note: str


def parts(comparison: Comparison) -> list[Part]:
    """Give the tables that have rows, in the order of reading."""
    found = (
        Part(
            "What the load meets",
            loads.throughput(comparison),
            "What is answered and lost in a run, in the mean of the replications, beside what the "
            "closed form of the same queue gives. Where samples of a run are simulated, what is "
            "answered differs by chance from what is asked.",
        ),
        Part(
            "How long requests take",
            loads.latency(comparison),
            "From the client's request to its reply; quantiles come from simulated requests only.",
        ),
        Part(
            "Memory under pressure",
            pressure.relief(comparison),
            "In the mean of the replications; what is merged or swapped out, at the horizon.",
        ),
        Part(
            "Who was killed first",
            pressure.killed(comparison),
            "The first of those that were killed in the first replication.",
        ),
        Part(
            "What broke",
            faults.timeline(comparison),
            "The faults of the first replication: how many instances each took, and when the last "
            "of those that came back was ready again. Nobody needs time to notice.",
        ),
    )
    return [part for part in found if part.table.rows]
