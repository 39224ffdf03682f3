"""The numbers of the catalog that a scenario leans on, as inputs that may be off."""

from __future__ import annotations

from sim.catalog.spreads import spreads
from sim.spec.quantity import SCENARIO, Quantity
from sim.spec.scenario import Scenario
from sim.studies.assumptions import quantities
from sim.studies.sweeps.axes import Writing
from sim.studies.sweeps.inputs import Input, Scale
from sim.units import DIMENSIONS, FRACTION, write_quantity

_DEFINITION = "tare-definition"
"""The source of what an entry is by its name, such as the cores of a machine named by them."""

_SIZES = {"cores", "memory", "swap", "capacity", "size"}
"""Keys under which a machine's or a guest's size stands, which someone chose."""

_FACTORS_OF_WORK = ".crossings.cpu."
"""Where a number says how many times the native work is done, so that only what is above 1 is in
doubt."""

_DIGITS = 3
"""Significant digits of the ends of an interval by grade: no spread is known to more."""


def uncertain(scenario: Scenario, platform: str) -> tuple[Input, ...]:
    """List the numbers that play a part on a platform and may be off, each with its interval.

    That is what the number states itself, or else what is assumed of its grade of evidence. What
    someone chose, such as the size of a machine, is not in doubt, nor is what a scenario states.
    """
    return tuple(
        _input(path, cited)
        for of, path, cited in quantities(scenario)
        if of in ("", platform) and (_stated(cited) or _is_in_doubt(path, cited))
    )


def _is_in_doubt(path: str, cited: Quantity) -> bool:
    is_chosen = cited.source in (SCENARIO, _DEFINITION) or _is_size(path)
    return not is_chosen and cited.value > _neutral(path)


def _is_size(path: str) -> bool:
    """Whether the size of a host, a guest or its swap stands there, not what of it is used."""
    *around, key = path.split(".")
    is_of_host = around in (["host"], ["host", "disk"])
    return "size" in around or (key in _SIZES and (is_of_host or "boundaries" in around[-2:-1]))


def _neutral(path: str) -> float:
    """The value at which a number changes nothing."""
    return 1.0 if _FACTORS_OF_WORK in path else 0.0


def _input(path: str, cited: Quantity) -> Input:
    """Give a number the interval that it states, or else that of its grade."""
    neutral, writing = _neutral(path), _writing(cited)
    low, high = _stated(cited) or _by_grade(cited, neutral, writing)
    scale: Scale = "log" if low > 0.0 and not neutral else "linear"
    return Input(path, low, high, scale, writing, cited.evidence)


def _stated(cited: Quantity) -> tuple[float, float] | None:
    if cited.low is None or cited.high is None:
        return None
    return cited.low, cited.high


def _by_grade(cited: Quantity, neutral: float, writing: Writing) -> tuple[float, float]:
    """The interval of a number's grade; a share is at most all."""
    factor, above = spreads()[cited.evidence].factor, cited.value - neutral
    low, high = (neutral + _rounded(each, writing) for each in (above / factor, above * factor))
    return low, min(high, 1.0) if cited.unit == "" and cited.value <= 1.0 else high


def _rounded(value: float, writing: Writing) -> float:
    """A number to a few digits of the unit that it is written in."""
    amount, *unit = str(writing.written(value)).split(" ", 1)
    short = float(f"{float(amount):.{_DIGITS}g}")
    return writing.number(f"{short} {unit[0]}" if unit else short)


def _writing(cited: Quantity) -> Writing:
    """How the number is written; a bare one fits where a share of all is asked for."""
    if cited.unit == "" and not cited.relative:
        return Writing()
    dimensions = (known for known in DIMENSIONS if known.base == cited.unit)
    dimension = FRACTION if cited.relative else next(dimensions)
    return Writing(dimension, write_quantity(cited.value, dimension))
