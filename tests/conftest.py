"""How the tests share a machine where several processes run them, each a part.

The tests of a module stay in one process, for what they make once; the modules that take longest go
first, so that no process waits for another's at the end. What compares times is marked `alone` and
goes last: nothing else is tested meanwhile.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

import pytest

HERE = Path(__file__)
PROBING = (HERE.parent / "probes", HERE.parent / "cli" / "test_calibrate.py")
"""Where real runtimes are started, whose traces on the machine are looked for: one at a time."""

LONGEST = ("test_scenarios", "test_judged", "test_readme", "test_pages", "test_quality")
"""The modules that take longest, in order."""

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # as in the background of a shell, where what tests start would not hear Ctrl-C either
    signal.signal(signal.SIGINT, signal.default_int_handler)

IS_ONE_OF_SEVERAL = "PYTEST_XDIST_WORKER" in os.environ


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Let several processes share the tests by modules, in order."""
    if config.getoption("numprocesses", None):
        config.option.dist = "loadscope"
        config.option.loadscopereorder = False


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, and end with what others must wait for."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """When a test's folder has its turn; a module is never parted."""
    if item.path.stem in LONGEST:
        return LONGEST.index(item.path.stem)
    return len(LONGEST) + (item.path.parent.name == "benchmarks")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test run beside others, or once they are done and with none of them."""
    if not IS_ONE_OF_SEVERAL:
        return (yield)
    with HERE.open("rb") as door, (HERE.parent / "house.py").open("rb") as room:
        _enter(door, room, alone=item.get_closest_marker("alone") is not None)
        with (HERE.parent / "measures.py").open("rb") as bench:
            _take(bench, item)
            return (yield)


def _take(bench: BinaryIO, item: pytest.Item) -> None:
    """Wait until no other real runtime is started, where this test starts one."""
    import fcntl

    if any(map(item.path.is_relative_to, PROBING)):
        fcntl.flock(bench, fcntl.LOCK_EX)


def _enter(door: BinaryIO, room: BinaryIO, *, alone: bool) -> None:
    """Wait for the room, and in the door, so that none goes in before who waits to be alone.

    Who leaves closes the file, which lets the others in.
    """
    import fcntl

    fcntl.flock(door, fcntl.LOCK_EX)
    fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
    fcntl.flock(door, fcntl.LOCK_UN)
