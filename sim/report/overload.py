"""What to make of latencies where more is asked than can be answered."""

import math
from collections.abc import Iterator

from pandas import DataFrame

from sim.report.comparison import Comparison
from sim.report.findings import Table

_NOTABLE = 1.02
_QUEUE = (
    "Where more is asked than can be answered, the queue is longer than in the samples that were "
    "simulated, and so are the latencies; a larger requests_in_detail simulates more."
)
_NO_END = (
    "No end: as much is asked for as can be answered, or more, so that the queue of the closed "
    "form grows for as long as that is asked."
)


def notes(comparison: Comparison, latency: Table) -> str:
    """Say what the tables of the load cannot show; nothing where all that is asked is answered."""
    is_endless = any(math.isinf(cell.value) for row in latency.rows for cell in row)
    said = (
        _QUEUE if _is_outgrown(comparison) else "",
        _NO_END if is_endless else "",
    )
    return " ".join(filter(None, said))


def _is_outgrown(comparison: Comparison) -> bool:
    """Whether a queue that is simulated in samples grows, all instances standing."""
    return any(
        asked > _NOTABLE * answered and simulated < done
        for asked, answered, simulated, done in _totals(comparison.requests)
    )


def _totals(requests: DataFrame) -> Iterator[tuple[float, ...]]:
    """What each platform and group is asked and answers while as many serve as ever do.

    What is answered is that of the closed form, on which chance does not work.
    """
    for _, part in requests.groupby(["platform", "group"], sort=False):
        whole = part[part["instances"] >= part["instances"].max()]
        total = whole[["offered", "done_fluid", "simulated", "done"]].sum()
        yield tuple(float(value) for value in total)
