"""How the tests share a machine where several processes run them, each a part.

The tests of a module stay in one process, for what they make once; an `xdist_group` of their own
says otherwise. What compares times is marked `alone`: nothing else is tested meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

import pytest

HERE = Path(__file__)
PROBING = (HERE.parent / "probes", HERE.parent / "cli" / "test_calibrate.py")
"""Where real runtimes are started, whose traces on the machine are looked for: one at a time."""

IS_ONE_OF_SEVERAL = "PYTEST_XDIST_WORKER" in os.environ


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Let several processes share the tests by groups, in order."""
    if config.getoption("numprocesses", None):
        config.option.dist = "loadgroup"
        config.option.loadscopereorder = False


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a module together that do not say with whom they go."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            is_probing = any(map(item.path.is_relative_to, PROBING))
            item.add_marker(pytest.mark.xdist_group("probing" if is_probing else str(item.path)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test run beside others, or once they are done and with none of them."""
    if not IS_ONE_OF_SEVERAL:
        return (yield)
    with HERE.open("rb") as door, (HERE.parent / "house.py").open("rb") as room:
        _enter(door, room, alone=item.get_closest_marker("alone") is not None)
        return (yield)


def _enter(door: BinaryIO, room: BinaryIO, *, alone: bool) -> None:
    """Wait for the room, and in the door, so that none goes in before who waits to be alone.

    Who leaves closes the file, which lets the others in.
    """
    import fcntl

    fcntl.flock(door, fcntl.LOCK_EX)
    fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
    fcntl.flock(door, fcntl.LOCK_UN)
