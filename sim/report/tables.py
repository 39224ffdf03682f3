"""The frames as files for other programs: tidy, and the same bytes for the same numbers."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path, PurePosixPath
from types import MappingProxyType

import numpy as np
from pandas import DataFrame, concat

from sim.report.comparison import Comparison
from sim.report.figures.courses import telling

TABLES = (
    *("instances", "samples", "events", "components", "phases"),
    *("differences", "binding", "assumptions", "objectives"),
)

HAPPENINGS = ("requests", "loads", "latencies", "faults", "trust")
"""The tables that a report holds only where they have rows."""

MOST_INSTANCES = 150
"""The most rows of instances that a report holds, unless one replication alone has more."""

MOST_SAMPLES = 600
"""About the most rows of samples that a report holds, unless there are very many series."""

MOST_WINDOWS = 40
"""The most windows that a report holds of the requests to one group."""

_FEWEST_SAMPLES = 10
_SIX_DIGITS = {"instances", "samples", "events", "requests", "latencies"}


def write_tables(comparisons: Mapping[str, Comparison], folder: Path) -> dict[str, str]:
    """Write `summary.csv` and `tables/*`; give the SHA-256 of each file by its path in the folder.

    Each table has the rows of all comparisons, with the scenario's name in front. Numbers have
    nine digits, which is as far as two processors agree, and six in the course of a run; Parquet
    files, where pyarrow is installed, have all of them. `instances` has as many replications as
    `replications_kept` says, `samples` and `requests` the rows that tell most.
    """
    (folder / "tables").mkdir()
    hashes: dict[str, str] = {}
    for path, frame in frames(comparisons).items():
        for written, content in files(path, frame):
            (folder / written).write_bytes(content)
            hashes[written] = sha256(content).hexdigest()
    return hashes


def frames(comparisons: Mapping[str, Comparison]) -> dict[str, DataFrame]:
    """Give the rows of each table, by the path of its CSV file, before they are rounded."""
    named = (*TABLES, *(name for name in HAPPENINGS if _has_rows(comparisons, name)))
    paths = {"summary": "summary.csv"} | {name: f"tables/{name}.csv" for name in named}
    return {
        path: _joined(comparisons, _THINNED.get(table, attrgetter(table)))
        for table, path in paths.items()
    }


def files(path: str, frame: DataFrame) -> Sequence[tuple[str, bytes]]:
    """Give the files of a table: that at its path, and its Parquet file where pyarrow is there."""
    form = f"%.{digits(path)}g"
    found = [(path, frame.to_csv(index=False, float_format=form, lineterminator="\n").encode())]
    if path.startswith("tables/") and find_spec("pyarrow"):
        found.append((path.removesuffix("csv") + "parquet", frame.to_parquet(index=False)))
    return found


def digits(path: str) -> int:
    """Give how many digits the numbers of a CSV file have."""
    return 6 if PurePosixPath(path).stem in _SIX_DIGITS else 9


def _has_rows(comparisons: Mapping[str, Comparison], table: str) -> bool:
    return any(len(getattr(comparison, table)) for comparison in comparisons.values())


def replications_kept(comparison: Comparison) -> int:
    """Give how many replications the table of instances has: whole ones, while it stays small."""
    sizes = comparison.instances["replication"].value_counts().sort_index().cumsum()
    return max(1, int((sizes <= MOST_INSTANCES).sum()))


def _instances(comparison: Comparison) -> DataFrame:
    frame = comparison.instances
    return frame[frame["replication"] < replications_kept(comparison)]


def _samples(comparison: Comparison) -> DataFrame:
    """The changes of every series; of very many, those between which it is highest and lowest."""
    frame = comparison.samples
    if len(frame) <= MOST_SAMPLES:
        return frame
    series = frame.groupby(["platform", "host", "resource", "component"], sort=False)
    most = max(_FEWEST_SAMPLES, MOST_SAMPLES // series.ngroups)
    return concat([_thinned(part, "time_s", ["value"], most) for _, part in series]).sort_index()


def _requests(comparison: Comparison) -> DataFrame:
    """The windows of each group in which anything happened, of many those that tell most."""
    frame = comparison.requests
    busy = frame[frame[["offered", "done", "lost"]].sum(axis=1) > 0]
    groups = busy.groupby(["platform", "group"], sort=False)
    told = [
        _thinned(part, "start_s", ["done", "lost", "p99_s"], MOST_WINDOWS) for _, part in groups
    ]
    return concat(told).sort_index() if told else busy


def _thinned(part: DataFrame, moment: str, values: list[str], most: int) -> DataFrame:
    """The rows of one series at the moments that tell most of it."""
    moments = part[moment].to_numpy(dtype=float)
    series = part[values].fillna(0.0).to_numpy(dtype=float)
    return part[np.isin(moments, telling(moments, series.T, most))]


_THINNED: Mapping[str, Callable[[Comparison], DataFrame]] = MappingProxyType(
    {"instances": _instances, "samples": _samples, "requests": _requests}
)


def _joined(
    comparisons: Mapping[str, Comparison], frame_of: Callable[[Comparison], DataFrame]
) -> DataFrame:
    parts = [frame_of(comparison) for comparison in comparisons.values()]
    for place, label in enumerate(comparisons):
        parts[place] = parts[place].copy(deep=False)
        parts[place].insert(0, "scenario", label)
    filled = [part for part in parts if len(part)]
    return concat(filled, ignore_index=True) if filled else parts[0]
