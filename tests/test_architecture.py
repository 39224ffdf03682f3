"""The house stands as it was drawn: every rule holds of the project, and breaks where it should."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from house import (
    Module,
    Modules,
    circles,
    forbidden_imports,
    platform_names,
    prints,
    read_package,
    upward_imports,
    vague_names,
)
from measures import (
    body_lines,
    functions,
    large_functions,
    long_modules,
    nesting,
    paths,
    unannotated,
    undocumented,
)

ROOT = Path(__file__).parents[1]
CATALOG = ROOT / "sim" / "catalog"
KINDS = ("hosts", "platforms", "workloads", "images", "costs")
CARD = {
    *("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "CITATION.cff"),
    *("sim", "scenarios", "reports", "tests", ".ci", ".gitignore"),
}
"""All that lies in the project's folder."""

MACHINE = re.compile(r"(?<![\w+/=.~<-])/(?:tmp|work|home|root)(?![\w.-])")
"""A path that leads somewhere on one machine alone."""

Rule = Callable[[Modules], Iterable[str]]
Files = Mapping[str, str]


def kept(folder: Path, ignored: Iterable[str]) -> Iterator[Path]:
    """What lies in a folder, without what is made from it or belongs to its history."""
    patterns = [*(pattern.rstrip("/") for pattern in ignored), ".git"]
    for path in sorted(folder.iterdir()):
        if not any(fnmatch(path.name, pattern) for pattern in patterns):
            yield path


def kept_files(folder: Path, ignored: list[str]) -> Iterator[Path]:
    """All files below a folder that are kept."""
    for path in kept(folder, ignored):
        yield from kept_files(path, ignored) if path.is_dir() else [path]


def ignored_in(folder: Path) -> list[str]:
    """The patterns of a folder's `.gitignore`."""
    return (folder / ".gitignore").read_text(encoding="utf-8").split()


def machine_paths(folder: Path) -> Iterator[str]:
    """The places in a project's text files where a path of one machine stands."""
    for path in kept_files(folder, ignored_in(folder)):
        text = path.read_bytes().decode(errors="ignore")
        for number, line in enumerate(text.splitlines(), start=1):
            if MACHINE.search(line):
                yield f"{path.relative_to(folder)}:{number}"


def uncited(tree: object, where: str, sources: Container[object]) -> Iterator[str]:
    """The numbers in an entry of the catalog that lack evidence, or a source that exists."""
    for path, cited in cited_numbers(tree, where):
        if not (cited.get("source") in sources and cited.get("evidence")):
            yield f"{path}: source {cited.get('source')}, evidence {cited.get('evidence')}"


def cited_numbers(tree: object, where: str) -> Iterator[tuple[str, dict[str, object]]]:
    """The mappings of an entry that state a value, with their paths."""
    if isinstance(tree, list):
        tree = dict(enumerate(tree))
    if isinstance(tree, dict):
        if "value" in tree:
            yield where, tree
        for key, item in tree.items():
            yield from cited_numbers(item, f"{where}.{key}")


def catalog_entries() -> dict[str, object]:
    """The entries of the catalog as they are written, by kind and name."""
    return {
        f"{kind}/{path.stem}": yaml.safe_load(path.read_text(encoding="utf-8"))
        for kind in KINDS
        for path in sorted((CATALOG / kind).glob("*.yaml"))
    }


def platforms_of_the_catalog() -> list[str]:
    return [path.stem for path in (CATALOG / "platforms").glob("*.yaml")]


def names_of_catalog_platforms(modules: Modules) -> Iterator[str]:
    """No Python names a platform of the catalog."""
    return platform_names(modules, platforms_of_the_catalog())


RULES = [
    upward_imports,
    forbidden_imports,
    circles,
    vague_names,
    names_of_catalog_platforms,
    prints,
    undocumented,
    unannotated,
    long_modules,
    large_functions,
]


@pytest.fixture(scope="module")
def modules() -> list[Module]:
    return read_package(ROOT / "sim")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Rule, modules: Modules) -> None:
    faults = list(rule(modules))
    assert not faults, "\n".join(faults)


