"""Builds of real folders planned whole: what they send, what they bring, and what they refuse."""

import io
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from images.test_cache import Plain

from sim.errors import ScenarioError, UsageError
from sim.images.building import Inputs, plan_builds
from sim.images.context import read_context
from sim.images.dockerfile import parse
from sim.spec.build import Build

Files = Mapping[str, str | bytes]


def builds(folder: Path, dockerfile: str, files: Files, changes: Sequence[str] = ()) -> list[Build]:
    """Plan the builds of a folder, in which the Dockerfile lies as well."""
    for path, content in {"Dockerfile": dockerfile, **files}.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    context = read_context(folder, folder / "Dockerfile")
    return plan_builds(Inputs(parse(dockerfile, "Dockerfile"), context), changes, Plain())


def layers(build: Build) -> list[int]:
    return [step.layer for step in build.steps if step.kind == "copy"]


def cached(build: Build) -> list[bool]:
    return [step.cached for step in build.steps if step.kind in ("copy", "run")]


APP = {
    "package.json": "{}",
    "src/index.js": "run()",
    "docs/guide.md": "read me",
    ".dockerignore": "docs\nDockerfile\n.dockerignore\n",
}
NAIVE = "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n"
ORDERED = "FROM node\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\nCOPY . .\nRUN npm run build\n"


@pytest.mark.parametrize(
    ("dockerfile", "change", "expected"),
    [
        (NAIVE, "touch:src/index.js", [True, True, True]),
        (NAIVE, "edit:src/index.js", [False, False, False]),
        (NAIVE, "edit:docs/guide.md", [True, True, True]),
        (NAIVE, "edit:Dockerfile", [True, True, True]),
        (NAIVE, "add:src/new.js", [False, False, False]),
        (NAIVE, "add:docs/new.md", [True, True, True]),
        (NAIVE, "remove:package.json", [False, False, False]),
        (ORDERED, "touch:package.json", [True, True, True, True]),
        (ORDERED, "edit:src/index.js", [True, True, False, False]),
        (ORDERED, "edit:package.json", [False, False, False, False]),
    ],
)
def test_a_change_runs_what_it_reaches_and_nothing_else(
    tmp_path: Path, dockerfile: str, change: str, expected: list[bool]
) -> None:
    first, second = builds(tmp_path, dockerfile, APP, [change])
    assert not any(cached(first))
    assert cached(second) == expected


def test_each_edit_is_new_and_an_edit_taken_back_is_not(tmp_path: Path) -> None:
    changes = ["edit:src/index.js", "edit:src/index.js", "add:x", "remove:x", "touch:package.json"]
    known = [cached(build)[0] for build in builds(tmp_path, NAIVE, APP, changes)]
    assert known == [False, False, False, False, True, True]


def test_contents_are_sent_once(tmp_path: Path) -> None:
    files = {**APP, "large": bytes(200_000)}
    sizes = [build.context for build in builds(tmp_path, NAIVE, files, ["touch:src/index.js"])]
    assert 200_000 < sizes[0] < 201_000
    assert sizes[1] < 300


def test_only_what_the_dockerfile_names_is_sent(tmp_path: Path) -> None:
    files = {**APP, "large": bytes(200_000)}
    (build,) = builds(tmp_path, "FROM node\nCOPY package.json /\n", files)
    assert build.context < 100
    (build,) = builds(tmp_path, "FROM node\nRUN true\n", files)
    assert build.context == 0


def test_add_brings_what_an_archive_holds_and_copy_brings_the_archive(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo("deep/in/it")
        member.size = 100_000
        archive.addfile(member, io.BytesIO(bytes(member.size)))
    files = {"a.tgz": packed.getvalue()}
    (added,) = builds(tmp_path, "FROM scratch\nADD a.tgz /x/\n", files)
    (copied,) = builds(tmp_path, "FROM scratch\nCOPY a.tgz /x/\n", files)
    assert layers(added) == [100_000]
    assert layers(copied) == [len(packed.getvalue())]
    through = "FROM scratch AS a\nADD a.tgz /x/\nFROM scratch\nCOPY --from=a /x/deep /y\n"
    (taken,) = builds(tmp_path, through, files)
    assert layers(taken) == [100_000, 100_000]


def test_an_archive_that_changed_is_added_anew(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("x"))
    dockerfile, files = "FROM scratch\nADD a.tar /x/\n", {"a.tar": packed.getvalue()}
    planned = builds(tmp_path, dockerfile, files, ["touch:a.tar", "edit:a.tar"])
    assert [cached(build) for build in planned] == [[False], [True], [False]]


def test_excluded_files_are_not_brought_and_do_not_count(tmp_path: Path) -> None:
    dockerfile = "FROM scratch\nCOPY --exclude=**/*.md . /x/\n"
    files = {"a.md": "12345", "b/c.md": "12345", "b/d": "123", ".dockerignore": "Dockerfile\n.d*\n"}
    first, second, third = builds(tmp_path, dockerfile, files, ["edit:b/c.md", "edit:b/d"])
    assert layers(first) == [3]
    assert (cached(second), cached(third)) == ([True], [False])


def test_sources_that_are_not_there_are_told_at_their_lines_all_at_once(tmp_path: Path) -> None:
    dockerfile = "FROM node\nCOPY pakage.json /\nRUN npm ci\nCOPY docs /docs\nCOPY *.nothing /\n"
    with pytest.raises(ScenarioError) as told:
        builds(tmp_path, dockerfile, APP)
    assert str(told.value).splitlines() == [
        "Dockerfile:2: there is no 'pakage.json' in the context; did you mean 'package.json'?",
        "Dockerfile:4: 'docs' is left out of the context by line 1 of .dockerignore; take the line"
        " out, or write !docs below it",
    ]


def test_a_source_that_a_change_takes_away_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"Dockerfile:2: there is no 'package\.json'"):
        builds(tmp_path, "FROM node\nCOPY package.json /\n", APP, ["remove:package.json"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("touch:pakage.json", "there is no 'pakage.json' in the context; did you mean"),
        ("edit:src", "'src' is a folder; name a file in it"),
        ("remove:../elsewhere", "'../elsewhere' is no file in the context"),
        ("add:\udcff", "'\\udcff' is no file in the context"),
        ("touch:/etc/passwd", "'/etc/passwd' is no file in the context"),
        ("add:package.json", "there is a 'package.json' already"),
        ("add:package.json/x", "'package.json' is no folder that a file could be added to"),
        ("remove:.dockerignore", "'.dockerignore' says what is in the context; build a folder"),
        ("edit:", "a change cannot be 'edit:'"),
        ("break:it", "a change cannot be 'break:it'"),
    ],
)
def test_a_change_that_cannot_be_is_told(tmp_path: Path, change: str, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        builds(tmp_path, NAIVE, APP, [change])
    assert str(refused.value).startswith(told)
