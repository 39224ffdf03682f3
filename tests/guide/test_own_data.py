"""What the how-tos write is usable as data alone: files in a folder, and no Python anywhere."""

import json
from pathlib import Path

import pytest
from guide.blocks import GUIDE, blocks

from sim.cli.main import run
from sim.spec.merge import read_scenario_tree

KEYS = {"version", "title", "host", "platforms", "horizon", "groups"}


def files(page: str) -> dict[str, str]:
    """The files that a page has its reader write."""
    text = (GUIDE / page).read_text(encoding="utf-8")
    return {block.argument: block.text for block in blocks(text) if block.use == "file"}


def compared(page: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, set[str]]:
    """The platforms that `tare compare` finds in each scenario of a page."""
    for name, text in files(page).items():
        (folder / name).write_text(text, encoding="utf-8")
    found: dict[str, set[str]] = {}
    for path in sorted(folder.glob("*.yaml")):
        tree = read_scenario_tree(path).tree
        assert isinstance(tree, dict)
        if tree.keys() >= KEYS:
            assert run(["compare", str(path), "--json", "--quiet"]) == 0
            found[path.name] = set(json.loads(capsys.readouterr().out)["platforms"])
    return found


def test_platforms_of_ones_own_are_compared_like_any_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compared("my-own-platform.md", tmp_path, capsys) == {
        "sandbox.yaml": {"process", "container-docker", "our-sandbox"},
        "nested.yaml": {"container-docker", "our-nested"},
        "idle.yaml": {"process", "our-sandbox"},
        "night.yaml": {"process", "our-sandbox"},
    }


@pytest.mark.parametrize(
    ("page", "scenarios"),
    [
        ("my-own-workload.md", {"near.yaml", "prices.yaml", "storm.yaml"}),
        ("my-own-host.md", {"rack.yaml", "evening.yaml"}),
        ("my-own-images.md", {"shop.yaml"}),
        ("calibrating-by-hand.md", {"start.yaml"}),
    ],
)
def test_workloads_and_hosts_of_ones_own_are_compared(
    page: str, scenarios: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compared(page, tmp_path, capsys).keys() == scenarios


@pytest.mark.parametrize(
    ("page", "part"),
    [
        ("my-own-workload.md", "ours.yaml"),
        ("my-own-host.md", "rack-b.yaml"),
        ("my-own-platform.md", "ours.yaml"),
    ],
)
def test_what_several_scenarios_build_on_is_no_scenario_itself(
    page: str, part: str, tmp_path: Path
) -> None:
    (tmp_path / part).write_text(files(page)[part], encoding="utf-8")
    assert run(["compare", str(tmp_path / part), "--json"]) == 2
