"""Values set over a scenario by path, as `--set` and the axes of a sweep do."""

from collections.abc import Iterable, Mapping
from typing import cast

from sim.catalog.opening import inside, is_leaf, opened, own_name
from sim.errors import Fault, ScenarioError, TareError, did_you_mean, shown
from sim.spec.document import Document, Path, Place, Tree, child, dotted
from sim.spec.quantity import Quantity
from sim.spec.scenario import Scenario


def overridden(
    document: Document, scenario: Scenario, overrides: Mapping[str, object], option: str
) -> Document:
    """Write values into what `show` prints of a scenario, placed at the paths that set them.

    Only what the paths touch is written out; all other parts stand there as the models that they
    are. Raises ScenarioError with a fault for each path that leads nowhere.
    """
    paths = _paths(scenario, overrides, option)
    tree = opened(scenario, [*paths.values()])
    for said, path in paths.items():
        tree = with_value(tree, path, cast("Tree", overrides[said]))
    values = {
        path: place
        for path, place in document.values.items()
        if not any(path[: len(replaced)] == replaced for replaced in paths.values())
    }
    values |= {path: Place(f"{option} {said}", 0, 0) for said, path in paths.items()}
    return Document(document.file, tree, values, document.keys)


def standing(scenario: Scenario, said: str) -> tuple[Path, Tree]:
    """Find the path that a text names, and what stands there. Raises TareError for none."""
    path = _path(said, scenario)
    whole: Tree = scenario.model_dump(mode="json", include={str(path[0])})
    for step in path:
        whole = child(whole, step)
    return path, whole


def _paths(scenario: Scenario, overrides: Iterable[str], option: str) -> dict[str, Path]:
    paths: dict[str, Path] = {}
    faults: list[Fault] = []
    for said in overrides:
        try:
            paths[said] = _path(said, scenario)
        except TareError as error:
            faults.append(Fault(error.problem, error.remedy, file=f"{option} {said}"))
    if faults:
        raise ScenarioError(faults)
    return paths


def _path(said: str, part: object) -> Path:
    """Find the path that a text names; what it sets last, or under what is null, may be new."""
    path: Path = ()
    steps = said.split(".")
    while steps and part is not None:
        if steps == ["value"] and isinstance(part, Quantity):
            return path
        length, step = _step(steps, part, dotted(path))
        part = dict(inside(part)).get(step)
        path, steps = (*path, step), steps[length:]
    return (*path, *steps)


def _step(steps: list[str], part: object, at: str) -> tuple[int, str | int]:
    """How many parts of the path name a child, whose name may hold dots, and which it is."""
    children = {_name(each, step): step for step, each in inside(part)}
    for length in range(len(steps), 0, -1):
        name = ".".join(steps[:length])
        if name in children:
            return length, children[name]
    if is_leaf(part):
        raise TareError(f"{at} holds nothing with a name", f"set {at} as a whole")
    if not isinstance(part, list) and len(steps) == 1:
        return 1, steps[0]
    problem = f"{at or 'the scenario'}{_way_of_naming(part)} has no {shown(steps[0])}"
    raise TareError(problem, did_you_mean(steps[0], children))


def _name(part: object, step: str | int) -> str:
    """The name that a path has for what stands one step into another; for an item, its own."""
    return str((isinstance(step, int) and own_name(part)) or step)


def _way_of_naming(part: object) -> str:
    """Say how paths name the items of a list, here and where faults stand."""
    if not isinstance(part, list):
        return ""
    is_named = any(own_name(item) for item in part)
    return f", whose items go by {'name' if is_named else 'number, from 0'},"


def with_value(tree: Tree, path: Path, value: Tree) -> Tree:
    """Give the tree with a value at a path, where it had one or not.

    A name on the way becomes a variant of what it names.
    """
    if not path:
        return value
    if isinstance(tree, str):
        tree = {"extends": tree}
    step, inner = path[0], with_value(child(tree, path[0]), path[1:], value)
    if isinstance(tree, list):
        return [inner if number == step else item for number, item in enumerate(tree)]
    return (tree if isinstance(tree, dict) else {}) | {str(step): inner}
