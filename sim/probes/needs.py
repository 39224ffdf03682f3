"""What a probe needs of the machine, and in which words it says that it is not there."""

import os
import shutil
import subprocess
from collections.abc import Sequence

from sim.probes.rootfs import static_busybox


def lacking(programs: Sequence[str], package: str) -> str:
    """Why a runtime that needs root and some programs cannot be measured; empty where it can."""
    reason = absent(programs, package)
    return reason if reason or os.geteuid() == 0 else "it needs root"


def absent(programs: Sequence[str], package: str) -> str:
    """Which program a runtime needs that is not there; empty where nothing is missing."""
    for program in programs:
        if shutil.which(program) is None:
            return f"there is no {program}: `apt-get install {package}`"
    if static_busybox() is None:
        return (
            "there is no static busybox for its root file system: `apt-get install busybox-static`"
        )
    return ""


def first_line(command: Sequence[str]) -> str:
    """The first line that a command prints, such as its version."""
    try:
        done = subprocess.run(
            [*command], capture_output=True, check=False, text=True, errors="replace", timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return next(iter((done.stdout or done.stderr).strip().splitlines()), "")
