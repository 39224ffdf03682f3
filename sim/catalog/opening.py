"""Models opened into trees, but only along the paths that lead into them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import cast

from sim.spec.document import Path, Tree
from sim.spec.objective import Comparison
from sim.spec.quantity import Model, Quantity


def opened(part: object, paths: Sequence[Path]) -> Tree:
    """Open a part of a scenario; inside, all is as it was that no path leads further into."""
    ahead: dict[str | int, list[Path]] = {}
    for step, *rest in filter(None, paths):
        ahead.setdefault(step, []).append(tuple(rest))
    found = {step: _along(each, ahead.get(step, [])) for step, each in inside(part)}
    if isinstance(part, list):
        return [*found.values()]
    written = {**found, **_written(part)} if isinstance(part, Model) else found
    return {str(step): tree for step, tree in written.items() if tree is not None}


def _along(part: object, paths: Sequence[Path]) -> Tree:
    return opened(part, paths) if any(paths) and not is_leaf(part) else cast("Tree", part)


def inside(part: object) -> Iterator[tuple[str | int, object]]:
    """What a part is made of, by its keys or in order; nothing for what no path leads into."""
    if isinstance(part, list):
        yield from enumerate(part)
    elif isinstance(part, dict):
        yield from part.items()
    elif isinstance(part, Model) and not is_leaf(part):
        yield from ((key, getattr(part, name)) for name, key in _keys(type(part)).items())


def is_leaf(part: object) -> bool:
    """Whether nothing inside a part has a name."""
    return isinstance(part, Quantity | Comparison) or not isinstance(part, Model | dict | list)


def own_name(part: object) -> str:
    """The name of a part, by which a list has it; nothing if it has none."""
    name = part.get("name") if isinstance(part, dict) else getattr(part, "name", None)
    return str(name or "")


def _written(part: Model) -> Mapping[str | int, Tree]:
    """The amounts of a model as files have them: a model knows them as bare numbers."""
    amounts = {name for name, value in part if isinstance(value, float)}
    return cast("Mapping[str | int, Tree]", part.model_dump(mode="json", include=amounts))


@cache
def _keys(kind: type[Model]) -> dict[str, str]:
    """The keys that a file may have, by the names of their fields."""
    fields = kind.model_fields.items()
    return {name: field.alias or name for name, field in fields if not field.exclude}