def test_the_rules_look_at_the_whole_house(modules: Modules) -> None:
    names = {module.name for module in modules}
    assert {"sim", "sim.__main__", "sim.errors", "sim.resources.rate", "sim.units"} <= names
    assert len(list(functions(modules))) > len(modules)
    assert {"process", "vm-qemu"} <= set(platforms_of_the_catalog())


def test_nothing_lies_in_the_folder_that_is_not_on_the_card() -> None:
    assert {path.name for path in kept(ROOT, ignored_in(ROOT))} <= CARD


def test_no_file_names_a_place_on_one_machine() -> None:
    assert not list(machine_paths(ROOT))


def observed_sources() -> set[str]:
    """The sources of the catalog's observations."""
    files = (CATALOG / "observations").glob("*.csv")
    return {
        row["source"]
        for path in files
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    }


def test_every_number_of_the_catalog_has_a_source_and_every_source_a_number() -> None:
    sources = yaml.safe_load((CATALOG / "sources.yaml").read_text(encoding="utf-8"))
    entries = catalog_entries()
    numbers = list(cited_numbers(entries, "catalog"))
    assert len(numbers) > len(entries)
    assert not list(uncited(entries, "catalog", sources))
    assert sources.keys() == {number["source"] for _, number in numbers} | observed_sources()


def package(folder: Path, files: Files) -> list[Module]:
    """Write a tiny package and read it."""
    for name, text in files.items():
        path = folder / "sim" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return read_package(folder / "sim")


FOR_TYPES = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sim.{} import X\n"


@pytest.mark.parametrize(
    ("rule", "files", "faults"),
    [
        (
            upward_imports,
            {"resources/rate.py": "from sim.model import engine", "model/engine.py": ""},
            ["sim.resources.rate imports sim.model.engine, which is not below it"],
        ),
        (
            upward_imports,
            {"catalog/loader.py": "from ..records import result", "records/result.py": ""},
            ["sim.catalog.loader imports sim.records.result, which is not below it"],
        ),
        (
            upward_imports,
            {"spec/host.py": "def f():\n    from sim import load", "__init__.py": "load = 1"},
            ["sim.spec.host imports sim, which is not below it"],
        ),
        (upward_imports, {"attic/box.py": ""}, ["sim.attic.box is in no room"]),
        (
            upward_imports,
            {
                "__init__.py": "from sim.spec import host",
                "spec/host.py": "from sim import units",
                "units/__init__.py": "from sim.errors import X",
                "errors.py": FOR_TYPES.format("model.engine"),
                "model/engine.py": "from sim.model.task import Task",
                "model/task.py": "",
            },
            [],
        ),
        (
            circles,
            {
                "model/a.py": "import sim.model.b",
                "model/b.py": "from sim.model import c",
                "model/c.py": "def later():\n    from sim.model.a import x",
                "model/d.py": "from sim.model.a import x",
            },
            [f"sim.model.{name} imports itself in a circle" for name in "abc"],
        ),
        (
            circles,
            {"model/a.py": "import sim.model.b", "model/b.py": FOR_TYPES.format("model.a")},
            [],
        ),
        (
            forbidden_imports,
            {"resources/rate.py": FOR_TYPES.format("spec.host"), "spec/host.py": ""},
            ["sim.resources.rate imports sim.spec"],
        ),
        (
            forbidden_imports,
            {"spec/host.py": "from simpy.core import X", "spec/link.py": "import simpyson"},
            ["sim.spec.host imports simpy"],
        ),
        (
            forbidden_imports,
            {"report/page.py": "from sim import studies", "studies/__init__.py": ""},
            ["sim.report.page imports sim.studies"],
        ),
        (vague_names, {"model/utils.py": "", "model/basement.py": ""}, ["sim.model.utils"]),
        (
            lambda modules: platform_names(modules, ["process", "vm-qemu"]),
            {
                "model/a.py": '"""A process of vm-qemu-ksm, or two processes."""',
                "model/b.py": 'kind = f"like a vm-qemu, {1}"',
                "model/c.py": 'kind = "process"',
                "probes/d.py": 'kind = "vm-qemu"',
            },
            ["sim.model.b: vm-qemu", "sim.model.c: process"],
        ),
        (
            prints,
            {
                "model/a.py": "def f():\n    print(1)",
                "cli/b.py": "print(1)",
                "report/c.py": "print",
            },
            ["sim.model.a prints"],
        ),
        (
            undocumented,
            {
                "model/a.py": '''
                    """What it is for."""
                    if True:
                        class Box:
                            """A box."""
                            def open(self): pass
                            def _close(self): pass
                    def outer():
                        """Return nothing."""
                        def inner(): pass
                    ''',
                "model/b.py": "class _Hidden:\n    def open(self): pass",
            },
            ["sim.model.a.Box.open", "sim.model.b"],
        ),
        (
            unannotated,
            {
                "model/a.py": """
                    class Box:
                        def fits(self, size: int, *rest: int, **more: int) -> bool: ...
                        def opens(self): ...
                        def _closes(self, *rest) -> None: ...
                    """
            },
            ["sim.model.a.opens", "sim.model.a._closes"],
        ),
        (
            long_modules,
            {"model/a.py": "\n" * 320, "model/b.py": "\n" * 321},
            ["sim.model.b has 321 lines"],
        ),
        (
            large_functions,
            {
                "model/a.py": "def f():\n" + "    x = 1\n" * 40,
                "model/b.py": "def f():\n" + "    x = 1\n" * 41,
                "model/c.py": "f = 1\ndef g():\n    return " + "f and " * 7 + "f",
                "model/d.py": "f = 1\ndef g():\n    return " + "f and " * 8 + "f",
            },
            ["sim.model.b.f has 41 lines", "sim.model.d.g has 9 paths"],
        ),
    ],
)
def test_a_rule_finds_who_breaks_it_and_nobody_else(
    rule: Rule, files: Files, faults: list[str], tmp_path: Path
) -> None:
    assert list(rule(package(tmp_path, files))) == faults


