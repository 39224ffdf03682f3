"""All keys of a scenario, in words, made from the models that read it.

What a key means, the models say in their own words for some; `meanings.yaml` says it for the rest.
Its examples are taken from the catalog and the worked scenarios.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from guide.blocks import ROOT
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.catalog.loader import KINDS, names
from sim.catalog.models import model_of
from sim.catalog.scenario import load
from sim.spec.quantity import ABOVE_ZERO, Quantity
from sim.spec.scenario import Scenario

Schema: TypeAlias = Mapping[str, Any]
_IS_DESCRIBED_BY_UNIT = re.compile(r"an? .*, in .* say|an? (number|fraction).*")
_NOT_IN_FILES = {("Scenario", "name"), ("Scenario", "settings"), ("Sweep", "folder")}
_LONGEST_EXAMPLE, _MOST_DIGITS = 50, 5
_NOTHING = {"0", "0.0"}


def sections() -> str:
    """A section for each mapping that may stand in a scenario."""
    return "\n\n".join(_section(model) for model in models())


def models() -> list[type[BaseModel]]:
    """Each model that a scenario is built of, in the order in which one meets them."""
    found: list[type[BaseModel]] = []
    ahead: list[type[BaseModel]] = [Scenario]
    while ahead:
        model = ahead.pop(0)
        if model not in found:
            found.append(model)
            inner = [each for field in model.model_fields.values() for each in _models_in(field)]
            ahead = inner + ahead
    return found


def keys() -> Iterator[tuple[type[BaseModel], str, FieldInfo]]:
    """Every key that a file may have."""
    for model in models():
        for name, field in model.model_fields.items():
            if (model.__name__, name) not in _NOT_IN_FILES:
                yield model, field.alias or name, field


@cache
def meanings() -> dict[str, dict[str, str]]:
    """What keys mean, by model and key, where the models do not say so themselves."""
    text = Path(__file__).with_name("meanings.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def example(model: type[BaseModel], key: str) -> str:
    """A value that a key may have, as a file would have it; nothing if none is known."""
    return _examples().get((model.__name__, key), "")


def own_meaning(model: type[BaseModel], key: str) -> str:
    """What a model itself says of a key, apart from its unit."""
    said = str(_properties(model)[key].get("description", ""))
    return "" if _IS_DESCRIBED_BY_UNIT.fullmatch(said) else said


def _models_in(field: FieldInfo) -> list[type[BaseModel]]:
    """The models that a field's type is made of; of a number with a source, none."""
    found: list[type[BaseModel]] = []
    pending: list[Any] = [field.annotation, *field.metadata]
    while pending:
        part = pending.pop(0)
        if isinstance(part, type) and issubclass(part, BaseModel):
            found += [] if part is Quantity else [part]
        else:
            pending = [*getattr(part, "__args__", ()), *pending]
    return [model for model in found if model.__name__ != "Comparison"]


def _section(model: type[BaseModel]) -> str:
    said = re.sub(r"\s+", " ", str(model.__doc__)).strip()
    rows = [_row(model, key, field) for each, key, field in keys() if each is model]
    lines = ["| key | takes | default | meaning | example |", "| --- | --- | --- | --- | --- |"]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return f"## {model.__name__}\n\n{said}\n\n" + "\n".join(lines)


def _row(model: type[BaseModel], key: str, field: FieldInfo) -> tuple[str, ...]:
    meaning = own_meaning(model, key) or meanings().get(model.__name__, {}).get(key, "")
    takes = _takes(_properties(model)[key])
    takes += ", above 0" if _is_above_zero(field) else ""
    return f"`{key}`", takes, _default(model, key, field), meaning, f"`{example(model, key)}`"


def _is_above_zero(field: FieldInfo) -> bool:
    return ABOVE_ZERO in field.metadata or "_above_zero" in repr(field.annotation)


@cache
def _properties(model: type[BaseModel]) -> Schema:
    """The properties of a model in the schema of the whole, where all references lead somewhere."""
    whole = Scenario.model_json_schema()
    part = whole if model is Scenario else whole["$defs"][model.__name__]
    return dict(part["properties"])


