"""A recorded build of a Node service, and what the same rules make of its other Dockerfile.

Docker Desktop 4.54 on WSL2, base images present: 33.9 s at first, 0.8 s after `touch`, 29.7 s after
an edit of one line; `npm ci` of 81 packages takes 30.8 s of the first.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from images.projects import OPTIMISED, node_service

from sim.errors import ScenarioError
from sim.studies.build import Builds, build_image

HOST = "desktop-wsl2-8c-16g"
CHANGES = ["touch:src/server.ts", "edit:src/server.ts"]
BAND = 0.15


@pytest.fixture(scope="module")
def naive(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    folder = tmp_path_factory.mktemp("naive")
    return build_image(node_service(folder), changes=CHANGES, host=HOST)


@pytest.fixture(scope="module")
def optimised(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    folder = tmp_path_factory.mktemp("optimised")
    return build_image(node_service(folder, OPTIMISED), changes=CHANGES, host=HOST)


def test_the_three_times_are_those_of_the_record(naive: Builds) -> None:
    assert [*naive.builds["seconds"]] == pytest.approx([33.9, 0.8, 29.7], rel=BAND)


def test_the_install_is_what_takes_the_time(naive: Builds) -> None:
    first = naive.steps[naive.steps["build"] == 0].set_index("name")
    install = first.loc["[4/5] RUN npm ci"]
    assert install["ends_s"] - install["begins_s"] == pytest.approx(30.8, rel=BAND)
    assert install["rule"] == "npm"


@pytest.mark.parametrize(
    ("name", "recorded"),
    [
        ("[2/5] WORKDIR /app", 8192),
        ("[3/5] COPY . .", 94_200),
        ("[4/5] RUN npm ci", 55_600_000),
        ("[5/5] RUN npm run build", 49_200),
    ],
)
def test_layers_hold_what_the_record_has(naive: Builds, name: str, recorded: int) -> None:
    first = naive.steps[naive.steps["build"] == 0].set_index("name")
    assert first["layer_bytes"][name] == pytest.approx(recorded, rel=BAND)


def test_as_much_of_the_context_is_sent(naive: Builds) -> None:
    sent = [*naive.builds["context_bytes"]]
    assert sent[0] == pytest.approx(49_800, rel=BAND)
    assert sent[1] < sent[0] / 10


def test_package_files_first_make_an_edit_cheap(naive: Builds, optimised: Builds) -> None:
    first, touched, edited = optimised.builds["seconds"]
    assert edited < naive.builds["seconds"][2] / 5
    assert touched == pytest.approx(naive.builds["seconds"][1], rel=0.05)
    assert first > naive.builds["seconds"][0]
    assert optimised.builds["image_bytes"][0] < naive.builds["image_bytes"][0] / 3


def test_a_cost_stated_for_a_command_that_is_not_there_is_told(tmp_path: Path) -> None:
    dockerfile = node_service(tmp_path)
    beside = dockerfile.with_name("Dockerfile.costs.yaml")
    beside.write_text("npm run build: {compute: 9 core-s}\n", encoding="utf-8")
    steps = build_image(dockerfile, host=HOST).steps
    assert [*steps["rule"]].count("stated") == 1
    beside.write_text("npm run biuld: {compute: 9 core-s}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="no RUN begins with 'npm run biuld'; did you mean"):
        build_image(dockerfile, host=HOST)
