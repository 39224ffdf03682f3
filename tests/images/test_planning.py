"""Plans of builds worked by hand: what their steps wait for, hold and ask for."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from sim.errors import UsageError
from sim.images.building import Inputs, plan_builds
from sim.images.context import read_context
from sim.images.costs import Cost
from sim.images.dockerfile import parse
from sim.images.naming import full_name
from sim.images.supplies import BaseImage, Rate, Rates
from sim.images.surroundings import Surroundings
from sim.spec.build import Build, Step, Work
from sim.spec.image import Image

EACH = Rate(read=1, write=1, compute=0.001)


class Priced:
    """Supplies with round numbers, which keep what commands found around them."""

    rates = Rates(
        metadata=Rate(Work(round_trips=2)),
        base=Rate(Work(wait=1)),
        context=EACH,
        copy=EACH,
        export=EACH,
        folder_bytes=8192,
    )

    def __init__(self) -> None:
        self.found: dict[str, Surroundings] = {}

    def base(self, reference: str) -> BaseImage:
        """An image of a million bytes in one layer."""
        layer = {"kind": "os", "compressed": "500 kB", "unpacked": "1 MB"}
        image = Image.model_validate({"name": "base", "title": "", "layers": {"one": layer}})
        return BaseImage(full_name(reference), reference, 1_000_000, image)

    def cost(self, line: int, command: str, around: Surroundings) -> Cost:
        """A second, and 500 bytes in node_modules for npm and where it stands for others."""
        self.found[command] = around
        left = {around.path("node_modules"): 500} if command == "npm ci" else {}
        return Cost(command.split(maxsplit=1)[0], Work(compute=1, write=500), 500, left)


def builds(
    folder: Path,
    text: str,
    files: Mapping[str, str],
    changes: Sequence[str] = (),
    supplies: Priced | None = None,
    target: str = "",
) -> list[Build]:
    """Plan the builds of a Dockerfile with some files."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    context = read_context(folder, folder / "Dockerfile")
    inputs = Inputs(parse(text, "Dockerfile"), context, target=target)
    return plan_builds(inputs, changes, supplies or Priced())


def step(build: Build, text: str) -> Step:
    """The one step whose name ends with a text."""
    (found,) = [step for step in build.steps if step.name.endswith(text)]
    return found


def ran(build: Build) -> list[str]:
    """What of the Dockerfile's own steps was not cached, without stages and numbers."""
    kinds = ("folder", "copy", "run")
    steps = [step for step in build.steps if step.kind in kinds and not step.cached]
    return [step.name.partition("] ")[2] for step in steps]


APP = """FROM node:24
WORKDIR /app
COPY package.json ./
RUN npm ci
COPY . .
RUN npm run build
"""
FILES = {"package.json": "{}", "src/a.js": "abc"}


def test_the_builders_own_steps_come_first_and_last(tmp_path: Path) -> None:
    (build,) = builds(tmp_path, APP, FILES)
    assert [step.name for step in build.steps if step.kind in ("internal", "export")] == [
        "[internal] load build definition from Dockerfile",
        "[internal] load metadata for docker.io/library/node:24",
        "[internal] load .dockerignore",
        "[internal] load build context",
        "exporting to image",
    ]
    assert build.steps[-1].name == "exporting to image"


def test_a_file_that_names_its_frontend_asks_for_that(tmp_path: Path) -> None:
    (build,) = builds(tmp_path, "# syntax=docker/dockerfile:1\n" + APP, FILES)
    assert [step.name for step in build.steps][1:3] == [
        "resolve image config for docker-image://docker.io/docker/dockerfile:1",
        "docker-image://docker.io/docker/dockerfile:1",
    ]
    assert build.steps[2].image is None  # no catalog knows it, and none is asked


def test_a_file_that_copies_nothing_from_the_context_sends_nothing(tmp_path: Path) -> None:
    (build,) = builds(tmp_path, "FROM node:24\nRUN true\n", FILES)
    assert build.context == 0
    assert "[internal] load build context" not in [step.name for step in build.steps]


def test_an_image_is_its_base_and_its_layers(tmp_path: Path) -> None:
    (build,) = builds(tmp_path, APP, FILES)
    layers = {step.name.partition("] ")[2]: step.layer for step in build.steps if step.layer}
    assert layers == {
        "WORKDIR /app": 8192,
        "COPY package.json ./": 2,
        "RUN npm ci": 500,
        "COPY . .": 5,
        "RUN npm run build": 500,
    }
    assert build.image == 1_000_000 + sum(layers.values())


def test_what_a_later_step_removes_stays_in_the_layer_below(tmp_path: Path) -> None:
    kept, removed = (
        builds(tmp_path, f"FROM scratch\nCOPY . /app/\n{line}", FILES)[0]
        for line in ("", "RUN rm -r /app\n")
    )
    assert removed.image == kept.image + 500


