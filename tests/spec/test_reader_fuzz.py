"""Thousands of broken files: each is read or refused in words, and nothing else ever happens."""

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.spec.document import Tree
from sim.spec.merge import read_scenario_tree
from sim.spec.reader import read_yaml_text

SEEDS = (
    "version: 1\nhost: {extends: server, memory: 128 GiB}\nplatforms:\n  - process\n"
    "  - {name: ksm, extends: vm-qemu, ksm: on}\ngroups:\n  web:\n    count: 50\n"
    "    arrive: {poisson: 3 / min}\n    publish: [80, '8080:80']\n",
    'a: &a [1, 2.5, "x\\ty", ~]\nb: *a\nc: |\n  text\n  more\nd: >-\n  folded\n',
    '{"a": {"b": [true, null, -1e-3]}, "c": "\\u00e9"}',
    "? key\n: value\n!!str x: !!map {y: !!seq [z]}\n",
)
TOKENS = (
    *("[", "]", "{", "}", ",", ": ", "- ", "? ", "&a ", "*a", "!!int ", "!", "<<: ", "|", ">", "%"),
    *("'", '"', "\\", "\t", "\n", "\r", "  ", "#", "---\n", "...\n", "@", "`", "~", ".nan", ".inf"),
    *(
        "\0",
        "\x1b",
        "\x85",
        "\u2028",
        "\ufeff",
        "\ud800",
        "😀",
        "9" * 200,
        "1e999",
        "0x",
        "extends: ",
    ),
    *("[" * 70, "- " * 70, "%YAML 1.1\n---\n", "%TAG ! x:\n", "!<tag:yaml.org,2002:str> ", '"\\x"'),
)


def mutated(draw: random.Random) -> str:
    text = draw.choice(SEEDS)
    for _ in range(draw.randrange(1, 6)):
        start = draw.randrange(len(text) + 1)
        end = min(len(text), start + draw.choice([0, 0, 1, 3, 20]))
        text = text[:start] + draw.choice((*TOKENS, text[end : end + 20], "")) + text[end:]
    return text


def depth(tree: Tree) -> int:
    children = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return 1 + max(map(depth, children), default=0)


def outcome(text: str) -> Tree | ScenarioError:
    """The tree of a text, or its error, of which each fault is one placed line with a remedy."""
    try:
        tree = read_yaml_text(text, "f.yaml").tree
    except ScenarioError as error:
        for fault in error.faults:
            assert fault.file == "f.yaml"
            assert fault.problem
            assert fault.remedy
            assert str(fault).isprintable()
            assert len(str(fault)) < 1000
        return error
    assert depth(tree) <= 65
    return tree


def test_a_mutated_file_is_read_or_refused_in_words() -> None:
    draw = random.Random(3)
    outcomes = [outcome(mutated(draw)) for _ in range(4000)]
    refused = sum(isinstance(one, ScenarioError) for one in outcomes)
    assert 1000 < refused < 3900


def test_both_parsers_read_the_same_where_both_read(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(4)
    texts = [mutated(draw) for _ in range(600)]
    first = [outcome(text) for text in texts]
    monkeypatch.setattr("sim.spec.events._LOADER", yaml.SafeLoader)
    pairs = zip(first, [outcome(text) for text in texts], strict=True)
    read = [pair for pair in pairs if not any(isinstance(one, ScenarioError) for one in pair)]
    assert len(read) > 20
    assert all(one == other for one, other in read)


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(st.text())
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    outcome(text)


def test_any_bytes_in_a_file_are_read_or_refused_in_words(tmp_path: Path) -> None:
    draw = random.Random(5)
    file = tmp_path / "f.yaml"
    for _ in range(300):
        content = bytearray(draw.choice(SEEDS).encode())
        for _ in range(draw.randrange(1, 4)):
            content[draw.randrange(len(content))] = draw.randrange(256)
        file.write_bytes(content)
        try:
            read_scenario_tree(file)
        except ScenarioError as error:
            assert error.faults
