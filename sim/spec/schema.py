"""The JSON Schema of scenario files, draft 7, as editors read it: made from the models."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from sim.spec.scenario import Scenario

Schema: TypeAlias = dict[str, object]

_DRAFT = "http://json-schema.org/draft-07/schema#"
_KINDS = {"Host": "hosts", "Platform": "platforms", "Workload": "workloads", "Image": "images"}
_FREE: Schema = {"^x-": {"description": "your own: Tare does not read it"}}
_EXTENDS_FILE: Schema = {"type": "string", "description": "the scenario file to build on"}
_EXTENDS: Schema = {"type": "string", "description": "the name of what this is a variant of"}
_FILE: Schema = {"type": "string", "pattern": r"\.ya?ml$", "description": "a file that holds it"}
_BOUNDARY_NAME: Schema = {"type": "string", "description": "PLATFORM.BOUNDARY of the catalog"}


def scenario_schema(names: Mapping[str, Sequence[str]]) -> Schema:
    """Make the schema of what `load` reads, with the catalog's names by kind to choose from.

    What may extend something else may leave out any key.
    """
    raw = Scenario.model_json_schema(ref_template="#/definitions/{model}")
    definitions = _each(cast("Schema", raw.pop("$defs")), _readable)
    scenario = _readable(raw)
    return {
        "$schema": _DRAFT,
        **scenario,
        "properties": {"extends": _EXTENDS_FILE, **cast("Schema", scenario["properties"])},
        **_required_unless_extended(cast("list[str]", raw["required"])),
        "definitions": definitions | _named(definitions, names),
    }


def _named(definitions: Schema, names: Mapping[str, Sequence[str]]) -> Schema:
    """What a name may stand for, or a mapping that extends it; and what a bare size may."""
    named: Schema = {
        model: _or({"enum": list(names[kind])}, _FILE, _variant(_at(definitions, model)))
        for model, kind in _KINDS.items()
    }
    boundary, holding = _at(definitions, "Boundary"), _at(definitions, "Holding")
    size = _at(_at(holding, "properties"), "private")
    mix = {"additionalProperties": {"$ref": "#/definitions/Platform"}}
    return named | {
        "Platform": _or(
            {"enum": list(names["platforms"])},
            _FILE,
            _variant(_at(definitions, "Platform")) | mix,
        ),
        "Boundary": _or(_BOUNDARY_NAME, _variant(boundary)),
        "Holding": _or(size, holding),
    }


def _at(schema: Schema, key: str) -> Schema:
    return cast("Schema", schema[key])


def _or(*schemas: Schema) -> Schema:
    return {"anyOf": [*schemas]}


def _variant(schema: Schema) -> Schema:
    return schema | {"properties": {"extends": _EXTENDS, **_at(schema, "properties")}}


def _required_unless_extended(required: list[str]) -> Schema:
    groups = {"additionalProperties": {"required": ["workload", "count"]}}
    return {
        "if": {"not": {"required": ["extends"]}},
        "then": {"required": required, "properties": {"groups": groups}},
    }


def _readable(schema: Schema) -> Schema:
    """A part of pydantic's schema without its own titles, and with room for `x-` keys."""
    kept = {key: schema[key] for key in schema if key not in ("title", "required")}
    if isinstance(kept.get("default"), dict | list):
        del kept["default"]
    for key in kept.keys() & _INSIDE.keys():
        kept[key] = _INSIDE[key](kept[key])
    return _with_free_keys(kept) if kept.get("type") == "object" else kept


def _with_free_keys(schema: Schema) -> Schema:
    """Allow `x-` keys, also where all keys are names of a pattern."""
    names = cast("Mapping[str, object]", schema.get("patternProperties", {}))
    for pattern, value in names.items():
        named = {"pattern": pattern, **_at(schema, "propertyNames")}
        schema = schema | {
            "additionalProperties": value,
            "propertyNames": {"anyOf": [{"pattern": "^x-"}, named]},
        }
    return schema | {"patternProperties": _FREE}


def _each(schemas: object, change: Callable[[Schema], Schema]) -> Schema:
    return {name: change(schema) for name, schema in cast("dict[str, Schema]", schemas).items()}


def _each_property(schemas: object) -> Schema:
    return _each(schemas, _readable)


def _each_item(schemas: object) -> list[Schema]:
    return [_readable(schema) for schema in cast("list[Schema]", schemas)]


def _itself(schema: object) -> object:
    return _readable(cast("Schema", schema)) if isinstance(schema, dict) else schema


_INSIDE: dict[str, Callable[[object], object]] = {
    "properties": _each_property,
    "patternProperties": _each_property,
    "anyOf": _each_item,
    "oneOf": _each_item,
    "items": _itself,
    "additionalProperties": _itself,
}
