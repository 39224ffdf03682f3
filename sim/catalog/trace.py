"""Arrival times from a column of a CSV file."""

import csv
import math
from collections.abc import Iterator
from pathlib import Path

from sim.errors import TareError, did_you_mean, shown
from sim.spec.scenario import MOST_INSTANCES


def read_times(file: Path, column: str) -> list[float]:
    """Read times in seconds, in order, from a column of a CSV file with a header.

    Raises TareError for a file or a column that is missing, and for what is not a time in order.
    """
    if file.exists() and not (file.is_file() or file.is_dir()):
        raise TareError("the trace is a pipe or a device", "write the path of a file")
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return _times(csv.DictReader(lines, strict=True), column)
    except UnicodeDecodeError:
        raise TareError("the trace is not UTF-8 text", "write it as CSV") from None
    except csv.Error as error:
        raise TareError(f"the trace is not CSV: {error}", "write it as CSV") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "that is no path").lower()
        raise TareError(
            f"the trace cannot be read: {reason}", "write its path from this file on"
        ) from None


def _times(rows: "csv.DictReader[str]", column: str) -> list[float]:
    columns = rows.fieldnames or []
    if column not in columns:
        problem = f"the trace has no column {shown(column)}"
        raise TareError(problem, did_you_mean(column, columns) if columns else "it is empty")
    return list(_in_order(rows, column))


def _in_order(rows: "csv.DictReader[str]", column: str) -> Iterator[float]:
    last = 0.0
    for count, row in enumerate(rows):
        if count >= MOST_INSTANCES:
            raise TareError(f"the trace has over {MOST_INSTANCES:,} times", "cut it")
        time = _time(row[column], rows.line_num)
        if time < last:
            problem = f"line {rows.line_num} of the trace: {time} s comes after {last} s"
            raise TareError(problem, "sort it by time")
        yield time
        last = time


def _time(text: str | None, line: int) -> float:
    try:
        time = float(text or "")
    except ValueError:
        time = math.nan
    if not math.isfinite(time) or time < 0:
        problem = f"line {line} of the trace: {shown(text or '')} is not a time"
        raise TareError(problem, "write seconds from 0 on, as bare numbers")
    return time
