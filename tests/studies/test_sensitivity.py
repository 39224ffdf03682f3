"""What moves an answer: designs that ask it, and stories whose answer is plain."""

import json
import math
import pickle
from collections.abc import Callable, Mapping, Sequence
from statistics import median

import numpy as np
import pytest

from sim.catalog.entries import mapping
from sim.catalog.loader import entry
from sim.catalog.observed import calibrations, catalog_observations, crossed_rows
from sim.catalog.scenario import load
from sim.catalog.spreads import spreads
from sim.errors import UsageError
from sim.records.movers import movers
from sim.spec.document import Tree
from sim.studies.sweeps import salib
from sim.studies.sweeps.axes import Writing
from sim.studies.sweeps.inputs import Input
from sim.studies.sweeps.samples import OneAtATime, Row, Sample
from sim.studies.sweeps.sensitivity import Outputs, morris, saltelli, sensitivity
from sim.studies.sweeps.tornado import tornado
from sim.studies.sweeps.uncertain import uncertain
from sim.units import DIMENSIONS, DURATION, SIZE, QuantityError, parse_quantity

MIB, GIB = 2**20, 2**30
NAN = math.nan
TWO = (Input("a", 0.0, 1.0), Input("b", 0.0, 1.0))


def answered(
    design: OneAtATime | Sample, answer: Callable[[Mapping[str, float]], float]
) -> Outputs:
    """What a function says of each row whose values are bare numbers."""
    rows = ({path: float(str(value)) for path, value in row.items()} for row in design)
    return Outputs("answer", "", [answer(row) for row in rows])


def test_a_value_stands_in_its_interval_by_its_scale_with_its_unit() -> None:
    memory = Input("host.memory", 1 * GIB, 16 * GIB, "log", Writing(SIZE, "1 GiB"))
    assert [memory.written(place) for place in (0.0, 0.5, 1.0)] == ["1 GiB", "4 GiB", "16 GiB"]
    wait = Input("wait", 1.0, 3.0, "linear", Writing(DURATION, "1 s"))
    assert [wait.written(place) for place in (0.0, 0.5, 1.0)] == ["1 s", "2 s", "3 s"]
    assert Input("count", 1.0, 10.0, writing=Writing(is_whole=True)).written(1 / 3) == 4


@pytest.mark.parametrize(("low", "high"), [(2.0, 1.0), (1.0, 1.0)])
def test_an_interval_without_an_inside_is_refused(low: float, high: float) -> None:
    with pytest.raises(UsageError, match=r"x: .* is no interval; state the lower end first"):
        Input("x", low, high)


def test_a_log_scale_from_zero_is_refused() -> None:
    with pytest.raises(UsageError, match="begin above 0, or write scale: linear"):
        Input("x", 0.0, 1.0, "log")


def test_a_trajectory_changes_one_input_from_row_to_row() -> None:
    design = morris(TWO, seed=1, count=8)
    assert len(design) == 8 * 3
    for start in range(0, len(design), 3):
        steps = np.diff(design.places[start : start + 3], axis=0)
        assert (np.count_nonzero(steps, axis=1) == 1).all()
        assert (np.count_nonzero(steps, axis=0) == 1).all()


def test_around_a_base_point_stand_one_row_for_each_input_and_another_base_point() -> None:
    design = saltelli(TWO, seed=1, count=4)
    assert len(design) == 4 * 4
    for first, with_a, with_b, second in design.places.reshape(4, 4, 2):
        assert with_a.tolist() == [second[0], first[1]]
        assert with_b.tolist() == [first[0], second[1]]


def test_designs_are_the_same_for_a_seed_wherever_they_are_worked_out() -> None:
    for draw in (morris, saltelli):
        first, again = draw(TWO, 5, 8), pickle.loads(pickle.dumps(draw(TWO, 5, 8)))
        assert first.places.tobytes() == again.places.tobytes()
        assert first.places.tobytes() != draw(TWO, 6, 8).places.tobytes()


