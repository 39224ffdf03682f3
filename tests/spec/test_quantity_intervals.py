"""A number may state from where to where it may be."""

import pytest
from pydantic import TypeAdapter, ValidationError

from sim.spec.quantity import CitedDuration, Quantity

DURATION: TypeAdapter[Quantity] = TypeAdapter(CitedDuration)


def test_an_interval_is_read_in_base_units_and_written_back() -> None:
    ends = {"low": "0.5 ms", "high": "1 s"}
    written = {"value": "2 ms", "source": "s", "evidence": "derived"} | ends
    read = DURATION.validate_python(written)
    assert (read.low, read.value, read.high) == (0.0005, 0.002, 1.0)
    assert DURATION.dump_python(read, mode="json") == written
    assert DURATION.validate_python(DURATION.dump_python(read, mode="json")) == read


def test_a_number_without_one_has_none() -> None:
    assert DURATION.validate_python("2 ms").low is None
    assert DURATION.dump_python(DURATION.validate_python("2 ms"), mode="json") == "2 ms"


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ({"low": "1 ms"}, "value: '2 ms', low: '1 ms' is no interval"),
        ({"high": "3 ms"}, "value: '2 ms', high: '3 ms' is no interval"),
        ({"low": "3 ms", "high": "4 ms"}, "low: '3 ms', high: '4 ms' is no interval"),
        ({"low": "3 ms", "high": "1 ms"}, "write low and high, and value between them"),
        ({"low": "2 ms", "high": "2 ms"}, "is no interval"),
    ],
)
def test_what_is_no_interval_is_refused(ends: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        DURATION.validate_python({"value": "2 ms"} | ends)
