"""Values set over a scenario by path, as `--set` and the axes of a sweep do."""

from collections.abc import Callable, Iterable, Mapping, Set
from typing import TypeAlias, cast

from sim.errors import Fault, ScenarioError, TareError, did_you_mean, shown
from sim.spec.document import Document, Path, Place, Tree, child, dotted, is_cited
from sim.spec.group import Group
from sim.spec.host import Host
from sim.spec.platform import Platform
from sim.spec.scenario import Scenario
from sim.spec.statement import stated_entry, stated_group

_Part: TypeAlias = Host | Platform | Group
_Touched: TypeAlias = Set[tuple[str, str]]

_APART = {"host", "platforms", "groups"}
_LISTED = ("platforms", "groups")
_TOLD = {"name", "settings"}
"""What no file says of a scenario."""


def overridden(
    document: Document, scenario: Scenario, overrides: Mapping[str, object], option: str
) -> Document:
    """Write values into what `show` prints of a scenario, placed at the paths that set them.

    Only what the paths touch is written out; all other parts stand there as the models that they
    are. Raises ScenarioError with a fault for each path that leads nowhere.
    """
    tree = _opened(scenario, _touched(overrides))
    paths = _paths(scenario, overrides, option)
    for said, path in paths.items():
        tree = _with(tree, path, cast("Tree", overrides[said]))
    values = {
        path: place
        for path, place in document.values.items()
        if not any(path[: len(replaced)] == replaced for replaced in paths.values())
    }
    values |= {path: Place(f"{option} {said}", 0, 0) for said, path in paths.items()}
    return Document(document.file, tree, values, document.keys)


def standing(scenario: Scenario, said: str) -> tuple[Path, Tree]:
    """Find the path that a text names, and what stands there. Raises TareError for none."""
    whole = _looked_into(scenario, _touched([said]))
    path = _path(said, whole)
    for step in path:
        whole = child(whole, step)
    return path, whole


def _opened(scenario: Scenario, touched: _Touched) -> Tree:
    """The tree of a scenario in which all is a model that no path leads into."""
    given = {key: value for key, value in scenario if value is not None and key not in _TOLD}
    measures = {key for key, value in given.items() if isinstance(value, float)}
    keys = measures | {step for step, _ in touched}
    plain = scenario.model_dump(mode="json", exclude_none=True, include=keys - _APART)
    apart = _each_part(scenario, touched, _stated, lambda part: cast("Tree", part))
    return cast("dict[str, Tree]", given) | plain | apart


def _looked_into(scenario: Scenario, touched: _Touched) -> Tree:
    """The tree by which paths find their way, with what is open in it; elsewhere names alone."""
    keys = {step for step, _ in touched}
    plain = scenario.model_dump(mode="json", include=keys - _APART)
    apart = _each_part(scenario, touched, lambda part: part.model_dump(mode="json"), _named)
    return dict.fromkeys(Scenario.model_fields.keys() - _TOLD) | plain | apart


def _touched(said: Iterable[str]) -> _Touched:
    """The parts of a scenario that paths lead into: a platform, a group, or whatever has a key."""
    steps = [path.split(".") for path in said]
    return {(first, rest[0] if rest and first in _LISTED else "") for first, *rest in steps}


def _each_part(
    scenario: Scenario,
    touched: _Touched,
    opened: Callable[[_Part], Tree],
    closed: Callable[[_Part], Tree],
) -> dict[str, Tree]:
    """Host, platforms and groups, each as it is when opened, where a path leads in, or closed."""

    def tree_of(part: _Part, key: str, name: str = "") -> Tree:
        return (opened if (key, name) in touched else closed)(part)

    return {
        "host": tree_of(scenario.host, "host"),
        "platforms": [tree_of(each, "platforms", each.name) for each in scenario.platforms],
        "groups": {name: tree_of(each, "groups", name) for name, each in scenario.groups.items()},
    }


def _stated(part: _Part) -> Tree:
    return {**(stated_group(part) if isinstance(part, Group) else stated_entry(part))}


def _named(part: _Part) -> Tree:
    return {"name": part.name} if isinstance(part, Platform) else None


def _paths(scenario: Scenario, overrides: Iterable[str], option: str) -> dict[str, Path]:
    whole = _looked_into(scenario, _touched(overrides))
    paths: dict[str, Path] = {}
    faults: list[Fault] = []
    for said in overrides:
        try:
            paths[said] = _path(said, whole)
        except TareError as error:
            faults.append(Fault(error.problem, error.remedy, file=f"{option} {said}"))
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
