"""The key `sweep:`: what it takes, and what is said of what cannot be."""

from pathlib import Path

import pytest
from scenario_files import SMALL, faults_in, write

from sim.catalog.scenario import load
from sim.errors import UsageError
from sim.spec.document import Tree
from sim.spec.statement import show
from sim.spec.sweep import Precision, Range, Sweep
from sim.spec.varying import read_vary

WHOLE = """\
sweep:
  axes:
    groups.web.count: [10, 50, 100]
    host.memory: {from: 32 GiB, to: 256 GiB, scale: log, steps: 4}
  design: grid
  replications: {precision: 5 %, of: startup_mean_s, at_most: 50}
  warm_up: 30 s
  metrics: [memory_gross_bytes, groups.web.startup_mean_s]
  crossover: {along: groups.web.count, of: memory_gross_bytes, within: 1 %}
  sensitivity: {method: sobol, of: startup_mean_s, inputs: catalog, points: 128}
"""


def said(folder: Path, *lines: str) -> list[str]:
    """What is wrong with a sweep of these lines, without where it stands."""
    text = "".join(f"  {line}\n" for line in lines)
    return [fault.split(": ", 1)[1] for fault in faults_in(folder, f"{SMALL}sweep:\n{text}")]


def test_a_sweep_says_what_is_varied_and_what_is_asked(tmp_path: Path) -> None:
    sweep = load(write(tmp_path, SMALL + WHOLE)).sweep

    assert sweep is not None
    memory = sweep.axes["host.memory"]
    assert isinstance(memory, Range)
    assert memory.ends == (32 * 2**30, 256 * 2**30)
    assert sweep.replications == Precision(precision=0.05, of="startup_mean_s", at_most=50)
    assert sweep.warm_up == 30
    assert sweep.crossover is not None
    assert sweep.crossover.within == 0.01


def test_what_is_shown_of_it_loads_to_the_same(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, SMALL + WHOLE))

    assert load(write(tmp_path, show(scenario))) == scenario


@pytest.mark.parametrize(
    ("levels", "fault"),
    [
        ("[]", "is empty; write one or more"),
        ("5", "5 is not a list; write [ONE, ANOTHER]"),
        (
            "{from: 10, to: 5, steps: 2}",
            "it runs from 10 to 5, which is not above it; "
            "write the lower end as `from` and the higher as `to`",
        ),
        (
            "{from: 1 s, to: 2 GiB, steps: 2}",
            "'1 s' and '2 GiB' are no two of one kind; "
            "write both with a unit of one kind, or both as bare numbers",
        ),
        (
            "{from: 1, to: 2 GiB, steps: 2}",
            "1 and '2 GiB' are no two of one kind; "
            "write both with a unit of one kind, or both as bare numbers",
        ),
        (
            "{from: 0, to: 5, scale: log, steps: 2}",
            "no equal factors lead from 0 upward; write `from` above 0, or scale: linear",
        ),
        (
            "{from: 1, to: 5}",
            "in how many steps grid is to take this range is not said; add steps: 5, say",
        ),
        ("{from: 1}", "'to' is missing; add to: 256 GiB"),
        ("{from: 1, to: 5, step: 2}", "'step' is no key here; did you mean 'steps'?"),
    ],
)
def test_what_no_axis_goes_through(levels: str, fault: str, tmp_path: Path) -> None:
    found = said(tmp_path, f"axes: {{groups.web.count: {levels}}}")

    assert [each.split(": ", 1)[1] for each in found] == [fault]


def test_the_same_value_twice_is_one_too_many(tmp_path: Path) -> None:
    assert said(tmp_path, "axes: {groups.web.count: [1, 2, 1]}") == [
        "sweep.axes.'groups.web.count'.2: 1 stands here twice; take one out"
    ]


def test_paths_lead_somewhere_and_none_into_another(tmp_path: Path) -> None:
    axes = "{host: [laptop-8c-16g], host.memory: [8 GiB], groups.wbe.count: [1], title.x: [1]}"

    assert said(tmp_path, f"axes: {axes}") == [
        "sweep.axes.'host.memory': the axis host sets this as well; "
        "take one out, or put host.memory into the values of host",
        "sweep.axes.'groups.wbe.count': groups has no 'wbe'; did you mean 'web'?",
        "sweep.axes.'title.x': title holds nothing with a name; set title as a whole",
    ]


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        (
            ["design: zip", "axes: {seed: [1, 2, 3], hosts: [1, 2]}"],
            ["sweep.axes.hosts: 2 values stand beside 3 of seed; write 3 values, or design: grid"],
        ),
        (
            ["design: sobol", "points: 100", "axes: {seed: [1, 2]}"],
            [
                "sweep.points: 100 is no power of 2, of which Sobol' points come in full; "
                "write 64 or 128"
            ],
        ),
        (
            ["design: latin-hypercube", "axes: {seed: [1, 2]}"],
            ["sweep: how many points latin-hypercube is to draw is not said; add points: 64, say"],
        ),
        (
            ["design: latin-hypercube", "points: 5"],
            [
                "sweep: latin-hypercube has no axes to draw from; "
                "add axes: {PATH: {from: LOW, to: HIGH}}"
            ],
        ),
        (
            ["points: 64", "axes: {seed: [1, 2]}"],
            [
                "sweep.points: grid takes every value of its axes, and draws no points; "
                "take points out, or write design: sobol"
            ],
        ),
        (
            [
                "axes:",
                "  seed: {from: 1, to: 100000, steps: 100000}",
                "  host.memory: {from: 1 GiB, to: 2 GiB, steps: 10000}",
            ],
            [
                "sweep.axes: the axes have 1,000,000,000 points together; 10,000,000 are the most; "
                "draw some by design: sobol and points: 1024, say"
            ],
        ),
        (
            ["design: grit", "axes: {seed: [1]}"],
            ["sweep.design: 'grit' does not fit here; did you mean 'grid'?"],
        ),
    ],
)
def test_a_design_has_its_points(lines: list[str], faults: list[str], tmp_path: Path) -> None:
    assert said(tmp_path, *lines) == faults


