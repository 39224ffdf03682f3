"""Names of steps, as BuildKit prints them."""

import re

from sim.images.dockerfile import Copy, Run, Stage, WorkFolder

DEFINITION = "[internal] load build definition from {}"
IGNORE = "[internal] load .dockerignore"
METADATA = "[internal] load metadata for {}"
RESOLVE = "resolve image config for docker-image://{}"
FRONTEND = "docker-image://{}"
CONTEXT = "[internal] load build context"
DOCUMENT = "[internal] preparing inline document"
EXPORT = "exporting to image"


class StageNames:
    """Numbers the steps of a stage: `[build 2/5] COPY . .`.

    The total counts FROM of an image, and each WORKDIR, COPY, ADD and RUN, WORKDIR / too, which
    makes no step. A file of a single stage does not say its name.
    """

    def __init__(self, stage: Stage, has_image: bool, is_only: bool) -> None:
        name = "" if is_only else stage.name or f"stage-{stage.number}"
        self._start = f"{name} " if name else ""
        counted = sum(isinstance(command, Copy | Run | WorkFolder) for command in stage.commands)
        self._total = counted + has_image
        self._number = 0

    def following(self, text: str) -> str:
        """Name of the next step."""
        self._number += 1
        total = str(self._total)
        return f"[{self._start}{self._number:>{len(total)}}/{total}] {text}"


def full_name(reference: str) -> str:
    """Write an image's name as BuildKit does: with its registry, its folder there and its tag."""
    reference = re.sub(r"^(index\.)?docker\.io/", "", reference)
    first, _, rest = reference.partition("/")
    has_registry = bool(rest) and ("." in first or ":" in first or first == "localhost")
    name = reference if has_registry else _on_docker_hub(reference)
    is_tagged = "@" in name or ":" in name.rsplit("/", 1)[-1]
    return name if is_tagged else f"{name}:latest"


def _on_docker_hub(name: str) -> str:
    return f"docker.io/{name}" if "/" in name else f"docker.io/library/{name}"
