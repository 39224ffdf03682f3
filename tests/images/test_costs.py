"""What commands of RUN cost: by hand-worked numbers, and in layers that a line makes smaller."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from images.projects import FOR_DEVELOPMENT, LOCKED, npm_lock

from sim.catalog.loader import names
from sim.catalog.models import model_of
from sim.images.costs import Cost, cost_of
from sim.images.surroundings import Surroundings
from sim.spec.build import Work
from sim.spec.cost import CostRule

UPDATE = "apt-get update && apt-get install -y --no-install-recommends make"
LISTS = 19_900_000


def rule(name: str, **actions: object) -> CostRule:
    whole = {"name": name, "title": name, "programs": [name], "actions": actions}
    return CostRule.model_validate(whole)


NOTHING = {"default": rule("default", run={})}


@pytest.fixture(scope="module")
def rules() -> dict[str, CostRule]:
    found = {name: model_of("costs", name) for name in names("costs")}
    return {name: each for name, each in found.items() if isinstance(each, CostRule)}


def around(files: Mapping[str, str] = {}, **more: object) -> Surroundings:
    held = {f"/app/{name}": text.encode() for name, text in files.items()}
    sizes = {path: len(content) for path, content in held.items()}
    return Surroundings("/app", held.get, lambda folder: sizes, **more)  # type: ignore[arg-type]


def test_what_is_fixed_and_what_each_thing_asks_for_add_up() -> None:
    got = rule(
        "got",
        get={
            "words": ["get"], "counts": "names", "connections": 3, "threads": 2, "into": "in",
            "fixed": {"wait": "2 s", "round_trips": 1, "compute": "1 core-s"},
            "each": {"download": "10 B", "compute": "2 core-s", "write": "30 B"},
            "known": {"big": {"download": "1000 B", "compute": "5 core-s"}},
            "usual": 4, "least": 2, "fewer": ["--few"], "cache": "kept",
            "keeps_nothing": ["--no-cache"],
        },
    )  # fmt: skip
    known = NOTHING | {"got": got}

    whole = cost_of("got get a b big", known, around())
    work = Work(wait=2, round_trips=1, download=1080, connections=3, compute=22, threads=2,
                write=1320)  # fmt: skip
    assert whole == Cost("got", work, 240 + 1080, {"/app/in": 240, "/app/kept": 1080})
    few = cost_of("got get --few --no-cache a", known, around())
    assert (few.work.download, few.work.compute, few.written) == (20, 5, 60)
    assert cost_of("got other", known, around()).work == Work()


def test_commands_of_a_line_add_up_and_threads_are_those_of_the_whole() -> None:
    compute = {"compute": "6 core-s"}
    one, many = ({"run": {"threads": threads, "fixed": compute}} for threads in (1, 3))
    known = NOTHING | {"one": rule("one", **one), "many": rule("many", **many)}
    work = cost_of("one; many", known, around()).work
    assert (work.compute, work.threads) == (12, 2)


def test_a_thing_that_is_done_once_is_not_done_again() -> None:
    got = rule("got", get={"once": "all", "fixed": {"compute": "1 core-s"}})
    known = NOTHING | {"got": got}
    assert cost_of("got && got", known, around()).work.compute == 1
    assert cost_of("got", known, around(earlier=("got x",))).work.compute == 0
    assert cost_of("got", known, around(earlier=("other",))).work.compute == 1


@pytest.mark.parametrize(
    ("command", "packages"),
    [
        ("npm ci", LOCKED),
        ("npm ci --omit=dev", LOCKED - len(FOR_DEVELOPMENT)),
        ("NODE_ENV=production npm install", LOCKED - len(FOR_DEVELOPMENT)),
        ("export NODE_ENV=production; npm install", LOCKED - len(FOR_DEVELOPMENT)),
        ("npm ci --production --include=dev", LOCKED),
        ("cd /app && npm install", LOCKED),
        ("cd /other && npm install", 0),
    ],
)
def test_npm_installs_what_its_lock_file_has(
    command: str, packages: int, rules: dict[str, CostRule]
) -> None:
    place = around({"package-lock.json": npm_lock(LOCKED - len(FOR_DEVELOPMENT))})
    install = rules["npm"].actions["install"]
    usual, compiler = install.each, install.known["typescript"]
    has_compiler = packages == LOCKED
    others = packages - has_compiler

    cost = cost_of(command, rules, place)

    download = others * usual.download.value + has_compiler * compiler.download.value
    write = others * usual.write.value + has_compiler * compiler.write.value
    assert cost.work.download == download
    assert cost.written == pytest.approx(write + download, abs=4096)
    assert "npm" in cost.rule.split(", ")


def test_a_script_costs_what_its_commands_do(rules: dict[str, CostRule]) -> None:
    scripts = {"build": "tsc -p . && node after.js", "prebuild": "rm -rf d"}
    package = json.dumps({"scripts": scripts})
    cost = cost_of("npm run build", rules, around({"package.json": package, "a.ts": "x" * 9000}))
    assert cost.rule == "npm, shell, tsc, scripts"
    blocks = 3 * 4096
    compiler = rules["tsc"].actions["compile"]
    assert cost.work.compute == pytest.approx(
        sum(
            each.compute.value
            for each in (
                rules["npm"].actions["run"].fixed,
                rules["shell"].actions["run"].fixed,
                rules["scripts"].actions["run"].fixed,
                compiler.fixed,
            )
        )
        + blocks / 1e6 * compiler.each.compute.value
    )


def test_a_script_that_calls_itself_ends(rules: dict[str, CostRule]) -> None:
    package = json.dumps({"scripts": {"build": "npm run build"}})
    assert cost_of("npm run build", rules, around({"package.json": package})).rule == "npm"


def test_what_a_line_removes_is_not_in_its_layer(rules: dict[str, CostRule]) -> None:
    kept = cost_of(UPDATE, rules, around())
    removed = cost_of(f"{UPDATE} && rm -rf /var/lib/apt/lists/*", rules, around())
    later = cost_of("rm -rf /var/lib/apt/lists/*", rules, around(earlier=(UPDATE,)))
    assert kept.written - removed.written == pytest.approx(LISTS, abs=4096)
    assert later.written < 10_000
    assert removed.work.write >= kept.work.write


def test_a_cache_that_is_emptied_refused_or_mounted_is_in_no_layer(
    rules: dict[str, CostRule],
) -> None:
    place = {"package-lock.json": npm_lock(10, {})}
    kept = cost_of("npm ci", rules, around(place))
    emptied = cost_of("npm ci && npm cache clean --force", rules, around(place))
    home = cost_of("npm ci && rm -rf ~/.npm", rules, around(place))
    mounted = cost_of("npm ci", rules, around(place, mounted=(Surroundings().path("~/.npm"),)))
    assert kept.written - emptied.written == kept.work.download
    assert mounted.written == emptied.written
    assert home.written == pytest.approx(emptied.written, abs=4096)
    pip = [cost_of(f"pip install {flag} x", rules, around()) for flag in ("", "--no-cache-dir")]
    assert pip[0].written - pip[1].written == pip[0].work.download


def test_a_program_lies_where_its_line_says(rules: dict[str, CostRule]) -> None:
    cost = cost_of("CGO_ENABLED=0 go build -o /bin/service ./cmd", rules, around())
    assert cost.left["/bin/service"] == rules["go"].actions["program"].fixed.write.value
    assert "/x.tgz" in cost_of("curl -fsSL -o /x.tgz https://x.example/y", rules, around()).left


def test_recommended_packages_are_left_out_where_asked_for(rules: dict[str, CostRule]) -> None:
    whole, few = (
        cost_of(f"apt-get install -y {flag} git zip", rules, around())
        for flag in ("", "--no-install-recommends")
    )
    assert few.work.download < whole.work.download and few.written < whole.written


def test_a_changed_owner_copies_files_up(rules: dict[str, CostRule]) -> None:
    cost = cost_of("chown -R node:node /app", rules, around(held=lambda path: 5_000_000))
    assert cost.written == 5_000_000
    assert cost.rule == "files"


def test_a_program_without_a_rule_costs_by_the_default(rules: dict[str, CostRule]) -> None:
    assert cost_of("frobnicate --all", rules, around()).rule == "default"
    assert cost_of("", rules, around()).rule == "default"


@pytest.mark.parametrize("name", names("costs"))
def test_every_program_has_one_rule(name: str, rules: dict[str, CostRule]) -> None:
    others = {each for other in rules.values() if other.name != name for each in other.programs}
    assert not others & {*rules[name].programs}