def test_metrics_are_known_wherever_they_are_named(tmp_path: Path) -> None:
    assert said(
        tmp_path,
        "axes: {seed: [1, 2]}",
        "metrics: [memory_gros_bytes, groups.web.startup_mean, groups.wob.oom_kills]",
        "replications: {precision: 5 %, of: startup_mean}",
        "crossover: {along: sed, of: oom_kill}",
        "sensitivity: {of: downtime, method: sobol, points: 3}",
    ) == [
        "sweep.metrics.0: 'memory_gros_bytes' is no metric; did you mean 'memory_gross_bytes'?",
        "sweep.metrics.1: 'groups.web.startup_mean' is no metric; "
        "did you mean 'groups.web.startup_mean_s'?",
        "sweep.metrics.2: 'groups.wob.oom_kills' is no metric; "
        "did you mean 'groups.web.oom_kills'?",
        "sweep.replications.of: 'startup_mean' is no metric; did you mean 'startup_mean_s'?",
        "sweep.crossover.along: 'sed' is no axis; did you mean 'seed'?",
        "sweep.crossover.of: 'oom_kill' is no metric; did you mean 'oom_kills'?",
        "sweep.sensitivity.of: 'downtime' is no metric; did you mean 'downtime_s'?",
        "sweep.sensitivity.points: 3 is no power of 2, of which Sobol' points come in full; "
        "write 2 or 4",
    ]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (
            ["axes: {placement: [spread, pack]}", "crossover: {along: placement, of: restarts}"],
            "sweep.crossover.along: between the values of placement there are no others; "
            "name an axis of numbers",
        ),
        (
            ["design: zip", "axes: {seed: [1]}", "crossover: {along: seed, of: restarts}"],
            "sweep.crossover: zip has no lines of points between which to look; "
            "write design: grid, or take crossover out",
        ),
        (
            ["sensitivity: {of: restarts}"],
            "sweep.sensitivity.inputs: there are no axes; write inputs: catalog, or add axes",
        ),
        (
            ["replications: {precision: 0 %, of: restarts}"],
            "sweep.replications.precision: 0 is too little here; write more than 0",
        ),
        (
            ["warm_up: sometimes"],
            "sweep.warm_up: 'sometimes' is not a duration; "
            "write rule, none, or a duration such as 30 s",
        ),
    ],
)
def test_what_is_asked_can_be_answered(lines: list[str], fault: str, tmp_path: Path) -> None:
    assert said(tmp_path, *lines) == [fault]


@pytest.mark.parametrize(
    ("text", "path", "levels"),
    [
        ("groups.web.count=10,50, 100", "groups.web.count", [10, 50, 100]),
        ("host.memory = 32 GiB,64 GiB", "host.memory", ["32 GiB", "64 GiB"]),
        ("host={extends: a, b: [1, 2]},c", "host", [{"extends": "a", "b": [1, 2]}, "c"]),
        ('title="a, b",c', "title", ["a, b", "c"]),
        ("host=../a.yaml,./b.yaml", "host", ["../a.yaml", "./b.yaml"]),
        ("a.b=10..200", "a.b", {"from": 10, "to": 200}),
        ("a=5 s .. 2 min:log:5", "a", {"from": "5 s", "to": "2 min", "scale": "log", "steps": 5}),
        ("a.b=-500..500:3", "a.b", {"from": -500, "to": 500, "steps": 3}),
        ("a.b='10..20'", "a.b", ["10..20"]),
        ("a=10,..20", "a", [10, "..20"]),
    ],
)  # fmt: skip
def test_an_option_has_values_or_a_range(text: str, path: str, levels: Tree) -> None:
    assert read_vary(text) == (path, levels)
    if isinstance(levels, dict):
        assert Sweep.model_validate({"axes": {path: levels}})


@pytest.mark.parametrize("text", ["groups.web.count", "groups.web.count=", "=3", "a=1..2:lag"])
def test_an_option_that_is_neither_says_what_would_be(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_vary(text)
    assert text in caught.value.problem
    assert "write groups.web.count=10,50,100 or" in caught.value.remedy
