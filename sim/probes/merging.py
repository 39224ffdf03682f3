"""What the kernel's search for equal pages costs and saves, measured on pages of this process."""

import mmap
import os
import time
from dataclasses import dataclass
from pathlib import Path

from sim.probes.bench import ProbeError, Workbench
from sim.probes.kernel import cpu_of, processes

_SETTINGS = Path("/sys/kernel/mm/ksm")
_RUN = _SETTINGS / "run"
_ADVISOR = _SETTINGS / "advisor_mode"
_OFF, _ON, _PART_ALL = "0", "1", "2"
_THREAD = "ksmd"

_EQUAL = 32 * 1024 * 1024
"""Bytes that are there twice; they are random, so that they equal nothing else."""

_AT_ONCE = "1000"
"""Pages after each pause, so that two rounds take about a second and not half a minute."""

_WITHIN_S = 15.0
_GLANCE_S = 0.02


@dataclass(frozen=True)
class Merging:
    """How the kernel looks for equal pages, and what came of it.

    `pages` after each `pause_s` is what the machine is set to, `compute_s` what its search took of
    a core for each page that it looked at. Of `equal` bytes that could be saved it saved `saved`
    within `seconds`, at a speed that was set for the measurement.
    """

    pages: int
    pause_s: float
    compute_s: float
    equal: int
    saved: int
    seconds: float


def _missing() -> str:
    """Why it cannot be measured here, and what would help; empty where it can."""
    if not _RUN.exists():
        return "this kernel looks for no equal pages: it was built without KSM"
    if not hasattr(mmap, "MADV_MERGEABLE"):
        return "this Python was built on a system without MADV_MERGEABLE"
    if not os.access(_RUN, os.W_OK):
        return f"this user may not set {_RUN}: run it as root"
    if _setting("run") != int(_OFF):
        return "the machine is looking for equal pages already, and is left to it"
    if _setting("pages_shared"):
        return "pages were merged before, and a measurement would part or add to them"
    return ""


def measure_merging(bench: Workbench) -> Merging:
    """Let the kernel merge pages of this process, and leave all as it was.

    Raises ProbeError where it cannot, or merges none.
    """
    if reason := _missing():
        raise ProbeError(reason)
    pages, pause_s = _setting("pages_to_scan"), 1e-3 * _setting("sleep_millisecs")
    if _ADVISOR.exists():
        bench.set(_ADVISOR, "none")  # it would choose the number of pages itself
    bench.set(_SETTINGS / "pages_to_scan", _AT_ONCE)
    # What is undone last to first parts whatever was merged meanwhile, and then switches off.
    bench.set(_RUN, _PART_ALL)
    with mmap.mmap(-1, 2 * _EQUAL, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as region:
        region.madvise(mmap.MADV_MERGEABLE)
        content = os.urandom(_EQUAL)
        region[:_EQUAL], region[_EQUAL:] = content, content
        scanned, used, start = _scanned(), _used(), time.monotonic()
        bench.set(_RUN, _ON)
        saved = _awaited(bench, start + _WITHIN_S)
        seconds, scanned = time.monotonic() - start, _scanned() - scanned
        cost = (_used() - used) / max(scanned, 1)
        return Merging(pages, pause_s, cost, _EQUAL, saved, seconds)


def _awaited(bench: Workbench, end: float) -> int:
    """Wait until all that is equal is merged, or until a time; returns the bytes saved."""
    while (saved := _setting("pages_sharing") * mmap.PAGESIZE) < _EQUAL and time.monotonic() < end:
        bench.pause(_GLANCE_S)
    if not saved:
        raise ProbeError("the kernel merged no equal pages")
    return saved


def _scanned() -> int:
    """Pages that were looked at so far; older kernels count whole rounds alone."""
    if (_SETTINGS / "pages_scanned").exists():
        return _setting("pages_scanned")
    return _setting("full_scans") * 2 * _EQUAL // mmap.PAGESIZE


def _used() -> float:
    return cpu_of(each for each in processes() if each.name == _THREAD)


def _setting(name: str) -> int:
    return int((_SETTINGS / name).read_text(encoding="utf-8"))