def test_a_seed_of_zero_is_a_seed() -> None:
    design = saltelli(TWO, 0, 16)
    outputs = answered(design, lambda row: row["a"])
    first, again = (sensitivity(design, outputs) for _ in range(2))
    assert first.equals(again)


def test_base_points_come_in_powers_of_two() -> None:
    with pytest.raises(UsageError, match="and 100 is none; write 128"):
        saltelli(TWO, 1, 100)


def test_without_salib_the_command_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(salib, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="pip install SALib"):
        morris(TWO, 1, 8)


def test_what_is_linear_moves_by_its_slope_everywhere() -> None:
    """Of 3a + b over intervals of length 1, mu* is 3 and 1, and no effect varies."""
    design = morris(TWO, seed=1, count=20)
    found = sensitivity(design, answered(design, lambda row: 3 * row["a"] + row["b"]))
    assert found["input"].tolist() == ["a", "b"]
    assert found["mu_star"].tolist() == pytest.approx([3.0, 1.0], abs=1e-4)
    assert found["sigma"].tolist() == pytest.approx([0.0, 0.0], abs=1e-4)
    assert found["total"].isna().all()


def test_what_is_independent_shares_the_variance_by_the_square_of_its_slope() -> None:
    """Of 3a + b, a has 9 parts of the variance in 10."""
    design = saltelli(TWO, seed=1, count=256)
    found = sensitivity(design, answered(design, lambda row: 3 * row["a"] + row["b"]))
    assert found["first"].tolist() == pytest.approx([0.9, 0.1], abs=0.02)
    assert found["total"].tolist() == pytest.approx([0.9, 0.1], abs=0.02)
    assert (found["first_low"] < found["first"]).all()
    assert (found["first"] < found["first_high"]).all()
    assert found["mu_star"].isna().all()


def test_an_answer_that_never_changes_has_no_variance_to_share() -> None:
    design = saltelli(TWO, seed=1, count=8)
    found = sensitivity(design, answered(design, lambda row: 7.0))
    assert found["first"].tolist() == found["total"].tolist() == [0.0, 0.0]


def with_holes(design: OneAtATime | Sample, rows: Sequence[int]) -> Outputs:
    """3a + b, but in some rows, which have run out of memory."""
    told = answered(design, lambda row: 3 * row["a"] + row["b"]).values
    values = [NAN if number in rows else value for number, value in enumerate(told)]
    return Outputs("answer", "box", values, reasons=dict.fromkeys(rows, "it does not fit"))


def test_a_row_that_failed_takes_its_trajectory_with_it_and_that_is_said() -> None:
    design = morris(TWO, seed=1, count=10)
    table = sensitivity(design, with_holes(design, [4]))
    assert table["mu_star"].tolist() == pytest.approx([3.0, 1.0], abs=1e-4)
    assert table["reason"].unique().tolist() == [
        "1 of 30 rows give no answer: it does not fit; 1 of 10 trajectories are left out with them"
    ]


def test_where_most_experiments_fail_there_are_no_indices_and_the_reason_stands_there() -> None:
    design = saltelli(TWO, seed=1, count=4)
    table = sensitivity(design, with_holes(design, [0, 4, 8]))
    assert table["total"].isna().all()
    assert table["reason"].unique().tolist() == [
        "3 of 16 rows give no answer: it does not fit; narrow the intervals to where all of them "
        "run"
    ]


def test_one_at_a_time_sets_nothing_first_and_then_one_end_of_one_input() -> None:
    design = OneAtATime((Input("a", 1.0, 2.0), Input("b", 3.0, 4.0)))
    assert [*design] == [{}, {"a": 1.0}, {"a": 2.0}, {"b": 3.0}, {"b": 4.0}]
    assert design[1:3] == [{"a": 1.0}, {"a": 2.0}]


def around(row: Row) -> float:
    """2a + b + 0c, where a is 1, b is 5 and c is 1 unless a row says otherwise."""
    told = {path: float(str(value)) for path, value in row.items()}
    return 2 * told.get("a", 1.0) + told.get("b", 5.0)


