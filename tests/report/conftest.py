"""The made-up comparisons that the tests of the report share."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from matplotlib.text import Text
from report.happened import happened
from report.made import KINDS, TEN_KINDS, Made, made


@pytest.fixture(scope="session")
def four() -> Made:
    """Fifty web services on four platforms, ten replications."""
    return made()


@pytest.fixture(scope="session")
def ten() -> Made:
    """Ten platforms with long names."""
    return made(TEN_KINDS, replications=3)


@pytest.fixture(scope="session")
def many() -> Made:
    """Twenty-seven platforms, of which some have long names, and 99 instances fail on one."""
    kinds = [replace(TEN_KINDS[place % 10], name=f"{TEN_KINDS[place % 10].name}-{place}")
             for place in range(27)]  # fmt: skip
    return made((*kinds[:26], replace(kinds[26], failing=0.9)), replications=1)


@pytest.fixture(scope="session")
def failing() -> Made:
    """Where a third does not become ready on the VMs, so that start-up quantiles are absent."""
    return made((*KINDS[1:3], replace(KINDS[3], failing=0.35)), replications=3)


@pytest.fixture(scope="session")
def alone() -> Made:
    """One platform, one replication: no intervals, nothing to compare with."""
    return made(KINDS[3:], replications=1)


@pytest.fixture(scope="session")
def storm() -> Made:
    """A hundred at once."""
    return made(count=100)


@pytest.fixture(scope="session")
def kinds_in_one_run() -> Made:
    """Two platforms, one replication: differences without intervals."""
    return made(KINDS[:2], replications=1)


@pytest.fixture(scope="session")
def two() -> Made:
    """Two platforms that are far apart."""
    return made((KINDS[0], KINDS[3]), replications=2)


@pytest.fixture(scope="session")
def pressed() -> Made:
    """Four platforms under load, with faults, of which two merge and swap, and one kills."""
    return happened()


@pytest.fixture(scope="session")
def clients() -> Made:
    """The same load from 1 to 120 clients, which changes who leads."""
    return happened(clients={"c1": 1, "c10": 10, "c50": 50, "c120": 120})


@pytest.fixture(scope="session")
def ten_pressed() -> Made:
    """Ten platforms with long names, two groups, of which one has clients."""
    return happened(TEN_KINDS, {"web": 0, "db": 4})


@pytest.fixture(scope="session")
def alone_pressed() -> Made:
    """One platform, one replication."""
    return happened(KINDS[3:], {"web": 20}, 1)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Text]]:
    """The texts that a figure really draws, which are fewer than those that it has."""
    texts: list[Text] = []
    draw_text = Text.draw

    def recording(self: Text, renderer: object, *rest: object, **more: object) -> None:
        if self.get_visible() and self.get_text():
            texts.append(self)
        draw_text(self, renderer, *rest, **more)

    monkeypatch.setattr(Text, "draw", recording)
    yield texts
