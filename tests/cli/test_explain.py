"""`tare explain` and the tables of `tare list`, as a newcomer reads them."""

import io
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, cast, get_args, get_origin

import pytest
from scenario_files import SMALL, write

from sim.catalog.entries import resolved_entry
from sim.catalog.loader import KINDS, Kind, names, sources
from sim.catalog.models import model_of
from sim.catalog.scenario import load
from sim.cli.explaining.image import sharing
from sim.cli.explaining.layout import Box, Line, render, show
from sim.cli.explaining.meanings import MEANINGS, meaning
from sim.cli.explaining.stack import standing
from sim.cli.explaining.sums import memory_alone, start_alone, steps
from sim.cli.main import run
from sim.simulation import simulate
from sim.spec.cost import CostRule
from sim.spec.document import Tree
from sim.spec.host import Host
from sim.spec.image import Image
from sim.spec.metrics import SWEPT
from sim.spec.platform import Boundary, Platform
from sim.spec.quantity import Model, Quantity
from sim.spec.workload import Workload
from sim.units import DIMENSIONS, Dimension, parse_quantity

ENTRIES = [(kind, name) for kind in KINDS for name in names(kind)]
BOUNDARIES = [
    f"{platform}.{boundary}"
    for platform in names("platforms")
    for boundary in model_of("platforms", platform).boundaries  # type: ignore[attr-defined]
]
ALL_NAMES = sorted({*(name for _, name in ENTRIES), *BOUNDARIES, *SWEPT, *sources()})

MODELS: dict[str, type[Model]] = {
    "platforms": Boundary, "hosts": Host, "workloads": Workload, "images": Image,
    "costs": CostRule,
}  # fmt: skip

NESTED = {
    "name": "nested",
    "boundaries": {
        "vm": {
            "kernel": "own",
            "scope": 8,
            "size": {"cpu": 2, "memory": "2 GiB"},
            "files": {"kind": "disk"},
            "footprint": {"vmm": "28 MiB"},
            "interior": {
                "guest-kernel": {"private": "51 MiB", "per_memory": "1.5625 %"},
                "beyond": {"threshold": "3 GiB", "above": "64 MiB"},
            },
            "boot": {"kernel": {"wait": "1 s", "compute": "500 core-ms", "read": "30 MB"}},
            "crossings": {"cpu": {"system-calls": 1.5}},
        },
        "box": {
            "kernel": "shared",
            "files": {"kind": "layers", "writable": "100 kB"},
            "footprint": {"shim": {"private": "2 MiB", "shared": "9 MiB"}},
            "daemon": {"memory": {"engine": "57 MB"}},
            "create": {"mount": {"compute": "200 core-ms", "threads": 2, "write": "1 MB"}},
        },
    },
}


