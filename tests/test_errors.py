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
    assert did_you_mean("kafka", WORKLOADS) == "known: web-node, web-go, redis, nginx"
    assert did_you_mean("kafka", {*WORKLOADS}) == "known: nginx, redis, web-go, web-node"
    assert did_you_mean("", WORKLOADS) == "known: web-node, web-go, redis, nginx"


def test_a_list_that_is_cut_says_what_shows_all_of_it() -> None:
    many = [f"n{i:02}" for i in range(13)]
    twelve = "n00, n01, n02, n03, n04, n05, n06, n07, n08, n09, n10, n11"
    assert did_you_mean("kafka", many) == f"known: {twelve}, …"
    assert did_you_mean("kafka", many, "tare list") == f"known: {twelve}, …; `tare list` shows all"
    assert did_you_mean("kafka", many[:12], "tare list") == f"known: {twelve}"
    quoted = ", ".join(f"'al{name}'" for name in twelve.split(", "))
    assert did_you_mean("n0", many[:10] * 2) == (
        "did you mean 'n00', 'n01', 'n02', 'n03', 'n04', 'n05', 'n06', 'n07', 'n08' or 'n09'?"
    )
    assert did_you_mean("al", [f"al{name}" for name in many], "tare list") == (
        f"did you mean {quoted}, …?; `tare list` shows all"
    )


@pytest.mark.parametrize(
    ("word", "remedy"),
    [
        ("docker", "did you mean 'container-docker' or 'docker-docs'?"),
        ("Docker", "did you mean 'container-docker' or 'docker-docs'?"),
        ("vm", "did you mean 'vm-qemu', 'vm-cloud' or 'microvm-clh'?"),
        ("p99", "did you mean 'startup_p99_s'?"),
        ("vm-qem", "did you mean 'vm-qemu'?"),
        ("vn-quemu", "did you mean 'vm-qemu'?"),
    ],
)
def test_names_that_contain_the_word_come_first_as_whole_parts_and_once(
    word: str, remedy: str
) -> None:
    known = ["microvm-clh", "vm-qemu", "vm-cloud", "container-docker", "startup_p99_s"]
    assert did_you_mean(word, [*known, "docker-docs", "vm-qemu"]) == remedy


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
