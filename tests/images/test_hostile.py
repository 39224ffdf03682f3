"""Contexts and archives that mean no good, or no harm: taken as the builder does, or told."""

import contextlib
import gzip
import io
import os
import random
import socket
import stat
import tarfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from images.laid import lay

from sim.errors import ScenarioError, TareError, UsageError
from sim.images.changes import changed
from sim.images.context import Context, read_context
from sim.images.ignore import parse
from sim.images.transfer import sent
from sim.images.unpacking import ArchiveError, unpacked

NOBODY = 65_534


def read(folder: Path) -> Context:
    return read_context(folder, folder / "Dockerfile")


@contextlib.contextmanager
def nobody(folder: Path) -> Iterator[None]:
    """Be within a folder without any right to what is not for all."""
    here = os.getcwd()
    folder.chmod(0o755)
    os.chdir(folder)
    was = os.getresuid()
    if was[1] == 0:
        os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(*was)
        os.chdir(here)


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("../../../etc/passwd", "'out' leads to 'etc/passwd', which is not in the context"),
        ("/etc/passwd", "'out' leads to 'etc/passwd', which is not in the context"),
        ("nowhere", "'out' leads to 'nowhere', which is not in the context"),
        ("out", "the links of 'out' lead in a circle; mend one of them"),
        ("there/../out", "the links of 'out' lead in a circle; mend one of them"),
    ],
)
def test_a_link_that_leads_nowhere_is_copied_as_a_link_alone(
    tmp_path: Path, link: str, told: str
) -> None:
    (tmp_path / "out").symlink_to(link)
    context = read(tmp_path)
    (copied,) = context.select(["."])[1:]
    assert (copied.path, copied.kind, copied.size) == ("out", "link", 0)
    with pytest.raises(UsageError) as refused:
        context.select(["out"])
    assert str(refused.value) == told
    assert sent(context, None, ["out"]) < 80


def test_a_link_from_the_root_stays_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "passwd").write_text("ours")
    (tmp_path / "out").symlink_to("/etc/passwd")
    (entry,) = read(tmp_path).select(["out"])
    assert (entry.path, entry.place, entry.size) == ("etc/passwd", "out", 4)
    assert read(tmp_path).read("out") == b"ours"


def test_what_cannot_be_read_is_told_all_at_once_where_it_is_needed(tmp_path: Path) -> None:
    for name in ("closed", "shut"):
        (tmp_path / name).write_text("secret")
        (tmp_path / name).chmod(0o200)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder").chmod(0o300)
    (tmp_path / "open").write_text("open")
    with nobody(tmp_path):
        context = read(Path())
        assert [entry.place for entry in context.select(["open"])] == ["open"]
        assert sent(context, None, ["open"]) < 50
        with pytest.raises(ScenarioError) as told:
            context.select(["."])
        with pytest.raises(ScenarioError):
            sent(context, None)
    assert str(told.value).splitlines() == [
        f"./{what} cannot be read: Permission denied; mend it, or name it in .dockerignore"
        for what in ("closed: the file", "folder: the folder", "shut: the file")
    ]


def test_an_ignore_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_text("a")
    (tmp_path / ".dockerignore").chmod(0o200)
    with nobody(tmp_path), pytest.raises(ScenarioError, match="cannot be read: Permission denied"):
        read(Path())


def test_a_file_that_is_gone_by_the_time_it_is_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "gone").write_text("gone")
    context = read(tmp_path)
    (tmp_path / "gone").unlink()
    for ask in (lambda: context.select(["gone"]), lambda: context.read("gone")):
        with pytest.raises(ScenarioError, match="gone: the file cannot be read: No such file"):
            ask()


