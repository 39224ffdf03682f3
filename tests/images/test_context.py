"""Contexts worked by hand: what a COPY takes of a folder, and by what the cache knows it."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from sim.errors import ScenarioError, UsageError
from sim.images.changes import changed
from sim.images.context import Context, read_context
from sim.images.transfer import sent

Files = Mapping[str, str | bytes]


def context_of(folder: Path, files: Files) -> Context:
    """Lay files into a folder, those whose names end in a slash as folders, and read it."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if path.endswith("/"):
            place.mkdir(exist_ok=True)
        else:
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_context(folder, folder / "Dockerfile")


def places(
    context: Context, *sources: str, excludes: tuple[str, ...] = (), **how: bool
) -> list[str]:
    """Where what COPY takes goes, without the folders."""
    chosen = context.select(sources, excludes, **how)
    return [entry.place for entry in chosen if entry.kind != "folder"]


APP = {
    "Dockerfile": "FROM node\nCOPY . .\n",
    "package.json": "{}",
    "package-lock.json": "{}",
    "src/index.js": "run()",
    "src/lib/deep.js": "deep()",
    "src/notes.md": "notes",
    "node_modules/left-pad/index.js": "pad",
    ".dockerignore": "node_modules\n*.md\n",
}


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["package.json"], ["package.json"]),
        (["./package.json", "/src/index.js"], ["package.json", "index.js"]),
        (["package*.json"], ["package-lock.json", "package.json"]),
        (["src"], ["index.js", "lib/deep.js", "notes.md"]),
        (["src/"], ["index.js", "lib/deep.js", "notes.md"]),
        (["src/*"], ["index.js", "deep.js", "notes.md"]),
        (["s*/index.js"], ["index.js"]),
        (["nothing-here*"], []),
        (["../../package.json"], ["package.json"]),
        (["src/[hi]ndex.js"], ["index.js"]),
    ],
)
def test_sources_stand_for_files_as_the_builder_has_it(
    tmp_path: Path, sources: list[str], expected: list[str]
) -> None:
    assert places(context_of(tmp_path, APP), *sources) == expected


def test_what_is_ignored_is_no_part_of_the_context(tmp_path: Path) -> None:
    context = context_of(tmp_path, APP)
    everything = [".dockerignore", "Dockerfile", "package-lock.json", "package.json"]
    assert places(context, ".") == [*everything, "src/index.js", "src/lib/deep.js", "src/notes.md"]
    with pytest.raises(UsageError, match="'node_modules' is left out of the context by line 1"):
        context.select(["node_modules"])


def test_a_touch_is_not_in_the_digest_and_an_edit_is(tmp_path: Path) -> None:
    context = context_of(tmp_path, APP)
    first = context.digest(["."])
    assert changed(context, "touch:src/index.js").digest(["."]) == first
    once = changed(context, "edit:src/index.js")
    twice = changed(once, "edit:src/index.js")
    assert len({first, once.digest(["."]), twice.digest(["."])}) == 3
    assert twice.digest(["package.json"]) == context.digest(["package.json"])
    assert twice.read("src/index.js") == b"run()  "
    assert (tmp_path / "src/index.js").read_bytes() == b"run()"


def test_what_is_sent_again_is_little(tmp_path: Path) -> None:
    context = context_of(tmp_path, {"Dockerfile": "FROM scratch\n", "big": bytes(100_000)})
    assert sent(context, None) > 100_000
    assert sent(context, context) < 100
    assert sent(changed(context, "touch:big"), context) > 100_000
    assert sent(context, None, ["Dockerfile"]) < 100
    assert sent(context, None, []) == 0


def test_names_that_are_not_text_are_refused_once_they_are_needed(tmp_path: Path) -> None:
    (tmp_path / "fine").write_text("fine")
    (tmp_path / os.fsdecode(b"bad\xff")).write_text("bad")
    context = read_context(tmp_path, tmp_path / "Dockerfile")
    assert places(context, "fine") == ["fine"]
    with pytest.raises(ScenarioError, match=r"bad\\xff: its name is not UTF-8"):
        context.select(["."])
