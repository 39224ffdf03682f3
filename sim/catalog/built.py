"""What a Dockerfile that a scenario names comes to: its builds as data, before any run."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.catalog.supplies import CatalogSupplies
from sim.images.building import Inputs, plan_builds
from sim.images.context import read_context
from sim.images.dockerfile import read_dockerfile
from sim.spec.build import Build


def read_builds(
    dockerfile: Path,
    context: Path | None = None,
    *,
    changes: Sequence[str] = (),
    repeat: int = 1,
    arguments: Mapping[str, str] | None = None,
    target: str = "",
) -> list[Build]:
    """Plan the first build of a Dockerfile, and one after each change, all of them `repeat` times.

    The context is the folder of the Dockerfile unless another is given. Raises ScenarioError with
    the faults of the Dockerfile or of its context, and UsageError for a change that cannot be.
    """
    read = read_dockerfile(str(dockerfile))
    folder = read_context(context or dockerfile.parent, dockerfile)
    inputs = Inputs(read, folder, arguments or {}, target)
    return plan_builds(inputs, [*changes] * repeat, CatalogSupplies())
