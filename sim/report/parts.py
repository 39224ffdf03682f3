"""The tables of what happened, and of what sets platforms apart, for every format alike."""

from dataclasses import dataclass

from sim.report import faults, loads, overload, pressure, walls, workshop
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
    latency = loads.latency(comparison)
    found = (
        Part(
            "What the load meets",
            loads.throughput(comparison),
            "Requests answered a second, and those lost in a run, on average. The closed form is "
            "the same queue worked out by formula: it checks the simulation. Where only samples of "
            "a run are simulated, what is answered differs by chance from what is asked.",
        ),
        Part(
            "How long requests take",
            latency,
            "From the client's request to its reply: half of them take no longer than p50, 99 % no "
            "longer than p99. The closed form is that of the mean. "
            f"{overload.notes(comparison, latency)}".rstrip(),
        ),
        Part(
            "Memory under pressure",
            pressure.relief(comparison),
            "What is merged or swapped out at the end of a run, and how many were killed and "
            "started again in it, on average.",
        ),
        Part(
            "Who was killed first",
            pressure.killed(comparison),
            "The first three on each platform, in the first run.",
        ),
        Part(
            "What broke",
            faults.timeline(comparison),
            "The faults of the first run: how many instances each took, and when the last of those "
            "that came back was ready again. No time passes until a fault is noticed.",
        ),
        *_of_builds(comparison),
        Part("What each can and cannot do", walls.walls(comparison), walls.NOTE),
    )
    return [part for part in found if part.table.rows]


def _of_builds(comparison: Comparison) -> tuple[Part, ...]:
    """What is built, and what a person does by hand."""
    return (
        Part("How long builds take", workshop.builds(comparison), workshop.BUILD_NOTE),
        Part(
            "What each change costs",
            workshop.changes(comparison),
            "From when a build begins until the image is there.",
        ),
        Part(
            "What builds are spent with",
            workshop.steps(comparison),
            "The three steps that took longest over all builds of the first run.",
        ),
        Part(
            "Setting up, and keeping alike",
            workshop.set_up(comparison),
            "What moved are bytes over the links of all hosts, in the whole run. Machines differ "
            "that a slip made different from how most are; an image is the same wherever it goes.",
        ),
        Part(
            "What is done by hand",
            workshop.hands(comparison),
            "Group by group: on machines that are set up one by one, for who builds an image, and "
            "to start each instance.",
        ),
    )
