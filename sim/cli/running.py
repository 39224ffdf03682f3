"""A scenario's comparison run for somebody who waits for it."""

from typing import TYPE_CHECKING

from sim.cli.progress import announce, progress

if TYPE_CHECKING:
    from sim.spec.scenario import Scenario
    from sim.studies.comparison import Comparison


def compared(scenario: "Scenario", *, jobs: int, quiet: bool) -> "Comparison":
    """Compare the platforms of a scenario; tell how long it may take, and how far it is."""
    from sim.studies.compare import compare

    if not quiet:
        announce(scenario, jobs)
    with progress(scenario.name, quiet=quiet) as tell:
        return compare(scenario, jobs=jobs, progress=tell)
