"""Numbers supposed to be others, found again from what they predict, and levels left out."""

from __future__ import annotations

import math

import pytest

from sim.catalog.entries import resolved_entry
from sim.catalog.observed import Calibration
from sim.catalog.supposing import supposed
from sim.errors import UsageError
from sim.spec.document import Tree, child
from sim.spec.observation import Observation
from sim.studies.crossing import _levelled
from sim.studies.fitting import scaled, sensitivity, stated
from sim.studies.judging import Judged, Question, outcome

NUMBER = "platforms.namespaces.boundaries.namespace.create.namespaces.compute"


def row(name: str, at_once: int, value: float = 1.0) -> Observation:
    """So many processes in namespaces of their own, started at once."""
    return Observation.model_validate(
        {
            **{"id": name, "source": "ours", "platform": "namespaces"},
            **{"started_at_once": str(at_once), "metric": "duration_s", "value": str(value)},
        }
    )


def number_of(entry: str, *path: str) -> Tree:
    tree: Tree = dict(resolved_entry("platforms", entry))
    for step in path:
        tree = child(tree, step)
    return child(tree, "value")


def test_what_is_supposed_holds_within_and_in_what_extends_it() -> None:
    path = ("boundaries", "container", "create", "namespaces", "compute")
    before = number_of("container-crun", *path)

    with supposed({NUMBER: "9 core-ms"}):
        assert number_of("container-crun", *path) == "9 core-ms"

    assert number_of("container-crun", *path) == before == stated(NUMBER)


@pytest.mark.parametrize("path", ["create.namespaces", "create.namespaces.compute.value", "title"])
def test_only_a_number_that_a_file_states_can_be_supposed(path: str) -> None:
    with (
        supposed({f"platforms.namespaces.boundaries.namespace.{path}": "1 s"}),
        pytest.raises(UsageError, match="states no number"),
    ):
        resolved_entry("platforms", "namespaces")


def test_a_number_is_found_again_from_what_it_predicts() -> None:
    """Measured is what twice the number predicts; without any row it is what it would be."""
    rows = [row(f"r{count}", count) for count in (16, 64, 160)]
    twice = scaled(NUMBER, 2.0)
    told = [outcome(Question(each, {NUMBER: twice}))[0] for each in rows]
    measured = [row(each.id, each.started_at_once, value or 0.0)
                for each, value in zip(rows, told, strict=True)]  # fmt: skip
    calibration = Calibration("toy", {NUMBER: {"without": "1 core-ms"}}, ("r16", "r64", "r160"))

    found = sensitivity(calibration, measured)

    assert amount(found.numbers()[NUMBER]) == pytest.approx(amount(twice), rel=0.05)
    assert amount(found.numbers({"r64"})[NUMBER]) == pytest.approx(amount(twice), rel=0.05)
    assert amount(found.numbers(calibration.rows)[NUMBER]) == pytest.approx(1.0)


def test_no_number_goes_far_from_where_it_stands() -> None:
    """Rows that cannot be met by it do not make it absurd: eight times, or an eighth."""
    calibration = Calibration("toy", {NUMBER: {"without": stated(NUMBER)}}, ("r16",))
    found = sensitivity(calibration, [row("r16", 16, 1000.0)])
    assert amount(found.numbers()[NUMBER]) == pytest.approx(8.0 * amount(stated(NUMBER)))


def test_a_single_instance_sets_the_level_of_its_source_and_is_not_judged() -> None:
    """Alone 2 s where 1 was predicted: the machine is half as fast, and so 3 becomes 6."""
    rows = [Judged(row("a", 1, 2.0), 1.0, "left-out"), Judged(row("b", 8, 5.0), 3.0, "left-out")]
    (rest,) = _levelled(rows)
    assert (rest.observation.id, rest.predicted) == ("b", pytest.approx(6.0))
    assert rest.error == pytest.approx(0.2)


def amount(text: str) -> float:
    value = float(text.split(maxsplit=1)[0])
    assert math.isfinite(value)
    return value
