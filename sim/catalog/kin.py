"""Which platform of the catalog a platform is, or is a variant of."""

from collections.abc import Iterator, Mapping
from typing import cast

from sim.catalog.entries import mapping, resolved_entry
from sim.catalog.loader import names
from sim.catalog.models import model_of
from sim.spec.platform import Platform

_HALF = 0.5


def kin(platform: Platform) -> str:
    """Give the name of the catalog's platform that this one is, or most of whose numbers it has.

    It has the same boundaries then, and its name or at least half of its numbers; otherwise the
    name is empty.
    """
    alike = [name for name in names("platforms") if _is_like(platform, name)]
    if platform.name in alike:
        return platform.name
    own = dict(_leaves(platform))
    shares = {name: _shared(own, name) for name in alike}
    best = max(shares, key=shares.__getitem__, default="")
    return best if best and shares[best] >= _HALF else ""


def _is_like(platform: Platform, name: str) -> bool:
    """Whether both have the same boundaries, by their names."""
    return [*mapping(resolved_entry("platforms", name).get("boundaries"))] == [*platform.boundaries]


def _shared(own: Mapping[str, object], name: str) -> float:
    """The share of its own values that a platform has in common with one of the catalog."""
    theirs = dict(_leaves(cast("Platform", model_of("platforms", name))))
    same = sum(theirs.get(path) == value for path, value in own.items())
    return same / max(1, len(own), len(theirs)) if own or theirs else 1.0


def _leaves(platform: Platform) -> Iterator[tuple[str, object]]:
    dumped = platform.model_dump(mode="json", exclude_defaults=True)
    return _walked(dumped.get("boundaries", {}), "")


def _walked(value: object, path: str) -> Iterator[tuple[str, object]]:
    if not isinstance(value, dict):
        yield path, str(value)
        return
    for name, part in value.items():
        yield from _walked(part, f"{path}.{name}")
