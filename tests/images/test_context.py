"""Contexts worked by hand: what a COPY takes of a folder, and by what the cache knows it."""

import contextlib
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


def test_the_bytes_of_a_transfer_by_hand(tmp_path: Path) -> None:
    """Each thing: its path, mode, size and time, each with a tag; each file: its bytes and an end.

    A time in nanoseconds takes nine bytes, and so do all tags and lengths here one.
    """
    context = context_of(tmp_path, {"a": "x"})
    (tmp_path / "a").chmod(0o644)
    about = 2 + (2 + len("a")) + (1 + 2) + (1 + 1) + (1 + 9)
    contents = (2 + 2 + len("x")) + 2
    assert sent(context, None) == about + contents + 2
    assert sent(context, context) == about + 2


PROJECTS = {
    "x/a.txt": "",
    "y/a.txt": "",
    "x/b/c.txt": "",
    "x/b/d/package.json": "",
    "package.json": "",
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("./x/a.txt", ["x/a.txt"]),
        ("*/a.txt", ["x/a.txt", "y/a.txt"]),
        ("**/package.json", ["package.json", "x/b/d/package.json"]),
        ("x/./b/c.txt", ["b/c.txt"]),
        ("x/./b", ["b/c.txt", "b/d/package.json"]),
        ("x/./**/*.txt", ["a.txt", "b/c.txt"]),
        ("x/./*.none", []),
        ("?/./a.txt", ["a.txt", "a.txt"]),
    ],
)
def test_parents_are_kept_from_the_pivot_on(
    tmp_path: Path, source: str, expected: list[str]
) -> None:
    assert places(context_of(tmp_path, PROJECTS), source, parents=True) == expected


def test_folders_come_along_only_with_what_is_wanted_in_them(tmp_path: Path) -> None:
    context = context_of(tmp_path, {**PROJECTS, "y/empty/": ""})
    folders = [entry.place for entry in context.select(["x/b/c.txt"], parents=True)]
    assert folders == ["", "x", "x/b", "x/b/c.txt"]
    with pytest.raises(UsageError, match="there is no 'x/nothing' in the context"):
        context.select(["x/nothing"], parents=True)


MEDIA = {
    "dir1/101.png": "",
    "dir1/102.txt": "",
    "dir1/103.jpeg": "",
    "dir2/201.pdf": "",
    "dir2/202.jpeg": "",
    "dir3/301.mp3": "",
    "dir3/302.mpeg": "",
}


@pytest.mark.parametrize(
    ("source", "excludes", "expected"),
    [
        (".", ("*/*.png", "*/*.jpeg"), ["102.txt", "201.pdf", "301.mp3", "302.mpeg"]),
        ("dir3/", ("*.mp3",), ["302.mpeg"]),
        ("dir*", ("*.mp3", "*.jpeg", "*.png", "*.pdf", "*.txt"), ["302.mpeg"]),
        (".", ("dir*", "!dir2/*.pdf"), ["201.pdf"]),
        (".", ("*.png",), [path[5:] for path in MEDIA]),
        ("dir1/*", ("*.png",), ["101.png", "102.txt", "103.jpeg"]),  # a file that is named stays
    ],
)
def test_exclusions_go_by_the_path_below_the_source(
    tmp_path: Path, source: str, excludes: tuple[str, ...], expected: list[str]
) -> None:
    found = places(context_of(tmp_path, MEDIA), source, excludes=excludes)
    assert [place.rpartition("/")[2] for place in found] == expected


def test_modes_and_attributes_are_in_the_digest_and_owners_are_not(tmp_path: Path) -> None:
    digests = [context_of(tmp_path, {"a": "x"}).digest(["a"])]
    (tmp_path / "a").chmod(0o755)
    digests.append(read_context(tmp_path, "").digest(["a"]))
    with contextlib.suppress(PermissionError):
        os.chown(tmp_path / "a", 1000, 1000)
    assert read_context(tmp_path, "").digest(["a"]) == digests[-1]
    with contextlib.suppress(OSError):
        os.setxattr(tmp_path / "a", "user.note", b"read me")
        digests.append(read_context(tmp_path, "").digest(["a"]))
    assert len(set(digests)) == len(digests)


def test_a_second_name_has_no_bytes_of_its_own(tmp_path: Path) -> None:
    context_of(tmp_path, {"a": "12345"})
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    (tmp_path / "c").hardlink_to(tmp_path / "a")
    context = read_context(tmp_path, "")
    assert [entry.size for entry in context.select(["."])] == [0, 5, 0, 0]
    assert [entry.size for entry in context.select(["b", "c"])] == [5, 0]
    assert len({entry.digest for entry in context.select(["a", "b"])}) == 1
