"""Times, and what happens at them, from columns of a CSV file."""

import csv
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from sim.errors import TareError, did_you_mean, shown
from sim.spec.group import MOST_INSTANCES

_Rows: TypeAlias = "csv.DictReader[str]"

_TIME = "time_s"
_MOST_ROWS = 100_000
_LONGEST_PATH = 300


def read_times(file: Path, column: str) -> list[float]:
    """Read times in seconds, in order, from a column of a CSV file with a header.

    Raises TareError for a file or a column that is missing, and for what is not a time in order.
    """
    with _rows_of(file, column) as rows:
        return [time for _, time in _timed(rows, column, MOST_INSTANCES)]


def read_course(file: Path, column: str) -> tuple[list[float], list[float]]:
    """Read the times in `time_s`, each later than the last, and the values beside them.

    Raises TareError as `read_times` does, and for what is not a value from 0 on.
    """
    with _rows_of(file, _TIME, column) as rows:
        course = list(_course(rows, column))
    if not course:
        raise TareError("the trace has no rows", "write a time and a value in each")
    return [time for time, _ in course], [value for _, value in course]


@contextmanager
def _rows_of(file: Path, *columns: str) -> Iterator[_Rows]:
    """Open a CSV file, and say in words why it cannot be read to its end."""
    if file.exists() and not (file.is_file() or file.is_dir()):
        raise TareError("the trace is a pipe or a device", "write the path of a file")
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines, strict=True)
            _check_columns(rows, columns)
            yield rows
    except UnicodeDecodeError:
        raise TareError("the trace is not UTF-8 text", "write it as CSV") from None
    except csv.Error as error:
        raise TareError(f"the trace is not CSV: {error}", "write it as CSV") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "that is no path").lower()
        problem = f"the trace {_tried(file)} cannot be read: {reason}"
        raise TareError(problem, "write its path from this file on") from None


def _tried(file: Path) -> str:
    """The end of the whole path, on one line."""
    return repr(os.path.abspath(file)[-_LONGEST_PATH:])


def _check_columns(rows: _Rows, columns: tuple[str, ...]) -> None:
    known = rows.fieldnames or []
    for column in columns:
        if column not in known:
            problem = f"the trace has no column {shown(column)}"
            raise TareError(problem, did_you_mean(column, known) if known else "it is empty")


def _course(rows: _Rows, column: str) -> Iterator[tuple[float, float]]:
    last = -1.0
    for row, time in _timed(rows, _TIME, _MOST_ROWS):
        if time == last:
            problem = f"line {rows.line_num} of the trace: {time} s stands there already"
            raise TareError(problem, "write each time once")
        yield time, _number(row[column], rows.line_num, "value", "a number from 0 on, without unit")
        last = time


def _timed(rows: _Rows, column: str, most: int) -> Iterator[tuple[dict[str, str], float]]:
    """The rows with their times, which are in order."""
    last = 0.0
    for count, row in enumerate(rows):
        if count >= most:
            raise TareError(f"the trace has over {most:,} times", "cut it")
        time = _number(row[column], rows.line_num, "time", "seconds from 0 on, as bare numbers")
        if time < last:
            problem = f"line {rows.line_num} of the trace: {time} s comes after {last} s"
            raise TareError(problem, "sort it by time")
        yield row, time
        last = time


def _number(text: str | None, line: int, kind: str, fitting: str) -> float:
    try:
        number = float(text or "")
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        problem = f"line {line} of the trace: {shown(text or '')} is not a {kind}"
        raise TareError(problem, f"write {fitting}")
    return number
