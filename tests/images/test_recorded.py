"""What BuildKit did with contexts, recorded, against what is said of them here."""

import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from images.laid import lay

from sim.errors import TareError
from sim.images.changes import changed
from sim.images.context import Context, Entry, read_context
from sim.images.transfer import sent

RECORDED = Path(__file__).parent / "recorded"


def recorded(name: str) -> dict[str, Any]:
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))


BUILDS = recorded("builds")
CHANGES = recorded("changes")
ADDS = recorded("archives")["adds"]


def read(folder: Path, files: Mapping[str, str], copy: str) -> Context:
    lay(folder, {**files, "Dockerfile": f"FROM scratch\n{copy}\n"})
    return read_context(folder, folder / "Dockerfile")


def words(copy: str) -> tuple[list[str], str]:
    """The sources and the destination of a COPY."""
    rest = copy.partition(" ")[2]
    found = json.loads(rest) if rest.startswith('["') else rest.split(" ")
    return found[:-1], found[-1]


def shown(size: int) -> str:
    """A size as BuildKit prints it."""
    return f"{size}B" if size < 1000 else f"{size / 1000:.2f}kB"


def line(entry: Entry, destination: str) -> str:
    """An entry as the records have it: its place, and what it is unless that is usual."""
    is_renamed = entry.is_alone and not destination.endswith("/")
    place = destination if is_renamed else f"{destination}/{entry.place}"
    place = "/".join(part for part in place.split("/") if part)
    usual = entry.kind == "file" and entry.mode == 0o644
    return place if usual else f"{place} {entry.kind} {entry.mode:o}"


def folders_on_the_way(destination: str) -> set[str]:
    """What the copying makes besides: not told as brought."""
    return {f"{destination.strip('/')} folder 755", " folder 755"}


@pytest.mark.parametrize(
    "case", BUILDS["cases"], ids=lambda case: f"{case['copy']} {case['files']}"
)
def test_a_copy_brings_what_it_brought(tmp_path: Path, case: dict[str, Any]) -> None:
    sources, destination = words(case["copy"])
    if case["brought"] is None:
        with pytest.raises(TareError):
            read(tmp_path, {**BUILDS["tree"], **case["files"]}, case["copy"]).select(sources)
        return
    context = read(tmp_path, {**BUILDS["tree"], **case["files"]}, case["copy"])
    lines = {line(entry, destination) for entry in context.select(sources)}
    hard = {one.replace(" hard 644", "") for one in case["brought"]}
    assert lines - folders_on_the_way(destination) == hard
    assert shown(sent(context, None, sources)) == case["sent"]


@pytest.mark.parametrize("case", CHANGES["changes"], ids=lambda case: f"{case[0]} {case[1]}")
def test_a_change_sends_and_breaks_what_it_did(tmp_path: Path, case: list[Any]) -> None:
    copy, change, first, second, is_cached = case
    sources, _ = words(copy)
    files = {
        **CHANGES["tree"],
        "big.bin": "0123456789" * 10_000,
        ".dockerignore": CHANGES["ignore"],
    }
    before = read(tmp_path, files, copy)
    after = done(before, tmp_path, change)
    assert shown(sent(before, None, sources)) == first
    assert shown(sent(after, before, sources)) == second
    if is_cached is None:
        with pytest.raises(TareError):
            after.select(sources)
    else:
        assert (after.digest(sources) == before.digest(sources)) == is_cached


def done(before: Context, folder: Path, change: str) -> Context:
    """The context after a change, which for a mode and a link is made on the disk."""
    kind, _, path = change.partition(":")
    if kind == "chmod":
        (folder / path).chmod(0o744)
    elif kind == "relink":
        (folder / path).unlink()
        (folder / path).symlink_to("b.txt")
    else:
        return changed(before, change)
    return read_context(folder, folder / "Dockerfile")


def archive(compression: str) -> bytes:
    """An archive with a folder, files, a link and a further name."""
    laid = io.BytesIO()
    with tarfile.open(fileobj=laid, mode=f"w:{compression}") as made:
        for name, kind, mode, content in (
            ("d", tarfile.DIRTYPE, 0o750, ""),
            ("d/f.txt", tarfile.REGTYPE, 0o640, "hello"),
            ("d/run", tarfile.REGTYPE, 0o755, "#!"),
            ("l", tarfile.SYMTYPE, 0o777, "d/f.txt"),
            ("h", tarfile.LNKTYPE, 0o644, "d/f.txt"),
            ("top", tarfile.REGTYPE, 0o640, "t" * 3000),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.mode, member.uid, member.gid = kind, mode, 1000, 1000
            if kind == tarfile.REGTYPE:
                member.size = len(content)
            else:
                member.linkname = content
            made.addfile(member, io.BytesIO(content.encode()))
    return laid.getvalue()


FILES = {
    "a.tar": archive(""),
    "a.tar.gz": archive("gz"),
    "a.tgz.txt": archive("gz"),
    "a.tar.bz2": archive("bz2"),
    "a.tar.xz": archive("xz"),
    "log.gz": bytes.fromhex("1f8b08000000000000032bc92c56482c4a5528cecf030028f5c19e0b000000"),
    "empty.tar": b"",
    "zeros": bytes(10_240),
    "text.tar": b"not a tar at all",
    "plain": b"p",
}


@pytest.mark.parametrize("case", ADDS, ids=lambda case: f"{case['keyword']} {case['source']}")
def test_add_unpacks_what_it_unpacked(tmp_path: Path, case: dict[str, Any]) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o644)
    context = read_context(tmp_path, tmp_path / "Dockerfile")
    entries = context.select([case["source"]], unpack=case["keyword"] == "ADD")
    brought = {f"x/{each.place}": [each.kind, *each.owner] for each in entries if each.place}
    expected = {path: like(found) for path, found in case["files"].items() if path != "x"}
    assert brought == expected
    sizes = {f"x/{each.place}": each.size for each in entries if each.kind == "file"}
    compressed = ("gz", "bz2", "xz", "txt")
    assert all(
        case["files"][path][4] == size
        for path, size in sizes.items()
        if not path.endswith(compressed) or path == "x/d/f.txt"
    )


def like(found: list[Any]) -> list[Any]:
    """A recorded file as it is told here, where a further name is a file."""
    kind, _, owner, group, _ = found
    return ["file" if kind == "hard" else kind, owner, group]
