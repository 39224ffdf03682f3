"""Quantities as files hold them: read with words that say what would be right, written exactly."""

import math
import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import TypeGuard

from sim.errors import TareError, nearest, shown
from sim.units.dimensions import DIMENSIONS, Dimension, with_unit
from sim.units.display import format_quantity

_AMOUNT_AND_UNIT = re.compile(
    r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4}(?![0-9]))?)\s*([^0-9.,+-][^0-9]*)?"
)
_LONGEST_TEXT = 100
_SPELT = {
    "nanoseconds": "ns",
    "microseconds": "us",
    "usecs": "us",
    "milliseconds": "ms",
    "msecs": "ms",
    "seconds": "s",
    "secs": "s",
    "minutes": "min",
    "mins": "min",
    "hours": "h",
    "hrs": "h",
    "days": "d",
    "bytes": "B",
    "kilobytes": "kB",
    "megabytes": "MB",
    "gigabytes": "GB",
    "terabytes": "TB",
    "percent": "%",
    "ops": "operations/s",
    "watts": "W",
    "cpus": "cores",
    "vcpus": "cores",
}
# A small b after these stands for bits, though bytes are as near when case is ignored.
_BITS_MEANT = {
    f"{prefix}{spelt}": f"{prefix}bit/s" for prefix in "kMGT" for spelt in ("bps", "b/s")
}
_MOST_GUESSES = 3


class QuantityError(TareError, ValueError):
    """A text or number that is no quantity of the dimension wanted; says which units fit."""

    exit_status = 2


def parse_quantity(value: object, dimension: Dimension) -> float:
    """Read a quantity into base units: seconds, bytes, cores; sizes as whole bytes, an int.

    The arithmetic is exact up to the last step, so `0.1 s` and `100 ms` are the same number.
    Raises QuantityError for a missing, wrong or unknown unit and for what is out of range.
    """
    return (_read_text if isinstance(value, str) else _read)(value, dimension)


def dimension_of(*values: object) -> Dimension | None:
    """Find the first dimension in which all of these are quantities; None for bare numbers alone.

    A rate and a rate of operations are written alike, and are taken for the former.
    """
    if all(isinstance(value, int | float) for value in values):
        return None
    return next((each for each in DIMENSIONS if all(_is_of(each, value) for value in values)), None)


def _is_of(dimension: Dimension, value: object) -> bool:
    try:
        parse_quantity(value, dimension)
    except QuantityError:
        return False
    return True


def write_quantity(value: float, dimension: Dimension) -> str:
    """Write a quantity for a file, in the unit of the fewest digits in which it reads back exactly.

    Raises QuantityError for a value that no file may hold.
    """
    plain = with_unit(_number_text(value), dimension.base)
    parse_quantity(plain, dimension)
    texts = [text for text in _in_each_unit(value, dimension) if _reads_as(value, text, dimension)]
    return min(texts, key=_digits_then_letters, default=plain)


def write_like(value: float, model: object, dimension: Dimension) -> str:
    """Write a quantity in the unit of another, to twelve digits, which no machine computes apart.

    What it reads back as may so differ from it after the twelfth digit.
    """
    _, unit = _amount_and_unit(model, dimension)
    amount = float(Fraction(value) / (dimension.factor(unit) or 1))
    return with_unit(f"{amount:.12g}", unit)


def _read(value: object, dimension: Dimension) -> float:
    exact = _in_base_units(value, dimension)
    _check_range(exact, shown(value), dimension)
    return _rounded(exact, dimension)


_read_text = lru_cache(maxsize=4096)(_read)
"""The catalog is read for each scenario, and says the same each time."""


def _in_base_units(value: object, dimension: Dimension) -> Fraction:
    amount, unit = _amount_and_unit(value, dimension)
    factor = dimension.factor(unit)
    if factor is None:
        raise _wrong_unit(_amount_text(value), unit, dimension)
    return amount * factor


def _rounded(exact: Fraction, dimension: Dimension) -> float:
    return round(exact) if dimension.whole else float(exact)


