"""The rows of a frame as plain tuples, which is how sentences and tables are made of it."""

from collections.abc import Iterator
from typing import Any

from pandas import DataFrame


# A frame's cells have the types that its schema tells, and no type checker can know.
def rows(frame: DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Give the values of some columns, row by row."""
    return zip(*(frame[column].tolist() for column in columns), strict=True)
