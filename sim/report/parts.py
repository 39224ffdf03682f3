"""The tables of what happened, and of what sets platforms apart, for every format alike."""

from dataclasses import dataclass

from sim.report import (
    endings,
    faults,
    images,
    loads,
    overload,
    pressure,
    published,
    walls,
    workshop,
)
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
        Part("Where images come from", images.waits(comparison), images.NOTE),
        *_of_loads(comparison),
        *_of_lives(comparison),
        *_of_builds(comparison),
        Part("What each can and cannot do", walls.walls(comparison), walls.NOTE),
    )
    return [part for part in found if part.table.rows]


def _of_loads(comparison: Comparison) -> tuple[Part, ...]:
    """What requests meet, and memory that runs short."""
    latency = loads.latency(comparison)
    return (
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
    )


def _of_lives(comparison: Comparison) -> tuple[Part, ...]:
    """What breaks, what ends, and what instances publish."""
    return (
        Part(
            "What broke",
            faults.timeline(comparison),
            "The faults of the first run: how many instances each took, and when the last of those "
            "that came back was ready again. No time passes until a fault is noticed.",
        ),
        Part(
            "How they stand at the end",
            endings.standings(comparison),
            "In the first run, in the words of an engine of containers, with the exit status of "
            "those that have ended: 137 after SIGKILL, 143 after SIGTERM, 139 after a crash. One "
            "that is created never came to run.",
        ),
        Part(
            "What was asked to end",
            endings.ends(comparison),
            "How long it took until all of it was taken down, and the exit status of the main "
            "process. As process 1 it is spared what it does not handle until its grace is over.",
        ),
        Part(
            "What ports cost",
            published.costs(comparison),
            "Mean start and memory of an instance, by how many ports of it are published.",
        ),
    )


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
