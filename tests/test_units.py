"""Units: what people write is what is meant, and what nobody can mean is refused with a remedy."""

import math
import pickle
import random
import subprocess
import sys

import pytest

from sim.units import (
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
    QuantityError,
    format_quantity,
    parse_quantity,
    write_quantity,
)


@pytest.mark.parametrize(
    ("text", "dimension", "expected"),
    [
        ("512 MiB", SIZE, 536_870_912),  # 512 · 1024²
        ("512MiB", SIZE, 536_870_912),
        ("512 MB", SIZE, 512_000_000),
        ("0.1 GiB", SIZE, 107_374_182),  # 107 374 182.4
        ("0.1 GB", SIZE, 100_000_000),
        ("1024 TiB", SIZE, 2**50),
        ("250 ms", DURATION, 0.25),
        ("80 us", DURATION, 80e-6),
        ("80 \u00b5s", DURATION, 80e-6),
        ("80 \u03bcs", DURATION, 80e-6),
        ("1.5 h", DURATION, 5400.0),
        ("2d", DURATION, 172_800.0),
        (" 1e-3 s ", DURATION, 0.001),
        ("1 Gbit/s", DATA_RATE, 125e6),
        ("100 Mbit / s", DATA_RATE, 12.5e6),
        ("100 MiB/s", DATA_RATE, 104_857_600.0),
        ("40 core-ms", CPU_WORK, 0.04),
        ("0.3 core-s", CPU_WORK, 0.3),
        ("5 millicores", CORES, 0.005),
        ("1 core", CORES, 1.0),
        (2, CORES, 2.0),
        ("3 / min", RATE, 0.05),
        ("3/h", RATE, 3 / 3600),
        ("3 / s", RATE, 3.0),
        ("15000 /s", OPERATIONS, 15_000.0),
        ("15000 operations/s", OPERATIONS, 15_000.0),
        ("15000 IOPS", OPERATIONS, 15_000.0),
        ("5 %", FRACTION, 0.05),
        (0.05, FRACTION, 0.05),
        ("0.192 USD/h", MONEY, 0.192),
        ("1.2 kW", POWER, 1200.0),
        ("7", NUMBER, 7.0),
    ],
)
def test_what_people_write(text: object, dimension: Dimension, expected: float) -> None:
    assert parse_quantity(text, dimension) == expected


def test_the_same_quantity_in_other_units_is_the_same_number() -> None:
    assert parse_quantity("0.1 s", DURATION) == parse_quantity("100 ms", DURATION)
    assert parse_quantity("0.7 min", DURATION) == parse_quantity("42 s", DURATION)


def test_sizes_are_whole_bytes_however_large() -> None:
    size = parse_quantity("1152921504606846975 B", SIZE)
    assert isinstance(size, int)
    assert size == 2**60 - 1


@pytest.mark.parametrize(
    ("value", "dimension", "words"),
    [
        (512, SIZE, "512 has no unit; write 512 MiB, or another of B, kB, MB, GB, TB, KiB, "),
        ("512", SIZE, "512 has no unit; write 512 MiB"),
        (0.5, DURATION, "0.5 has no unit; write 0.5 s, or another of "),
        (3, RATE, "write 3 / s, or another of /min, /h"),
        (3, MONEY, "3 has no unit; write 3 USD/h"),
        ("5 s", SIZE, "5 s is a duration, not a size; write 5 MiB, or another of"),
        ("100 MB", DATA_RATE, "100 MB is a size, not a data rate; did you mean 100 MB/s?"),
        (
            "250 ms",
            CPU_WORK,
            "250 ms is a duration, not a quantity of CPU work; did you mean 250 core-ms?",
        ),
        ("5 s", NUMBER, "5 s is a duration, not a number; write 5"),
        ("lots", NUMBER, "'lots' is not a number; write a bare number, such as 5"),
    ],
)
def test_a_missing_or_foreign_unit_names_those_that_fit(
    value: object, dimension: Dimension, words: str
) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(value, dimension)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "dimension", "meant"),
    [
        ("5 mib", SIZE, "5 MiB"),
        ("5 Mib", SIZE, "5 MiB"),
        ("512 mb", SIZE, "512 MB"),
        ("512M", SIZE, "512 MB or 512 MiB"),
        ("512Mi", SIZE, "512 MiB"),
        ("3 gigabytes", SIZE, "3 GB"),
        ("5 sec", DURATION, "5 s"),
        ("5 mins", DURATION, "5 min"),
        ("5 Hours", DURATION, "5 h"),
        ("5 m", DURATION, "5 ms or 5 min"),
        ("1 Gbps", DATA_RATE, "1 Gbit/s"),
        ("1 Mb/s", DATA_RATE, "1 Mbit/s"),
        ("1 gbit/s", DATA_RATE, "1 Gbit/s"),
        ("500m", CORES, "500 millicores"),
        ("2 vCPUs", CORES, "2 cores"),
        ("500 iops", OPERATIONS, "500 IOPS"),
        ("3 percent", FRACTION, "3 %"),
        ("8 GB RAM", SIZE, "8 GB"),
        ("4GB RAM", SIZE, "4 GB"),
        ("8 gb ram", SIZE, "8 GB"),
        ("3 pre min", RATE, None),
        ("5 bananas", SIZE, None),
    ],
)
def test_a_mistaken_unit_is_answered_with_the_likely_one(
    text: str, dimension: Dimension, meant: str | None
) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, dimension)
    remedy = caught.value.remedy
    assert remedy == f"did you mean {meant}?" if meant else remedy.startswith("write ")


