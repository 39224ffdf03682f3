"""Indices of sensitivity of a function for which they are known, by the code that sweeps a host."""

import math
from collections.abc import Sequence

import pandas as pd
import pytest

from sim.spec.sweep import Sensitivity
from sim.studies.sweeps.asking import Question
from sim.studies.sweeps.conduct import conducting
from sim.studies.sweeps.inputs import Input
from sim.studies.sweeps.moving import Moving, moving
from sim.studies.sweeps.rules import Fixed
from sim.studies.sweeps.runs import Values

A, B = 7.0, 0.1
INPUTS = tuple(Input(name, -math.pi, math.pi) for name in ("x1", "x2", "x3"))


class Ishigami:
    """sin x1 + a sin² x2 + b x3⁴ sin x1, by Ishigami and Homma, 1990, as what is swept."""

    platforms: Sequence[str] = ("function",)

    def key(self, values: Values, platform: str) -> bytes:
        return repr([*map(_number, _places(values))]).encode()

    def run(self, values: Values, platform: str, replication: int) -> dict[str, float]:
        x1, x2, x3 = map(_number, _places(values))
        y = math.sin(x1) + A * math.sin(x2) ** 2 + B * x3**4 * math.sin(x1)
        return {"y": y}


def _places(values: Values) -> list[object]:
    """The inputs of a row; where it sets nothing they are 1."""
    return [values.get(each.path, 1.0) for each in INPUTS]


def _number(value: object) -> float:
    assert isinstance(value, float)
    return value


def answered(asked: Sensitivity, seed: int, jobs: int = 1) -> Moving:
    """What a sweep of the function says of its inputs."""
    with conducting(Ishigami(), Fixed(1), jobs=jobs) as conduct:
        question = Question(("function",), INPUTS)
        return moving(conduct, asked, [question], ["y"], seed)


def analytic() -> dict[str, dict[str, float]]:
    """Its first-order and total-order indices, from the parts of its variance."""
    alone1 = 0.5 * (1.0 + B * math.pi**4 / 5.0) ** 2
    alone2 = A**2 / 8.0
    both = B**2 * math.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    whole = alone1 + alone2 + both
    first = {"x1": alone1 / whole, "x2": alone2 / whole, "x3": 0.0}
    total = {"x1": (alone1 + both) / whole, "x2": alone2 / whole, "x3": both / whole}
    return {"first": first, "total": total}


def test_the_closed_form_is_what_the_literature_has() -> None:
    rounded = [[round(value, 4) for value in each.values()] for each in analytic().values()]
    assert rounded == [[0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]]


@pytest.mark.parametrize("seed", [0, 1])
def test_sobol_indices_are_those_of_the_closed_form(seed: int) -> None:
    found = answered(Sensitivity(method="sobol", points=2048), seed).sensitivity.set_index("input")
    for kind, expected in analytic().items():
        for name, value in expected.items():
            assert found.loc[name, kind] == pytest.approx(value, abs=0.03)
            assert found.loc[name, f"{kind}_low"] <= value <= found.loc[name, f"{kind}_high"]


def test_morris_tells_the_inputs_apart() -> None:
    """At 4 levels all effects of x2 are of one size, those of x1 and x3 hang on each other."""
    found = answered(Sensitivity(trajectories=200), 1).sensitivity.set_index("input")
    assert found.index.tolist() == ["x2", "x1", "x3"]
    assert found.loc["x2", "mu_star"] == pytest.approx(7.875)
    assert (found["mu_star_low"] <= found["mu_star"]).all()
    assert (found["sigma"] > 3.0).all()


def test_alone_each_input_has_the_answers_of_the_function_at_its_ends() -> None:
    """All else is 1: at -π and π sin x1 and sin x2 are 0, and x3⁴ is 97.4."""
    found = answered(Sensitivity(method="one-at-a-time"), 1)
    assert found.sensitivity.empty
    ends = found.tornado.set_index("input")
    steep, base = math.sin(1.0), math.sin(1.0) * 1.1 + A * math.sin(1.0) ** 2
    assert ends["base"].tolist() == pytest.approx([base] * 3)
    assert ends.loc["x1", "at_low"] == pytest.approx(A * steep**2)
    assert ends.loc["x2", "at_high"] == pytest.approx(steep * 1.1)
    assert ends.loc["x3", "at_low"] == ends.loc["x3", "at_high"]
    assert ends.index.tolist() == ["x3", "x2", "x1"]


def test_indices_do_not_depend_on_who_runs_the_rows() -> None:
    asked = Sensitivity(method="sobol", points=16)
    for one, two in zip(_tables(answered(asked, 1)), _tables(answered(asked, 1, 2)), strict=True):
        pd.testing.assert_frame_equal(one, two, check_exact=True)


def _tables(found: Moving) -> tuple[pd.DataFrame, pd.DataFrame]:
    return found.sensitivity, found.tornado