def test_a_tornado_has_the_widest_swing_first_and_what_is_still_last() -> None:
    inputs = (
        Input("c", 0.5, 2.0, evidence="assumed"),
        Input("a", 0.5, 2.0, evidence="assumed"),
        Input("b", 2.0, 9.0, evidence="measured"),
    )
    design = OneAtATime(inputs)
    table = tornado(design, Outputs("answer", "box", [around(row) for row in design], "s"))
    assert table["input"].tolist() == ["b", "a", "c"]
    assert table[["at_low", "at_high", "base"]].to_numpy().tolist() == [
        [4.0, 11.0, 7.0],
        [6.0, 9.0, 7.0],
        [7.0, 7.0, 7.0],
    ]
    (found,) = movers(table)
    assert (found.input, found.at_low, found.at_high, found.swing) == ("a", 6.0, 9.0, 3.0)
    assert (found.moving, found.still) == (2, 1)
    (any_grade,) = movers(table, ("assumed", "measured"))
    assert any_grade.input == "b"


def test_where_no_assumed_number_moves_the_answer_none_is_named() -> None:
    design = OneAtATime((Input("c", 0.5, 2.0, evidence="assumed"),))
    assert not [*movers(tornado(design, Outputs("answer", "", [1.0, 1.0, 1.0])))]


def test_an_end_that_fails_is_told_and_is_no_swing() -> None:
    design = OneAtATime((Input("a", 0.5, 2.0, evidence="assumed"),))
    outputs = Outputs("answer", "box", [1.0, 0.5, NAN], reasons={2: "it does not fit"})
    table = tornado(design, outputs)
    assert not [*movers(table)]
    assert table["reason"].tolist() == ["it does not fit"]


SCENARIO = """
version: 1
title: One
host: server-16c-64g
platforms: [container-docker, vm-qemu]
horizon: 1 min
groups: {one: {workload: sleep, count: 1, limits: {memory: 64 MiB}}}
"""


def test_numbers_of_the_catalog_are_inputs_and_what_was_chosen_is_none(tmp_path: object) -> None:
    found = {each.path: each for each in uncertain(load(_file(tmp_path)), "vm-qemu")}
    vmm = found["platforms.vm-qemu.boundaries.vm.footprint.vmm.private"]
    assert (vmm.low, vmm.high) == (round(18.7 * MIB), 42 * MIB)  # 28 MiB by 1.5
    assert vmm.written(1.0) == "42 MiB"
    assert vmm.evidence == "derived"
    work = found["platforms.vm-qemu.boundaries.vm.crossings.cpu.memory-bound"]
    assert (work.low, work.high) == (1.03, 1.28)  # as it states itself
    calls = found["platforms.vm-qemu.boundaries.vm.crossings.cpu.system-calls"]
    assert (calls.low, calls.high) == pytest.approx((1.173, 1.39))  # 1.26: 0.26 by 1.5
    share = found["platforms.vm-qemu.boundaries.vm.interior.guest-kernel.alike"]
    assert (share.low, share.high) == (0.34, 1.0)  # 85 % by 2.5, and no more than all
    sizes = {"host.cores", "host.memory", "platforms.vm-qemu.boundaries.vm.size.memory"}
    assert not sizes & found.keys()
    assert not [path for path in found if path.startswith("platforms.container")]


def _file(folder: object) -> str:
    path = f"{folder}/one.yaml"
    with open(path, "w", encoding="utf-8") as file:
        file.write(SCENARIO)
    return path


def test_every_input_can_be_set_by_its_path(tmp_path: object) -> None:
    """At both ends at once, for each platform; where one is wrong all are told."""
    path = _file(tmp_path)
    for platform in ("container-docker", "vm-qemu"):
        for place in (0.0, 1.0):
            inputs = uncertain(load(path), platform)
            assert load(path, overrides={each.path: each.written(place) for each in inputs})


