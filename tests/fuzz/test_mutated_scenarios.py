"""Thousands of damaged scenarios: each is refused in words that tell the place, or is sound."""

import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scenario_files import FULL, SMALL, write

from sim.catalog.scenario import load
from sim.errors import ScenarioError
from sim.simulation import simulate
from sim.spec.reader import read_yaml_text
from sim.spec.scenario import Scenario
from sim.spec.statement import stated

_TEXTS = 1200
_TREES = 1200
_SETTINGS = 150
_QUICK = 200  # instances, hosts and platforms multiplied
_SLOWEST_S = 5.0

_WORDS = ["GiB", "ms", "%", "core-s", "/ min", "null", "true", "-1", "1e308", "9" * 90, "0x1F", "é"]
_VALUES: list[object] = [
    *(None, True, 0, -1, 1, 2.5, 10**30, -(10**18), 1e300, "", "x", "5", "5 MiB", "5 s", "1 / min"),
    *("50 %", "-3 s", "9" * 80 + " GiB", "vm-qemu", "web-node", "\u0000", "nan", "🦊", "1e999 s"),
    *([], [1], ["a"], [[]], {}, {"value": 3}, {"extends": "vm-qemu"}, {"extends": {}}, {"x-a": 1}),
    *("on", "web/1", "always", "20 / s", {"rate": "9 / s"}, {"clients": 2}, {"trace": "x.csv"}),
    *({"times_s": [0, 5], "values": [1, 0]}, {"at": "9 s", "kind": "host-loss"}),
    *({"value": "3 s", "source": 1, "evidence": "sure"}, [{"name": "web"}], {"mix": {"web": []}}),
]

Edit = Callable[[random.Random, str], str]


def _cut(chance: random.Random, text: str) -> str:
    start = chance.randrange(len(text))
    return text[:start] + text[start + chance.randrange(1, 40) :]


def _repeat(chance: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    line = chance.randrange(len(lines))
    return "".join(lines[: line + 1] + lines[line:])


def _swap_lines(chance: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def _insert_word(chance: random.Random, text: str) -> str:
    place = chance.randrange(len(text))
    return text[:place] + chance.choice(_WORDS) + text[place:]


def _insert_sign(chance: random.Random, text: str) -> str:
    place = chance.randrange(len(text))
    return text[:place] + chance.choice("{}[]:,-#&*!|>'\"%@`\t\n \\\x7f") + text[place + 1 :]


def _nest(chance: random.Random, text: str) -> str:
    return text.replace("web-node", "[" * chance.randrange(1, 400), 1)


_EDITS: list[Edit] = [_cut, _repeat, _swap_lines, _insert_word, _insert_sign, _nest]


def _damaged_texts(chance: random.Random) -> Iterator[str]:
    for _ in range(_TEXTS):
        text = chance.choice([FULL, SMALL])
        for _ in range(chance.randrange(1, 4)):
            text = chance.choice(_EDITS)(chance, text)
        yield text


def _damaged_trees(chance: random.Random) -> Iterator[str]:
    """JSON is YAML as well."""
    for _ in range(_TREES):
        tree = read_yaml_text(chance.choice([FULL, SMALL]), "whole").tree
        for _ in range(chance.randrange(1, 4)):
            _damage(chance, tree)
        yield json.dumps(tree)


def _damage(chance: random.Random, tree: object) -> None:
    """Go down to some place, and delete, rename or replace what is there."""
    while isinstance(tree, dict | list) and tree:
        key = chance.choice(list(tree) if isinstance(tree, dict) else range(len(tree)))
        inner = tree[key]  # type: ignore[index]
        if not isinstance(inner, dict | list) or not inner or chance.random() < 0.3:
            _change(chance, tree, key)
            return
        tree = inner


def _change(chance: random.Random, tree: object, key: object) -> None:
    way = chance.randrange(4)
    if way == 0:
        del tree[key]  # type: ignore[attr-defined]
    elif way == 1 and isinstance(tree, dict):
        tree[chance.choice([str(key)[:-1], f"{key}s", "Web 1", "extends"])] = tree.pop(key)
    else:
        tree[key] = chance.choice(_VALUES)  # type: ignore[index]


def run_if_quick(scenario: Scenario) -> bool:
    """Run one replication on each platform where few start, and weigh what comes out."""
    count = sum(group.count for group in scenario.groups.values())
    if count * scenario.hosts * len(scenario.platforms) > _QUICK:
        return False
    for platform in scenario.platforms:
        result = simulate(scenario.on(platform.name))
        memory = result.components.query("resource == 'memory'")["value"].sum()
        assert memory == result.hosts["memory_gross_bytes"].sum()
        assert (result.hosts["memory_gross_bytes"] <= result.hosts["memory_capacity_bytes"]).all()
        assert (result.hosts["disk_gross_bytes"] <= result.hosts["disk_capacity_bytes"]).all()
    return True


@pytest.mark.parametrize("damaged", [_damaged_texts, _damaged_trees])
def test_a_damaged_scenario_is_refused_at_its_place_or_is_sound(
    damaged: Callable[[random.Random], Iterator[str]], tmp_path: Path
) -> None:
    refused = sound = quick = 0
    for text in damaged(random.Random(20)):
        file = write(tmp_path, text)
        began = time.perf_counter()
        try:
            scenario = load(file)
        except ScenarioError as error:
            refused += 1
            _check_faults(error, file)
        else:
            sound += 1
            assert time.perf_counter() - began < _SLOWEST_S
            quick += run_if_quick(scenario)
    assert refused > 0.3 * (refused + sound)
    assert 0 < quick <= sound


def test_whatever_is_set_over_a_scenario_is_refused_in_words_or_is_sound(tmp_path: Path) -> None:
    chance = random.Random(20)
    file = write(tmp_path, FULL)
    stood = dict(_values(stated(load(file)), ""))
    sound = 0
    for _ in range(_SETTINGS):
        paths = chance.sample([*stood], chance.randrange(1, 3))
        overrides = {
            _damaged_path(chance, path): chance.choice([*_VALUES, *[stood[path]] * len(_VALUES)])
            for path in paths
        }
        try:
            load(file, overrides=overrides)
            sound += 1
        except ScenarioError as error:
            assert all(fault.file.startswith(("--set ", str(file))) for fault in error.faults)
    assert 0 < sound < _SETTINGS


def _values(tree: object, path: str) -> Iterator[tuple[str, object]]:
    """Every value of a tree by its path, list items by their name."""
    yield path, tree
    if isinstance(tree, list):
        tree = {item.get("name", "0") if isinstance(item, dict) else "0": item for item in tree}
    if isinstance(tree, dict):
        for key, inner in tree.items():
            yield from _values(inner, f"{path}.{key}" if path else str(key))


def _damaged_path(chance: random.Random, path: str) -> str:
    if chance.random() < 0.7:
        return path
    place = chance.randrange(len(path) + 1)
    return path[:place] + chance.choice([".", "x", "", "..", "0", ".value", ".name"]) + path[place:]


def _check_faults(error: ScenarioError, file: Path) -> None:
    assert error.faults
    for fault in error.faults:
        assert fault.file == str(file)
        assert "pydantic" not in str(fault)
        assert "\n" not in str(fault)
        assert len(str(fault)) < 1000