def test_the_measures_of_a_function_are_those_counted_by_hand(tmp_path: Path) -> None:
    text = '''
        def sort(boxes, least):
            """Sort what is large enough.

            Its docstring does not count.
            """
            for box in boxes:                                       # 2 paths, 1 level
                if box > least or box is None:                      # 4 paths, 2 levels
                    with box:                                       # 3 levels
                        pass
                elif box < 0:                                       # 5 paths, beside its `if`
                    box = 1 if least else 2                         # 6 paths
            try:
                return [box for box in boxes if box]                # 8 paths
            except ValueError:                                      # 9 paths
                def key(box):                                       # paths of its own
                    return box and least
                return sorted(boxes, key=key)
        '''
    by_name = {each.name: each for _, each in functions(package(tmp_path, {"model/a.py": text}))}
    sort, key = by_name["sort"], by_name["key"]
    assert (body_lines(sort), paths(sort), nesting(sort)) == (12, 9, 3)
    assert (body_lines(key), paths(key), nesting(key)) == (1, 2, 0)


def test_a_number_without_a_source_or_evidence_is_found() -> None:
    sourced = {"value": "1 s", "source": "a-paper", "evidence": "measured"}
    entry = {
        "wait": sourced,
        "bare": {"value": "1 s"},
        "layers": [{"size": sourced | {"source": "nobody"}}, {"size": sourced | {"evidence": ""}}],
    }
    assert list(uncited(entry, "entry", {"a-paper"})) == [
        "entry.bare: source None, evidence None",
        "entry.layers.0.size: source nobody, evidence measured",
        "entry.layers.1.size: source a-paper, evidence ",
    ]


def test_a_stranger_and_a_path_of_one_machine_are_found(tmp_path: Path) -> None:
    place = "/".join(["", "home", "somebody"])
    files = {
        ".gitignore": "build/\n*.egg-info/",
        "README.md": f"work/home\nread {place}/file and https://example.org{place}\n/workload",
        "build/log": place,
        "attic/box": "</root>",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [
        path.name for path in kept(tmp_path, ignored_in(tmp_path)) if path.name not in CARD
    ] == ["attic"]
    assert list(machine_paths(tmp_path)) == ["README.md:2"]
