"""Dockerfiles on images of the catalog, and on some that it has never heard of."""

from pathlib import Path

import pytest

from sim.catalog.built import read_builds
from sim.errors import ScenarioError


def built_from(text: str, folder: Path) -> int:
    file = folder / "Dockerfile"
    file.write_text(text, encoding="utf-8")
    return len(read_builds(file))


def test_images_that_nobody_knows_are_told_all_at_once_each_at_its_stage(tmp_path: Path) -> None:
    text = "FROM me/one:1 AS one\nFROM me/two:1\nCOPY --from=one /x /\n"
    with pytest.raises(ScenarioError) as told:
        built_from(text, tmp_path)
    lines = {fault.line: fault.problem for fault in told.value.faults}
    assert lines == {
        line: f"'me/{name}:1': the catalog has no image of me/{name}"
        for line, name in ((1, "one"), (2, "two"))
    }


def test_a_stage_that_nobody_needs_may_be_from_anything(tmp_path: Path) -> None:
    assert built_from("FROM me/one:1 AS unused\nFROM node:24-slim\nRUN true\n", tmp_path) == 1
