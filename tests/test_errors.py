"""A user is told the place, the problem and the remedy, and nothing of Python."""

import pickle

import pytest

from sim.errors import (
    Fault,
    OutputError,
    ScenarioError,
    TareError,
    UsageError,
    did_you_mean,
    nearest,
    shown,
)

WORKLOADS = ["web-node", "web-go", "redis", "nginx"]


def test_a_fault_reads_from_the_place_to_the_remedy() -> None:
    fault = Fault(
        "'web-nod' is not a workload",
        "did you mean 'web-node'?",
        file="a.yaml",
        line=7,
        column=15,
        path="groups.web.workload",
    )
    assert str(fault) == (
        "a.yaml:7:15: groups.web.workload: 'web-nod' is not a workload; did you mean 'web-node'?"
    )


def test_a_fault_leaves_out_what_is_unknown() -> None:
    assert str(Fault("it is empty")) == "it is empty"
    assert str(Fault("it is empty", "try `tare new`", file="a.yaml")) == (
        "a.yaml: it is empty; try `tare new`"
    )
    assert str(Fault("no count", path="groups.web")) == "groups.web: no count"


def test_all_faults_of_a_scenario_are_told_a_line_each() -> None:
    error = ScenarioError([Fault("one", file="a.yaml", line=1, column=2), Fault("two")])
    assert str(error).splitlines() == ["a.yaml:1:2: one", "two"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OutputError("the disk is full", "free some space"), 1),
        (UsageError("no such verb"), 2),
        (ScenarioError([Fault("one", "two", file="a.yaml", line=3)]), 2),
    ],
)
def test_errors_carry_their_exit_status_and_survive_a_worker_process(
    error: TareError, status: int
) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert error.exit_status == again.exit_status == status
    assert type(again) is type(error)
    assert str(again) == str(error)


def test_the_faults_of_an_error_survive_as_faults() -> None:
    faults = (Fault("one", "two", file="a.yaml", line=3), Fault("three"))
    assert pickle.loads(pickle.dumps(ScenarioError(faults))).faults == faults


@pytest.mark.parametrize(
    ("word", "meant"),
    [("web-nod", "web-node"), ("Redis", "redis"), ("NGNIX", "nginx"), ("kafka", None)],
)
def test_the_nearest_known_name(word: str, meant: str | None) -> None:
    assert nearest(word, WORKLOADS) == meant


def test_the_nearest_name_does_not_depend_on_the_order_of_names() -> None:
    assert nearest("web-x", ["web-b", "web-a"]) == nearest("web-x", ["web-a", "web-b"])


def test_a_word_near_nothing_is_answered_with_what_there_is() -> None:
    assert did_you_mean("web-nod", WORKLOADS) == "did you mean 'web-node'?"
    assert did_you_mean("kafka", WORKLOADS) == "known: nginx, redis, web-go, web-node"
    many = [f"n{i:02}" for i in range(30)]
    assert did_you_mean("kafka", many).endswith("n10, n11, …")


def test_a_page_of_text_is_near_nothing_at_once() -> None:
    assert nearest("web-node" * 1_000_000, WORKLOADS) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (None, "null"),
        (512, "512"),
        (0.5, "0.5"),
        ("a\nb\x1b[31m", r"'a\nb\x1b[31m'"),
        ({"a": 1}, "a mapping of 1"),
        ([1, 2], "a list of 2"),
        pytest.param(10**5000, "a number of over 60 digits", id="5001 digits"),
        ("x" * 61, "'" + "x" * 60 + "…'"),
    ],
)
def test_values_are_shown_on_one_short_line(value: object, text: str) -> None:
    assert shown(value) == text
