"""What a boundary says of its files must fit their kind; what a registry says must be possible."""

from pathlib import Path

import pytest
from scenario_files import SMALL, write

from sim.catalog.scenario import load
from sim.errors import ScenarioError


@pytest.mark.parametrize(
    ("base", "files", "said"),
    [
        ("vm-qemu", "vm: {files: {lazy: {read: 10 %}}}", "only layers are pulled lazily"),
        ("container-docker", "container: {files: {made: start}}", "made is of a full copy"),
        (
            "vm-qemu",
            "vm: {files: {provision: clone, convert: 1 GB/s}}",
            "convert is of a full copy",
        ),
    ],
)
def test_files_that_do_not_fit_are_refused(
    tmp_path: Path, base: str, files: str, said: str
) -> None:
    on = f"{{name: odd, extends: {base}, boundaries: {{{files}}}}}"
    with pytest.raises(ScenarioError, match=said):
        load(write(tmp_path, SMALL.replace("platforms: [", f"platforms: [{on}, ")))


@pytest.mark.parametrize(
    ("registry", "said"),
    [
        ("{bandwidth: 0 MB/s}", "0 is too little"),
        ("{mirror: {holds: some}}", "holds"),
        ("{allows: {pulls: 100}}", "per"),
        ("{speed: 1 MB/s}", "speed"),
    ],
)
def test_a_registry_that_cannot_be_is_refused(tmp_path: Path, registry: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        load(write(tmp_path, f"{SMALL}\nregistry: {registry}\n"))
