"""Archives that are damaged, or made to harm, are refused in words, soon, in little memory."""

import gzip
import io
import json
import os
import random
import tarfile
import time
import tracemalloc
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.images.stored import read_image, stream

_SLOWEST_S = 20.0
_MOST_MEMORY = 64 * 2**20


def header(name: str, size: int, kind: bytes = b"0", link: str = "") -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.type, member.linkname = size, kind, link
    return member.tobuf(tarfile.GNU_FORMAT)


def padded(content: bytes) -> bytes:
    return content + b"\0" * (-len(content) % 512)


def refused(path: Path) -> str:
    begin = time.perf_counter()
    with pytest.raises(ScenarioError) as caught:
        read_image(str(path))
    assert time.perf_counter() - begin < _SLOWEST_S
    (fault,) = caught.value.faults
    assert fault.problem
    assert fault.remedy
    assert len(fault.problem) < 400
    return fault.problem


def written(path: Path, *parts: bytes) -> Path:
    path.write_bytes(b"".join(parts))
    return path


def sound(tmp_path: Path) -> bytes:
    layer = (
        header("etc/os-release", 5) + padded(b"ID=x\n") + header("a", 2000) + padded(b"a" * 2000)
    )
    ids = ["sha256:" + "a" * 64]
    config = json.dumps({"os": "linux", "rootfs": {"diff_ids": ids}}).encode()
    listed = json.dumps([{"Config": "c.json", "RepoTags": [], "Layers": ["l/layer.tar"]}]).encode()
    files = {"l/layer.tar": layer, "c.json": config, "manifest.json": listed}
    parts = [header(name, len(content)) + padded(content) for name, content in files.items()]
    path = written(tmp_path / "sound.tar", *parts, b"\0" * 1024)
    assert read_image(str(path)).layers
    return path.read_bytes()


def bomb() -> bytes:
    packed = io.BytesIO()
    with gzip.open(packed, "wb") as stream:
        stream.write(header("zeros", 2**36))
        for _ in range(40):
            stream.write(b"\0" * 2**20)
    return packed.getvalue()