def test_a_folder_that_is_there_makes_no_layer(tmp_path: Path) -> None:
    text = "FROM node:24\nWORKDIR /app\nCOPY . .\nWORKDIR src\nWORKDIR /app\n"
    (build,) = builds(tmp_path, text, FILES)
    assert [step.layer for step in build.steps if step.kind == "folder"] == [8192, 0, 0]


def test_only_new_layers_are_exported(tmp_path: Path) -> None:
    exported = [build.steps[-1].work.read for build in builds(tmp_path, APP, FILES, EDITS)]
    assert exported == [8192 + 2 + 500 + 5 + 500, 0, 6 + 500]


EDITS = ["touch:src/a.js", "edit:src/a.js"]


def test_steps_ask_for_their_bytes(tmp_path: Path) -> None:
    (build,) = builds(tmp_path, APP, FILES)
    copy = step(build, "COPY . .").work
    assert (copy.read, copy.write, copy.compute) == (5, 5, pytest.approx(0.005))
    assert step(build, "load build context").work.read == build.context
    assert step(build, "metadata for docker.io/library/node:24").work.round_trips == 2


def test_cached_steps_keep_what_they_would_ask_for(tmp_path: Path) -> None:
    """Where nothing keeps their outcome, as in a virtual machine, they are performed again."""
    first, again = builds(tmp_path, APP, FILES, ["touch:package.json"])
    assert ran(again) == []
    for text in ("COPY . .", "RUN npm ci"):
        before, after = step(first, text), step(again, text)
        assert after.cached
        assert after.work == before.work != Work()


def test_an_edit_runs_what_is_below_the_copy_that_takes_it(tmp_path: Path) -> None:
    _, edited, package = builds(tmp_path, APP, FILES, ["edit:src/a.js", "edit:package.json"])
    assert ran(edited) == ["COPY . .", "RUN npm run build"]
    assert ran(package) == ["COPY package.json ./", "RUN npm ci", "COPY . .", "RUN npm run build"]


def test_a_base_that_changes_has_other_layers_and_runs_all(tmp_path: Path) -> None:
    plans = builds(tmp_path, APP, FILES, ["base:node:24", "base:docker.io/node:24"])
    bases = [step(build, "FROM docker.io/library/node:24") for build in plans]
    assert [[*base.image.layers] for base in bases if base.image] == [["one"], ["one+1"], ["one+2"]]
    assert [base.cached for base in bases] == [False] * 3
    assert [len(ran(build)) for build in plans] == [5, 5, 5]


def test_an_argument_that_changes_runs_what_sees_it(tmp_path: Path) -> None:
    text = "FROM node:24\nRUN one\nARG LEVEL\nRUN two\n"
    _, changed, back, proxy = builds(
        tmp_path, text, {}, ["arg:LEVEL=1", "arg:LEVEL=2", "arg:HTTP_PROXY=http://proxy"]
    )
    assert [ran(build) for build in (changed, back, proxy)] == [["RUN two"], ["RUN two"], []]