def _amount_and_unit(value: object, dimension: Dimension) -> tuple[Fraction, str]:
    if _is_finite_number(value):
        return Fraction(value), ""
    found = _match(value)
    if found is None:
        raise QuantityError(f"{shown(value)} is not a {dimension.name}", _such_as(dimension))
    return Fraction(found[1]), re.sub(r"\s*/\s*", "/", found[2] or "")


def _is_finite_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) or math.isfinite(value)


def _match(value: object) -> re.Match[str] | None:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        return None
    return _AMOUNT_AND_UNIT.fullmatch(value.strip())


def _amount_text(value: object) -> str:
    """The amount as its writer spelt it, for a remedy that can be pasted."""
    found = _match(value)
    return found[1] if found else _number_text(value)


def _check_range(exact: Fraction, said: str, dimension: Dimension) -> None:
    if exact < 0:
        raise QuantityError(f"{said} is negative", "write 0 or more")
    if exact > dimension.most:
        most = format_quantity(dimension.most, dimension)
        raise QuantityError(f"{said} is too large for a {dimension.name}", f"{most} is the most")


def _wrong_unit(amount: str, unit: str, dimension: Dimension) -> QuantityError:
    remedy = _did_you_mean(amount, unit, dimension) or _units_that_fit(amount, dimension)
    if not unit:
        return QuantityError(f"{amount} has no unit", remedy)
    other = next((known for known in DIMENSIONS if known.factor(unit) is not None), None)
    if other is None:
        return QuantityError(f"{shown(unit)} is not a unit for a {dimension.name}", remedy)
    said = with_unit(amount, unit)
    return QuantityError(f"{said} is a {other.name}, not a {dimension.name}", remedy)


def _units_that_fit(amount: str, dimension: Dimension) -> str:
    others = ", ".join(unit for unit in dimension.units if unit != dimension.usual)
    remedy = f"write {with_unit(amount, dimension.usual)}"
    return f"{remedy}, or another of {others}" if others else remedy


def _did_you_mean(amount: str, unit: str, dimension: Dimension) -> str:
    guesses = " or ".join(with_unit(amount, guess) for guess in _likely_units(unit, dimension))
    return f"did you mean {guesses}?" if guesses else ""


def _likely_units(unit: str, dimension: Dimension) -> list[str]:
    """The units that a wrong one may stand for, by the first of the usual mistakes that fits."""
    if not unit:
        return []
    mistakes = _usual_mistakes(unit, unit.casefold(), dimension)
    return next((units for units in mistakes if 0 < len(units) <= _MOST_GUESSES), [])


def _usual_mistakes(unit: str, folded: str, dimension: Dimension) -> Iterator[list[str]]:
    """Bits for bytes, wrong case, a word, a part of it, words after it, a misspelling, in turn."""
    units = list(dimension.units)
    everything = [*units, *dimension.also]
    spelt = {_SPELT.get(folded), _SPELT.get(folded + "s")}
    ends = ("/" + folded, "-" + folded)
    yield list(filter(lambda known: known == _BITS_MEANT.get(unit), dimension.also))
    yield list(filter(lambda known: known.casefold() == folded, everything))
    yield list(filter(spelt.__contains__, units))
    yield list(filter(lambda known: known.casefold().startswith(folded), units))
    yield list(filter(lambda known: known.casefold().endswith(ends), units))
    first, *others = unit.split()
    yield _likely_units(first, dimension) if others else []
    yield list(filter(None, [nearest(unit, units)]))


def _such_as(dimension: Dimension) -> str:
    if not dimension.usual:
        return "write a bare number, such as 5"
    return f"write a number and a unit, such as {with_unit('5', dimension.usual)}"


def _in_each_unit(value: float, dimension: Dimension) -> Iterator[str]:
    for unit, factor in dimension.units.items():
        yield with_unit(_number_text(float(Fraction(value) / factor)), unit)


def _digits_then_letters(text: str) -> tuple[int, int]:
    amount, _, unit = text.partition(" ")
    return len(amount), len(unit)


def _reads_as(value: float, text: str, dimension: Dimension) -> bool:
    return _rounded(_in_base_units(text, dimension), dimension) == value


def _number_text(value: object) -> str:
    return shown(value).removesuffix(".0")
