"""Numbers as an overlay writes them: a value with its unit, its source, its grade and a note."""

from __future__ import annotations

from sim.spec.document import Tree
from sim.spec.quantity import Evidence

SOURCE = "tare-calibrate"
"""The source of every number that a calibration states."""

_DIGITS = 4
_MILLI = 1e3


def cited(value: str | float, note: str, evidence: Evidence = "measured") -> Tree:
    """A number with where it comes from."""
    return {"value": value, "source": SOURCE, "evidence": evidence, "note": note}


def seconds(amount: float) -> str:
    """A time, in ms."""
    return f"{_short(amount * _MILLI)} ms"


def core_seconds(amount: float) -> str:
    """Work of a core, in core-ms."""
    return f"{_short(amount * _MILLI)} core-ms"


def bytes_(amount: float) -> str:
    """A size, in whole bytes."""
    return f"{round(amount)} B"


def per_second(amount: float) -> str:
    """Bytes a second."""
    return f"{round(amount)} B/s"


def percent(share: float) -> str:
    """A share."""
    return f"{_short(100 * share)} %"


def millicores(cores: float) -> str:
    """A part of a core."""
    return f"{_short(_MILLI * cores)} millicores"


def _short(number: float) -> str:
    """A few digits of a number, never with an exponent."""
    text = f"{float(f'{number:.{_DIGITS}g}'):.6f}"
    return text.rstrip("0").rstrip(".")
