"""The made-up comparisons that the tests of the report share."""

from dataclasses import replace

import pytest
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