@pytest.mark.parametrize(
    "value",
    [
        *("", "MiB", "lots", "nan", "inf MiB", "1,000 MB", "1 2 MB", "5 MiB 3 B", "0x10 B"),
        *("1e99999 B", "1e9999999999999 B", "9" * 200 + " B", "٣ MiB", "5\x00MiB"),
        *(None, True, [], {}, math.nan, math.inf, -math.inf, object()),
    ],
)
def test_what_is_no_quantity_is_refused(value: object) -> None:
    with pytest.raises(QuantityError, match="size"):
        parse_quantity(value, SIZE)


@pytest.mark.parametrize(
    ("value", "dimension", "words"),
    [
        ("-5 MiB", SIZE, "'-5 MiB' is negative; write 0 or more"),
        ("1e300 B", SIZE, "too large for a size; 1,048,576 TiB is the most"),
        ("1e9999 s", DURATION, "too large for a duration; 3,650 d is the most"),
        ("11 %", CORES, "a fraction, not a number of cores"),
        ("101 %", FRACTION, "'101 %' is too large for a fraction; 100 % is the most"),
        (5, FRACTION, "5 is too large for a fraction"),
        pytest.param(10**5000, NUMBER, "too large for a number", id="5001 digits"),
    ],
)
def test_what_is_out_of_range_is_refused(value: object, dimension: Dimension, words: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(value, dimension)
    assert words in str(caught.value)


def test_the_ends_of_each_range_are_inside() -> None:
    for dimension in DIMENSIONS:
        assert parse_quantity(write_quantity(0, dimension), dimension) == 0
        assert parse_quantity(write_quantity(dimension.most, dimension), dimension) == (
            dimension.most
        )


@pytest.mark.parametrize(
    ("value", "dimension", "text"),
    [
        (1.5 * 2**30, SIZE, "1.5 GiB"),
        (1023.99 * 2**20, SIZE, "1 GiB"),
        (1000 * 2**20, SIZE, "1,000 MiB"),
        (0, SIZE, "0 B"),
        (-5 * 2**20, SIZE, "-5 MiB"),
        (0.321, DURATION, "321 ms"),
        (0.0013, DURATION, "1.3 ms"),
        (12.23, DURATION, "12.2 s"),
        (0, DURATION, "0 s"),
        (0.99999, DURATION, "1 s"),
        (59.996, DURATION, "1 min"),
        (200, DURATION, "3 min 20 s"),
        (-200, DURATION, "-3 min 20 s"),
        (3599.9, DURATION, "1 h"),
        (90_000, DURATION, "1 d 1 h"),
        (1e-13, DURATION, "0.0001 ns"),
        (math.nan, DURATION, "nan s"),
        (0.05, FRACTION, "5 %"),
        (0.05, RATE, "3 / min"),
        (15_000, OPERATIONS, "15,000 operations/s"),
        (125e6, DATA_RATE, "125 MB/s"),
        (2.25, CORES, "2.25 cores"),
        (1_234_567.9, NUMBER, "1,234,568"),
    ],
)
def test_what_people_are_shown(value: float, dimension: Dimension, text: str) -> None:
    assert format_quantity(value, dimension) == text


@pytest.mark.parametrize(
    ("value", "dimension", "text"),
    [
        (512 * 2**20, SIZE, "512 MiB"),
        (10**9, SIZE, "1 GB"),
        (2**60 - 1, SIZE, "1152921504606846975 B"),
        (0.321, DURATION, "321 ms"),
        (600.0, DURATION, "10 min"),
        (12.23, DURATION, "12.23 s"),
        (125e6, DATA_RATE, "125 MB/s"),
        (0.5, CORES, "0.5 cores"),
        (0.05, FRACTION, "5 %"),
        (0.05, RATE, "3 / min"),
        (7.0, NUMBER, "7"),
    ],
)
def test_what_files_are_given(value: float, dimension: Dimension, text: str) -> None:
    assert write_quantity(value, dimension) == text


def test_every_number_that_is_written_reads_back_as_itself() -> None:
    draw = random.Random(1)
    for dimension in DIMENSIONS:
        for _ in range(300):
            value = dimension.most * 10 ** draw.uniform(-25, 0)
            value = round(value) if dimension.whole else value
            assert parse_quantity(write_quantity(value, dimension), dimension) == value


def test_a_number_that_no_file_may_hold_is_not_written() -> None:
    for value in (-1.0, math.nan, math.inf, 2.0**61):
        with pytest.raises(QuantityError):
            write_quantity(value, SIZE)


def test_a_dimension_is_the_same_in_a_worker_process() -> None:
    for dimension in DIMENSIONS:
        assert pickle.loads(pickle.dumps(dimension)) == dimension
        assert len({known for known in DIMENSIONS if known == dimension}) == 1


def test_units_need_the_standard_library_alone() -> None:
    listing = (
        "import sys, sim.units;"
        "print(*sorted({name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names))"
    )
    done = subprocess.run(
        [sys.executable, "-c", listing], check=True, capture_output=True, text=True
    )
    loaded = set(done.stdout.split())
    assert "sim" in loaded
    assert not loaded & {"numpy", "pydantic", "yaml", "pandas", "simpy"}
