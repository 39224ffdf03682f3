"""The dimensions that Tare knows: the units of each, its range, and what people are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True)
class Dimension:
    """A kind of quantity: the units it is written in, as factors of its base unit, and its range.

    `also` holds units that are understood and never written; a unit of no letters is a bare
    number. `ladder` holds the units shown to people, smallest first, and `usual` is the unit that
    remedies propose. All quantities are 0 or more and at most `most`, in the base unit.
    """

    name: str
    base: str
    usual: str
    most: float
    units: Mapping[str, Fraction] = field(compare=False, repr=False)
    also: Mapping[str, Fraction] = field(default_factory=dict, compare=False, repr=False)
    ladder: tuple[str, ...] = ()
    whole: bool = False

    def factor(self, unit: str) -> Fraction | None:
        """Return how many base units one such unit is, or None where it is not a unit of this."""
        return self.units.get(unit, self.also.get(unit))


def with_unit(amount: str, unit: str) -> str:
    """Put an amount and its unit together as in `5 MiB`, `5 / min`, and `5` for a bare number."""
    return f"{amount} {unit.replace('/', '/ ') if unit.startswith('/') else unit}".rstrip()


def _prefixed(unit: str, **powers: int) -> dict[str, Fraction]:
    """The unit and its multiples by powers of ten."""
    multiples = {prefix + unit: Fraction(10) ** power for prefix, power in powers.items()}
    return {unit: Fraction(1), **multiples}


_TIMES = {"s": Fraction(1), "ms": Fraction(1, 10**3), "us": Fraction(1, 10**6)}
_LONG_TIMES = {"min": Fraction(60), "h": Fraction(3600)}
_MICRO = ("\N{MICRO SIGN}s", "\N{GREEK SMALL LETTER MU}s")
_BYTES = _prefixed("B", k=3, M=6, G=9, T=12) | {
    f"{prefix}iB": Fraction(1024) ** power for power, prefix in enumerate("KMGT", start=1)
}
_BITS = _prefixed("bit", k=3, M=6, G=9, T=12)

DURATION = Dimension(
    name="duration",
    base="s",
    usual="s",
    most=10 * 365 * 86400,
    units=_TIMES | {"ns": Fraction(1, 10**9)} | _LONG_TIMES | {"d": Fraction(86400)},
    also=dict.fromkeys(_MICRO, _TIMES["us"]),
    ladder=("ns", _MICRO[0], "ms", "s", "min", "h", "d"),
)
SIZE = Dimension(
    name="size",
    base="B",
    usual="MiB",
    most=2**60,
    units=_BYTES,
    ladder=("B", "KiB", "MiB", "GiB", "TiB"),
    whole=True,
)
DATA_RATE = Dimension(
    name="data rate",
    base="B/s",
    usual="MB/s",
    most=1e15,
    units={f"{unit}/s": factor for unit, factor in _BYTES.items()},
    also={f"{unit}/s": factor / 8 for unit, factor in _BITS.items()},
    ladder=("B/s", "kB/s", "MB/s", "GB/s"),
)
CPU_WORK = Dimension(
    name="quantity of CPU work",
    base="core-s",
    usual="core-s",
    most=1e12,
    units={f"core-{unit}": factor for unit, factor in (_TIMES | _LONG_TIMES).items()},
    also={f"core-{unit}": _TIMES["us"] for unit in _MICRO},
    ladder=("core-us", "core-ms", "core-s", "core-h"),
)
CORES = Dimension(
    name="number of cores",
    base="cores",
    usual="cores",
    most=1e6,
    units={"cores": Fraction(1), "millicores": Fraction(1, 1000)},
    also={"core": Fraction(1), "millicore": Fraction(1, 1000), "": Fraction(1)},
    ladder=("cores",),
)
RATE = Dimension(
    name="rate",
    base="/s",
    usual="/s",
    most=1e9,
    units={"/s": Fraction(1), "/min": Fraction(1, 60), "/h": Fraction(1, 3600)},
    also={"/d": Fraction(1, 86400)},
    ladder=("/h", "/min", "/s"),
)
OPERATIONS = Dimension(
    name="rate of operations",
    base="operations/s",
    usual="operations/s",
    most=1e9,
    units={"operations/s": Fraction(1)},
    also={"/s": Fraction(1), "IOPS": Fraction(1)},
    ladder=("operations/s",),
)
FRACTION = Dimension(
    name="fraction",
    base="",
    usual="%",
    most=1,
    units={"%": Fraction(1, 100)},
    also={"": Fraction(1)},
    ladder=("%",),
)
MONEY = Dimension(
    name="price",
    base="USD/h",
    usual="USD/h",
    most=1e6,
    units={"USD/h": Fraction(1)},
    ladder=("USD/h",),
)
POWER = Dimension(
    name="power",
    base="W",
    usual="W",
    most=1e9,
    units=_prefixed("W", k=3),
    ladder=("W", "kW"),
)
NUMBER = Dimension(
    name="number", base="", usual="", most=1e15, units={"": Fraction(1)}, ladder=("",)
)

DIMENSIONS = (
    *(DURATION, SIZE, DATA_RATE, CPU_WORK, CORES, RATE),
    *(OPERATIONS, FRACTION, MONEY, POWER, NUMBER),
)
