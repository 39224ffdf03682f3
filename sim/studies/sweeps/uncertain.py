"""The numbers of the catalog that a scenario leans on, as inputs that may be off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sim.catalog.spreads import spreads
from sim.spec.quantity import SCENARIO, Quantity
from sim.spec.scenario import Scenario
from sim.studies.assumptions import quantities
from sim.studies.sweeps.inputs import Input
from sim.units import DIMENSIONS, FRACTION, NUMBER, Dimension

_DEFINITION = "tare-definition"
"""The source of what an entry is by its name, such as the cores of a machine named by them."""

_SIZES = {"cores", "memory", "swap", "capacity", "size"}
"""Keys under which a machine's or a guest's size stands, which someone chose."""

_FACTORS_OF_WORK = ".crossings.cpu."
"""Where a number says how many times the native work is done, so that only what is above 1 is in
doubt."""

_DIGITS = 3
"""Significant digits of the ends of an interval: no spread is known to more."""


@dataclass(frozen=True)
class Uncertain:
    """The numbers that may be off, and how many of others are left out, by the reason."""

    inputs: tuple[Input, ...]
    left_out: Mapping[str, int]


def uncertain(scenario: Scenario, platform: str) -> Uncertain:
    """List the catalog's numbers that play a part on a platform, each with its interval.

    What someone chose, such as the size of a machine, is not in doubt, and is left out.
    """
    inputs: list[Input] = []
    left_out: Counter[str] = Counter()
    for of, path, cited in quantities(scenario):
        if of not in ("", platform):
            continue
        if reason := _reason(path, cited):
            left_out[reason] += 1
        else:
            inputs.append(_input(path, cited))
    return Uncertain(tuple(inputs), dict(sorted(left_out.items())))


def _reason(path: str, cited: Quantity) -> str:
    """Why a number is not varied; nothing where it is."""
    if cited.source == SCENARIO:
        return "stated by the scenario"
    if cited.source == _DEFINITION or _is_size(path):
        return "sizes that were chosen"
    if cited.value == _neutral(path) or cited.value < _neutral(path):
        return "none of it, or as native"
    return ""


def _is_size(path: str) -> bool:
    """Whether the size of a host, a guest or its swap stands there, not what of it is used."""
    *around, key = path.split(".")
    is_of_host = around in (["host"], ["host", "disk"])
    return "size" in around or (key in _SIZES and (is_of_host or "boundaries" in around[-2:-1]))


def _neutral(path: str) -> float:
    """The value at which a number changes nothing."""
    return 1.0 if _FACTORS_OF_WORK in path else 0.0


def _input(path: str, cited: Quantity) -> Input:
    """Give a number the interval of its grade; a share is at most all."""
    factor, neutral = spreads()[cited.evidence].factor, _neutral(path)
    above = cited.value - neutral
    low, high = neutral + above / factor, neutral + above * factor
    if cited.unit == "" and cited.value <= 1.0:
        high = min(high, 1.0)
    return Input(
        path,
        _rounded(low),
        _rounded(high),
        scale="linear" if neutral else "log",
        dimension=_dimension(cited),
        evidence=cited.evidence,
    )


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _dimension(cited: Quantity) -> Dimension:
    """How the number is written; a bare one fits where a share of all is asked for."""
    if cited.unit == "":
        return FRACTION if cited.relative else NUMBER
    return next(known for known in DIMENSIONS if known.base == cited.unit)
