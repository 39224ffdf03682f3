"""What does not fit the models, said in plain words with a remedy, and placed in the file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.errors import Fault, TareError, did_you_mean, nearest, shown
from sim.spec.document import Document, Path, Tree, child, dotted
from sim.spec.finding import UNRESOLVED, Finding
from sim.spec.places import choices_at, keys_at, names_at, required_at, schema_at
from sim.spec.platform import Platform
from sim.spec.scalars import plain_value

_MOST_SKETCHED = 3
_NO_STEPS = ("[key]", "[plain]", "[mapping]")
"""What pydantic tells of a place that is no step of a path: of what form what stands there is."""

_PARTS: Mapping[str, Path] = {
    "the scenario": (),
    "a group": ("groups", "NAME"),
    "a workload": ("groups", "NAME", "workload"),
    "the host": ("host",),
}
"""The parts of a scenario whose keys are easily written into another."""


def placed(finding: Finding, document: Document) -> Fault:
    """Say where a finding stands in the file; what `--set` put there stands in no line."""
    path = finding.path
    fault = document.fault(path, finding.problem, finding.remedy, at_key=finding.at_key)
    named = dotted(by_name(path, document.tree))
    if fault.line:
        return replace(fault, path=named)
    is_said = fault.file in _options(named, *map(str, path[-1:]))
    return replace(fault, path="" if is_said else named, line=None, column=None)


def _options(*said: str) -> list[str]:
    """The options that set a path, which an axis has as its key."""
    return [f"{option} {each}" for option in ("--set", "--vary") for each in said]


def findings_of(error: ValidationError) -> Iterator[Finding]:
    """Say in plain words what keeps a tree from being a Scenario."""
    for detail in error.errors(include_url=False):
        path = tuple(step for step in detail["loc"] if step not in _NO_STEPS)
        if detail["input"] != UNRESOLVED:
            finding = _WORDS.get(detail["type"], _unforeseen)(path, detail)
            yield finding._replace(at_key=finding.at_key or "[key]" in detail["loc"])


def by_name(path: Path, tree: Tree) -> Path:
    """Name the items of lists as `--set` does, by the name that they have."""
    named: Path = ()
    for step in path:
        tree = child(tree, step)
        name = tree.name if isinstance(tree, Platform) else child(tree, "name")
        named += (name if isinstance(step, int) and isinstance(name, str) else step,)
    return named


def _missing(path: Path, detail: ErrorDetails) -> Finding:
    key = str(path[-1])
    taken = _what_fits(path)
    remedy = f"add {key}" + (f": {taken}" if taken else "")
    return Finding(path[:-1], f"{key!r} is missing", remedy + _or_extend(path, detail["input"]))


def _or_extend(path: Path, given: object) -> str:
    """Say once, at the last of all keys that are missing, that an entry may be extended."""
    place = path[:-1]
    example = next(iter(cast("list[object]", schema_at(place).get("examples", []))), None)
    missing = required_at(place) - given.keys() if isinstance(given, dict) else set()
    is_last = path[-1] == max(missing, default=None)
    if not (is_last and isinstance(example, str) and "name" in keys_at(place)):
        return ""
    return f", or write {{extends: {example}, …}} for the rest"


def _what_fits(path: Path) -> str:
    """What a place takes: an example, the choices, the keys, or a description."""
    wanted = schema_at(path)
    if examples := cast("list[object]", wanted.get("examples")):
        return str(examples[0])
    if choices := choices_at(path):
        return " or ".join(choices)
    return str(wanted.get("description") or _sketch(path))


def _sketch(path: Path) -> str:
    """What a mapping looks like that may stand at a path; nothing where none may."""
    keys = keys_at(path)
    if "name" in keys:
        return "NAME, or {extends: NAME, …}"
    return "{" + ", ".join(f"{key}: …" for key in keys[:_MOST_SKETCHED]) + "}" if keys else ""


def _unknown_key(path: Path, detail: ErrorDetails) -> Finding:
    remedy = _where_it_belongs(path) or did_you_mean(str(path[-1]), keys_at(path[:-1]))
    return Finding(path, f"{shown(path[-1])} is no key here", remedy, True)


def _where_it_belongs(path: Path) -> str:
    """Say in which other part of a scenario a key is known; nothing for one of a part's part."""
    *inside, key = ("groups", "NAME", *path[2:]) if path[0] == "groups" else path
    if tuple(inside) not in _PARTS.values():
        return ""
    others = {part: place for part, place in _PARTS.items() if key in keys_at(place)}
    said = [f"into {part}: {dotted((*place, key))}" for part, place in others.items()]
    return f"it belongs {', or '.join(said)}" if said else ""


