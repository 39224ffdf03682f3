"""What may stand at a path of a scenario, read off the schema of its models."""

from collections.abc import Mapping
from functools import cache
from typing import TypeAlias, cast

from sim.spec.document import Path
from sim.spec.scenario import Scenario

Schema: TypeAlias = Mapping[str, object]


@cache
def _scenario_schema() -> Schema:
    return Scenario.model_json_schema()


def schema_at(path: Path) -> Schema:
    """The JSON Schema of what may stand at a path; empty where nothing may."""
    found = _found_at(path)
    return next((part for part in _parts(found) if "enum" in part), found)


def choices_at(path: Path) -> list[str]:
    """The words of which one may stand at a path, where they are a choice."""
    wanted = schema_at(path)
    only = [wanted["const"]] if "const" in wanted else []
    return [str(choice) for choice in cast("list[object]", wanted.get("enum", only))]


def keys_at(path: Path) -> list[str]:
    """The keys that a mapping at a path may have."""
    found = [part for part in _parts(schema_at(path)) if "properties" in part]
    return [key for part in found for key in cast("Schema", part["properties"])]


def names_at(path: Path) -> list[str]:
    """The names that the keys of a mapping may have, where they are a choice."""
    names = cast("Schema", schema_at(path).get("propertyNames", {}))
    return [str(name) for name in cast("list[object]", names.get("enum", []))]


def required_at(path: Path) -> set[str]:
    """The keys that a mapping at a path must have."""
    required = (part.get("required", []) for part in _parts(schema_at(path)))
    return {key for part in required for key in cast("list[str]", part)}


def is_place(path: Path) -> bool:
    """Whether anything may stand at a path."""
    return bool(_found_at(path))


def takes_whole_numbers(path: Path) -> bool:
    """Whether a bare number at a path is to be a whole one."""
    return any(part.get("type") == "integer" for part in _parts(_found_at(path)))


def _found_at(path: Path) -> Schema:
    found = _scenario_schema()
    for step in path:
        found = next((inner for part in _parts(found) if (inner := _inner(part, step))), {})
    return found


def _parts(schema: Schema) -> list[Schema]:
    """A schema without references and alternatives: what it is, or each that it may be."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        definitions = cast("Mapping[str, Schema]", _scenario_schema()["$defs"])
        return _parts(definitions[reference.rpartition("/")[2]])
    choices = cast("list[Schema]", schema.get("anyOf", schema.get("oneOf", [])))
    return [part for choice in choices for part in _parts(choice)] or [schema]


def _inner(schema: Schema, step: str | int) -> Schema:
    if isinstance(step, int):
        return cast("Schema", schema.get("items", {}))
    named = cast("Mapping[str, Schema]", schema.get("properties", {}))
    others = [*cast("Mapping[str, Schema]", schema.get("patternProperties", {})).values()]
    others += [cast("Schema", schema.get("additionalProperties") or {})]
    return named.get(step, others[0])
