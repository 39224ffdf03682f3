"""Quantities as people write them, `512 MiB` or `3 / min`, to and from numbers in base units."""

from sim.units.dimensions import (
    CORES,
    CPU_WORK,
    DATA_RATE,
    DIMENSIONS,
    DURATION,
    FRACTION,
    MONEY,
    NUMBER,
    OPERATIONS,
    POWER,
    RATE,
    SIZE,
    Dimension,
)
from sim.units.display import format_quantity
from sim.units.notation import (
    QuantityError,
    dimension_of,
    parse_quantity,
    write_like,
    write_quantity,
)

__all__ = [
    "CORES",
    "CPU_WORK",
    "DATA_RATE",
    "DIMENSIONS",
    "DURATION",
    "FRACTION",
    "MONEY",
    "NUMBER",
    "OPERATIONS",
    "POWER",
    "RATE",
    "SIZE",
    "Dimension",
    "QuantityError",
    "dimension_of",
    "format_quantity",
    "parse_quantity",
    "write_like",
    "write_quantity",
]
