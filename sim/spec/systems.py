"""Whether the kernels of a stack can run what is to run on them."""

from collections.abc import Mapping

from sim.spec.image import Image, System
from sim.spec.isolation import file_systems, wall
from sim.spec.platform import Platform

SYSTEMS: Mapping[System, str] = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}
"""What the makers of the kernels call them."""


def foreign(platform: Platform, host: System, image: Image) -> str:
    """Say what cannot run on the kernel that it finds; empty where all can.

    A machine's own kernel runs on any host; one in a process is a program of the kernel around it.
    An image's programs ask for theirs, and what lies in the host's own files was made for the host.
    """
    here = host
    for name, boundary in platform.boundaries.items():
        if wall(boundary) != "hardware" and boundary.system != here:
            return _refusal(boundary.title or name, boundary.system, here)
        here = boundary.system
    if file_systems(platform) and image.system != here:
        return _refusal(image.title, image.system, here)
    return ""


def _refusal(what: str, needs: System, here: System) -> str:
    return f"{what}: needs a kernel of {SYSTEMS[needs]}, and the one here is of {SYSTEMS[here]}"
