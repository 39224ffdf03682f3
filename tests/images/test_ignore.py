"""Which paths a `.dockerignore` leaves out: by hand, as recorded, and by a plain oracle."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim.errors import ScenarioError
from sim.images import paths
from sim.images.ignore import Patterns, parse, patterns_of, read_ignore
from sim.images.paths import PatternError

RECORDED = json.loads(
    (Path(__file__).parent / "recorded" / "patterns.json").read_text(encoding="utf-8")
)
PATHS: list[str] = RECORDED["paths"]


def among(mask: str) -> list[str]:
    """The paths that a recorded number stands for."""
    bits = f"{int(mask, 16):0{len(PATHS)}b}"
    return [path for path, bit in zip(PATHS, bits, strict=True) if bit == "1"]


def left_out(patterns: Patterns, tree: Sequence[str]) -> list[str]:
    """The paths that patterns match, walked from the top."""
    matched: dict[str, tuple[bool, ...]] = {}
    found = []
    for path in tree:
        is_matched, matched[path] = patterns.check(path, matched.get(path.rpartition("/")[0], ()))
        if is_matched:
            found.append(path)
    return found


def test_patterns_match_what_patternmatcher_matched() -> None:
    wrong = []
    for texts, mask in RECORDED["patterns"]:
        try:
            found = left_out(patterns_of(texts), PATHS)
        except PatternError:
            continue  # a pattern that was never tried was never refused
        if mask is None or found != among(mask):
            wrong.append(texts)
    assert not wrong


def test_no_more_patterns_are_refused_than_those_that_were_never_tried() -> None:
    refused = sum(is_refused(texts) for texts, mask in RECORDED["patterns"] if mask is not None)
    assert refused <= 0.03 * len(RECORDED["patterns"])


def is_refused(texts: Sequence[str]) -> bool:
    try:
        patterns_of(texts)
    except PatternError:
        return True
    return False


def test_sources_match_what_go_matched() -> None:
    for pattern, mask in RECORDED["matches"]:
        try:
            found = [path for path in PATHS if paths.matches(pattern, path)]
        except PatternError:
            continue  # Go stops before a fault that it does not reach
        assert found == among(mask), pattern


def test_paths_are_cleaned_as_go_cleaned_them() -> None:
    assert [[path, paths.clean(path)] for path, _ in RECORDED["cleaned"]] == RECORDED["cleaned"]


TREE = ["a.md", "README.md", "src", "src/a.go", "src/deep", "src/deep/b.go", "src/deep/c.md"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*.md", ["a.md", "README.md"]),
        ("*.md\n!README.md", ["a.md"]),
        ("!README.md\n*.md", ["a.md", "README.md"]),
        ("**/*.md", ["a.md", "README.md", "src/deep/c.md"]),
        ("/src/deep/", ["src/deep", "src/deep/b.go", "src/deep/c.md"]),
        ("src\n!src/deep", ["src", "src/a.go"]),
        ("src\n!src/deep/b.go", ["src", "src/a.go", "src/deep", "src/deep/c.md"]),
        ("*\n!**/*.go", ["a.md", "README.md", "src", "src/deep", "src/deep/c.md"]),
        ("#*.md\n \t \n  a.md  \r\n", ["a.md"]),
        (" #a.md", []),
        ("\ufeffa.md", ["a.md"]),
        ("! README.md\n*.md\n!  README.md", ["a.md"]),
        ("src/../a.md", ["a.md"]),
        ("../a.md", []),
        ("/", []),
        (".", []),
        ("?.md", ["a.md"]),
        ("[^a].md", []),
        ("s*/a.go", ["src/a.go"]),
        (r"\a.md", []),  # a bell and no letter, since it goes into an expression as it is
        ("a.md|b*", ["a.md", "src/deep/b.go"]),  # two expressions, though no bar was meant
    ],
)
def test_a_dockerignore_by_hand(text: str, expected: list[str]) -> None:
    assert left_out(parse(text, ".dockerignore"), TREE) == expected


def test_lines_that_are_no_patterns_are_told_all_at_once() -> None:
    with pytest.raises(ScenarioError) as told:
        parse("fine\n[\n!\nalso\\\n" + "x" * 70_000, "app/.dockerignore")
    assert [fault.line for fault in told.value.faults] == [2, 3, 4, 5]
    assert str(told.value.faults[0]) == (
        "app/.dockerignore:2: '[' is no pattern: it has a '[' that is not closed, or has nothing to"
        " choose from; see filepath.Match of Go"
    )


def test_a_file_of_the_dockerfiles_own_comes_before_that_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_text("everything")
    assert read_ignore(tmp_path, tmp_path / "Dockerfile")[0].covers("everything")
    (tmp_path / "web.Dockerfile.dockerignore").write_text("else")
    ignored, file = read_ignore(tmp_path, tmp_path / "web.Dockerfile")
    assert (ignored.covers("everything"), ignored.covers("else/below")) == (False, True)
    assert Path(file).name == "web.Dockerfile.dockerignore"


NAMES = ("a", "b", "ab", "a.b")
PARTS = ("a", "b", "ab", "*", "?", "a*", "*.b", "**", "[ab]", "[^a]")
LINES = some.lists(
    some.tuples(some.booleans(), some.lists(some.sampled_from(PARTS), min_size=1, max_size=4)),
    min_size=1,
    max_size=5,
)
TREES = some.lists(some.lists(some.sampled_from(NAMES), min_size=1, max_size=4), min_size=1)


def takes(parts: Sequence[str], path: Sequence[str]) -> bool:
    """Whether a pattern, part by part, takes a path: the rule as its documentation has it."""
    if not parts:
        return not path
    first, rest = parts[0], parts[1:]
    if first == "**":
        return bool(path if not rest else False) or any(
            takes(rest, path[skipped:]) for skipped in range(len(path) + 1) if rest
        )
    return bool(path) and part_takes(first, path[0]) and takes(rest, path[1:])


def part_takes(part: str, name: str) -> bool:
    """Whether a part without a slash takes a name, a sign at a time."""
    if not part:
        return not name
    if part[0] == "*":
        return any(part_takes(part[1:], name[skipped:]) for skipped in range(len(name) + 1))
    if not name:
        return False
    if part[0] == "[":
        choice, _, rest = part[1:].partition("]")
        chosen = name[0] in choice.lstrip("^")
        return chosen != choice.startswith("^") and part_takes(rest, name[1:])
    return part[0] in ("?", name[0]) and part_takes(part[1:], name[1:])


def is_left_out(lines: Sequence[tuple[bool, Sequence[str]]], path: Sequence[str]) -> bool:
    """The last line that takes a path decides, or a folder around it where it could decide.

    A line could where those before it had not come to the same: it was not tried otherwise, and
    what is not tried at a folder is not remembered below it.
    """
    answer = False
    for number, (is_exception, parts) in enumerate(lines):
        folders = (path[:depth] for depth in range(1, len(path)))
        if takes(parts, path) or any(
            takes(parts, folder) and is_left_out(lines[:number], folder) == is_exception
            for folder in folders
        ):
            answer = not is_exception
    return answer


@given(LINES, TREES)
def test_the_last_line_that_takes_a_path_decides(
    lines: list[tuple[bool, list[str]]], tree: list[list[str]]
) -> None:
    text = "\n".join("!" * is_exception + "/".join(parts) for is_exception, parts in lines)
    patterns = parse(text, ".dockerignore")
    every = {tuple(path[: depth + 1]) for path in tree for depth in range(len(path))}
    for path in sorted(every):
        assert patterns.covers("/".join(path)) == is_left_out(lines, path), (text, path)
