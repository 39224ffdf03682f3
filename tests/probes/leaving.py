"""What a calibration could leave on a machine: looked for before and after."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sim.probes.undoing import CGROUPS, PREFIX, VARIABLE, folder_name


def traces() -> dict[str, list[str]]:
    """All that is there under the mark of a calibration, and all mounts and network links.

    What belongs to a calibration that somebody else has under way is not counted.
    """
    folders = [path.name for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*")]
    cgroups = {path.name: str(path) for path in _cgroups()}
    processes = dict(_marked())
    return {
        "folders": sorted(mark for mark in folders if _counts(mark)),
        "processes": sorted(name for name, mark in processes.items() if _counts(mark)),
        "cgroups": sorted(path for mark, path in cgroups.items() if _counts(mark)),
        "mounts": sorted(place for place in _mounts() if all(map(_counts, _marks(place)))),
        "links": sorted(os.listdir("/sys/class/net")),
    }


def _counts(mark: str) -> bool:
    """Whether the owner of a mark has ended, or is this process."""
    number = int(mark.removeprefix(PREFIX).split("-")[0])
    return number == os.getpid() or mark != folder_name(number)


def _marks(place: str) -> list[str]:
    return [part for part in place.split("/") if part.startswith(PREFIX)]


def _cgroups() -> Iterator[Path]:
    for pattern in (f"{PREFIX}*", f"*/{PREFIX}*"):
        yield from CGROUPS.glob(pattern)


def _mounts() -> list[str]:
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    return [line.split()[4] for line in lines]


def _marked() -> Iterator[tuple[str, str]]:
    """The processes that carry a mark, as number and name, each with its mark."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            variables = Path("/proc", name, "environ").read_bytes().split(b"\0")
            said = Path("/proc", name, "comm").read_text(encoding="utf-8")
        except OSError:
            continue
        for variable in variables:
            key, _, mark = variable.decode(errors="replace").partition("=")
            if key == VARIABLE:
                yield f"{name} {said}", mark
