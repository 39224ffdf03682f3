"""Indices of sensitivity of a function for which they are known in closed form."""

import math

import pytest

from sim.studies.sweeps.inputs import Input
from sim.studies.sweeps.samples import Row
from sim.studies.sweeps.sensitivity import Outputs, morris, saltelli, sensitivity

A, B = 7.0, 0.1
INPUTS = tuple(Input(name, -math.pi, math.pi) for name in ("x1", "x2", "x3"))


def ishigami(row: Row) -> float:
    """sin x1 + a sin² x2 + b x3⁴ sin x1, by Ishigami and Homma, 1990."""
    x1, x2, x3 = (float(str(row[each.path])) for each in INPUTS)
    return math.sin(x1) + A * math.sin(x2) ** 2 + B * x3**4 * math.sin(x1)


def analytic() -> tuple[dict[str, float], dict[str, float]]:
    """Its first-order and total-order indices, from the parts of its variance."""
    alone1 = 0.5 * (1.0 + B * math.pi**4 / 5.0) ** 2
    alone2 = A**2 / 8.0
    both = B**2 * math.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    whole = alone1 + alone2 + both
    first = {"x1": alone1, "x2": alone2, "x3": 0.0}
    total = {"x1": alone1 + both, "x2": alone2, "x3": both}
    return tuple({key: part / whole for key, part in each.items()} for each in (first, total))  # type: ignore[return-value]


def test_the_closed_form_is_what_the_literature_has() -> None:
    first, total = analytic()
    assert [round(value, 4) for value in first.values()] == [0.3139, 0.4424, 0.0]
    assert [round(value, 4) for value in total.values()] == [0.5576, 0.4424, 0.2437]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_sobol_indices_are_those_of_the_closed_form(seed: int) -> None:
    design = saltelli(INPUTS, seed, 4096)
    outputs = Outputs("ishigami", "", [ishigami(row) for row in design])
    found = sensitivity(design, outputs).set_index("input")
    for kind, expected in zip(("first", "total"), analytic(), strict=True):
        for name, value in expected.items():
            assert found.loc[name, kind] == pytest.approx(value, abs=0.025)
            assert found.loc[name, f"{kind}_low"] <= value <= found.loc[name, f"{kind}_high"]


def test_morris_tells_the_inputs_apart() -> None:
    """By 4 levels, the effects of x2 are all of one size, and those of x3 vary most by x1."""
    design = morris(INPUTS, 1, 200)
    outputs = Outputs("ishigami", "", [ishigami(row) for row in design])
    found = sensitivity(design, outputs).set_index("input")
    assert found.index.tolist() == ["x2", "x1", "x3"]
    assert found.loc["x2", "mu_star"] == pytest.approx(7.875, rel=1e-3)
    assert (found["sigma"] > 3.0).all()
