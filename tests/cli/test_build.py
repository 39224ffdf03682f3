"""`tare build`: what it prints of a Dockerfile, as text and as data, and what it refuses."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from images.projects import OPTIMISED, node_service

from sim.catalog.references import image_for
from sim.cli.main import run

SMALL = """\
FROM debian:bookworm-slim AS tools
ARG LEVEL=1
WORKDIR /app
COPY . .
RUN ./configure --level $LEVEL

FROM tools
RUN ./make
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of two files, with a stage of its own for what is configured."""
    for name, text in (("Dockerfile", SMALL), ("main.c", "int main;\n"), ("README.md", "Hi.\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "Dockerfile"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert run(["build", *map(str, arguments)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def document(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    return json.loads(printed(capsys, *arguments, "--json"))


def performed(build: Mapping[str, Any]) -> list[str]:
    """The steps of the Dockerfile that were not cached, by their text."""
    steps = [step for step in build["steps"] if step["line"] and not step["cached"]]
    return [step["name"].partition("] ")[2] for step in steps]


def test_a_page_tells_each_step_each_build_and_why(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = printed(capsys, small, "--change", "touch:main.c", "--change", "edit:main.c")
    words = " ".join(page.split())

    assert "".join(page.split()).startswith(f"{small}onlaptop-8c-16gSteps")  # a path may wrap
    assert "[tools 3/4] COPY . ." in words
    assert "After touch:main.c all steps are cached." in words
    assert "the first step that is not cached is [tools 3/4] COPY . .;" in words
    assert "What steps leave, and by which rule they cost" in words
    assert max(map(len, page.splitlines()[1:])) <= 80


def test_a_command_with_the_word_from_is_a_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '# syntax=docker/dockerfile:1\nFROM debian\nARG LEVEL\nRUN query "SELECT 1 FROM dual"\n'
    (tmp_path / "Dockerfile").write_text(text, encoding="utf-8")
    page = printed(capsys, tmp_path / "Dockerfile", "--change", "arg:LEVEL=2")

    assert "After arg:LEVEL=2 the first step that is not cached is [2/2] RUN query" in page


def test_the_document_is_as_it_was_agreed(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = document(capsys, small, "--change", "touch:main.c", "--change", "edit:main.c")

    assert {*told} == {"schema", "builds"}
    assert told["schema"] == 1
    assert [build["change"] for build in told["builds"]] == [None, "touch:main.c", "edit:main.c"]
    for build in told["builds"]:
        assert {*build} == {"change", "seconds", "image_bytes", "context_bytes", "steps"}
        for step in build["steps"]:
            assert {*step} == {"line", "name", "cached", "seconds", "layer_bytes", "rule"}
            assert not step["cached"] or step["seconds"] == 0.0
        # steps of one chain: none takes longer than all of them, and all no longer than their sum
        each = [step["seconds"] for step in build["steps"]]
        assert max(each) <= build["seconds"] <= sum(each) + 1e-6


def test_a_touch_runs_nothing_and_an_edit_what_is_below_the_copy(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, touched, edited = document(
        capsys, small, "--change", "touch:main.c", "--change", "edit:main.c"
    )["builds"]

    assert performed(touched) == []
    assert performed(edited) == ["COPY . .", "RUN ./configure --level 1", "RUN ./make"]
    assert touched["seconds"] < edited["seconds"] <= first["seconds"]
    assert touched["image_bytes"] == first["image_bytes"]
    assert touched["context_bytes"] < first["context_bytes"]


def test_an_image_is_as_large_as_its_base_and_its_layers(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (build,) = document(capsys, small)["builds"]
    layers = sum(step["layer_bytes"] for step in build["steps"])

    small.write_text("FROM debian:bookworm-slim\n", encoding="utf-8")
    (base,) = document(capsys, small)["builds"]
    assert build["image_bytes"] == base["image_bytes"] + layers


def test_a_recorded_service_is_built_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All cached after a touch; after an edit the packages come again, unless copied before it."""
    changes = ("--change", "touch:src/server.ts", "--change", "edit:src/server.ts")
    naive = node_service(tmp_path)
    other = tmp_path / "Dockerfile.new"
    other.write_text(OPTIMISED, encoding="utf-8")
    told = document(capsys, naive, "--against", other, *changes)

    assert {*told} == {"schema", "builds", "against"}
    assert told["builds"][0]["change"] is None
    assert [performed(build) for build in told["builds"][1:]] == [
        [],
        ["COPY . .", "RUN npm ci", "RUN npm run build"],
    ]
    assert "RUN npm ci" not in performed(told["against"][2])
    assert told["against"][2]["seconds"] < told["builds"][2]["seconds"] / 2
    assert told["builds"][0]["steps"][-2]["rule"] == "npm, tsc"