def _page(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What `explain` prints where all is well."""
    assert run(("explain", *arguments)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def _flat(page: str) -> str:
    """A page as one line, so that it does not matter where its lines break."""
    return " ".join(page.split())


def _texts(lines: Iterator[Line]) -> list[str]:
    return [_flat(line.text) for line in lines]


def _places(model: type[Model], root: bool = True) -> Iterator[tuple[str, ...]]:
    """The places of all cited numbers that an entry of this kind may have; images apart."""
    if model is not Image or root:
        for name, field in model.model_fields.items():
            yield from ((name, *rest) for rest in _inside(field.annotation))


def _inside(annotation: object) -> Iterator[tuple[str, ...]]:
    if isinstance(annotation, type) and issubclass(annotation, Quantity):
        yield ()
    elif isinstance(annotation, type) and issubclass(annotation, Model):
        yield from _places(annotation, root=False)
    elif get_origin(annotation) is dict:
        yield from (("any", *rest) for rest in _inside(get_args(annotation)[1]))
    else:
        parts = get_args(annotation)
        for part in parts[:1] if get_origin(annotation) is Annotated else parts:
            yield from _inside(part)


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_that_an_entry_may_have_is_said_to_be_good_for_something(kind: str) -> None:
    words = {"around": "the host", "each": "each instance"}
    said = {place: meaning(kind, place, words) for place in _places(MODELS[kind])}  # type: ignore[arg-type]

    assert len(said) >= 2
    assert not [place for place, phrase in said.items() if not phrase]
    assert {phrase.format_map(words) for phrase in MEANINGS[kind].values()} == {*said.values()}  # type: ignore[index]


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("name", ALL_NAMES)
def test_every_name_is_explained_within_the_terminal(
    name: str, columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = _page(capsys, name).splitlines()

    assert name in lines[0]
    assert max(map(len, lines)) <= columns


def _stated(tree: Mapping[str, Tree]) -> Iterator[Mapping[str, Tree]]:
    """Every mapping with a value and a source; those of an image in an entry are the image's."""
    for each in tree.values():
        if isinstance(each, dict) and each.keys() >= {"value", "source"}:
            yield each
        elif isinstance(each, dict) and "layers" not in each:
            yield from _stated(each)


def _is_shown(number: Mapping[str, Tree], page: str) -> bool:
    """Whether a row has it, as it is written or, where that is long, within half a per cent."""
    amount, _, unit = str(number["value"]).partition(" ")
    basis = f"{number['evidence']}, {number['source']}"
    if len(amount) <= 6:
        return f" {number['value']} {basis} " in page
    dimension = next(each for each in DIMENSIONS if each.factor(unit) is not None)
    shown = re.findall(rf"([\d.]+ [^\s\d]+) {basis} ", page)
    near = pytest.approx(parse_quantity(str(number["value"]), dimension), rel=0.005)
    return any(_in_base_units(text, dimension) == near for text in shown)


def _in_base_units(text: str, dimension: Dimension) -> float | None:
    factor = dimension.factor(text.partition(" ")[2])
    return None if factor is None else float(text.partition(" ")[0]) * factor


@pytest.mark.parametrize(("kind", "name"), ENTRIES, ids=["/".join(each) for each in ENTRIES])
def test_no_number_is_left_out(
    kind: Kind, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each that the entry states, with its value, its grade, its source and its note."""
    monkeypatch.setenv("COLUMNS", "100")
    page = _flat(_page(capsys, name))
    numbers = [*_stated(resolved_entry(kind, name))]

    assert numbers or name == "process"
    for number in numbers:
        assert _is_shown(number, page), number
        assert _flat(str(number.get("note", ""))) in page
        assert f"[{number['source']}] " in page


def test_a_stack_is_drawn_as_boxes_in_boxes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    page = _page(capsys, "containers-in-vms")
    drawn = [line for line in page.splitlines() if line[:1] in ("┌", "│", "└")]

    assert {len(line) for line in drawn} == {80}
    edges = [line.replace("─", "").replace("│", "").split() for line in drawn if "┌" in line]
    assert edges == [["┌", name, "┐"] for name in ("host", "vm", "container", "workload")]
    text = _flat(page.replace("│", ""))
    assert "kernel Linux, of its own" in text
    assert "wall namespaces and cgroups of the kernel around it" in text
    assert "scope one for every 16 instances; there before the first" in text


def test_a_platform_is_told_in_the_order_of_a_reader_s_questions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = _page(capsys, "containers-in-vms")
    titles = [
        "┌─ host", "What starts", "vm, made from outside", "vm, booting inside",
        "container, made from outside, on the vm", "What it holds of memory",
        "Page cache and disk", "What it uses at rest", "What crossing it costs",
        "What publishing a port costs", "What the platform can and cannot do", "A start alone",
        "Memory of one", "What its numbers rest on", "To change one for a run",
    ]  # fmt: skip

    assert sorted(titles, key=page.index) == titles


def test_what_a_kind_of_number_is_good_for_is_said_once_in_its_part(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = _flat(_page(capsys, "vm-qemu"))
    start = page[page.index("What starts") : page.index("What it holds of memory")]

    assert start.count("→ CPU of every start, and its time where cores are free") == 2
    assert "kernel compute 122 core-ms derived, qemu-boot-time start_kernel to init" in start


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        (
            "process",
            [
                "kernel all instances of a host share one, which is the host's",
                "if that panics all instances are lost with it",
                "other systems only programs made for the host's kernel run",
                "file system one for all, the host's: two versions",
                "towards the host nothing but its user's rights",
            ],
        ),
        (
            "container-docker",
            [
                "kernel all instances of a host share one, which is the host's",
                "file system each instance has its own",
                "towards the host namespaces and cgroups",
            ],
        ),
        (
            "containers-in-vms",
            [
                "kernel 16 instances share one, which is not the host's",
                "if that panics 16 instances are lost with it",
                "towards the host hardware",
            ],
        ),
        (
            "vm-qemu",
            [
                "kernel each instance has one of its own",
                "if that panics one instance is lost",
                "other systems programs made for Linux, whatever the host's system is",
                "towards the host hardware",
            ],
        ),
    ],
)
def test_what_a_platform_can_and_cannot_do(
    name: str, answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    page = _page(capsys, name)
    part = _flat(page[page.index("What the platform can and cannot do") :])

    for answer in answers:
        assert answer in part


def test_a_start_alone_is_the_sum_of_its_phases() -> None:
    """Waits and CPU over threads; what starts within the VM pays its 1.5 for system calls."""
    stack = standing(Platform.model_validate(NESTED))
    lines = _texts(start_alone(stack, ["vm", "box"]))

    assert lines[2:5] == [
        "vm, once for each group of 8 instances, by the first",
        "kernel 1.5 s ██████████████",
        "together 1.5 s reads 30 MB",
    ]
    assert lines[5:] == [
        "box, for each instance",
        "mount 150 ms █",
        "together 150 ms writes 1.1 MB",
    ]


def test_memory_of_one_is_the_sum_of_what_it_holds_outside_and_inside() -> None:
    """2 GiB take 1/64 of struct page, 32 MiB, and lie below what would take 64 MiB more."""
    stack = standing(Platform.model_validate(NESTED))
    lines = _texts(memory_alone(stack, ["vm", "box"]))

    assert lines[2:6] == [
        "vm, for each group of 8 instances",
        "vmm, outside 28 MiB",
        "guest-kernel, inside 83 MiB",
        "together 111 MiB",
    ]
    assert lines[6:8] == [
        "box, for each instance", "shim, outside 2 MiB, and 9 MiB of files, once for all",
    ]  # fmt: skip
    assert lines[8:] == ["box, once on the vm", "engine 54.4 MiB"]


def test_a_reserved_guest_holds_all_of_its_memory() -> None:
    tree = NESTED["boundaries"]["vm"] | {"reserve": "full"}  # type: ignore[index]
    platform = Platform.model_validate({"name": "reserved", "boundaries": {"vm": tree}})
    lines = _texts(memory_alone(standing(platform), ["vm"]))

    assert lines[3:] == ["vmm, outside 28 MiB", "all of the inside 2 GiB", "together 2.03 GiB"]


@pytest.mark.parametrize("name", ["container-docker", "vm-qemu"])
def test_the_sum_of_a_start_is_what_the_simulation_of_one_takes(name: str, tmp_path: Path) -> None:
    """Phase by phase on an idle host; small writes that it waits for come on top, as is said."""
    platform = cast(Platform, model_of("platforms", name))
    still = ", ".join(f"{boundary}: {{variation: 0 %}}" for boundary in platform.boundaries)
    alone = f"{{name: alone, extends: {name}, boundaries: {{{still}}}}}"
    text = SMALL.replace("cloud-2c-8g", "{extends: server-64c-256g, speed: 1}")
    text = text.replace("[process]", f"[{alone}]").replace("count: 2", "count: 1, limits: {cpu: 4}")
    instance = simulate(load(write(tmp_path, text))).instances.iloc[0]

    host = cast(Host, model_of("hosts", "server-64c-256g"))
    written = {
        name: phase.syncs * host.disk.latency.value
        for boundary in platform.boundaries.values()
        for name, phase in (boundary.create | boundary.boot).items()
    }
    for _, own in steps(standing(platform)):
        assert own
        for step in own:
            expected = step.seconds + written[step.name]
            assert instance[f"{step.name}_s"] == pytest.approx(expected, rel=0.03)


def test_a_boundary_is_explained_in_its_stack(capsys: pytest.CaptureFixture[str]) -> None:
    page = _page(capsys, "containers-in-vms.container")

    assert page.startswith("boundary containers-in-vms.container: Container")
    assert "┌─ vm ─" in page
    assert "container, made from outside, on the vm" in page
    assert "vm, booting inside" not in page
    (found,) = json.loads(_page(capsys, "containers-in-vms.container", "--json"))["found"]
    assert (found["kind"], found["kernel"]) == ("boundary", "shared")


def test_two_things_of_one_name_are_both_shown(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _page(capsys, "web-node").splitlines()

    (start,) = (place for place, line in enumerate(lines) if line.startswith("image web-node: "))
    assert lines[0].startswith("workload web-node: ")
    assert lines[start - 1] == ""


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("vm-qem", "nothing is named 'vm-qem'; did you mean 'vm-qemu'?"),
        ("vm-qemu.wm", "nothing is named 'vm-qemu.wm'; did you mean 'vm-qemu.vm'?"),
        ("startup_p98_s", "did you mean 'startup_p9"),
    ],
)
def test_a_typo_is_told_with_the_nearest_name(
    wrong: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(("explain", wrong)) == 2
    assert told in capsys.readouterr().err


def test_json_is_a_tree_of_all_that_has_the_name(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(_page(capsys, "web-node", "--json"))

    assert (document["schema"], document["name"]) == (1, "web-node")
    assert [found["kind"] for found in document["found"]] == ["workload", "image"]
    assert document["found"][0]["memory"]["private"]["evidence"] == "derived"


def test_a_host_answers_what_a_buyer_asks(capsys: pytest.CaptureFixture[str]) -> None:
    page = _page(capsys, "cloud-2c-8g")

    titles = ["CPU it delivers", "\nProcessor", "\nMemory", "\nDisk", "\nNetwork", "panics"]
    assert sorted(titles, key=page.index) == titles
    assert "1 GB off its disk 8.33 s" in _flat(page)  # 1 000 MB at 120 MB/s
    assert "memory 8 GiB assumed, tare-definition → what everything has to fit into" in _flat(page)


def test_layers_are_drawn_from_the_top_with_who_shares_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    image = cast(Image, model_of("images", "web-node"))
    page = _page(capsys, "web-node")
    drawn = page[page.index("image web-node") : page.index("Together")]
    titles = [line.split()[1] for line in drawn.splitlines() if line[:1] in ("┌", "├")]

    assert titles == [*reversed(image.layers)]
    assert sharing(image)["node"] == ["node-slim"]
    assert "mysql" in sharing(image)["debian-slim"]
    assert sharing(image)["web-node-source"] == []


def test_a_metric_is_explained_down_to_its_columns(capsys: pytest.CaptureFixture[str]) -> None:
    page = _flat(_page(capsys, "memory_tare_bytes"))

    assert "formula memory_gross_bytes - memory_net_bytes" in page
    assert "hosts.memory_gross_bytes memory that it cannot take back without I/O" in page
    assert "99 % do not exceed" in _page(capsys, "startup_p99_s")


def test_a_source_tells_the_numbers_that_lean_on_it(capsys: pytest.CaptureFixture[str]) -> None:
    (source,) = json.loads(_page(capsys, "tare-definition", "--json"))["found"]
    page = _flat(_page(capsys, "tare-definition"))

    assert source["kind"] == "source"
    assert "hosts/server-16c-64g" in source["used_by"]
    assert "host server-16c-64g 16 cores cores, assumed" in page


def test_a_list_of_platforms_tells_whose_kernel_they_have(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(("list", "platforms")) == 0
    out = _flat(capsys.readouterr().out)

    for name, stack in (
        ("process", "no wall"),
        ("container-docker", "shared kernel"),
        ("vm-qemu", "own kernel"),
        ("vm-qemu-ksm", "own kernel"),
        ("containers-in-vms", "a kernel for 16"),
        ("docker-desktop-mac", "a kernel for all"),
    ):
        assert f" {name} {stack} " in out


@pytest.mark.parametrize("columns", [60, 80])
def test_a_list_wraps_within_the_terminal(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert run(("list",)) == 0

    assert max(map(len, capsys.readouterr().out.splitlines())) <= columns


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colour_is_for_terminals(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    show([Line("Memory", "heading")])
    assert capsys.readouterr().out == "Memory\n"

    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys, "stdout", terminal := _Terminal())
    show([Line("Memory", "heading")])
    assert "\x1b[1mMemory\x1b[0m" in terminal.getvalue()


def test_a_terminal_without_unicode_sees_boxes_of_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    show([Box((("host", (Line("→ its kernel"),)),))])
    stream.flush()

    lines = stream.buffer.getvalue().decode().splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("+- host ---")
    assert lines[1].startswith("| > its kernel ")
    assert len({len(line) for line in lines}) == 1


def test_a_long_text_stays_within_its_box() -> None:
    box = Box((("a", (Line("one two three four five", hang=2),)), ("b", (Line("six"),))))

    assert [line.text for line in render([box], 16)] == [
        "┌─ a ──────────┐",
        "│ one two      │",
        "│   three four │",
        "│   five       │",
        "├─ b ──────────┤",
        "│ six          │",
        "└──────────────┘",
    ]
