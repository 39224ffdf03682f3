"""Any Dockerfile under any changes: a step is cached if and only if its inputs were there before.

The inputs are worked out once more, here, in the plainest way: as what they are, without keys.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from images.test_cache import Plain

from sim.images.building import Inputs, plan_build
from sim.images.changes import changed
from sim.images.context import read_context
from sim.images.dockerfile import parse
from sim.images.drafting import BuildCache
from sim.images.naming import full_name
from sim.spec.build import Build

FILES = ("a", "b", "in/c")
BASES = ("one", "two")
Line = tuple[str, ...]
Expected = dict[int, tuple[object, ...]]


@dataclass
class Stage:
    """A stage as it is drawn: what it is from, and its lines as words."""

    base: str
    lines: list[Line] = field(default_factory=list)


def _lines() -> st.SearchStrategy[Line]:
    names, values = st.sampled_from("XY"), st.sampled_from("12")
    folders = st.sampled_from(["/", "/w", "in", "/w/in"])
    return st.one_of(
        st.tuples(st.just("COPY"), st.sampled_from([".", *FILES]), st.sampled_from(["/d/", "e/"])),
        st.tuples(st.just("COPY"), st.sampled_from([".", *FILES]), st.sampled_from(["/d/", "./"])),
        st.tuples(st.just("RUN"), st.sampled_from(["make", "test", "echo $X"])),
        st.tuples(st.just("RUN"), st.sampled_from(["make", "test"])),
        st.tuples(st.just("ENV"), names, values),
        st.tuples(st.just("ARG"), names, values),
        st.tuples(st.just("WORKDIR"), folders),
        st.tuples(st.just("USER"), st.sampled_from(["u", "v"])),
        st.tuples(st.sampled_from(["EXPOSE", "CMD", "VOLUME", "#"]), values),
        st.tuples(st.just("FROM"), st.sampled_from(["d/a", "d/in/c", "d/c"]), st.just("/t/")),
    )


@st.composite
def stages(draw: st.DrawFn) -> list[Stage]:
    """One to three stages, each from an image or an earlier stage."""
    found: list[Stage] = []
    for number in range(draw(st.integers(1, 3))):
        bases = [*BASES, *(f"s{earlier}" for earlier in range(number))]
        lines = draw(st.lists(_lines(), max_size=6))
        found.append(Stage(draw(st.sampled_from(bases)), lines))
    return found


@st.composite
def versions(draw: st.DrawFn) -> list[list[Stage]]:
    """A Dockerfile, and what it becomes when a line is put in or taken out, or says another."""
    found = [draw(stages())]
    for _ in range(draw(st.integers(0, 2))):
        later = deepcopy(found[-1])
        lines = draw(st.sampled_from(later)).lines
        at = draw(st.integers(0, len(lines)))
        kept = [(*line[:-1], OTHER.get(line[-1], line[-1])) for line in lines[at : at + 1]]
        lines[at : at + draw(st.integers(0, 1))] = draw(st.one_of(st.just(kept), _one_or_none()))
        found.append(later)
    return found


def _one_or_none() -> st.SearchStrategy[list[Line]]:
    return st.lists(_lines(), max_size=1)


OTHER = {"u": "v", "v": "u", "1": "2", "2": "1", "/d/": "e/", "make": "test", "test": "make"}
"""What may stand at the end of a line in place of what does."""


AROUND = ("arg:", "base")
"""How changes begin that are none of the context."""

CHANGES = st.lists(
    st.sampled_from(
        [
            *(f"{kind}:{file}" for kind in ("touch", "edit") for file in FILES),
            *("arg:X=3", "arg:Y=1", "arg:X=1", "base:one", "base:two", "add:new"),
        ]
    ),
    max_size=4,
)


@dataclass
class World:
    """What is there at one time: contents of files, arguments, and what bases mean."""

    files: dict[str, str]
    arguments: dict[str, str] = field(default_factory=dict)
    bases: dict[str, int] = field(default_factory=dict)

    def change(self, change: str) -> None:
        """Change one thing."""
        kind, _, what = change.partition(":")
        if kind == "edit":
            self.files[what] += " "
        elif kind == "add":
            self.files[what] = what
        elif kind == "arg":
            name, _, value = what.partition("=")
            self.arguments[name] = value
        elif kind == "base":
            self.bases[what] = self.bases.get(what, 0) + 1


@dataclass
class Filled:
    """A stage in a world: the inputs of its steps so far, by line, and what lies where."""

    inputs: tuple[object, ...]
    files: dict[str, str]
    environment: dict[str, str]
    folder: str = "/"
    user: str = ""
    steps: dict[int, tuple[object, ...]] = field(default_factory=dict)


def written(found: list[Stage], world: World) -> tuple[str, list[Filled]]:
    """The Dockerfile of some stages, and what each of them comes to."""
    text: list[str] = []
    filled: list[Filled] = []
    for number, stage in enumerate(found):
        text.append(f"FROM {stage.base} AS s{number}")
        filled.append(_begun(stage, filled, world))
        for line in stage.lines:
            text.append(_fill(filled[-1], line, filled[:-1], world, len(text) + 1))
    return "\n".join(text) + "\n", filled


def _begun(stage: Stage, earlier: list[Filled], world: World) -> Filled:
    if stage.base in BASES:
        return Filled((stage.base, world.bases.get(stage.base, 0)), {}, {})
    base = earlier[int(stage.base[1:])]
    return Filled(base.inputs, {**base.files}, {**base.environment}, base.folder, base.user)


def _fill(stage: Filled, line: Line, earlier: list[Filled], world: World, number: int) -> str:
    """Let one line come to a stage, and write it down."""
    match line:
        case ("COPY", source, destination):
            _copy(stage, _chosen(world.files, source), destination, number)
        case ("FROM", source, destination):
            return _copy_from(stage, source, destination, earlier, number)
        case ("RUN", command):
            around = tuple(stage.environment.items()), stage.folder, stage.user
            _step(stage, number, "RUN", command, around)
        case ("WORKDIR", folder):
            stage.folder = (
                folder if folder.startswith("/") else f"{stage.folder.rstrip('/')}/{folder}"
            )
            if stage.folder != "/":
                _step(stage, number, "WORKDIR", stage.folder, stage.user)
        case ("USER", user):
            stage.user = user
        case ("ENV" | "ARG", name, value):
            _set(stage, line[0], name, value, world)
            return f"{line[0]} {name}={value}"
    return " ".join(line)


def _set(stage: Filled, keyword: str, name: str, value: str, world: World) -> None:
    value = world.arguments.get(name, value) if keyword == "ARG" else value
    stage.environment.pop(name, None)
    stage.environment[name] = value


def _chosen(files: dict[str, str], source: str) -> dict[str, str]:
    if source == ".":
        return dict(files)
    return {source.rsplit("/", 1)[-1]: files[source]}


def _copy_from(
    stage: Filled, source: str, destination: str, earlier: list[Filled], number: int
) -> str:
    sources = [at for at, other in enumerate(earlier) if f"/{source}" in other.files]
    if not sources:
        return "# nothing to copy from"
    content = earlier[sources[-1]].files[f"/{source}"]
    _copy(stage, {source.rsplit("/", 1)[-1]: content}, destination, number)
    return f"COPY --from=s{sources[-1]} /{source} {destination}"


def _place(stage: Filled, path: str) -> str:
    return path if path.startswith("/") else f"{stage.folder.rstrip('/')}/{path}"


def _enter(stage: Filled, folder: str, number: int) -> None:
    stage.folder = folder
    if folder != "/":
        _step(stage, number, "WORKDIR", folder, stage.user)


def _copy(stage: Filled, chosen: dict[str, str], destination: str, number: int) -> None:
    place = (
        destination if destination.startswith("/") else f"{stage.folder.rstrip('/')}/{destination}"
    )
    place = place.replace("/./", "/")
    stage.files |= {f"{place}{name}": content for name, content in chosen.items()}
    _step(stage, number, "COPY", place, tuple(sorted(chosen.items())))


def _step(stage: Filled, number: int, *said: object) -> None:
    stage.inputs = (stage.inputs, *said)
    stage.steps[number] = stage.inputs


def _needed(found: list[Stage], text: str) -> set[int]:
    """The stages that the last one needs, by number."""
    bodies = _bodies(text)
    needed = {len(found) - 1}
    for number in reversed(range(len(found))):
        if number in needed:
            words = " ".join(bodies[number])
            needed |= {other for other in range(number) if f"FROM s{other} " in words}
            needed |= {other for other in range(number) if f"--from=s{other} " in words}
    return needed


def _bodies(text: str) -> list[list[str]]:
    bodies: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("FROM "):
            bodies.append([])
        bodies[-1].append(line)
    return bodies


def _expected(found: list[Stage], world: World) -> Expected:
    text, filled = written(found, world)
    needed = _needed(found, text)
    return {
        line: inputs
        for number, stage in enumerate(filled)
        if number in needed
        for line, inputs in stage.steps.items()
    }


def _planned(versions: list[list[Stage]], changes: list[str]) -> Iterator[tuple[Build, Expected]]:
    """The builds of one Dockerfile after another, each after every change once more."""
    world = World({file: file for file in FILES})
    cache, before = BuildCache(), None
    with TemporaryDirectory() as name:
        for file, content in world.files.items():
            Path(name, file).parent.mkdir(exist_ok=True)
            Path(name, file).write_text(content)
        context = read_context(name, Path(name, "Dockerfile"))
        for found in versions:
            for change in [None, *changes]:
                if change:
                    world.change(change)
                    context = changed(context, change) if change[:4] not in AROUND else context
                dockerfile = parse(written(found, world)[0], "Dockerfile")
                moved = {full_name(name): times for name, times in world.bases.items()}
                inputs = Inputs(dockerfile, context, world.arguments, "", moved)
                yield plan_build(inputs, Plain(), cache, before), _expected(found, world)
                before = context
            changes = [each for each in changes if each != "add:new"]


@settings(max_examples=100, deadline=None)
@given(versions(), CHANGES)
def test_a_step_is_cached_if_and_only_if_its_inputs_were_there_before(
    found: list[list[Stage]], changes: list[str]
) -> None:
    seen: set[object] = set()
    for build, expected in _planned(found, [*dict.fromkeys(changes)]):
        steps = [step for step in build.steps if step.kind in ("folder", "copy", "run")]
        for step in steps:
            assert step.cached == (expected[step.line] in seen), step.name
        done = {expected[step.line] for step in steps}
        assert len(done) == len(steps)
        assert done == set(expected.values())
        seen |= done
