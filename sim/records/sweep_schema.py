"""What the tables of a sweep hold: the place where their columns are described.

`<axis>` stands for a column of each axis, in the order of the design, whose name is the axis's
path, with its unit at the end where its values are quantities: numbers in base units, or words.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.records.schema import (
    INTERVAL,
    METRIC,
    PLATFORM,
    REPLICATION,
    UNIT,
    Column,
    column_names,
    integer,
    number,
    text,
)

POINT = integer("point", "number of the point in the design, from 0")
AXIS = number("<axis>", "value of an axis at the point, in its base unit; words where it has no "
              "numbers")  # fmt: skip
_LOW = "lower bound of its 95 % interval; empty where there is none"
_HIGH = "upper bound of its 95 % interval; empty where there is none"
_INPUT = text("input", "what is varied: the path of an axis, or of a number of the catalog")
_EVIDENCE = text("evidence", "grade of the input's number in the catalog; empty for an axis")

SWEEP_TABLES: dict[str, tuple[Column, ...]] = {
    "points": (
        POINT,
        AXIS,
        text("reason", "why the point cannot be run; empty where it can"),
    ),
    "results": (
        POINT,
        AXIS,
        PLATFORM,
        REPLICATION,
        text("metric", "name of a metric, with `groups.NAME.` in front for that of one group; "
             "empty for a run that failed"),
        number("value", "the metric in this run, in its base unit; empty for a run that failed"),
        text("reason", "why the run failed; empty where it did not"),
    ),
    "summary": (POINT, AXIS, PLATFORM, METRIC, *INTERVAL, UNIT),
    "differences": (
        POINT,
        AXIS,
        METRIC,
        PLATFORM,
        text("reference", "platform that it is compared with, the first of the scenario"),
        number("mean", "mean of the differences, replication by replication"),
        *INTERVAL[1:],
        UNIT,
        number("ratio", "ratio of the means; empty where the reference's is zero"),
    ),
    "winners": (
        POINT,
        AXIS,
        METRIC,
        text("winner", "platform that is best at the point"),
        text("second", "platform that comes next; empty where there is no other"),
        number("mean", "by how much the second is behind, paired by replication"),
        *INTERVAL[1:],
        UNIT,
        Column("tie", "flag", "", "whether the two cannot be told apart: the interval covers 0"),
    ),
    "effects": (
        METRIC,
        PLATFORM,
        text("axis", "column of the axis"),
        text("level", "a value of that axis"),
        number("mean", "mean over all points with that value, and over the replications"),
        *INTERVAL[1:3],
        integer("n", "number of points with that value"),
        UNIT,
    ),
    "crossings": (
        METRIC,
        AXIS,
        text("along", "column of the axis along which two platforms change places"),
        text("first", "platform that is better below the value"),
        text("second", "platform that is better above it"),
        number("value", "where they change places, in the base unit of the axis; empty if nowhere"),
        number("low", _LOW),
        number("high", _HIGH),
        number("precision", "half of the interval over the value"),
        text("unit", "unit of the axis"),
        text("reason", "why there is no value, or none so precise; empty where there is"),
    ),
    "sensitivity": (
        METRIC,
        PLATFORM,
        _INPUT,
        number("mu_star", "Morris: mean size of the elementary effects; empty without them"),
        number("mu_star_low", _LOW),
        number("mu_star_high", _HIGH),
        number("sigma", "Morris: their standard deviation, which is large where inputs interact"),
        number("first", "Sobol': share of the variance that the input brings alone"),
        number("first_low", _LOW),
        number("first_high", _HIGH),
        number("total", "Sobol': the same with all of its interactions"),
        number("total_low", _LOW),
        number("total_high", _HIGH),
        _EVIDENCE,
        text("reason", "why there are no indices, or what they leave out; empty where nothing "
             "is"),
    ),
    "tornado": (
        METRIC,
        PLATFORM,
        _INPUT,
        number("low_input", "lower end of the input's interval, in its base unit"),
        number("high_input", "upper end of the input's interval"),
        text("input_unit", "base unit of the input; empty for a bare number"),
        number("at_low", "the metric at the lower end, all else as stated"),
        number("at_high", "the metric at the upper end"),
        number("base", "the metric where nothing is varied"),
        UNIT,
        _EVIDENCE,
        text("reason", "why the metric is missing at an end; empty where it is not"),
    ),
    "short": (
        POINT,
        PLATFORM,
        number("ready", "instances that became ready there, in the mean of the replications"),
        number("most", "as many as that on the platform with most of them"),
    ),
    "failures": (
        text("reason", "why a point cannot be run, or why runs failed"),
        text("platform", "platform of the runs; empty for points that cannot be run"),
        integer("points", "number of points at which that happened"),
        integer("runs", "number of runs that failed so; 0 for points that cannot be run"),
        integer("point", "the first of those points"),
    ),
}
"""The tables of a sweep; all are files of its report but `short` and `failures`, which sum up what
others hold."""


def sweep_columns(table: str, axes: Iterable[str]) -> list[str]:
    """Give the columns of a table of a sweep with these columns of axes, in order.

    Of `crossings`, the axis along which platforms change places is none of them.
    """
    names = column_names(SWEEP_TABLES[table])
    if AXIS.name not in names:
        return names
    place = names.index(AXIS.name)
    return [*names[:place], *axes, *names[place + 1 :]]
