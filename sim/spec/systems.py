"""Whether the kernels of a stack can run what is to run on them."""

from sim.spec.image import Image, System
from sim.spec.platform import Platform

_NAMES: dict[System, str] = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}


def foreign(platform: Platform, host: System, image: Image) -> str:
    """Say what cannot run on the kernel that it finds; empty where all can.

    A kernel of its own runs on any host, and an image's programs ask for theirs. What lies in the
    host's own files was made for the host.
    """
    here, is_brought = host, False
    for name, boundary in platform.boundaries.items():
        if boundary.kernel == "shared" and boundary.system != here:
            return _refusal(boundary.title or name, boundary.system, here)
        here = boundary.system
        is_brought = is_brought or boundary.files.kind != "outside"
    if is_brought and image.system != here:
        return _refusal(image.title, image.system, here)
    return ""


def _refusal(what: str, needs: System, here: System) -> str:
    return f"{what}: needs a kernel of {_NAMES[needs]}, and the one here is of {_NAMES[here]}"