def test_a_number_may_state_its_own_interval(tmp_path: object) -> None:
    path = _file(tmp_path)
    idle = "platforms.vm-qemu.boundaries.vm.idle"
    by_catalog = {each.path: each for each in uncertain(load(path), "vm-qemu")}[idle]
    assert (by_catalog.low, by_catalog.high, by_catalog.scale) == (0.0002, 0.05, "log")
    own = {"value": "4 millicores", "low": "0 millicores", "high": "5 millicores"}
    stated = uncertain(load(path, overrides={idle: own}), "vm-qemu")
    by_scenario = {each.path: each for each in stated}[idle]
    assert (by_scenario.low, by_scenario.high, by_scenario.scale) == (0.0, 0.005, "linear")
    bare = uncertain(load(path, overrides={idle: "4 millicores"}), "vm-qemu")
    assert idle not in {each.path for each in bare}


def number(written: object) -> float:
    """A quantity of whatever dimension, in base units."""
    for dimension in DIMENSIONS:
        try:
            return parse_quantity(written, dimension)
        except QuantityError:
            continue
    raise AssertionError(written)


def quantile(factors: Sequence[float], share: float) -> float:
    return math.exp(float(np.quantile([abs(math.log(each)) for each in factors], share)))


def test_the_spread_of_what_is_assumed_is_that_of_guesses_that_were_fitted_later() -> None:
    factors = []
    for path, told in [pair for each in calibrations() for pair in each.numbers.items()]:
        kind, name, *steps = path.split(".")
        value: Tree = mapping(entry(kind, name))  # type: ignore[arg-type]
        for step in steps:
            value = mapping(value)[step]
        factors.append(number(mapping(value)["value"]) / number(mapping(told)["without"]))
    assert len(factors) == 22
    assert quantile(factors, 0.5) == pytest.approx(spreads()["assumed"].factor, rel=0.01)
    assert quantile(factors, 0.9) == pytest.approx(9.6, rel=0.01)


def measured_alike() -> list[dict[str, list[float]]]:
    """What was measured under the same conditions on whatever host, by the source and the host."""
    found: dict[str, dict[str, list[float]]] = {}
    hidden = {"id", "value", "unit", "note", "source", "host", "hosts", "statistic"}
    for row in catalog_observations():
        told = row.observation
        if told.statistic not in ("p99", "p95", "max", "min"):
            alike = json.dumps(told.model_dump(mode="json", exclude=hidden), sort_keys=True)
            by = found.setdefault(alike, {})
            values = by.setdefault(f"{told.source} {told.host}", [])
            values.append(math.log(told.value * told.factor))
    return [*found.values()]


def test_the_spread_of_what_is_measured_is_that_of_a_source_that_measured_twice() -> None:
    off = [
        math.exp(value - sum(values) / len(values))
        for by in measured_alike()
        for values in by.values()
        if len(values) > 1
        for value in values
    ]
    assert len(off) > 50
    assert quantile(off, 0.9) == pytest.approx(1.17, rel=0.01)
    assert spreads()["measured"].factor == pytest.approx(1.17, rel=0.03)


def test_the_spread_of_what_is_derived_is_that_between_sources() -> None:
    off = []
    for by in measured_alike():
        sources: dict[str, list[float]] = {}
        for name, values in by.items():
            sources.setdefault(name.split()[0], []).extend(values)
        means = [sum(values) / len(values) for values in sources.values()]
        off += [math.exp(mean - median(means)) for mean in means] if len(means) > 1 else []
    assert len(off) > 25
    assert quantile(off, 0.9) == pytest.approx(1.51, rel=0.01)
    assert spreads()["derived"].factor == spreads()["vendor"].factor == 1.5


def test_the_spread_of_what_is_calibrated_is_how_well_others_are_met() -> None:
    known = {row.observation.id: row.observation.value for row in catalog_observations()}
    rows = [row for row in crossed_rows() if row["by"] == "source" and row["predicted"]]
    factors = [float(row["predicted"]) / known[row["id"]] for row in rows]
    assert quantile(factors, 0.9) == pytest.approx(1.44, rel=0.01)
    assert spreads()["calibrated"].factor == pytest.approx(1.44, rel=0.03)