def test_devices_and_sockets_have_a_name_and_no_bytes(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as ours:
        here = os.getcwd()
        os.chdir(tmp_path)
        ours.bind("socket")
        os.chdir(here)
    if os.geteuid() == 0:
        with contextlib.suppress(PermissionError):
            os.mknod(tmp_path / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    entries = read(tmp_path).select(["."])[1:]
    assert {(entry.kind, entry.size) for entry in entries} == {("special", 0)}
    assert len({entry.digest for entry in entries}) == len(entries)
    assert read(tmp_path).read("fifo") is None


def test_a_name_of_several_lines_is_sent_and_told_on_one(tmp_path: Path) -> None:
    (tmp_path / "a\nb").write_text("two lines")
    assert [entry.place for entry in read(tmp_path).select(["."])] == ["", "a\nb"]
    context = read(tmp_path)
    (tmp_path / "a\nb").unlink()
    with pytest.raises(ScenarioError) as told:
        context.select(["a*"])
    assert str(told.value).endswith("a\\nb: the file cannot be read: No such file or directory")
    assert len(str(told.value).splitlines()) == 1


def test_names_and_links_that_are_not_text_are_told(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff")).mkdir()
    (tmp_path / "link").symlink_to(os.fsdecode(b"\xfe"))
    with pytest.raises(ScenarioError) as told:
        read(tmp_path).select(["."])
    assert [fault.problem for fault in told.value.faults] == [
        "the link leads to a name that is not UTF-8, and a builder refuses that",
        "its name is not UTF-8, and a builder refuses that",
    ]


def test_folders_too_deep_for_the_system_are_told(tmp_path: Path) -> None:
    here = os.getcwd()
    os.chdir(tmp_path)
    for _ in range(50):
        os.mkdir("d" * 100)
        os.chdir("d" * 100)
    os.chdir(here)
    with pytest.raises(ScenarioError, match="the folder cannot be read: File name too long"):
        read(tmp_path).select(["."])


def test_a_context_that_is_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        read(tmp_path / "nothing")


@given(some.text())
def test_any_text_is_an_ignore_file_or_refused_by_its_lines(text: str) -> None:
    with contextlib.suppress(ScenarioError):
        parse(text, ".dockerignore").covers("a/b")


def laid(*members: tarfile.TarInfo, of: str = "") -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode=f"w:{of}", format=tarfile.GNU_FORMAT) as made:
        for member in members:
            made.addfile(member, io.BytesIO(bytes(member.size)))
    return written.getvalue()


def member(name: str, size: int = 0) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.size = size
    return made


def claiming(kind: bytes, size: int) -> bytes:
    """A header that claims a size, with nothing behind it."""
    made = member("x", size)
    made.type = kind
    return made.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (laid(member("../x")), "has '../x' in it, which leads outside"),
        (laid(member("a/../../x")), "has 'a/../../x' in it, which leads outside"),
        (laid(member("a", 5000))[:2000], "breaks off: unexpected end of data"),
        (claiming(tarfile.REGTYPE, 1 << 45), "unpacks to over 16 GiB or 2000000 files"),
        (laid(member("a")) + b"", None),
        (b"\x28\xb5\x2f\xfd" + bytes(100), "is compressed with zstd, which is not read here"),
    ],
    ids=["outside", "outside by a way round", "cut short", "too large", "fine", "zstd"],
)
def test_an_archive_is_listed_or_refused(tmp_path: Path, content: bytes, told: str | None) -> None:
    (tmp_path / "a.tar").write_bytes(content)
    if told is None:
        entries = read(tmp_path).select(["a.tar"], unpack=True)
        assert [each.place for each in entries] == ["", "a"]
        return
    with pytest.raises(ScenarioError) as refused:
        read(tmp_path).select(["a.tar"], unpack=True)
    (fault,) = refused.value.faults
    assert fault.problem == f"the archive {told}"


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE])
def test_a_header_that_unpacks_to_a_flood_is_refused(tmp_path: Path, kind: bytes) -> None:
    flood = laid(member("a")).rstrip(b"\0").ljust(512, b"\0")
    flood += claiming(kind, 1 << 33) + bytes(16 << 20)
    (tmp_path / "flood.tar.gz").write_bytes(gzip.compress(flood))
    with pytest.raises(ArchiveError, match="far too long"):
        unpacked(str(tmp_path / "flood.tar.gz"))


def test_thousands_of_broken_archives_are_listed_or_refused(tmp_path: Path) -> None:
    chance = random.Random(5)
    whole = [
        laid(member("a/b", 700), member("c" * 150), member("d", 3), of=of) for of in ("", "gz")
    ]
    place = tmp_path / "broken.tar"
    for number in range(1500):
        broken = bytearray(whole[number % 2])
        for _ in range(chance.randint(1, 5)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        place.write_bytes(broken[: chance.randint(1, len(broken))])
        with contextlib.suppress(ArchiveError):
            unpacked(str(place))


def test_thousands_of_sources_and_changes_are_taken_or_refused(tmp_path: Path) -> None:
    lay(tmp_path, {"a": "a", "in/c": "c", "in/deep/d": "d", "link": "-> in/c", "twice": "== in/c"})
    context = read(tmp_path)
    chance = random.Random(3)
    words = [
        *"ac*?[]\\/.!\udcff\n{|# ",
        "in",
        "link",
        "twice",
        "deep",
        "d",
        "**",
        "[a-",
        "[^a]",
        "/./",
        "..",
    ]
    for _ in range(1500):
        source = "".join(chance.choice(words) for _ in range(chance.randint(0, 5)))
        change = f"{chance.choice(['touch', 'edit', 'add', 'remove'])}:{source}"
        how = (chance.random() < 0.4, chance.random() < 0.3)
        for ask in (
            partial(context.select, [source], chance.choices(words), *how),
            partial(sent, context, None, [source]),
            partial(changed, context, change),
            partial(context.read, source),
        ):
            with contextlib.suppress(TareError):
                ask()
