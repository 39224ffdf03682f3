"""A scenario names an image of one's own by its path; and `tare explain` shows it."""

import json
from pathlib import Path

import pytest

from sim.catalog.scenario import load
from sim.cli.main import run
from sim.errors import ScenarioError

MANIFEST = {
    "layers": [
        {"digest": "sha256:" + "a" * 64, "size": 29_785_419},
        {"digest": "sha256:" + "b" * 64, "size": 3_315},
    ]
}
SCENARIO = """\
version: 1
title: Our image
host: server-16c-64g
platforms: [container-docker]
horizon: 10 s
groups:
  web:
    count: 1
    limits: {cpu: 1, memory: 1 GiB}
    workload: {extends: web-node, image: IMAGE}
"""


def written(image: str, folder: Path) -> Path:
    (folder / "images").mkdir()
    (folder / "images" / "app.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    path = folder / "s.yaml"
    path.write_text(SCENARIO.replace("IMAGE", image), encoding="utf-8")
    return path


def test_an_image_beside_a_scenario(tmp_path: Path) -> None:
    scenario = load(written("./images/app.json", tmp_path))
    layers = scenario.groups["web"].workload.image.layers
    assert [*layers] == ["sha256-aaaaaaaaaaaa", "sha256-bbbbbbbbbbbb"]
    compressed = layers["sha256-aaaaaaaaaaaa"].compressed
    assert (compressed.value, compressed.evidence, compressed.note) == (
        *(29_785_419, "measured", "in app.json"),
    )


def test_an_image_by_its_whole_path(tmp_path: Path) -> None:
    path = str(tmp_path / "images" / "app.json")
    assert load(written(path, tmp_path)).groups["web"].workload.image.title == "app"


def test_an_image_that_is_changed(tmp_path: Path) -> None:
    changed = "{extends: ./images/app.json, layers: {sha256-bbbbbbbbbbbb: {kind: runtime}}}"
    image = load(written(changed, tmp_path)).groups["web"].workload.image
    assert [layer.kind for layer in image.layers.values()] == ["os", "runtime"]


@pytest.mark.parametrize(
    ("image", "problem"),
    [
        ("./images/nope.tar", "there is no such file"),
        ("./images", "no OCI layout"),
    ],
)
def test_what_is_no_image_is_told_with_its_place(image: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(written(image, tmp_path))
    fault = caught.value.faults[0]
    assert problem in fault.problem
    assert (fault.line, fault.column) == (10, 42)


def test_explain_shows_an_image_by_its_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written("x", tmp_path)
    path = str(tmp_path / "images" / "app.json")
    assert run(["explain", path]) == 0
    printed = capsys.readouterr().out
    assert "sha256-aaaaaaaaaaaa" in printed
    assert "29.8 MB to pull, 72.4 MB unpacked" in printed
    assert run(["explain", path, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["found"]
    assert (found["kind"], found["title"]) == ("image", "app")
    assert run(["explain", "./nope.tar"]) == 2
    assert "there is no such file" in capsys.readouterr().err
