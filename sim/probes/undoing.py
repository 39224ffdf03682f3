"""Take away what a calibration has left: processes, cgroups, mounts, settings, files."""

import contextlib
import ctypes
import json
import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from sim.probes.kernel import marked, mounts_below, process

VARIABLE = "TARE_CALIBRATION"
"""The variable that marks each process of a calibration, with the name of its folder."""

JOURNAL = "journal"
PREFIX = "tare-calibrate-"
CGROUPS = Path("/sys/fs/cgroup")
_DETACH = 2
_PATIENCE_S = 10.0
_PAUSE_S = 0.02


def folder_name(number: int) -> str:
    """The name of the folder of what a process makes; no other process ever has the same."""
    found = process(number)
    return f"{PREFIX}{number}-{found.started if found else 0}"


def leftovers(place: Path) -> Iterator[Path]:
    """The folders of calibrations that were killed, among those that are ours to clear."""
    for folder in sorted(place.glob(f"{PREFIX}*-*")):
        number = folder.name.removeprefix(PREFIX).split("-")[0]
        is_ours = folder.is_dir() and not folder.is_symlink() and _is_mine(folder)
        if is_ours and number.isdigit() and folder.name != folder_name(int(number)):
            yield folder


def _is_mine(folder: Path) -> bool:
    return folder.lstat().st_uid == os.getuid()


def undo(folder: Path) -> list[str]:
    """Undo everything that was made under the mark of a folder, and at last the folder.

    May be repeated, and begun again where it was interrupted. Returns what could not be undone.
    """
    mark = folder.name
    left = [f"process {number}" for number in end_marked(mark)]
    left += [f"cgroup {path}" for path in _without_cgroups(mark)]
    for made in reversed(_journal(folder)):
        left += [*_undone(made)]
    for place in mounts_below(folder.resolve()):
        _unmount(place)
    if mounts := mounts_below(folder.resolve()):
        return left + [f"mount {place}" for place in mounts]
    shutil.rmtree(folder, ignore_errors=True)
    return left + ([f"folder {folder}"] if folder.exists() else [])


def end_marked(mark: str) -> list[int]:
    """Kill the processes of a mark until there is none; returns those that would not end."""
    end = time.monotonic() + _PATIENCE_S
    while numbers := [*marked(mark, VARIABLE)]:
        for number in numbers:
            with contextlib.suppress(OSError):
                os.kill(number, signal.SIGKILL)
        if time.monotonic() > end:
            return [number for number in numbers if _runs(number)]
        time.sleep(_PAUSE_S)
    return []


def _runs(number: int) -> bool:
    found = process(number)
    return found is not None and found.state not in "ZX"


def _without_cgroups(mark: str) -> list[Path]:
    """Remove the cgroups of a mark in all hierarchies; they are free once their last task is."""
    end = time.monotonic() + _PATIENCE_S
    while found := _cgroups(mark):
        for path in [path for top in found for path, _, _ in os.walk(top, topdown=False)]:
            with contextlib.suppress(OSError):
                os.rmdir(path)
        if time.monotonic() > end:
            return _cgroups(mark)
        time.sleep(_PAUSE_S)
    return []


def _cgroups(mark: str) -> list[Path]:
    tops = [CGROUPS / mark, *CGROUPS.glob(f"*/{mark}")]
    return [top for top in tops if top.is_dir()]


def _journal(folder: Path) -> list[dict[str, str]]:
    """What was noted before it was made; a last line that was cut short was never made."""
    try:
        lines = (folder / JOURNAL).read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in lines[:-1]]


def _undone(made: dict[str, str]) -> Iterator[str]:
    """Undo one entry of a journal: a setting of the kernel, or a path that was not there."""
    if "setting" in made:
        try:
            _restore(Path(made["setting"]), made["was"])
        except OSError as error:
            yield f"{made['setting']}, which was {made['was']}: {error.strerror}"
    if "path" in made:
        _remove(Path(made["path"]))


def _remove(path: Path) -> None:
    """Remove what is at a path: a cgroup, which holds nothing but itself, a folder or a file."""
    if CGROUPS in path.parents:
        with contextlib.suppress(FileNotFoundError):
            os.rmdir(path)
    elif path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def setting(file: Path) -> str:
    """What a setting of the kernel is now: all of its text, or the word that it has in brackets."""
    text = file.read_text(encoding="utf-8").strip()
    chosen = re.search(r"\[(.+)\]", text)
    return chosen[1] if chosen else text


def _restore(file: Path, was: str) -> None:
    if setting(file) != was:
        file.write_text(was, encoding="utf-8")


def _unmount(place: Path) -> None:
    """Take a mount away, even if somebody still looks at it; the next look finds it gone."""
    ctypes.CDLL(None, use_errno=True).umount2(os.fsencode(place), _DETACH)
