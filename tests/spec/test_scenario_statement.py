"""A scenario written back: what is printed loads to the same scenario."""

import json
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scenario_files import FULL, SMALL, write

from sim.catalog.loader import names
from sim.catalog.scenario import load
from sim.spec.scenario import Scenario
from sim.spec.statement import show, stated


def _texts() -> st.SearchStrategy[str]:
    """Titles of all kinds, those that look like numbers, dates and truths among them."""
    likely = ["no", "1:30", "0o17", "1e3", "2024-01-01", "null", "~", "- x", "#", "x: y", "'", "𝄞"]
    letters = st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Cn", "Co"))
    return st.sampled_from(likely) | st.text(letters, min_size=1, max_size=30)


def _quantities(unit: str, most: int) -> st.SearchStrategy[str]:
    amounts = st.floats(0.001, most, allow_nan=False) | st.integers(1, most)
    return amounts.map(lambda amount: f"{amount!r} {unit}")


def _courses() -> st.SearchStrategy[dict[str, list[float]]]:
    """A few values, each some time after the one before."""
    rows = st.lists(st.tuples(st.floats(0.1, 1e4), st.floats(0, 1e12)), min_size=1, max_size=5)
    return rows.map(
        lambda rows: {
            "times_s": [*accumulate(pause for pause, _ in rows)],
            "values": [value for _, value in rows],
        }
    )


@st.composite
def _scenarios(draw: st.DrawFn) -> str:
    host = {"extends": draw(st.sampled_from(names("hosts"))), "memory": "2 TiB", "cores": 64}
    host |= draw(st.fixed_dictionaries({}, optional={
        "switching": _quantities("%", 99),
        "speed": st.floats(0.1, 9),
        "link": st.fixed_dictionaries({"round_trip": _quantities("ms", 50)}),
    }))  # fmt: skip
    arrive = draw(st.sampled_from(["at", "every", "ramp"]))
    group = {
        "workload": draw(st.sampled_from(names("workloads"))),
        "count": draw(st.integers(1, 1000)),
        "arrive": {arrive: draw(_quantities("min", 100))},
        "limits": draw(st.fixed_dictionaries({}, optional={
            "cpu": _quantities("cores", 60), "memory": _quantities("MiB", 10_000),
            "swap": _quantities("MiB", 10_000), "cpu_period": _quantities("ms", 900),
        })),
        "restart": draw(st.sampled_from(["no", "always", "on-failure"])),
        "memory": draw(_courses()),
    }  # fmt: skip
    chosen = draw(st.lists(st.sampled_from(names("platforms")), unique=True, min_size=1))
    return json.dumps({
        "version": 1, "title": draw(_texts()), "question": draw(_texts()), "host": host,
        "platforms": [*chosen, {"name": "a-mix", "web": chosen[0]}],
        "horizon": draw(_quantities("s", 10_000)), "groups": {"web": group},
        "objectives": {"startup_p99_s": f"< {draw(st.floats(0, 1e6))}"},
        "faults": [{"at": "0 s", "kind": "host-loss"}, {"every": "3 h", "kind": "instance-crash"}],
    }, ensure_ascii=False)  # fmt: skip


def _again(scenario: Scenario, folder: Path) -> Scenario:
    return load(write(folder, show(scenario), f"{scenario.name}.yaml"))


@pytest.mark.parametrize("text", [FULL, SMALL])
def test_what_is_shown_loads_to_an_equal_scenario(text: str, tmp_path: Path) -> None:
    scenario = load(write(tmp_path, text))

    assert _again(scenario, tmp_path) == scenario
    assert show(_again(scenario, tmp_path)) == show(scenario)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_scenarios())
def test_any_scenario_survives_being_shown(tmp_path: Path, text: str) -> None:
    scenario = load(write(tmp_path, text))

    assert _again(scenario, tmp_path) == scenario


def test_a_scenario_survives_being_set_over_as_well(tmp_path: Path) -> None:
    file = write(tmp_path, FULL)
    scenario = load(file, overrides={"host.cores": 4, "groups.web.arrive": {"at": "1 s"}})

    assert _again(scenario, tmp_path) == scenario.model_copy(update={"settings": {}})


def test_defaults_are_stated_and_numbers_are_readable_with_their_source(tmp_path: Path) -> None:
    tree = stated(load(write(tmp_path, SMALL)))

    assert (tree["replications"], tree["images"], tree["horizon"]) == (1, "present", "1 min")
    assert "name" not in tree
    memory = tree["host"]["memory"]  # type: ignore[index,call-overload]
    assert memory["value"] == "8 GiB"  # type: ignore[index,call-overload]
    assert memory.keys() >= {"source", "evidence"}  # type: ignore[union-attr]


def test_what_a_scenario_states_for_itself_is_written_bare(tmp_path: Path) -> None:
    tree = stated(load(write(tmp_path, FULL)))

    assert tree["host"]["memory"] == "128 GiB"  # type: ignore[index,call-overload]


def test_the_order_of_walls_is_kept(tmp_path: Path) -> None:
    nested = show(load(write(tmp_path, FULL))).partition("- name: nested\n")[2]

    assert nested.index("    vm:\n") < nested.index("    container:\n")
