"""SALib, which is an extra: its samples and its indices, seeded, of inputs between 0 and 1."""

from __future__ import annotations

from importlib.util import find_spec
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError

Numbers = NDArray[np.float64]

LEVELS = 4
"""Values that an input takes in trajectories of Morris: 0, 1/3, 2/3 and 1."""

RESAMPLES = 300
"""How often an experiment is drawn again from itself, for the intervals of its indices."""

_SAMPLE, _BOOTSTRAP = 1, 2


class Index(NamedTuple):
    """An index of each input, and half the length of its 95 % interval."""

    values: Numbers
    halves: Numbers


def check_installed() -> None:
    """Raise UsageError, with the command that installs it, where SALib is not there."""
    if find_spec("SALib") is None:
        problem = "sensitivity by Morris or Sobol' needs SALib, which is not installed"
        raise UsageError(problem, "`pip install SALib` installs it")


def trajectories(inputs: int, count: int, seed: int) -> Numbers:
    """Sample Morris trajectories: from row to row of one, a single input changes."""
    check_installed()
    from SALib.sample.morris import sample

    drawn = sample(_problem(inputs), count, num_levels=LEVELS, seed=_chance(seed, _SAMPLE))
    return np.asarray(drawn, dtype=np.float64)


def base_points(inputs: int, count: int, seed: int) -> Numbers:
    """Sample Saltelli's scheme around so many base points, a power of 2, of a Sobol' sequence."""
    check_installed()
    from SALib.sample.sobol import sample

    chance = _chance(seed, _SAMPLE)
    drawn = sample(_problem(inputs), count, calc_second_order=False, seed=chance)
    return np.asarray(drawn, dtype=np.float64)


def elementary_effects(places: Numbers, outputs: Numbers, seed: int) -> tuple[Index, Numbers]:
    """Work out mu* of each input, over its whole interval, and the standard deviation sigma."""
    check_installed()
    from SALib.analyze.morris import analyze

    found = analyze(
        _problem(places.shape[1]),
        places,
        outputs,
        num_resamples=RESAMPLES,
        num_levels=LEVELS,
        seed=_chance(seed, _BOOTSTRAP),
    )
    return Index(_numbers(found["mu_star"]), _numbers(found["mu_star_conf"])), _numbers(
        found["sigma"]
    )


def variance_shares(inputs: int, outputs: Numbers, seed: int) -> tuple[Index, Index]:
    """Work out first-order and total-order Sobol' indices: shares of the output's variance.

    Where the output never changes, no input has a share of anything.
    """
    check_installed()
    from SALib.analyze.sobol import analyze

    if np.ptp(outputs) == 0.0:
        none = Index(np.zeros(inputs), np.zeros(inputs))
        return none, none
    found = analyze(
        _problem(inputs),
        outputs,
        calc_second_order=False,
        num_resamples=RESAMPLES,
        seed=_chance(seed, _BOOTSTRAP),
    )
    first, total = (
        Index(_numbers(found[name]), _numbers(found[f"{name}_conf"])) for name in ("S1", "ST")
    )
    return first, total


def _problem(inputs: int) -> dict[str, object]:
    names = [f"input {number}" for number in range(inputs)]
    return {"num_vars": inputs, "names": names, "bounds": [[0.0, 1.0]] * inputs}


def _chance(seed: int, purpose: int) -> np.random.Generator:
    """A stream of its own for each purpose; SALib itself takes a seed of 0 for none."""
    return np.random.default_rng([seed, purpose])


def _numbers(found: object) -> Numbers:
    return np.asarray(found, dtype=np.float64)
