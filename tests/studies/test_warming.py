"""The warm-up of a point: stated, or found in a run of its own, the same for all replications."""


import pytest
from model.worlds import Spec, container, group, platform, scenario, workload

from sim.records.steady import warmed_up_s
from sim.simulation import simulate
from sim.spec.scenario import Scenario
from sim.spec.sweep import Sweep
from sim.studies.sweeps.simulated import Simulated
from sim.studies.sweeps.warming import TRIAL, steady_from_s

ASKED: Spec = {"compute": "10 core-ms", "variation": 0, "packets": 0, "order": "in-turn"}


def waiting(warm_up: str = "rule", **more: object) -> Scenario:
    """A server that is asked ten times a second, from 30 s on; the run takes 100 s."""
    web = group(1, workload(serve=ASKED), load={"rate": "10 / s"}, arrive={"at": "30 s"})
    return scenario(groups={"web": web}, sweep=Sweep(warm_up=warm_up), **more)


@pytest.mark.parametrize(("stated", "found"), [("none", None), (40.0, 40.0)])
def test_what_is_stated_holds(stated: str | float, found: float | None) -> None:
    assert steady_from_s(waiting(), stated) == found


def test_where_nobody_asks_there_is_nothing_to_leave_out() -> None:
    assert steady_from_s(scenario(groups={"web": group()}), "rule") is None


def test_the_rule_looks_at_a_run_that_is_none_of_the_replications() -> None:
    asked = waiting()
    found = steady_from_s(asked, "rule")
    assert found == warmed_up_s(simulate(asked, replication=TRIAL).tables["requests"])
    assert found is not None
    assert 30.0 <= found <= 65.0


def test_platforms_wait_for_the_last_of_them_so_that_they_stay_paired() -> None:
    """A wall that takes 20 s to make lets its first request come later."""
    slow = platform("slow", box=container(create={"make": {"wait": "20 s"}}))
    both = waiting(platforms=[platform("bare"), slow])
    alone = {name: steady_from_s(both.on(name), "rule") for name in ("bare", "slow")}
    assert alone["bare"] != alone["slow"]
    assert steady_from_s(both, "rule") == max(value or 0.0 for value in alone.values())
    problem = Simulated(both)
    assert len({problem.run({}, name, 0)["warm_up_s"] for name in alone}) == 1


def test_a_run_depends_on_the_platforms_whose_trials_it_heeds() -> None:
    many = [platform("bare"), platform("other", box=container())]
    loaded, idle = ({"platforms": each} for each in (many, many[:1]))
    keys = {Simulated(waiting(**each)).key({}, "bare") for each in (loaded, idle)}
    assert len(keys) == 2
    keys = {Simulated(waiting("none", **each)).key({}, "bare") for each in (loaded, idle)}
    assert len(keys) == 1


def test_all_replications_of_a_point_leave_out_the_same() -> None:
    problem, values = Simulated(waiting()), {}
    (name,) = problem.platforms
    runs = [problem.run(values, name, number) for number in range(3)]
    assert len({run["warm_up_s"] for run in runs}) == 1
    means = [run["steady_request_mean_s"] for run in runs]
    assert len(set(means)) == 3
    assert means == pytest.approx([0.0106] * 3, rel=0.05)
    rates = [run["steady_throughput_per_s"] for run in runs]
    assert rates == pytest.approx([10.0] * 3, rel=0.15)


def test_a_group_has_the_warm_up_of_the_whole() -> None:
    one = waiting("50 s")
    two = one.model_copy(update={"groups": {**one.groups, "late": one.groups["web"]}})
    problem = Simulated(two)
    run = problem.run({}, problem.platforms[0], 0)
    assert run["warm_up_s"] == run["groups.late.warm_up_s"] == 50.0
    parts = [run[f"groups.{name}.steady_throughput_per_s"] for name in two.groups]
    assert run["steady_throughput_per_s"] == pytest.approx(sum(parts))


def test_another_warm_up_is_another_run() -> None:
    keys = [Simulated(waiting(said)).key({}, "bare") for said in ("rule", "none", "50 s")]
    assert len(set(keys)) == 3
