"""Changes in thought, beside the same changes made on a disk."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from images.laid import lay

from sim.errors import UsageError
from sim.images.changes import changed
from sim.images.context import Context, read_context
from sim.images.transfer import sent

FILES = {
    "a": "a",
    "b.md": "b",
    "in/c": "c",
    "in/deep/d": "d",
    "in-between": "i",
    "link": "-> in/c",
    "other": "== in/c",
    "ignored/e": "e",
    ".dockerignore": "ignored\n*.md\n!x.md\n",
}
NEW = ("in/new", "n/e/w", "x.md", "y.md", "ignored/f", "a-", "in/deep/d2")
SOURCES = (".", "in", "in/*", "link", "a", "*")

change_of = some.one_of(
    some.tuples(some.sampled_from(["touch", "edit", "remove"]), some.sampled_from([*FILES, *NEW])),
    some.tuples(some.just("add"), some.sampled_from(NEW)),
)


def make(folder: Path, kind: str, path: str) -> None:
    """Make a change on the disk."""
    place = folder / path
    if kind == "remove":
        place.unlink()
    elif kind == "touch":
        later(place)
    elif kind == "edit":
        with place.open("ab") as file:
            file.write(b" ")
        later(place)
    else:
        for around in reversed(place.relative_to(folder).parents[:-1]):
            if not (folder / around).exists():
                (folder / around).mkdir()
                (folder / around).chmod(0o755)
        place.write_text(f"{path}\n")
        place.chmod(0o644)


def later(place: Path) -> None:
    moment = place.stat().st_mtime_ns + 1_000_000_000
    os.utime(place, ns=(moment, moment))


def known(context: Context) -> list[object]:
    """What COPY would know of a context."""
    found: list[object] = [*context.tree.nodes]
    for source in SOURCES:
        try:
            found.append(context.digest([source]))
        except UsageError:
            found.append(None)
    return found


@settings(max_examples=60, deadline=None)
@given(some.lists(change_of, max_size=5))
def test_a_change_in_thought_is_the_change_on_the_disk(changes: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        lay(folder, FILES)
        first = read_context(folder, folder / "Dockerfile")
        thought, made = first, []
        for kind, path in changes:
            try:
                thought = changed(thought, f"{kind}:{path}")
            except UsageError:
                continue
            if not first.ignored.covers(path):
                made.append((kind, path))
        in_thought = known(thought)
        before = (thought, sent(thought, None), sent(thought, first))
        for kind, path in made:
            make(folder, kind, path)
        real = read_context(folder, folder / "Dockerfile")
        assert in_thought == known(real)
        assert before[1:] == (sent(real, None), sent(real, first))


def test_nothing_on_the_disk_is_touched(tmp_path: Path) -> None:
    lay(tmp_path, FILES)
    before = state(tmp_path)
    context = read_context(tmp_path, tmp_path / "Dockerfile")
    for change in ("touch:a", "edit:a", "add:in/new", "remove:in/c", "edit:other"):
        context = changed(context, change)
    context.digest(["."])
    assert state(tmp_path) == before


def state(folder: Path) -> list[tuple[Path, int, int, int, int]]:
    """All that is in a folder, without when it was read."""
    found = [(path, path.lstat()) for path in sorted(folder.rglob("*"))]
    return [(path, of.st_ino, of.st_mode, of.st_size, of.st_mtime_ns) for path, of in found]


def test_a_file_by_several_names_changes_under_all_of_them(tmp_path: Path) -> None:
    lay(tmp_path, FILES)
    context = changed(read_context(tmp_path, tmp_path / "Dockerfile"), "edit:other")
    assert (context.read("in/c"), context.read("other"), context.read("link")) == (b"c ",) * 3
    once = changed(context, "remove:in/c")
    assert once.read("other") == b"c "
    assert sum(entry.size for entry in once.select(["other"])) == 2


def test_what_was_added_can_be_changed_and_taken_away(tmp_path: Path) -> None:
    lay(tmp_path, FILES)
    context = changed(read_context(tmp_path, tmp_path / "Dockerfile"), "add:n/e/w")
    assert context.read("n/e/w") == b"n/e/w\n"
    assert changed(context, "edit:n/e/w").read("n/e/w") == b"n/e/w\n "
    gone = changed(context, "remove:n/e/w")
    assert gone.read("n/e/w") is None
    with pytest.raises(UsageError, match="there is no 'n/e/w' in the context"):
        changed(gone, "touch:n/e/w")
    again = changed(gone, "add:n/e/w")
    assert again.digest(["."]) == context.digest(["."])