def test_two_files_stand_side_by_side(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = small.with_name("Dockerfile.new")
    other.write_text(SMALL.replace("COPY . .", "COPY main.c ."), encoding="utf-8")
    page = printed(capsys, small, "--against", other, "--change", "edit:README.md")
    table = page.partition("Against each other\n")[2].splitlines()

    assert table[0].split() == ["build", "Dockerfile", "Dockerfile.new"]
    assert [line.split()[0] for line in table[2:5]] == ["first", "edit:README.md", "all"]
    assert "After edit:README.md all steps are cached." in page


def test_a_day_of_changes_is_all_of_them_over_and_over(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = document(
        capsys, small, "--change", "edit:main.c", "--change", "touch:main.c", "--repeat", "3"
    )
    assert [build["change"] for build in told["builds"]] == [
        None, *(["edit:main.c", "touch:main.c"] * 3)
    ]  # fmt: skip
    assert [len(performed(build)) for build in told["builds"][1:]] == [3, 0] * 3


def test_a_target_and_an_argument_choose_what_is_built(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (build,) = document(capsys, small, "--target", "tools", "--build-arg", "LEVEL=9")["builds"]

    assert performed(build)[-1] == "RUN ./configure --level 9"
    assert "RUN ./make" not in performed(build)


def test_a_change_of_an_argument_runs_what_sees_it(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, again = document(capsys, small, "--change", "arg:LEVEL=2")["builds"]
    assert performed(again) == ["RUN ./configure --level 2", "RUN ./make"]


def test_a_host_may_be_a_file_beside_who_asks(
    small: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of half the speed: what computes takes longer; the file is named from where one is."""
    (small.parent / "slow.yaml").write_text(
        "extends: laptop-8c-16g\nspeed: 0.5\n", encoding="utf-8"
    )
    monkeypatch.chdir(small.parent)
    slow = document(capsys, "Dockerfile", "--host", "slow.yaml")["builds"][0]
    usual = document(capsys, "Dockerfile")["builds"][0]

    assert slow["seconds"] > usual["seconds"]
    assert slow["image_bytes"] == usual["image_bytes"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--change", "edit:nothing.c"], "there is no 'nothing.c' in the context"),
        (["--change", "burn:main.c"], "a change cannot be 'burn:main.c'; write one of touch:WHAT"),
        (["--change", "main.c"], "a change cannot be 'main.c'"),
        (["--change", "arg:LEVEL"], "write arg:NAME=VALUE"),
        (["--change", "base:alpine"], "no stage that is built is from 'alpine'"),
        (["--change", "add:../outside"], "'../outside' is no file in the context"),
        (["--target", "test"], "has no stage 'test'"),
        (["--build-arg", "LEVEL"], "--build-arg LEVEL has no value; write --build-arg LEVEL=VALUE"),
        (["--build-arg", "=2"], "--build-arg =2 has no name; write --build-arg NAME=VALUE"),
        (["--host", "laptop-8c-16"], "host: 'laptop-8c-16' is no host of the catalog; did you"),
        (["--host", "none.yaml"], "none.yaml: there is no such file"),
        (["--context", "nowhere"], "there is no folder 'nowhere'"),
        (["--against", "Dockerfile.other"], "Dockerfile.other: there is no such file; name a Doc"),
        (["--repeat", "0"], "0 is not in the range"),
    ],
)
def test_what_cannot_be_is_told_in_words(
    arguments: list[str], told: str, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build", str(small), *arguments]) == 2
    out, err = capsys.readouterr()

    assert out == ""
    assert told in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("FROM nobody/knows:this\n", "nobody/knows:this"),
        ("FROM debian\nCOPY missing.c .\n", "Dockerfile:2"),
        ("RUN true\n", "Dockerfile:1"),
        ("FROM debian\nRNU true\n", "Dockerfile:2"),
        ("", "Dockerfile"),
    ],
)
def test_a_wrong_dockerfile_is_told_with_its_line(
    text: str, told: str, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small.write_text(text, encoding="utf-8")

    assert run(["build", str(small)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_a_missing_dockerfile_and_a_folder_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, told in ((tmp_path / "None", "there is no such file"), (tmp_path, "it is a folder")):
        assert run(["build", str(path)]) == 2
        assert told in capsys.readouterr().err


def test_a_disk_that_is_too_small_is_told_with_the_step(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host = small.with_name("full.yaml")
    host.write_text(
        "extends: laptop-8c-16g\nswap: 0 B\ndisk: {capacity: 80 MB}\n", encoding="utf-8"
    )
    assert run(["build", str(small), "--host", str(host)]) == 1
    err = capsys.readouterr().err
    assert "the build fails: " in err
    assert "name a larger host" in err


def test_images_from_scratch_may_hold_nothing(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small.write_text('FROM scratch\nCMD ["/hello"]\n', encoding="utf-8")
    (build,) = document(capsys, small, "--change", "touch:main.c")["builds"][:1]
    assert build["image_bytes"] == 0
    printed(capsys, small)


def test_another_image_stands_for_a_base_that_nobody_knows(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = document(capsys, small)["builds"][0]
    text = SMALL.replace("debian:bookworm-slim", "registry.local:5000/team/base:1")
    small.write_text(text, encoding="utf-8")

    assert run(["build", str(small)]) == 2
    assert f"{small}:1: " in (told := capsys.readouterr().err) and "--base NAME=IMAGE" in told
    named = "registry.local:5000/team/base:1=debian:bookworm-slim"
    stands_in = document(capsys, small, "--base", named)["builds"][0]
    assert stands_in["image_bytes"] == known["image_bytes"]
    own = [{"Config": "c", "RepoTags": ["base:1"], "Id": "sha256:" + "1" * 64, "Os": "linux",
            "RootFS": {"Layers": ["sha256:" + "2" * 64]}, "Size": 123_000_000}]  # fmt: skip
    small.with_name("base.json").write_text(json.dumps(own), encoding="utf-8")
    of_file = f"registry.local:5000/team/base:1={small.with_name('base.json')}"
    inspected = document(capsys, small, "--base", of_file)["builds"][0]
    layers = image_for("debian:bookworm-slim").image.layers.values()
    base = sum(layer.unpacked.value for layer in layers)
    more = 123e6 - base + 4096  # the file itself is in the context, and takes a block
    assert inspected["image_bytes"] - known["image_bytes"] == pytest.approx(more, abs=1)
