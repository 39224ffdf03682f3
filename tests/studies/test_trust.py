"""How far off predictions have been, of the things that a scenario asks for, on its platforms."""

from pathlib import Path

import pytest
from scenario_files import SMALL, write

from sim.catalog.kin import kin
from sim.catalog.observed import Row
from sim.catalog.scenario import load
from sim.spec.observation import Observation
from sim.spec.scenario import Scenario
from sim.studies import trust as module
from sim.studies.trust import trust

MEASURED = [
    ("a1", "one", "vm-qemu", "duration_s", 2.0, 2.2),
    ("a2", "one", "vm-qemu", "duration_s", 2.0, 1.0),
    ("b1", "two", "vm-qemu", "duration_s", 4.0, 4.4),
    ("b2", "two", "process", "memory_per_instance_bytes", 100.0, 130.0),
]


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four observations of two sources, and what the model said of them."""
    rows, judged = [], []
    for name, source, platform, metric, value, predicted in MEASURED:
        cells = {"id": name, "source": source, "platform": platform, "metric": metric}
        rows.append(Row("x.csv", 2, Observation.model_validate({**cells, "value": value})))
        judged.append({"id": name, "predicted": str(predicted), "role": "outside"})
    monkeypatch.setattr(module, "catalog_observations", lambda: tuple(rows))
    monkeypatch.setattr(module, "judged_rows", lambda: tuple(judged))
    monkeypatch.setattr(module, "judged", module.judged.__wrapped__)
    monkeypatch.setattr(module, "_kinds_by_name", module._kinds_by_name.__wrapped__)


def scenario(folder: Path, text: str) -> Scenario:
    return load(write(folder, text))


def found(asked: Scenario) -> dict[tuple[str, str], tuple[float, ...]]:
    numbers = ["rows", "sources", "median", "worst"]
    return {
        (platform, kind): tuple(values)
        for platform, kind, *values in trust(asked)[["platform", "kind", *numbers]].itertuples(
            index=False
        )
    }


@pytest.mark.usefixtures("stored")
def test_sources_weigh_the_same_and_the_worst_is_told(tmp_path: Path) -> None:
    told = found(scenario(tmp_path, SMALL.replace("process", "vm-qemu")))
    # Weights: a1 and a2 half each, b1 whole; errors 0.1, 0.5 and 0.1.
    assert told["vm-qemu", "start-up alone"] == pytest.approx((3, 2, 0.1, 0.5))
    assert told["", "memory"] == pytest.approx((1, 1, 0.3, 0.3))
    assert told["vm-qemu", "memory"][:2] == (0, 0)


@pytest.mark.usefixtures("stored")
def test_a_variant_leans_on_what_it_varies_and_a_mix_on_all_that_it_is_made_of(
    tmp_path: Path,
) -> None:
    changed = SMALL.replace("process", "{name: mine, extends: vm-qemu, ksm: on}")
    mixed = SMALL.replace("process", "{name: mine, web: vm-qemu}")
    for text in (changed, mixed):
        told = found(scenario(tmp_path, text))
        assert told["mine", "start-up alone"][0] == 3


@pytest.mark.usefixtures("stored")
def test_only_what_the_scenario_asks_for_is_told(tmp_path: Path) -> None:
    kinds = {kind for _, kind in found(scenario(tmp_path, SMALL))}
    assert "network" not in kinds
    assert "density" not in kinds
    pulling = SMALL + "images: absent\n"
    assert "image" in {kind for _, kind in found(scenario(tmp_path, pulling))}


def test_without_what_was_stored_there_is_nothing_to_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "judged", tuple)
    assert trust(scenario(tmp_path, SMALL)).empty


def test_a_platform_with_boundaries_of_its_own_is_like_none_of_the_catalog(tmp_path: Path) -> None:
    own = """{name: mine, boundaries: {wall: {kernel: shared, wall: namespace,
      files: {kind: outside}}}}"""
    asked = scenario(tmp_path, SMALL.replace("process", own))
    assert kin(asked.platforms[0]) == ""
    assert kin(scenario(tmp_path, SMALL).platforms[0]) == "process"
