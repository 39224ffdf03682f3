"""The formulas that `tare explain` shows of metrics, worked out as a reader would by hand."""

import re
from collections.abc import Callable
from math import ceil, nan

import numpy as np
import pandas as pd
import pytest

from sim.cli.explaining.metric import FORMULAS, columns_named
from sim.records.result import Result
from sim.records.schema import RUN_TABLES, Column
from sim.records.steady import measure_steady
from sim.records.table import Table
from sim.spec.metrics import METRICS, STEADY, SWEPT

_ROWS = 6
_HORIZON = 60.0


def _column(column: Column, random: np.random.Generator) -> list[object]:
    if column.kind == "text":
        return ["web"] * _ROWS
    if column.kind == "integer":
        return [*random.integers(1, 1000, _ROWS)]
    return [*random.uniform(1, 100, _ROWS)]


def _table(name: str, random: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame({each.name: _column(each, random) for each in RUN_TABLES[name]})


@pytest.fixture(scope="module")
def result() -> Result:
    """A result in which no two numbers are alike, so that no column passes for another."""
    random = np.random.default_rng(1)
    tables = {name: _table(name, random) for name in RUN_TABLES}
    instances, hosts = tables["instances"], tables["hosts"]
    instances["ready_s"] = instances["created_s"] + random.uniform(1, 9, _ROWS)
    instances["state"] = ["ready", "ready", "failed", "ready", "failed", "failed"]
    hosts["memory_gross_bytes"] += hosts["memory_fixed_bytes"]  # which is a part of it
    hosts.loc[0, ["memory_gross_bytes", "instances"]] = 0  # it is down
    kinds = [("memory", ["net.private", "net.mapped", "boundary"]),
             ("disk", ["net.files", "net.written", "duplicate"]),
             ("cpu", ["net", "contention", "kernel"])]  # fmt: skip
    tables["components"] = pd.DataFrame([
        {"host": 0, "group": "web", "resource": resource, "component": each, "value": value}
        for resource, components in kinds
        for each, value in zip(components, random.uniform(1, 100, 3), strict=True)
    ])
    tables["requests"]["group"] = ["web", "web", "web", "cache", "cache", "cache"]
    shares = {"group": "", "share": [0.5, 0.9, 0.99], "latency_s": [1.5, 2.5, 3.5]}
    tables["latencies"] = pd.DataFrame(shares)
    tables["faults"]["back"] = tables["faults"]["lost"]
    builds = tables["builds"]
    builds["ends_s"] += builds["begins_s"]
    builds["build"] = [0, 0, 1, 1, 2, 2]
    builds["cached"] = [False, False, True, False, True, True]
    builds.loc[4, "line"] = 0
    return _result(tables)


@pytest.fixture(scope="module")
def lossy(result: Result) -> Result:
    """The same, where one instance never became ready and one fault took nobody."""
    tables = {name: table.frame.copy() for name, table in result.tables.items()}
    tables["instances"].loc[2, "ready_s"] = nan
    tables["faults"].loc[0, ["lost", "back", "recovery_s"]] = [0, 0, nan]
    return _result(tables)


def _result(frames: dict[str, pd.DataFrame]) -> Result:
    tables = {
        name: Table.of_rows(frame, [*frame.itertuples(index=False, name=None)])
        for name, frame in frames.items()
    }
    return Result("p", 1, 0, _HORIZON, ("web", "cache"), tables)


def _reading(result: Result) -> list[tuple[str, Callable[[re.Match[str]], float]]]:
    """Phrases of formulas, the longest first, each with what it comes to on a result."""
    tables = {name: getattr(result, name) for name in RUN_TABLES}

    def column(found: re.Match[str]) -> pd.Series:
        return tables[found["table"]][found["column"]]

    def parts(found: re.Match[str], is_meant: Callable[[str], bool]) -> float:
        held = tables["components"]
        chosen = held["component"].map(is_meant) & (held["resource"] == found["resource"])
        return float(held["value"][chosen].sum())

    start = tables["instances"]["ready_s"] - tables["instances"]["created_s"]
    ready = start.dropna().sort_values()
    windows = tables["requests"]
    up = tables["hosts"][tables["hosts"]["memory_gross_bytes"] > 0]
    struck = tables["faults"][tables["faults"]["lost"] > 0]
    name = r"(?P<table>[a-z]+)\.(?P<column>\w+)"
    startup = re.escape("(instances.ready_s - instances.created_s)")
    resource = r", of resource (?P<resource>\w+)"
    asking = windows.groupby("group")
    served = asking["done"].sum() / (asking["end_s"].max() - asking["start_s"].min())
    builds = tables["builds"].groupby("build")
    waited = builds["ends_s"].max() - builds["begins_s"].min()
    own = tables["builds"][(tables["builds"]["line"] > 0) & (tables["builds"]["build"] > 0)]
    time = re.escape("(last builds.ends_s - first builds.begins_s)")
    return [
        (r"builds that have a builds\.ends_s in all rows", lambda found: len(waited)),
        (rf"mean of {time} over builds of number 0", lambda found: waited[0]),
        (rf"mean of {time} over builds of other numbers", lambda found: waited[1:].mean()),
        (rf"sum of {time} over builds", lambda found: waited.sum()),
        (r"rows of these whose builds\.cached is true", lambda found: own["cached"].sum()),
        (r"rows of these, of those with a builds\.line above 0", lambda found: len(own)),
        (rf"mean of {startup} over rows with a ready_s", lambda found: ready.mean()),
        (rf"{startup} of rank ceil\((?P<share>[\d.]+) · rows\), in ascending order",
         lambda found: ready.iloc[ceil(float(found["share"]) * len(start)) - 1]),
        (rf"the largest {startup}", lambda found: ready.max()),
        (r"sum of components\.value where component begins with net" + resource,
         lambda found: parts(found, lambda each: each.startswith("net"))),
        (r"components\.value of component (?P<component>\w+)" + resource,
         lambda found: parts(found, lambda each: each == found["component"])),
        (r"sum of components\.value" + resource, lambda found: parts(found, lambda each: True)),
        (r"sum of \(requests\.(?P<first>\w+) · requests\.(?P<second>\w+)\)",
         lambda found: (windows[found["first"]] * windows[found["second"]]).sum()),
        (r"sum of requests\.done / \(last requests\.end_s - first requests\.start_s\), "
         "group by group, then summed", lambda found: served.sum()),
        (rf"sum of {name} of hosts that are up", lambda found: up[found["column"]].sum()),
        (r"rows of instances with an instances\.ready_s", lambda found: len(ready)),
        (r"rows of instances whose instances\.state is (?P<state>\w+)",
         lambda found: (tables["instances"]["state"] == found["state"]).sum()),
        (r"rows of instances", lambda found: len(start)),
        (r"latencies\.latency_s where latencies\.share is (?P<share>[\d.]+)",
         lambda found: tables["latencies"].set_index("share")["latency_s"][float(found["share"])]),
        (r"mean of faults\.recovery_s over faults that took instances, all of which came back",
         lambda found: struck["recovery_s"].mean()),
        (rf"mean of {name}", lambda found: column(found).mean()),
        (rf"the first {name}", lambda found: column(found).min()),
        (rf"the largest {name}(, likewise)?", lambda found: column(found).max()),
        (rf"sum of {name}", lambda found: column(found).sum()),
        (r"\bhorizon\b", lambda found: result.horizon_s),
        (rf"\b({'|'.join(METRICS)})\b", lambda found: _worked_out(found[0], result)),
    ]  # fmt: skip


def _worked_out(metric: str, result: Result) -> float:
    """What a formula comes to: its phrases replaced by numbers, the rest is arithmetic."""
    text = FORMULAS[metric].removesuffix(", over windows after the warm-up")
    for phrase, value in _reading(result):
        text = re.sub(phrase, lambda found, value=value: repr(float(value(found))), text)
    arithmetic = text.replace("·", "*")
    assert re.fullmatch(r"[-+*/(). \de]+", arithmetic), f"nobody can work out {text!r}"
    return float(eval(arithmetic))


@pytest.mark.parametrize("metric", METRICS)
def test_a_formula_comes_to_its_metric(metric: str, result: Result) -> None:
    assert _worked_out(metric, result) == pytest.approx(result.metrics[metric], rel=1e-9)


def test_formulas_hold_as_well_where_some_never_became_ready(lossy: Result) -> None:
    metrics = lossy.metrics
    absent = {"startup_p95_s", "startup_p99_s", "startup_max_s", "all_ready_s"}  # rank 6 of 5
    assert metrics.keys() == METRICS.keys() - absent
    worked_out = {metric: _worked_out(metric, lossy) for metric in metrics}
    assert worked_out == pytest.approx(metrics, rel=1e-9)


@pytest.mark.parametrize("metric", STEADY)
def test_a_formula_comes_to_its_metric_after_a_warm_up_as_well(metric: str, result: Result) -> None:
    requests = result.requests
    since = float(requests["start_s"].median())
    after = requests[requests["start_s"] >= since].reset_index(drop=True)
    frames = {name: table.frame for name, table in result.tables.items()} | {"requests": after}
    told = measure_steady(result.tables["requests"], since)
    assert _worked_out(metric, _result(frames)) == pytest.approx(told[metric], rel=1e-9)


def test_formulas_name_columns_that_exist_and_every_metric_has_one() -> None:
    assert FORMULAS.keys() == SWEPT.keys()
    for formula in FORMULAS.values():
        for table, column in columns_named(formula):
            assert column in {each.name for each in RUN_TABLES[table]}
