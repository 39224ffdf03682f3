"""Values set over a scenario by path, as `--set` and the axes of a sweep do."""

from collections.abc import Mapping
from typing import cast

from sim.errors import Fault, ScenarioError, TareError, did_you_mean, shown
from sim.spec.document import Document, Path, Place, Tree, child, dotted, is_cited
from sim.spec.scenario import Scenario
from sim.spec.statement import stated


def overridden(document: Document, scenario: Scenario, overrides: Mapping[str, object]) -> Document:
    """Write values into what `show` prints of a scenario, placed at the paths that set them.

    Raises ScenarioError with a fault for each path that leads nowhere.
    """
    tree: Tree = {**stated(scenario)}
    paths = _paths(scenario, overrides)
    for said, path in paths.items():
        tree = _with(tree, path, cast("Tree", overrides[said]))
    values = {
        path: place
        for path, place in document.values.items()
        if not any(path[: len(replaced)] == replaced for replaced in paths.values())
    }
    values |= {path: Place(f"--set {said}", 0, 0) for said, path in paths.items()}
    return Document(document.file, tree, values, document.keys)


def _paths(scenario: Scenario, overrides: Mapping[str, object]) -> dict[str, Path]:
    whole: Tree = scenario.model_dump(mode="json")
    paths: dict[str, Path] = {}
    faults: list[Fault] = []
    for said in overrides:
        try:
            paths[said] = _path(said, whole)
        except TareError as error:
            faults.append(Fault(error.problem, error.remedy, file=f"--set {said}"))
    if faults:
        raise ScenarioError(faults)
    return paths


def _path(said: str, tree: Tree) -> Path:
    """Find the path that a text names; what it sets last, or under what is null, may be new."""
    path: Path = ()
    steps = said.split(".")
    while steps and tree is not None:
        if steps == ["value"] and is_cited(tree):
            return path
        length, step = _step(steps, tree, dotted(path))
        tree = child(tree, step)
        path, steps = (*path, step), steps[length:]
    return (*path, *steps)


def _step(steps: list[str], tree: Tree, at: str) -> tuple[int, str | int]:
    """How many parts of the path name a child, whose name may hold dots, and which it is."""
    children = _names(tree)
    for length in range(len(steps), 0, -1):
        name = ".".join(steps[:length])
        if name in children:
            return length, children[name]
    if not isinstance(tree, dict | list) or is_cited(tree):
        raise TareError(f"{at} holds nothing with a name", f"set {at} as a whole")
    if isinstance(tree, dict) and len(steps) == 1:
        return 1, steps[0]
    problem = f"{at or 'the scenario'}{_way_of_naming(tree)} has no {shown(steps[0])}"
    raise TareError(problem, did_you_mean(steps[0], children))


def _way_of_naming(tree: Tree) -> str:
    """Say how paths name the items of a list, here and where faults stand."""
    if not isinstance(tree, list):
        return ""
    is_named = any(child(item, "name") for item in tree)
    return f", whose items go by {'name' if is_named else 'number, from 0'},"


def _names(tree: Tree) -> dict[str, str | int]:
    """The children of a tree by the name that a path has for them."""
    if isinstance(tree, list):
        return {str(child(item, "name") or number): number for number, item in enumerate(tree)}
    return {} if not isinstance(tree, dict) or is_cited(tree) else {key: key for key in tree}


def _with(tree: Tree, path: Path, value: Tree) -> Tree:
    """The tree with a value at a path, where it had one or not; a name becomes a variant of it."""
    if not path:
        return value
    if isinstance(tree, str):
        tree = {"extends": tree}
    step, inner = path[0], _with(child(tree, path[0]), path[1:], value)
    if isinstance(tree, list):
        return [inner if number == step else item for number, item in enumerate(tree)]
    return (tree if isinstance(tree, dict) else {}) | {str(step): inner}
