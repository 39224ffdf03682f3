"""Whether the kernels of a stack can run what is to run on them."""

from collections.abc import Mapping

from sim.spec.image import Image, System
from sim.spec.isolation import wall
from sim.spec.platform import Platform

SYSTEMS: Mapping[System, str] = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}
"""What the makers of the kernels call them."""


def needed(platform: Platform) -> System | None:
    """The system whose kernel the host must have; none where a machine brings its own on any."""
    outermost = next(iter(platform.boundaries.values()), None)
    return None if outermost is None or wall(outermost) == "hardware" else outermost.system


def foreign(platform: Platform, host: System, image: Image) -> str:
    """Say what cannot run on the kernel that it finds; empty where all can.

    A machine's own kernel runs on any host; one in a process is a program of the kernel around it.
    An image's programs ask for theirs, and what lies in the host's own files was made for the host.
    """
    here, is_brought = host, False
    for name, boundary in platform.boundaries.items():
        if wall(boundary) != "hardware" and boundary.system != here:
            return _refusal(boundary.title or name, boundary.system, here)
        here = boundary.system
        is_brought = is_brought or boundary.files.kind != "outside"
    if is_brought and image.system != here:
        return _refusal(image.title, image.system, here)
    return ""


def _refusal(what: str, needs: System, here: System) -> str:
    return f"{what}: needs a kernel of {SYSTEMS[needs]}, and the one here is of {SYSTEMS[here]}"
