"""Where more is asked than answered, what samples and closed form cannot show is noted."""

import math

import pytest
from report.stated import Made, stated

from sim.report.parts import parts

NAN = math.nan


def loaded(
    offered: float = 1000.0,
    *,
    done: float = 900.0,
    simulated: float = 90.0,
    standing: float = 4.0,
    mean: float = 0.01,
) -> Made:
    """Four instances at ease, and then a window in which so many are asked for so much."""
    load = ("a", "web", 0, 1.0, 1.0, NAN, NAN, 1.0, 0.01, mean, 0.01, 0.02, 0.0)
    times = (0.01, 0.01, 0.01, 0.02)
    rows = [("a", "web", 0.0, 1.0, 4.0, 9.0, 9.0, 9.0, 0.0, 1.0, *times),
            ("a", "web", 1.0, 2.0, standing, offered, done, done, 0.0, simulated, *times)]
    return stated({"a": {}}, loads=[load], requests=rows)  # fmt: skip


def note(found: Made) -> str:
    return next(part.note for part in parts(found) if part.title == "How long requests take")


def test_a_queue_that_grows_is_longer_than_its_samples():
    assert note(loaded()).endswith(
        " the queue is longer than in the samples that were simulated, and so are the latencies; "
        "a larger requests_in_detail simulates more."
    )


@pytest.mark.parametrize(
    "found",
    [loaded(915.0), loaded(simulated=908.0), loaded(standing=3.0)],
    ids=["within 2 %", "all simulated", "some are down"],
)
def test_elsewhere_nothing_is_noted(found: Made):
    assert note(found).endswith("The closed form is that of the mean.")


def test_no_end_is_explained_where_it_stands():
    assert note(loaded(900.0, mean=math.inf)).endswith(
        " No end: as much is asked for as can be answered, or more, so that the queue of the "
        "closed form grows for as long as that is asked."
    )