def _takes(schema: Schema) -> str:
    """What may stand at a place, in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.casefold()})"
    if choices := schema.get("anyOf", schema.get("oneOf")):
        return _alternatives(choices)
    if "enum" in schema or "const" in schema:
        return _listed([f"`{each}`" for each in schema.get("enum", [schema.get("const")])])
    given = schema.get("type", "anything")
    return _amount(schema) if isinstance(given, list) else _BY_TYPE[given](schema)


def _alternatives(parts: list[Schema]) -> str:
    """Several things that fit; a number with a source is told by the number that it is."""
    if any("value" in part.get("properties", {}) for part in parts):
        return f"{_amount(parts[0])} *"
    return _listed([_takes(part) for part in parts if part.get("type") != "null"])


def _amount(schema: Schema) -> str:
    said = str(schema.get("description", "an amount"))
    name, _, usual = said.removesuffix(" say").partition(", in ")
    return re.sub(r"^an? ", "", name) + (f" ({usual})" if usual else "")


def _whole(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if high is not None:
        return f"whole number, {low} to {high:,}"
    return "whole number" if low is None else f"whole number, {low} or more"


def _text(schema: Schema) -> str:
    """Free text says what it is for as its meaning; a text of some form says here what it is."""
    is_form = "pattern" in schema or str(schema.get("description", "")).startswith("a comparison")
    return str(schema.get("description", "name")) if is_form else "text"


def _item(schema: Schema) -> str:
    """What a list is of: in its own words, where several things fit."""
    return str(schema["description"]) if "anyOf" in schema else _takes(schema)


def _mapping(schema: Schema) -> str:
    inner = schema.get("additionalProperties") or {}
    inner = next(iter(schema.get("patternProperties", {}).values()), inner)
    is_named = isinstance(inner, dict) and bool(inner)
    return f"mapping of names to {_takes(inner)}" if is_named else "mapping"


_BY_TYPE: Mapping[str, Callable[[Schema], str]] = {
    "integer": _whole,
    "number": lambda schema: "number",
    "string": _text,
    "boolean": lambda schema: "`true` or `false`",
    "array": lambda schema: "list of " + _item(schema["items"]),
    "object": _mapping,
    "anything": lambda schema: "anything",
}


def _listed(parts: list[str]) -> str:
    return " or ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)


def _default(model: type[BaseModel], key: str, field: FieldInfo) -> str:
    """The value of a key that is left out; none where leaving it out says nothing."""
    if field.is_required():
        return "required"
    if field.default is None or field.default in ("", [], {}):
        return "none"
    if isinstance(field.default, BaseModel) and not isinstance(field.default, Quantity):
        return "see there"
    return f"`{_plain(_dumped(model.model_construct(), key))}`"


def _dumped(model: BaseModel, key: str) -> object:
    return model.model_dump(mode="json", include={key}, warnings=False).get(key)


def _plain(value: object) -> object:
    return value["value"] if isinstance(value, dict) and "value" in value else value


@cache
def _examples() -> dict[tuple[str, str], str]:
    """The first value of each key in the catalog and the worked scenarios, if it is short."""
    found: dict[tuple[str, str], str] = dict(_stated_examples())
    entries = [model_of(kind, name) for kind in KINDS for name in names(kind)]
    scenarios = [load(path) for path in sorted((ROOT / "scenarios").glob("*.yaml"))]
    for model in (*entries, *scenarios):
        for place, value in _values(model):
            found.setdefault(place, value)
    return found


def _stated_examples() -> Iterator[tuple[tuple[str, str], str]]:
    for model, key, _ in keys():
        if examples := _properties(model)[key].get("examples"):
            yield (model.__name__, key), str(examples[0])
    for place, value in meanings().get("examples", {}).items():
        name, _, key = place.partition(".")
        yield (name, key), str(value)


def _values(model: BaseModel) -> Iterator[tuple[tuple[str, str], str]]:
    """Every short value that a model and the models inside it were given."""
    for key in type(model).model_fields:
        if key not in model.model_fields_set:
            continue
        value = getattr(model, key)
        if isinstance(value, str | int | float | Quantity):
            text = str(_plain(_dumped(model, key)))
            if _is_readable(text):
                yield (type(model).__name__, key), text
        yield from _inner_values(value)


def _is_readable(text: str) -> bool:
    """Whether a value is short, is not nothing, and has no more digits than people write."""
    amount = text.split(" ", maxsplit=1)[0]
    digits = len(amount) if re.fullmatch(r"[0-9.e-]+", amount) else 0
    return 0 < len(text) <= _LONGEST_EXAMPLE and digits <= _MOST_DIGITS and amount not in _NOTHING


def _inner_values(value: object) -> Iterator[tuple[tuple[str, str], str]]:
    if isinstance(value, BaseModel) and not isinstance(value, Quantity):
        yield from _values(value)
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _inner_values(inner)
