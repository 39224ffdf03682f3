"""Packages by lock files and lists, of all the ways in which they are written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.images.packages import (
    cargo_packages,
    go_modules,
    java_dependencies,
    locked_node_packages,
    named_in_package_json,
    python_requirements,
    script_of,
)

OLD_LOCK = {
    "lockfileVersion": 1,
    "dependencies": {
        "a": {"version": "1", "dependencies": {"b": {"version": "2"}}},
        "c": {"version": "1", "dev": True},
    },
}
LOCK = {
    "lockfileVersion": 3,
    "packages": {
        "": {}, "node_modules/a": {}, "node_modules/a/node_modules/@s/b": {}, "packages/own": {},
        "node_modules/own": {"link": True}, "node_modules/d": {"dev": True},
        "node_modules/mac": {"os": ["darwin"]}, "node_modules/x": {"os": ["!win32"]},
        "node_modules/musl": {"libc": ["musl"]},
    },
}  # fmt: skip
YARN = """# yarn lockfile v1

"@s/a@^1.0.0", "@s/a@^1.1.0":
  version "1.2.0"
  dependencies:
    b "^1"

b@^1:
  version "1.0.0"
"""
BERRY = (
    '__metadata:\n  version: 8\n\n"a@npm:^1":\n  version: 1.0.0\n\n"@s/b@npm:2":\n  version: 2\n'
)
PNPM = """lockfileVersion: '9.0'

importers:
  .:
    dependencies:
      a: {}

packages:

  '@s/b@1.0.0':
    resolution: {integrity: x}

  a@2.0.0:
    resolution: {integrity: x}

snapshots:

  a@2.0.0: {}
"""
GO_SUM = """github.com/a/b v1.0.0 h1:x=
github.com/a/b v1.0.0/go.mod h1:x=
golang.org/x/sys v0.1.0/go.mod h1:x=
"""
GO_MOD = """module m

require github.com/a/b v1.0.0

require (
	golang.org/x/sys v0.1.0 // indirect
)
"""
CARGO = """[[package]]
name = "own"
version = "1"

[[package]]
name = "serde"
version = "1"
source = "registry+x"
"""
POM = "<dependency><groupId>g</groupId><artifactId> a </artifactId></dependency><dependency/>"
GRADLE = """dependencies {
  implementation 'g:a:1'
  testImplementation("g:b:2")
  api project(':x')
}
"""


def of(files: dict[str, str], *, without_dev: bool = False) -> list[str]:
    return locked_node_packages(lambda name: files.get(name, ""), without_dev)


@pytest.mark.parametrize(
    ("files", "every", "production"),
    [
        ({"package-lock.json": json.dumps(OLD_LOCK)}, ["a", "b", "c"], ["a", "b"]),
        ({"package-lock.json": json.dumps(LOCK)}, ["a", "@s/b", "d", "x"], ["a", "@s/b", "x"]),
        ({"yarn.lock": YARN}, ["@s/a", "b"], ["@s/a", "b"]),
        ({"yarn.lock": BERRY}, ["a", "@s/b"], ["a", "@s/b"]),
        ({"pnpm-lock.yaml": PNPM}, ["@s/b", "a"], ["@s/b", "a"]),
        ({}, [], []),
    ],
)
def test_a_lock_file_names_what_is_installed(
    files: dict[str, str], every: list[str], production: list[str]
) -> None:
    assert of(files) == every
    assert of(files, without_dev=True) == production


def test_where_a_lock_file_does_not_tell_development_package_json_gives_the_share() -> None:
    package = '{"dependencies": {"a": "1"}, "devDependencies": {"b": "1"}}'
    files = {"yarn.lock": YARN, "package.json": package}
    assert len(of(files)) == 2 and len(of(files, without_dev=True)) == 1
    assert named_in_package_json(package, without_dev=False) == ["a", "b"]


def test_a_script_has_those_around_it() -> None:
    package = '{"scripts": {"build": "b", "prebuild": "a", "postbuild": "c", "x": 5}}'
    assert script_of(package, "build") == "a && b && c"
    assert script_of("[", "build") == script_of("", "x") == ""


@pytest.mark.parametrize(
    ("words", "packages"),
    [
        ("Flask==3.0 uvicorn[standard]", ["flask", "uvicorn"]),
        ("-r requirements.txt", ["a", "b-c", "deep"]),
        ("--requirement=requirements.txt x", ["x", "a", "b-c", "deep"]),
        (".", ["p", "q"]),
        ("-e .", ["p", "q"]),
    ],
)
def test_requirements_are_read_where_they_stand(words: str, packages: list[str]) -> None:
    files = {
        "requirements.txt": "# all\na>=1 # one\nb_c[x]==2; a>'3'\n-r more.txt\n--hash x",
        "more.txt": "deep\n-r more.txt\n",
        "pyproject.toml": '[project]\ndependencies = [\n  "p>1",\n  "q[x]",\n]\n',
    }
    arguments = words.split()
    named = [word for word in arguments if not word.startswith("-")]
    found = python_requirements(named, arguments, lambda name: files.get(name, ""))
    assert [*dict.fromkeys(found.names)] == packages and not found.whole


def test_a_long_list_of_exact_versions_is_all_that_is_installed() -> None:
    lines = "\n".join(f"package{number}==1.0" for number in range(40))
    assert python_requirements([], ["-r", "all.txt"], lambda name: lines).whole


def test_modules_crates_and_artifacts() -> None:
    assert go_modules(GO_SUM, GO_MOD) == ["github.com/a/b"]
    assert go_modules("", GO_MOD) == ["github.com/a/b", "golang.org/x/sys"]
    assert cargo_packages(CARGO, "") == (["serde"], True)
    assert cargo_packages("", '[dependencies]\na = "1"\n[dev-dependencies]\nb = "1"\n') == (
        ["a", "b"], False,
    )  # fmt: skip
    assert java_dependencies([POM, GRADLE]) == ["a", "b"]


@given(st.text(max_size=400))
def test_nothing_is_too_odd_to_be_read(text: str) -> None:
    of(dict.fromkeys(("package-lock.json", "yarn.lock", "pnpm-lock.yaml", "package.json"), text))
    go_modules(text, text)
    cargo_packages(text, text)
    java_dependencies([text])
    python_requirements([text], ["-r", text], lambda name: "")
