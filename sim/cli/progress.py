"""What a command tells while it works: how long it may take, and how far it is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from time import monotonic
from typing import TYPE_CHECKING

from sim.cli.output import say

if TYPE_CHECKING:
    from sim.spec.scenario import Scenario

_PATIENCE_S = 2.0
_STARTS_PER_S = 1_500
"""About what one core of 2020 simulates, in instances started; a promise would be false."""

_LONG_S = 60


def announce(scenario: "Scenario", jobs: int) -> None:
    """Say so before a run that will take minutes."""
    count = sum(group.count for group in scenario.groups.values())
    announce_starts(scenario.name, count * scenario.replications * len(scenario.platforms), jobs)


def announce_starts(name: str, starts: int, jobs: int) -> None:
    """Say so before so many instances are started, if that will take minutes."""
    seconds = starts / _STARTS_PER_S / jobs
    if seconds > _LONG_S:
        more = "" if jobs > 1 else "; --jobs N shares them among N processes"
        say(f"{name}: {starts:,} starts, about {seconds / 60:.0f} min{more}")


@contextmanager
def progress(label: str, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Draw a bar on a terminal, with rate and time left, once a run takes longer than a moment."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, TextColumn

    columns = (*Progress.get_default_columns(), TextColumn("{task.fields[rate]}"))
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(label, total=None, rate="")
    began, kept = monotonic(), [0]

    def tell(done: int, total: int) -> None:
        kept[0] = kept[0] or done  # what was there before is no work of now
        rate = f"{(done - kept[0]) / max(monotonic() - began, _PATIENCE_S):.1f}/s"
        bar.update(task, completed=done, total=total, rate=rate)

    start = Timer(_PATIENCE_S, bar.start)
    start.daemon = True
    start.start()
    try:
        yield tell
    finally:
        start.cancel()
        bar.stop()