def _not_one_of(path: Path, detail: ErrorDetails) -> Finding:
    is_key = detail["loc"][-1] == "[key]"
    known = names_at(path[:-1]) if is_key else choices_at(path)
    guess = nearest(str(detail["input"]), known)
    remedy = f"did you mean {guess!r}?" if guess else f"write {' or '.join(known)}"
    problem = "is no key here" if is_key else "does not fit here"
    return Finding(path, f"{shown(detail['input'])} {problem}", remedy)


def _own_words(path: Path, detail: ErrorDetails) -> Finding:
    error = detail.get("ctx", {}).get("error")
    if isinstance(error, TareError):
        return Finding(path, error.problem, error.remedy)
    return Finding(path, str(error))


def _not_a(kind: str, remedy: str) -> Callable[[Path, ErrorDetails], Finding]:
    def words(path: Path, detail: ErrorDetails) -> Finding:
        return Finding(path, f"{shown(detail['input'])} is not {kind}", remedy)

    return words


def _not_a_number(kind: type, remedy: str) -> Callable[[Path, ErrorDetails], Finding]:
    """Words for what is no number of a kind, or is one in quotes, and so a text."""

    def words(path: Path, detail: ErrorDetails) -> Finding:
        quoted = detail["input"] if isinstance(detail["input"], str) else ""
        remedy_here = f"write {quoted}, without quotes" if _reads_as(quoted, kind) else remedy
        return _not_a(_KINDS[kind], remedy_here)(path, detail)

    return words


def _reads_as(text: str, kind: type) -> bool:
    try:
        value = plain_value(text)
    except TareError:
        return False
    return isinstance(value, kind) and not isinstance(value, bool)


def _not_a_mapping(path: Path, detail: ErrorDetails) -> Finding:
    remedy = f"write {_sketch(path) or '{NAME: …}'}"
    return Finding(path, f"{shown(detail['input'])} is not a mapping", remedy)


def _bound(problem: str, sign: str, remedy: str) -> Callable[[Path, ErrorDetails], Finding]:
    def words(path: Path, detail: ErrorDetails) -> Finding:
        bound = detail.get("ctx", {})[sign]
        return Finding(path, f"{shown(detail['input'])} {problem}", remedy.format(f"{bound:,}"))

    return words


def _too_short(path: Path, detail: ErrorDetails) -> Finding:
    return Finding(path, "is empty", "write one or more")


def _unforeseen(path: Path, detail: ErrorDetails) -> Finding:
    return Finding(path, f"{shown(detail['input'])} does not fit here")


_KINDS = {int: "a whole number", float: "a number"}

_WORDS: dict[str, Callable[[Path, ErrorDetails], Finding]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "literal_error": _not_one_of,
    "value_error": _own_words,
    "int_type": _not_a_number(int, "write a number such as 5"),
    "int_parsing_size": _not_a("a number that fits here", "write a smaller one"),
    "float_type": _not_a_number(float, "write a number such as 0.5"),
    "string_type": _not_a("text", "put it in quotes"),
    "list_type": _not_a("a list", "write [ONE, ANOTHER]"),
    "dict_type": _not_a_mapping,
    "model_type": _not_a_mapping,
    "greater_than_equal": _bound("is too small", "ge", "write {} or more"),
    "less_than_equal": _bound("is too large", "le", "write {} or less"),
    "less_than": _bound("is too large", "lt", "write less than {}"),
    "too_short": _too_short,
    "string_too_long": _bound("is too long", "max_length", "{} characters are the most"),
}
