"""The catalog: what is in it, that each entry loads, and that each number has a source."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from pydantic import ValidationError

from sim.catalog.entries import resolved_entry
from sim.catalog.loader import KINDS, Kind, entry, names, sources
from sim.catalog.models import model_of
from sim.errors import UsageError
from sim.spec.host import Host
from sim.spec.platform import Platform
from sim.spec.quantity import CATALOG, DEFAULT

ENTRIES = [(kind, name) for kind in KINDS for name in names(kind)]


def _numbers(tree: object) -> Iterator[dict[str, object]]:
    if isinstance(tree, dict):
        if "source" in tree:
            yield tree
        for child in tree.values():
            yield from _numbers(child)


@pytest.mark.parametrize("kind", KINDS)
def test_the_names_of_a_kind_are_sorted(kind: Kind) -> None:
    assert names(kind) == sorted(names(kind)) != []


@pytest.mark.parametrize(("kind", "name"), ENTRIES)
def test_an_entry_is_named_as_its_file_and_each_number_has_a_source(kind: Kind, name: str) -> None:
    model = model_of(kind, name)

    whole = model.model_dump()
    assert whole["name"] == name
    numbers = [*_numbers(entry(kind, name)), *_numbers(whole)]
    assert {str(number["source"]) for number in numbers} - {*sources(), DEFAULT} == set()


EXTENDING = [(kind, name) for kind, name in ENTRIES if "extends" in entry(kind, name)]


@pytest.mark.parametrize(("kind", "name"), EXTENDING)
def test_an_entry_that_extends_another_has_a_title_and_notes_of_its_own(
    kind: Kind, name: str
) -> None:
    own, whole = entry(kind, name), resolved_entry(kind, name)
    base = resolved_entry(kind, str(own["extends"]))

    assert {key: whole[key] for key in ("title", "notes")} == {
        key: own[key] for key in ("title", "notes")
    }
    assert whole["title"] != base["title"] and "extends" not in whole


def test_a_service_on_an_older_runtime_differs_from_the_newer_in_its_image_alone() -> None:
    older, newer = (resolved_entry("workloads", name) for name in ("web-node-18", "web-node"))
    differs = {key for key in newer if older[key] != newer[key]}
    assert differs == {"name", "title", "notes", "image"}


def test_phases_that_restate_all_of_the_base_set_their_order() -> None:
    """The control plane of a cloud comes before the VMM, which stands in what it extends."""
    server, guest = (
        cast("Platform", model_of("platforms", name)).boundaries["vm"]
        for name in ("vm-cloud", "vm-qemu")
    )
    assert list(guest.create) == ["vmm"]
    assert list(server.create) == ["api-call", "scheduling", "vmm"]
    assert server.create["vmm"] == guest.create["vmm"]
    assert list(server.boot) == [*guest.boot, "cloud-init"]


def test_a_source_is_told_in_full() -> None:
    for key, source in sources().items():
        assert source.key == key
        assert source.title and source.authors_or_publisher and source.where
        assert 1970 < source.year < 2100


def test_an_unknown_entry_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match=r"'vm-quemu' is no platform.*did you mean 'vm-qemu'\?"):
        entry("platforms", "vm-quemu")


def test_a_name_is_no_path_out_of_the_catalog() -> None:
    with pytest.raises(UsageError, match="is no host of the catalog"):
        entry("hosts", "../sources")


@pytest.mark.parametrize("memory", ["64 GiB", {"value": "64 GiB"}, {"value": "1 B", "source": "a"}])
def test_the_catalog_takes_no_number_without_source_and_evidence(memory: object) -> None:
    whole = dict(entry("hosts", "server-16c-64g"))

    with pytest.raises(ValidationError, match="there is no source"):
        Host.model_validate(whole | {"memory": memory}, context=CATALOG)


def test_the_catalog_is_found_wherever_one_stands(tmp_path: Path) -> None:
    code = "from sim.catalog.loader import names, sources; print(names('hosts')[0], len(sources()))"
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r}); {code}"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [names("hosts")[0], str(len(sources()))]
