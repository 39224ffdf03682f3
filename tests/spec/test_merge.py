"""Scenario files that extend others: what is said later stands, and everything knows its file."""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.spec.document import Document, Tree
from sim.spec.merge import deep_merge, read_scenario_tree

BASE = """\
title: base
groups:
  web: {count: 10, limits: {cpu: 1, memory: 512 MiB}}
platforms: [process, vm-qemu]
faults: [{at: 5 min, kind: host-loss}]
"""
WEB = """\
extends: ../base.yaml
title: web
groups:
  web:
    count: 50
    limits: {memory: 1 GiB}
  db: {count: 1}
platforms: [gvisor]
faults: [{at: 1 min}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "inner" / "web.yaml").write_text(WEB)
    return tmp_path


def fault_of(path: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_scenario_tree(path)
    return str(caught.value)


def written_at(document: Document, *path: str | int) -> tuple[str, int, int]:
    place = document.values[path]
    return Path(place.file).name, place.line, place.column


def test_maps_merge_deeply_and_lists_and_scalars_are_replaced() -> None:
    base: Tree = {"a": {"b": 1, "c": {"d": 2}}, "e": [1, 2], "f": "x", "g": {"h": 1}}
    over: Tree = {"a": {"c": {"z": 3}}, "e": [3], "f": {"y": 1}, "g": None, "n": 4}
    assert deep_merge(base, over) == {
        "a": {"b": 1, "c": {"d": 2, "z": 3}},
        "e": [3],
        "f": {"y": 1},
        "g": None,
        "n": 4,
    }


def test_a_new_value_does_not_stand_under_an_old_source() -> None:
    base: Tree = {"memory": {"value": "1 GiB", "source": "paper", "evidence": "measured"}}
    over: Tree = {"memory": {"value": "2 GiB"}}
    assert deep_merge(base, over) == over


def test_a_part_that_is_named_as_a_key_of_numbers_is_no_number() -> None:
    base: Tree = {"value": {"count": 1}, "source": {"count": 2}}
    over: Tree = {"value": {"count": 3}}
    assert deep_merge(base, over) == {"value": {"count": 3}, "source": {"count": 2}}


def test_nothing_laid_over_nothing_changes_nothing() -> None:
    tree: Tree = {"a": {"b": [1]}, "c": None}
    assert deep_merge(tree, {}) == deep_merge({}, tree) == deep_merge(tree, tree) == tree


def test_a_scenario_is_laid_over_its_base_without_the_word_extends(folder: Path) -> None:
    document = read_scenario_tree(folder / "inner" / "web.yaml")
    assert document.tree == {
        "title": "web",
        "groups": {
            "web": {"count": 50, "limits": {"cpu": 1, "memory": "1 GiB"}},
            "db": {"count": 1},
        },
        "platforms": ["gvisor"],
        "faults": [{"at": "1 min"}],
    }


def test_each_value_keeps_the_file_that_says_it(folder: Path) -> None:
    document = read_scenario_tree(folder / "inner" / "web.yaml")
    assert written_at(document, "groups", "web", "limits", "cpu") == ("base.yaml", 3, 34)
    assert written_at(document, "groups", "web", "limits", "memory") == ("web.yaml", 6, 22)
    assert written_at(document, "groups", "web") == ("web.yaml", 5, 5)
    assert Path(document.keys["groups", "web", "limits", "cpu"].file).name == "base.yaml"
    assert document.file == str(folder / "inner" / "web.yaml")


def test_what_was_replaced_leaves_no_place_behind(folder: Path) -> None:
    document = read_scenario_tree(folder / "inner" / "web.yaml")
    assert ("platforms", 1) not in document.values
    assert ("extends",) not in {**document.values, **document.keys}
    missing = document.fault(("faults", 0, "kind"), "is missing")
    assert missing.file.endswith("web.yaml")
    assert (missing.line, missing.column) == (9, 10)


def test_a_scenario_without_a_base_is_itself(folder: Path) -> None:
    assert read_scenario_tree(folder / "base.yaml").values["title",].line == 1


def test_a_chain_is_laid_from_its_far_end(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\nx: {p: {a: 1}}\n")
    (tmp_path / "b.yaml").write_text("extends: c.yaml\nx: {p: none}\n")
    (tmp_path / "c.yaml").write_text("x: {p: {c: 1}, q: 2}\n")
    # b replaces the p of c by a text, and a that text by a map: nothing of c's p is left.
    assert read_scenario_tree(tmp_path / "a.yaml").tree == {"x": {"p": {"a": 1}, "q": 2}}


def test_a_missing_base_is_placed_at_the_line_that_names_it(folder: Path) -> None:
    file = folder / "x.yaml"
    file.write_text("title: x\nextends: ./bsae.yaml\n")
    assert fault_of(file) == (
        f"{file}:2:10: extends: {folder / 'bsae.yaml'}: there is no such file; "
        f"did you mean {folder / 'base.yaml'}?"
    )


def test_a_fault_inside_a_base_is_placed_there(folder: Path) -> None:
    (folder / "base.yaml").write_text("a: 1\na: 2\n")
    assert fault_of(folder / "inner" / "web.yaml").startswith(f"{folder / 'base.yaml'}:2:1: a: ")


@pytest.mark.parametrize("named", ["12", "[a.yaml]", "~", "''"])
def test_extends_takes_a_path(named: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"extends: {named}\n")
    assert ":1:10: extends: " in fault_of(tmp_path / "a.yaml")
    assert "is not the path of a file" in fault_of(tmp_path / "a.yaml")


def test_a_name_that_no_file_can_have_is_a_fault_too(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"extends: {'x' * 5000}\n")
    assert ":1:10: extends: " in fault_of(tmp_path / "a.yaml")


def test_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: ./b.yaml\n")
    (tmp_path / "b.yaml").write_text("title: b\nextends: ../" + tmp_path.name + "/a.yaml\n")
    fault = fault_of(tmp_path / "a.yaml")
    assert fault.startswith(f"{tmp_path / 'b.yaml'}:2:10: extends: ")
    assert "is extended by itself" in fault


def test_a_chain_of_more_than_sixteen_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0.yaml").write_text("title: the end\n")
    for i in range(1, 18):
        (tmp_path / f"{i}.yaml").write_text(f"extends: {i - 1}.yaml\n")
    assert read_scenario_tree(tmp_path / "16.yaml").tree == {"title": "the end"}
    assert "over 16 files extend each other" in fault_of(tmp_path / "17.yaml")


def test_a_chain_of_more_values_than_a_file_may_hold_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.spec.merge.MOST_VALUES", 12)  # web.yaml itself holds 15
    assert "web.yaml:1:10: extends: the files hold over 12 values together" in (
        fault_of(folder / "inner" / "web.yaml")
    )


def test_a_scenario_is_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("- a\n- b\n")
    assert ":1:1: a scenario is a mapping of keys to values, not a list of 2; `tare new`" in (
        fault_of(tmp_path / "a.yaml")
    )
