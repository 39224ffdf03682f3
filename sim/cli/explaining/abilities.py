"""What a platform can and cannot do, as a reader asks: whose kernel, which files, what wall."""

from collections.abc import Iterator

from sim.cli.explaining.layout import Line
from sim.cli.explaining.stack import WALLS
from sim.spec.isolation import isolation, kernel_shared_by, wall
from sim.spec.platform import Platform
from sim.spec.systems import SYSTEMS

_LABEL = 18
_MANY = 1_000_000
"""More instances than any limit of sharing: who shares with so many shares with all."""


def abilities(platform: Platform) -> Iterator[Line]:
    """A question and its answer, a line each."""
    for question, answer in (
        ("kernel", _kernel(platform)),
        ("if that panics", _panic(platform)),
        ("other systems", _systems(platform)),
        ("file system", _files(platform)),
        ("towards the host", _wall(platform)),
    ):
        yield Line(f"{question:<{_LABEL}}{answer}", indent=2, hang=_LABEL)


def _kernel(platform: Platform) -> str:
    shared_by = kernel_shared_by(platform, _MANY)
    if shared_by == 1:
        return "each instance has one of its own"
    if shared_by < _MANY:
        return f"{shared_by} instances share one, which is not the host's"
    return f"all instances of a host share one, which is {_owner(platform)}"


def _owner(platform: Platform) -> str:
    return "not the host's" if _own_kernels(platform) else "the host's"


def _panic(platform: Platform) -> str:
    shared_by = kernel_shared_by(platform, _MANY)
    if shared_by == 1:
        return "one instance is lost"
    return f"{shared_by if shared_by < _MANY else 'all'} instances are lost with it"


def _systems(platform: Platform) -> str:
    """Whose programs run, and whether another kernel could be put there for others."""
    own = _own_kernels(platform)
    if not own:
        return "only programs made for the host's kernel run"
    inner = platform.boundaries[own[-1]]
    system = SYSTEMS[inner.system]
    if wall(inner) != "hardware":
        return f"only programs made for {system} run, whose system calls it answers"
    return (
        f"programs made for {system}, whatever the host's system is; with a guest of another "
        f"(`system` of {own[-1]}) programs made for that"
    )


def _own_kernels(platform: Platform) -> list[str]:
    return [name for name, each in platform.boundaries.items() if each.kernel == "own"]


def _files(platform: Platform) -> str:
    """Two versions of a runtime may want the same path, for which one file system has one room."""
    bringing = [each for each in platform.boundaries.values() if each.files.kind != "outside"]
    if not bringing:
        return "one for all, the host's: two versions of a runtime cannot lie at the same path"
    if any(each.scope == "instance" for each in bringing):
        return "each instance has its own, with whatever versions it brings"
    return "one for all that share the wall: two versions of a runtime cannot lie at the same path"


def _wall(platform: Platform) -> str:
    strongest = isolation(platform)
    if strongest == "none":
        return "nothing but its user's rights stands between"
    return WALLS[strongest]
