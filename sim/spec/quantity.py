"""Names, numbers with a unit, and cited numbers: of these every specification is built."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sim import units
from sim.errors import TareError, shown
from sim.units import Dimension

Evidence = Literal["measured", "vendor", "derived", "calibrated", "assumed"]

SCENARIO = "scenario"
"""The source of a number that a scenario states for itself."""

DEFAULT = "default"
"""The source of a number that nobody states: none of it, or as native."""

_ENDS = ("low", "high")

CATALOG = {"catalog": True}
"""The validation context in which every quantity must name its source and its evidence."""


class Model(BaseModel):
    """What every part of a specification is: immutable, and without a key that it does not know.

    Types are strict: `"5"` is no count, and `true` is no number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class SpecError(TareError, ValueError):
    """A value that does not fit where it stands, with what would fit."""

    exit_status = 2


class Quantity(Model):
    """A number in base units, the unit it is written in, its source and its evidence.

    `relative` marks a share of the machine around, where an absolute amount fits as well. From
    `low` to `high` it may be, where its source tells.
    """

    value: float
    unit: str
    source: str
    evidence: Evidence
    note: str = ""
    relative: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class _Plain:
    """A number of this dimension: read from a text with a unit, written into JSON as such."""

    dimension: Dimension

    def __get_pydantic_core_schema__(
        self, source: type[float], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(
            lambda given: units.parse_quantity(given, self.dimension),
            handler(source),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value: _written(value, self.dimension), when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return _schema(self.dimension)


class _Cited:
    """`{value, source, evidence, note}` of the first of these dimensions, or of the last as `%`.

    A scenario may leave all but the value out, and then states it bare. `low` and `high` are the
    ends of what it may be.
    """

    def __init__(self, *dimensions: Dimension) -> None:
        self._dimensions = dimensions

    def __get_pydantic_core_schema__(
        self, source: type[Quantity], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.with_info_before_validator_function(
            self._read,
            handler(source),
            serialization=core_schema.plain_serializer_function_ser_schema(
                self._written, when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        bare = _schema(*self._dimensions)
        texts = {"source": {"type": "string"}, "note": {"type": "string"}}
        ends = dict.fromkeys(_ENDS, bare)
        grades = {"enum": list(get_args(Evidence))}
        cited = {
            "type": "object",
            "properties": {"value": bare, "evidence": grades} | texts | ends,
            "required": ["value"],
            "additionalProperties": False,
        }
        return {"anyOf": [bare, cited], "description": bare["description"]}

    def _read(self, given: object, info: ValidationInfo) -> object:
        if isinstance(given, Quantity):
            return given
        fields = _with_source(given if isinstance(given, dict) else {"value": given}, info)
        if "value" not in fields or fields.keys() - {"value", "source", "evidence", "note", *_ENDS}:
            problem = f"{shown(given)} is not a {self._dimensions[0].name}"
            raise SpecError(problem, "write value, source, evidence and note, or a bare quantity")
        dimension = self._dimension_of(fields["value"])
        numbers = {
            key: units.parse_quantity(fields[key], dimension)
            for key in ("value", *_ENDS)
            if key in fields
        }
        _check_ends(numbers, fields)
        units_of = {"unit": dimension.base, "relative": dimension is not self._dimensions[0]}
        return fields | numbers | units_of

    def _dimension_of(self, value: object) -> Dimension:
        """A percentage is a share where a share fits; everything else is the first dimension's."""
        is_share = isinstance(value, str) and value.rstrip().endswith("%")
        return self._dimensions[-1] if is_share else self._dimensions[0]

    def _written(self, quantity: Quantity) -> object:
        dimension = self._dimensions[-1] if quantity.relative else self._dimensions[0]
        value = _written(quantity.value, dimension)
        told = (quantity.source, quantity.evidence, quantity.note, quantity.low)
        if told == (SCENARIO, "assumed", "", None):
            return value
        ends = {
            key: _written(number, dimension)
            for key, number in zip(_ENDS, (quantity.low, quantity.high), strict=True)
            if number is not None
        }
        cited = {"source": quantity.source, "evidence": quantity.evidence}
        note = {"note": quantity.note} if quantity.note else {}
        return {"value": value} | ends | cited | note


def _check_ends(numbers: dict[str, float], fields: dict[str, object]) -> None:
    """Where one end of what a number may be is stated, the other is, and it lies between."""
    match [numbers[key] for key in _ENDS if key in numbers]:
        case []:
            return
        case [low, high] if low < high and low <= numbers["value"] <= high:
            return
    said = ", ".join(f"{key}: {shown(fields[key])}" for key in ("value", *_ENDS) if key in fields)
    raise SpecError(f"{said} is no interval", "write low and high, and value between them")


@lru_cache(maxsize=4096)
def _written(value: float, dimension: Dimension) -> str | float:
    return value if dimension == units.NUMBER else units.write_quantity(value, dimension)


def _with_source(fields: dict[str, object], info: ValidationInfo) -> dict[str, object]:
    """A scenario may leave out where it has a number from; the catalog may not."""
    stated: dict[str, object] = {"source": SCENARIO, "evidence": "assumed"}
    if info.context != CATALOG:
        return stated | fields
    if stated.keys() <= fields.keys():
        return fields
    raise SpecError("there is no source", "write {value: …, source: …, evidence: …, note: …}")


def _schema(*dimensions: Dimension) -> JsonSchemaValue:
    names = " or ".join(dimension.name for dimension in dimensions)
    usual = ", ".join(dimension.usual for dimension in dimensions if dimension.usual)
    text = f"a {names}" + (f", in {usual} say" if usual else "")
    return {"type": ["string", "number"], "description": text}


_NAME = r"[a-z0-9]+(-[a-z0-9]+)*"
_LONGEST_NAME = 60


def _as_name(given: str) -> str:
    if re.fullmatch(_NAME, given) and len(given) <= _LONGEST_NAME:
        return given
    likely = "-".join(re.findall(r"[a-z0-9]+", given.casefold()))[:_LONGEST_NAME].strip("-")
    rule = "lower-case letters and digits, with hyphens between words"
    raise SpecError(
        f"{shown(given)} is not a name", f"write {likely}: {rule}" if likely else f"write {rule}"
    )


Name = Annotated[
    str,
    AfterValidator(_as_name),
    WithJsonSchema({"type": "string", "pattern": f"^{_NAME}$", "maxLength": _LONGEST_NAME}),
]
"""The name of a platform, a group or a part of one, as paths, files and columns can hold it."""


_Number = TypeVar("_Number", Quantity, float)


def _above_zero(number: _Number) -> _Number:
    if (number.value if isinstance(number, Quantity) else number) > 0:
        return number
    raise SpecError("0 is too little here", "write more than 0")


ABOVE_ZERO = AfterValidator(_above_zero)
"""Marks a quantity of which there must be some: without it there is no machine, or no time."""

Duration = Annotated[float, _Plain(units.DURATION)]
Size = Annotated[float, _Plain(units.SIZE)]
Cores = Annotated[float, _Plain(units.CORES)]
Rate = Annotated[float, _Plain(units.RATE)]
Bandwidth = Annotated[float, _Plain(units.DATA_RATE)]
Fraction = Annotated[float, _Plain(units.FRACTION)]

CitedDuration = Annotated[Quantity, _Cited(units.DURATION)]
CitedSize = Annotated[Quantity, _Cited(units.SIZE)]
CitedCores = Annotated[Quantity, _Cited(units.CORES)]
CitedWork = Annotated[Quantity, _Cited(units.CPU_WORK)]
CitedBandwidth = Annotated[Quantity, _Cited(units.DATA_RATE)]
CitedOperations = Annotated[Quantity, _Cited(units.OPERATIONS)]
CitedFraction = Annotated[Quantity, _Cited(units.FRACTION)]
CitedFactor = Annotated[Quantity, _Cited(units.NUMBER, units.FRACTION)]
CitedSizeOrShare = Annotated[Quantity, _Cited(units.SIZE, units.FRACTION)]
CitedCoresOrShare = Annotated[Quantity, _Cited(units.CORES, units.FRACTION)]


def nothing(unit: str = "") -> Quantity:
    """The default of what a catalog entry does not state: zero, which claims nothing."""
    return Quantity(value=0.0, unit=unit, source=DEFAULT, evidence="derived")


def one() -> Quantity:
    """The default of a factor that a catalog entry does not state: as native."""
    return Quantity(value=1.0, unit="", source=DEFAULT, evidence="derived")


def stated(value: float, unit: str, source: str, evidence: Evidence, note: str) -> Quantity:
    """The default of a number that is the same wherever nobody says otherwise."""
    return Quantity(value=value, unit=unit, source=source, evidence=evidence, note=note)


def _in_order(parts: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(parts.items()))


Switch = Literal["on", "off"]
"""Whether something is done; in YAML 1.2, `on` and `off` are text."""

IN_ORDER = AfterValidator(_in_order)
"""A mapping whose order in the file means nothing: by name, so that it changes nothing either."""
