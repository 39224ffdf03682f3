"""The JSON Schema: it is the one that is shipped, and takes what `load` takes."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from scenario_files import FULL, SMALL, write

from sim.catalog.loader import KINDS, names
from sim.catalog.scenario import load
from sim.spec.reader import read_yaml, read_yaml_text
from sim.spec.schema import scenario_schema
from sim.spec.statement import stated

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted([*ROOT.glob("scenarios/*.yaml"), *ROOT.glob("sim/cli/*.yaml")])
SCHEMA = scenario_schema({kind: names(kind) for kind in KINDS})
CHECK = Draft7Validator(SCHEMA)


def _faults(tree: object) -> list[str]:
    return [fault.message for fault in CHECK.iter_errors(tree)]


def test_the_schema_is_one_of_draft_7() -> None:
    Draft7Validator.check_schema(SCHEMA)


def test_the_schema_that_is_shipped_is_current() -> None:
    shipped = json.loads((ROOT / "scenarios/scenario.schema.json").read_text(encoding="utf-8"))

    assert shipped == SCHEMA, "run: python -m sim schema > scenarios/scenario.schema.json"


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_every_scenario_loads_and_fits_the_schema(file: Path) -> None:
    assert _faults(read_yaml(file).tree) == []
    assert load(file).name == file.stem


@pytest.mark.parametrize("text", [FULL, SMALL, "extends: ./base.yaml\ngroups: {web: {count: 3}}\n"])
def test_what_files_may_say_fits(text: str) -> None:
    assert _faults(read_yaml_text(text, "scenario").tree) == []


def test_what_is_shown_fits(tmp_path: Path) -> None:
    assert _faults(stated(load(write(tmp_path, FULL)))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("count:", "cuont:"),
        ("cloud-2c-8g", "cloud-2c-9g"),
        ("[process]", "[]"),
        ("count: 2", "count: -2"),
        ("version: 1\n", ""),
        ("1 min", "[1]"),
        ("  web:", "  Web 1:"),
        ("version", "page_cache: warn\nversion"),
        ("version", "faults: [{at: 1 s, kind: host-los}]\nversion"),
        ("version", "faults: [{at: 1 s, kind: instance-crash, instance: web}]\nversion"),
        ("count: 2", "count: 2, load: {clients: 0}"),
        ("count: 2", "count: 2, cpu: {times_s: [0], values: [-1]}"),
        ("count: 2", "count: 2, restart: true"),
        ("[process]", "[{extends: vm-qemu, ksm: true}]"),
    ],
)
def test_what_load_refuses_for_its_form_does_not_fit(old: str, new: str) -> None:
    assert _faults(read_yaml_text(SMALL.replace(old, new, 1), "scenario").tree) != []


def test_every_key_of_a_scenario_and_a_group_has_a_description() -> None:
    """An editor shows it; a reference has that of what it refers to."""
    definitions = SCHEMA["definitions"]
    group = definitions["Group"]  # type: ignore[index,call-overload]
    for properties in (SCHEMA["properties"], group["properties"]):
        for key, schema in properties.items():  # type: ignore[union-attr,attr-defined]
            whole = json.dumps(schema)
            assert "description" in whole or "$ref" in whole or key == "version"