@pytest.fixture
def _small_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bombs of 30 MiB count, so that none has to be a gigabyte."""
    monkeypatch.setattr(stream, "FROM", 30 * 2**20)


@pytest.mark.usefixtures("_small_bombs")
def test_a_bomb_is_refused_once_it_has_grown(tmp_path: Path) -> None:
    path = written(tmp_path / "bomb.tar.gz", bomb())
    tracemalloc.start()
    assert "unpack to over" in refused(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < _MOST_MEMORY


@pytest.mark.usefixtures("_small_bombs")
def test_a_bomb_in_a_layer_is_refused(tmp_path: Path) -> None:
    layer = bomb()
    config = json.dumps({"rootfs": {"diff_ids": ["sha256:" + "b" * 64]}}).encode()
    listed = json.dumps([{"Config": "c", "Layers": ["l"]}]).encode()
    files = {"l": layer, "c": config, "manifest.json": listed}
    parts = [header(name, len(content)) + padded(content) for name, content in files.items()]
    assert "unpack to over" in refused(written(tmp_path / "b.tar", *parts))


def test_huge_documents_are_not_kept(tmp_path: Path) -> None:
    huge = b'[{"Config": "c", "Layers": ["' + b"x" * (5 * 2**20) + b'"]}]'
    path = written(tmp_path / "j.tar", header("manifest.json", len(huge)) + padded(huge))
    assert "not JSON" in refused(path)
    one = b'{"a": "' + b"x" * (3 * 2**20) + b'"}'
    parts = [header(f"{number}.json", len(one)) + padded(one) for number in range(12)]
    assert "documents come to over" in refused(written(tmp_path / "many.tar", *parts))
    assert "over 4 MiB" in refused(written(tmp_path / "h.json", b"[" + b"1," * (3 * 2**20) + b"1]"))
    assert "not JSON" in refused(written(tmp_path / "deep.json", b"[" * 2**20))


def test_names_a_megabyte_long_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "n.tar", header("././@LongLink", 2**40, b"L"))
    assert "over a megabyte" in refused(path)
    path = written(tmp_path / "p.tar", header("pax", 2**33, b"x"))
    assert "over a megabyte" in refused(path)


def test_a_header_of_fifty_thousand_records_is_read_soon(tmp_path: Path) -> None:
    records = b"5 a=\n" * 50_000
    path = written(tmp_path / "r.tar", header("pax", len(records), b"x"), padded(records),
                   header("a", 0))  # fmt: skip
    assert "without manifest.json" in refused(path)


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "m.tar", header("a", 0) * 5_100)
    assert "over 5000 files" in refused(path)


def test_links_that_lead_out_or_in_circles_lead_nowhere(tmp_path: Path) -> None:
    for link in ("../../../../etc/passwd", "/etc/passwd", "l", "m"):
        config = json.dumps({"rootfs": {"diff_ids": ["sha256:" + "c" * 64]}}).encode()
        listed = json.dumps([{"Config": "c", "Layers": ["l"]}]).encode()
        parts = [header("l", 0, b"2", link), header("m", 0, b"1", "l")]
        for name, content in (("c", config), ("manifest.json", listed)):
            parts.append(header(name, len(content)) + padded(content))
        assert "'l' is not in it" in refused(written(tmp_path / f"{len(link)}.tar", *parts))


def test_names_that_lead_out_are_names_in_the_archive(tmp_path: Path) -> None:
    for name in ("/etc/passwd", "../../etc/passwd"):
        listed = json.dumps([{"Config": name, "Layers": [name]}]).encode()
        content = header("manifest.json", len(listed)) + padded(listed)
        assert "is not in it" in refused(written(tmp_path / f"{len(name)}.tar", content))
    assert sorted(tmp_path.iterdir()) == sorted(tmp_path.glob("*.tar"))


def test_digests_cannot_lead_out_of_a_layout(tmp_path: Path) -> None:
    for name in (
        "../../etc:passwd",
        "sha256:../../../etc/passwd",
        "sha256:",
        "",
        "sha256:" + "Z" * 64,
    ):
        index = json.dumps({"manifests": [{"digest": name}]})
        (tmp_path / "index.json").write_text(index, encoding="utf-8")
        assert "is no digest" in refused(tmp_path)


def test_a_blob_of_a_layout_has_to_be_a_file(tmp_path: Path) -> None:
    name = "d" * 64
    (tmp_path / "index.json").write_text(json.dumps({"manifests": [{"digest": f"sha256:{name}"}]}))
    folder = tmp_path / "blobs" / "sha256"
    folder.mkdir(parents=True)
    assert "is not in it" in refused(tmp_path)
    (folder / name).symlink_to("/dev/zero")
    assert "is no file" in refused(tmp_path)
    (folder / name).unlink()
    os.mkfifo(folder / name)
    assert "is no file" in refused(tmp_path)


def test_indexes_that_lead_to_themselves_are_refused(tmp_path: Path) -> None:
    digest = "sha256:" + "e" * 64
    index = json.dumps({"manifests": [{"digest": digest}]}).encode()
    blob = f"blobs/{digest.replace(':', '/')}"
    parts = [header(name, len(index)) + padded(index) for name in (blob, "index.json")]
    assert "deep into each other" in refused(written(tmp_path / "i.tar", *parts))


def test_sparse_files_count_as_what_is_stored(tmp_path: Path) -> None:
    sparse = bytearray(header("s", 512, b"S"))
    sparse[483:495] = b"77777777777\0"
    sparse[148:156] = b" " * 8
    sparse[148:156] = b"%06o\0 " % sum(sparse)
    layer = bytes(sparse) + b"x" * 512 + header("a", 8) + padded(b"aaaaaaaa")
    config = json.dumps({"rootfs": {"diff_ids": ["sha256:" + "f" * 64]}}).encode()
    listed = json.dumps([{"Config": "c", "Layers": ["l"]}]).encode()
    files = {"l": layer, "c": config, "manifest.json": listed}
    parts = [header(name, len(content)) + padded(content) for name, content in files.items()]
    image = read_image(str(written(tmp_path / "s.tar", *parts)))
    assert [layer.unpacked.value for layer in image.layers.values()] == [520]


@pytest.mark.parametrize("size", [-1, 1.5, True, "9", None, 10**30])
def test_impossible_sizes_in_documents_are_refused(size: object, tmp_path: Path) -> None:
    manifest = {"layers": [{"digest": "sha256:" + "a" * 64, "size": size}]}
    path = written(tmp_path / "m.json", json.dumps(manifest).encode())
    assert "the size of a layer is" in refused(path)


def test_impossible_sizes_in_headers_are_refused(tmp_path: Path) -> None:
    large = bytearray(header("a", 0))
    large[124:136] = b"\xff" + b"\xff" * 11
    large[148:156] = b" " * 8
    large[148:156] = b"%06o\0 " % sum(large)
    assert "no possible size" in refused(written(tmp_path / "a.tar", bytes(large)))


def test_wherever_an_archive_ends_it_is_refused(tmp_path: Path) -> None:
    whole = sound(tmp_path)
    for length in range(0, len(whole) - 2048, 97):
        assert refused(written(tmp_path / f"{length}.tar", whole[:length]))
    packed = gzip.compress(whole)
    for length in range(1, len(packed) // 2, 7):
        assert refused(written(tmp_path / f"{length}.tgz", packed[:length]))


def test_hundreds_of_damaged_archives_are_refused_or_sound(tmp_path: Path) -> None:
    whole = sound(tmp_path)
    chance = random.Random("archives")
    path = tmp_path / "damaged.tar"
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 2, 8])):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.randrange(1, 5)] = chance.randbytes(chance.randrange(4))
        path.write_bytes(damaged)
        try:
            assert read_image(str(path)).layers
        except ScenarioError as error:
            assert len(error.faults) == 1


def test_devices_and_folders_are_no_archives(tmp_path: Path) -> None:
    assert "device" in refused(Path("/dev/zero"))
    os.mkfifo(tmp_path / "pipe")
    assert "device or a pipe" in refused(tmp_path / "pipe")
