"""The reference is what the code says now, and says what every key means."""

from typing import Annotated

import pytest
from guide.blocks import REFERENCE
from guide.keys import example, keys, meanings, own_meaning
from guide.reference import reference
from pydantic import BaseModel, TypeAdapter, ValidationError

from sim.catalog.loader import KINDS, names
from sim.spec.host import Host
from sim.spec.reader import read_yaml_text

PAGES = (
    *("catalog.md", "command-line.md", "metrics.md", "observations.md"),
    *("scenario.md", "tables.md"),
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_reference_is_current(name: str) -> None:
    kept = (REFERENCE / name).read_text(encoding="utf-8")
    assert kept == reference()[name], "run tests/write_guide.py"


def test_nothing_else_lies_among_them() -> None:
    assert {path.name for path in REFERENCE.iterdir()} == set(PAGES) == reference().keys()


def test_every_key_has_a_meaning_in_one_place_and_no_other_key_has() -> None:
    stated = {
        f"{model}.{key}" for model in meanings() if model != "examples" for key in meanings()[model]
    }
    silent = {f"{model.__name__}.{key}" for model, key, _ in keys() if not own_meaning(model, key)}
    assert stated == silent


def test_examples_are_of_keys_that_there_are() -> None:
    known = {f"{model.__name__}.{key}" for model, key, _ in keys()}
    assert meanings()["examples"].keys() <= known


def test_every_key_has_an_example() -> None:
    lines = reference()["scenario.md"].splitlines()
    rows = [line for line in lines if line.startswith("| `")]
    assert len(rows) == len(list(keys()))
    assert not [row for row in rows if row.endswith("| `` |")]


def faults(model: type[BaseModel], key: str, text: str) -> list[str]:
    """What is wrong with an example where it is to stand, apart from what it leaves out."""
    fields = model.model_fields
    field = next(each for name, each in fields.items() if key in (name, each.alias))
    kind: TypeAdapter[object] = TypeAdapter(
        Annotated[(field.annotation, *field.metadata, "")]  # type: ignore[arg-type]  # known only now
    )
    try:
        kind.validate_python(read_yaml_text(text, key).tree)
    except ValidationError as error:
        return [str(each["msg"]) for each in error.errors() if each["type"] != "missing"]
    return []


def test_examples_fit_where_they_stand() -> None:
    assert faults(Host, "cores", "5 MiB") and not faults(Host, "cores", "5 cores")
    entries = {name for kind in KINDS for name in names(kind)}
    wrong = {
        (model.__name__, key): found
        for model, key, _ in keys()
        if (text := example(model, key)) not in entries
        if (found := faults(model, key, text))
    }
    # names of the catalog inside of a list or a mapping, which stand for what they name
    assert wrong.keys() <= {("Scenario", "platforms"), ("Scenario", "groups"), ("Platform", "mix")}
