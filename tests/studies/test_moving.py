"""What moves an answer is asked of axes and of the catalog, and answered by runs of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim.catalog.scenario import load
from sim.errors import UsageError
from sim.records.movers import movers
from sim.records.sweep_schema import sweep_columns
from sim.spec.scenario import Scenario
from sim.spec.sweep import Sensitivity
from sim.studies.sweeps import salib
from sim.studies.sweeps.asking import Question, questions
from sim.studies.sweeps.conduct import conducting
from sim.studies.sweeps.designs import points_of
from sim.studies.sweeps.inputs import Input
from sim.studies.sweeps.moving import Moving, moving
from sim.studies.sweeps.rules import Fixed
from sim.studies.sweeps.runs import Values
from sim.studies.sweeps.sweep import sweep

GIB = 2**30
INPUTS = tuple(Input(name, 0.0, 1.0, evidence="assumed") for name in ("big", "small", "none"))


@dataclass(frozen=True)
class Sum:
    """100 big + small, and the number of the replication on top; above 100.9 it fails if told."""

    breaks: bool = False
    platforms: Sequence[str] = ("box",)

    def key(self, values: Values, platform: str) -> bytes:
        return repr(sorted(values.items())).encode()

    def run(self, values: Values, platform: str, replication: int) -> dict[str, float]:
        told = {name: float(str(value)) for name, value in values.items()}
        cost = 100 * told.get("big", 0.5) + told.get("small", 0.5)
        if self.breaks and cost > 100.9:
            raise ValueError("too dear")
        return {"cost": cost + replication}


def answered(asked: Sensitivity, problem: Sum, metrics: Sequence[str] = ("cost",)) -> Moving:
    """What is found of the sum, in three replications."""
    with conducting(problem, Fixed(3), jobs=1) as conduct:
        return moving(conduct, asked, [Question(("box",), INPUTS)], metrics, 1)


def test_a_row_at_which_less_was_done_has_no_value() -> None:
    """Where `big` is above 0.9 half of the instances are not ready: what they save is no gain."""

    class Lazy(Sum):
        def run(self, values: Values, platform: str, replication: int) -> dict[str, float]:
            ready = 5.0 if float(str(values.get("big", 0))) > 0.9 else 10.0
            told = super().run(values, platform, replication)
            return told | {"instances_started": 10.0, "instances_ready": ready}

    tornado = answered(Sensitivity(method="one-at-a-time"), Lazy()).tornado
    reasons = dict(zip(tornado["input"], tornado["reason"], strict=True))
    assert reasons == {
        "big": "only 50% of the instances became ready", "small": "", "none": "",
    }  # fmt: skip


def test_alone_each_input_has_the_mean_over_replications_at_its_ends() -> None:
    found = answered(Sensitivity(method="one-at-a-time"), Sum())
    assert found.sensitivity.empty
    ends = found.tornado[["input", "at_low", "at_high", "base"]].to_numpy().tolist()
    assert ends == [
        ["big", 1.5, 101.5, 51.5],
        ["small", 51.0, 52.0, 51.5],
        ["none", 51.5, 51.5, 51.5],
    ]
    (most,) = movers(found.tornado)
    assert (most.input, most.moving, most.still) == ("big", 2, 1)


def test_axes_are_varied_at_once_whatever_they_do_alone() -> None:
    found = answered(Sensitivity(method="morris", trajectories=4), Sum()).sensitivity
    assert found["input"].tolist() == ["big", "small", "none"]
    assert found["mu_star"].tolist() == pytest.approx([100.0, 1.0, 0.0], abs=1e-9)


def test_numbers_of_the_catalog_that_hardly_do_anything_alone_are_not_varied_again() -> None:
    """`small` does a hundredth of what `big` does, just enough; `none` does nothing."""
    found = answered(Sensitivity(inputs="catalog", trajectories=4), Sum()).sensitivity
    assert found["input"].tolist() == ["big", "small"]
    assert found["reason"].unique().tolist() == [
        "1 numbers that alone do less than 1% of what another does stay as they are"
    ]


def test_runs_that_fail_have_their_reason_in_both_tables() -> None:
    found = answered(Sensitivity(trajectories=10), Sum(breaks=True))
    assert found.tornado.set_index("input")["reason"].to_dict() == {
        "big": "",
        "small": "",
        "none": "",
    }
    reason = found.sensitivity["reason"].iloc[0]
    assert "of 40 rows give no cost: ValueError: too dear; " in reason
    assert reason.endswith("of 10 trajectories are left out with them")
    assert found.sensitivity["mu_star"].tolist() == pytest.approx([100.0, 1.0, 0.0], abs=1e-9)


def test_a_metric_that_runs_do_not_have_is_missing_with_that_reason() -> None:
    found = answered(Sensitivity(of="worth", method="one-at-a-time"), Sum()).tornado
    assert found["reason"].unique().tolist() == ["their runs do not have it"]


SCENARIO = """
version: 1
title: One
host: server-16c-64g
platforms: [process, namespaces]
horizon: 10 s
groups: {one: {workload: sleep, count: 1}}
sweep: """


def scenario(folder: Path, swept: str) -> Scenario:
    """A small scenario with what it sweeps."""
    path = folder / "one.yaml"
    path.write_text(SCENARIO + swept, encoding="utf-8")
    return load(path)


def asked(found: Scenario) -> list[Question]:
    """What a scenario asks about its sensitivity."""
    assert found.sweep is not None and found.sweep.sensitivity is not None
    return questions(found, points_of(found).axes, found.sweep.sensitivity)


AXES = (
    "{axes: {groups.one.count: [1, 3, 2], groups.one.workload: [sleep, redis], "
    "host.memory: {from: 1 GiB, to: 4 GiB, scale: log, steps: 2}}, sensitivity: {}}"
)


def test_axes_of_numbers_are_inputs_for_all_platforms_from_their_least_to_their_greatest(
    tmp_path: Path,
) -> None:
    (question,) = asked(scenario(tmp_path, AXES))
    assert question.platforms == ("process", "namespaces")
    count, memory = question.inputs
    assert (count.path, count.low, count.high, count.scale) == ("groups.one.count", 1, 3, "linear")
    assert (count.written(0.0), count.written(0.6)) == (1, 2)
    assert (memory.low, memory.high, memory.scale) == (1 * GIB, 4 * GIB, "log")
    assert memory.written(0.5) == "2 GiB"


def test_each_platform_is_asked_of_the_numbers_that_it_leans_on(tmp_path: Path) -> None:
    one, two = asked(scenario(tmp_path, "{sensitivity: {inputs: catalog}}"))
    assert (one.platforms, two.platforms) == (("process",), ("namespaces",))
    own = {each.path for each in two.inputs} - {each.path for each in one.inputs}
    assert own and all(path.startswith("platforms.namespaces.") for path in own)


def test_axes_without_an_interval_are_nothing_to_ask_of(tmp_path: Path) -> None:
    words = "{axes: {groups.one.workload: [sleep, redis]}, sensitivity: {}}"
    with pytest.raises(UsageError, match="write inputs: catalog"):
        asked(scenario(tmp_path, words))


def test_alone_needs_no_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(salib, "find_spec", lambda name: None)
    alone = "{sensitivity: {inputs: catalog, method: one-at-a-time}}"
    assert len(asked(scenario(tmp_path, alone))) == 2
    with pytest.raises(UsageError, match="needs SALib"):
        asked(scenario(tmp_path, "{sensitivity: {inputs: catalog, method: sobol}}"))


def test_a_sweep_says_which_assumed_number_of_the_catalog_moves_its_answer_most(
    tmp_path: Path,
) -> None:
    """Of a process that sleeps, only the kernel's memory for it is assumed: 102 KiB by 2.5."""
    of = "{inputs: catalog, of: memory_gross_bytes, trajectories: 2}"
    found = sweep(scenario(tmp_path, f"{{sensitivity: {of}}}"), jobs=1)
    assert list(found.tornado) == sweep_columns("tornado", ())
    assert list(found.sensitivity) == sweep_columns("sensitivity", ())
    most = {each.platform: each for each in movers(found.tornado)}
    kernel = most["process"]
    assert kernel.input == "groups.one.workload.memory.kernel"
    assert kernel.swing == kernel.high_input - kernel.low_input
    assert kernel.base - kernel.at_low == pytest.approx(104_858 - 41_900)
    assert (found.sensitivity["platform"] == "namespaces").any()
