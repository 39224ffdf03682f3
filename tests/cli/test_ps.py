"""`tare ps`: a listing at a moment, and words for moments that there are not."""

import json
from pathlib import Path

import pytest

from sim.cli.main import run

STORY = """\
version: 1
title: Two services
host: cloud-2c-8g
platforms: [process, container-docker, vm-qemu]
horizon: 1 min
groups:
  web:
    workload: {extends: nginx, main: {command: serve}}
    count: 1
    name: front
    publish: ["8080:80"]
    commands: [{at: 30 s, do: stop}]
"""


@pytest.fixture
def story(tmp_path: Path) -> str:
    file = tmp_path / "story.yaml"
    file.write_text(STORY, encoding="utf-8")
    return str(file)


def test_it_lists_the_first_platform_with_containers_and_says_which(
    story: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ps", story, "--at", "20s"]) == 0
    out, err = capsys.readouterr()
    head, line = out.splitlines()
    assert head.startswith("CONTAINER ID ") and head.endswith(" NAMES")
    for part in ('"serve"', "20 seconds ago", "Up 19 seconds", "0.0.0.0:8080->80/tcp", "front"):
        assert part in line
    assert err == "platform: container-docker; --platform NAME chooses another\n"


def test_it_lists_what_has_ended(story: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ps", story, "--at", "35 s", "--platform", "process", "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert "Exited (0) 4 seconds ago" in out
    assert err == ""


def test_the_document_is_all_there_is_on_standard_output(
    story: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ps", story, "--at", "1 min", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["scenario"], told["platform"]) == (1, "story", "container-docker")
    assert told["at_s"] == 60
    assert [each["names"] for each in told["containers"]] == ["front"]
    assert told["containers"][0]["exit_status"] == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--at", "61s"], "--at 61s is after the horizon of story; write 1 min or less"),
        (["--at", "soon"], "--at soon: "),
        (["--at", "30"], "--at 30: "),
        (["--at", "-1 s"], "--at -1 s: "),
        (["--at", "1 s", "--platform", "podman"], "'podman' is no platform of this scenario"),
        ([], "--at"),
    ],
)
def test_a_moment_or_a_platform_that_there_is_not_is_told_in_words(
    story: str, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ps", story, *options]) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert "Traceback" not in err
    assert out == ""