@pytest.mark.parametrize(
    "change", ["move:a", "edit", "arg:LEVEL", "arg:=1", "base:python", "edit:none.js"]
)
def test_a_change_that_cannot_be_is_refused(change: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        builds(tmp_path, APP, FILES, [change])


def test_stages_go_in_parallel_and_meet_where_one_copies_from_the_other(tmp_path: Path) -> None:
    text = """FROM node:24 AS build
RUN one
FROM nginx AS other
RUN two
FROM scratch
COPY --from=build /a /
COPY --from=other /b /
"""
    (build,) = builds(tmp_path, text, {})
    numbers = {step.name.partition("] ")[2]: at for at, step in enumerate(build.steps)}
    needs = {step.name.partition("] ")[2]: step.needs for step in build.steps}
    ready = numbers["load .dockerignore"]
    one, two, copied = numbers["RUN one"], numbers["RUN two"], "COPY --from=build /a /"
    assert needs["FROM docker.io/library/node:24"] == [ready]
    assert needs["FROM docker.io/library/nginx:latest"] == [ready]
    assert needs["RUN two"] == [numbers["FROM docker.io/library/nginx:latest"]]
    assert needs[copied] == sorted([ready, one])
    assert needs["COPY --from=other /b /"] == sorted([numbers[copied], two])


LINKED = "FROM node:24\nRUN {}\nCOPY --link a.txt /\nRUN two\n"


def test_a_linked_copy_waits_for_nothing_below_it(tmp_path: Path) -> None:
    (build,) = builds(tmp_path, LINKED.format("one"), {"a.txt": "a"})
    copy = step(build, "COPY --link a.txt /")
    context = build.steps.index(step(build, "load build context"))
    assert copy.needs == [context]
    assert step(build, "RUN two").needs == sorted(
        [build.steps.index(step(build, "RUN one")), build.steps.index(copy)]
    )


def test_a_linked_copy_is_cached_whatever_ran_below_it(tmp_path: Path) -> None:
    text = "FROM node:24\nARG LEVEL=1\nRUN one\nCOPY --link a.txt /\nRUN two\n"
    _, changed = builds(tmp_path, text, {"a.txt": "a"}, ["arg:LEVEL=2"])
    assert ran(changed) == ["RUN one", "RUN two"]
    _, changed = builds(tmp_path, text.replace("--link", "--link --chmod=755"), {}, ["arg:LEVEL=2"])
    assert len(ran(changed)) == 3


DOCUMENT = """FROM node:24
ARG NAME=a
COPY <<END /etc/motd
hello $NAME
END
RUN <<END
one
two
END
"""


def test_a_document_is_a_file_and_a_script(tmp_path: Path) -> None:
    supplies = Priced()
    first, other = builds(tmp_path, DOCUMENT, {}, ["arg:NAME=b"], supplies)
    assert [step.name for step in first.steps if step.line] == [
        "[1/3] FROM docker.io/library/node:24",
        "[2/3] COPY <<END /etc/motd",
        "[3/3] RUN <<END (one...)",
    ]
    assert "[internal] preparing inline document" in [step.name for step in first.steps]
    assert step(first, "/etc/motd").layer == len("hello a\n")
    assert list(supplies.found) == ["one\ntwo\n"]
    assert supplies.found["one\ntwo\n"].text("/etc/motd") == "hello b\n"
    assert len(ran(other)) == 2


def test_a_mounted_cache_makes_a_stage_of_it(tmp_path: Path) -> None:
    text = "FROM node:24\nRUN --mount=type=cache,target=/cache one\n"
    (build,) = builds(tmp_path, text, {})
    assert step(build, " one").name.startswith("[stage-0 2/2] RUN")


def test_a_command_finds_what_was_copied_and_mounted(tmp_path: Path) -> None:
    text = """FROM node:24 AS lists
COPY package.json /lists/
FROM node:24
WORKDIR /app
ENV CI=1
RUN --mount=type=bind,from=lists,source=/lists/package.json,target=package.json \\
    --mount=type=cache,target=/cache npm ci
COPY . .
RUN npm run build
"""
    supplies = Priced()
    builds(tmp_path, text, FILES, supplies=supplies)
    install, build = supplies.found["npm ci"], supplies.found["npm run build"]
    assert install.text("package.json") == "{}"
    assert install.folder == "/app"
    assert "/cache" in install.mounted
    assert install.environment["CI"] == "1"
    assert build.earlier == ("npm ci",)
    assert build.sizes("/app") == {"/app/package.json": 2, "/app/src/a.js": 3}
    assert build.held("/app") == 5 + 500


TWO = """FROM node:24 AS build
WORKDIR /app
COPY package.json ./
RUN npm ci
COPY . .
RUN npm run build
FROM nginx
COPY --from=build /app/node_modules /modules
COPY --from=build /app/dist /dist
"""


def test_what_a_command_left_goes_where_it_is_copied(tmp_path: Path) -> None:
    first, edited = builds(tmp_path, TWO, FILES, ["edit:src/a.js"])
    assert step(first, "/modules").layer == 500
    assert step(first, "/dist").layer == 500
    assert ran(edited) == ["COPY . .", "RUN npm run build", "COPY --from=build /app/dist /dist"]


def test_what_commands_left_elsewhere_is_not_where_only_the_base_has_files(tmp_path: Path) -> None:
    text = "FROM node:24 AS build\nWORKDIR /app\nRUN npm ci\nFROM scratch\n"
    (build,) = builds(tmp_path, text + "COPY --from=build /etc/ssl/cert.pem /etc/ssl/\n", {})
    assert build.image == 0


def test_an_address_is_fetched_at_the_price_of_fetching(tmp_path: Path) -> None:
    supplies = Priced()
    text = "FROM scratch\nADD https://example.org/a.tar.gz /\n"
    first, again = builds(tmp_path, text, {"b": "b"}, ["edit:b"], supplies)
    assert list(supplies.found) == ["curl https://example.org/a.tar.gz"]
    assert step(first, "a.tar.gz /").layer == 500
    assert ran(again) == []


def test_a_stage_that_the_target_does_not_need_is_left_out(tmp_path: Path) -> None:
    text = "FROM node:24 AS one\nRUN one\nFROM nginx AS two\nRUN two\n"
    (build,) = builds(tmp_path, text, {}, target="one")
    assert [step.name for step in build.steps if step.line] == [
        "[one 1/2] FROM docker.io/library/node:24",
        "[one 2/2] RUN one",
    ]


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("node", "docker.io/library/node:latest"),
        ("node:24-slim", "docker.io/library/node:24-slim"),
        ("me/app", "docker.io/me/app:latest"),
        ("docker.io/node:24", "docker.io/library/node:24"),
        ("ghcr.io/me/app:1", "ghcr.io/me/app:1"),
        ("localhost:5000/app", "localhost:5000/app:latest"),
        ("node@sha256:00", "docker.io/library/node@sha256:00"),
    ],
)
def test_images_are_named_in_full(written: str, full: str) -> None:
    assert full_name(written) == full
