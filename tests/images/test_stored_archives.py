"""Images in archives and folders come to their layers, with sizes as they are."""

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.images.stored import read_image
from sim.spec.image import Image

BASE = {"bin/sh": b"s" * 100_000, "etc/os-release": b"ID=x\n", "usr/a": os.urandom(50_000)}
APPLICATION = {"app/server.js": b"x" * 3_000, "app/.wh.old": b""}


def layer(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def configuration(layers: list[bytes], system: str = "linux") -> bytes:
    ids = [digest(each) for each in layers]
    return json.dumps({"os": system, "rootfs": {"type": "layers", "diff_ids": ids}}).encode()


def archived(files: Mapping[str, bytes], path: Path, mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def saved_files(layers: list[bytes], tag: str = "shop:1") -> dict[str, bytes]:
    """What `docker save` wrote for long: a folder for each layer, and a list of them at the end."""
    config = configuration(layers)
    names = [f"{number}/layer.tar" for number in range(len(layers))]
    listed = [{"Config": "c.json", "RepoTags": [tag], "Layers": names}]
    return {
        **dict(zip(names, layers, strict=True)),
        "c.json": config,
        "manifest.json": json.dumps(listed).encode(),
    }


def layout_files(layers: list[bytes], name: str = "shop:2") -> dict[str, bytes]:
    """An OCI layout with layers that are packed, and an attestation beside the image."""
    packed = [gzip.compress(each) for each in layers]
    config = configuration(layers)
    manifest = json.dumps({
        "config": {"digest": digest(config)},
        "layers": [{"digest": digest(each), "size": len(each)} for each in packed],
    }).encode()  # fmt: skip
    index = json.dumps({
        "manifests": [
            {"digest": "sha256:" + "0" * 64, "platform": {"os": "unknown"}},
            {
                "digest": digest(manifest),
                "platform": {"os": "linux", "architecture": "amd64"},
                "annotations": {"org.opencontainers.image.ref.name": name},
            },
            {"digest": "sha256:" + "1" * 64, "platform": {"os": "linux", "architecture": "arm64"}},
        ]
    }).encode()  # fmt: skip
    blobs = {
        f"blobs/{digest(each).replace(':', '/')}": each for each in (config, manifest, *packed)
    }
    return {"oci-layout": b"{}", "index.json": index, **blobs}


def unfolded(files: Mapping[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def sizes(image: Image) -> list[tuple[str, float, str, float, str]]:
    return [
        (layer.kind, layer.compressed.value, layer.compressed.evidence, layer.unpacked.value,
         layer.unpacked.evidence) for layer in image.layers.values()
    ]  # fmt: skip


LAYERS = [layer(BASE), layer(APPLICATION)]
FILES = [sum(map(len, files.values())) for files in (BASE, APPLICATION)]
KEYS = [digest(each).replace(":", "-")[:19] for each in LAYERS]


def refused(path: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_image(str(path))
    (fault,) = caught.value.faults
    assert fault.problem
    assert fault.remedy
    return fault.problem


def test_an_archive_that_docker_saved(tmp_path: Path) -> None:
    image = read_image(str(archived(saved_files(LAYERS), tmp_path / "shop.tar")))
    assert (image.name, image.title, image.system) == ("shop-1", "shop:1", "linux")
    assert [*image.layers] == KEYS
    assert sizes(image) == [
        ("os", round(FILES[0] / 2.43), "derived", FILES[0], "measured"),
        ("application", round(FILES[1] / 2.43), "derived", FILES[1], "measured"),
    ]


def test_an_archive_may_be_packed(tmp_path: Path) -> None:
    path = archived(saved_files(LAYERS), tmp_path / "shop.tar.gz", "w:gz")
    assert [*read_image(str(path)).layers] == KEYS


@pytest.mark.parametrize("is_folder", [True, False])
def test_a_layout_as_folder_and_as_archive(is_folder: bool, tmp_path: Path) -> None:
    files = layout_files(LAYERS)
    path = unfolded(files, tmp_path / "o") if is_folder else archived(files, tmp_path / "o.tar")
    image = read_image(str(path))
    assert image.title == "shop:2"
    assert [*image.layers] == KEYS
    packed = [len(gzip.compress(each)) for each in LAYERS]
    assert sizes(image) == [
        ("os", packed[0], "measured", FILES[0], "measured"),
        ("application", packed[1], "measured", FILES[1], "measured"),
    ]


def test_the_same_layer_has_one_key_wherever_it_lies(tmp_path: Path) -> None:
    one = read_image(str(archived(saved_files(LAYERS[:1]), tmp_path / "one.tar")))
    other = read_image(str(unfolded(layout_files(LAYERS), tmp_path / "other")))
    assert [*one.layers] == [*other.layers][:1]
    assert one.layers[KEYS[0]].kind == other.layers[KEYS[0]].kind == "os"


def test_links_to_layers_are_followed_inside_the_archive(tmp_path: Path) -> None:
    files = saved_files([LAYERS[0], LAYERS[0]])
    path = tmp_path / "linked.tar"
    with tarfile.open(path, "w") as archive:
        link = tarfile.TarInfo("1/layer.tar")
        link.type, link.linkname = tarfile.SYMTYPE, "../0/layer.tar"
        archive.addfile(link)
        for name in ("0/layer.tar", "c.json", "manifest.json"):
            member = tarfile.TarInfo(name)
            member.size = len(files[name])
            archive.addfile(member, io.BytesIO(files[name]))
    assert [*read_image(str(path)).layers] == KEYS[:1]


def test_all_forms_of_tar_are_read(tmp_path: Path) -> None:
    long = {"d/" * 80 + "f": b"x" * 1000, "ü" * 120: b"y" * 10}
    for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        packed = io.BytesIO()
        names = long if form != tarfile.USTAR_FORMAT else {"a/" * 60 + "f": b"x" * 1010}
        with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
            for name, content in names.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        path = archived(saved_files([packed.getvalue()]), tmp_path / f"{form}.tar")
        assert [layer.unpacked.value for layer in read_image(str(path)).layers.values()] == [1010]


def test_an_empty_layer_and_one_that_is_there_twice(tmp_path: Path) -> None:
    layers = [LAYERS[0], b"\0" * 1024, LAYERS[0]]
    image = read_image(str(archived(saved_files(layers), tmp_path / "e.tar")))
    assert [layer.unpacked.value for layer in image.layers.values()] == [FILES[0], 0]


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    assert read_image(str(archived(saved_files(LAYERS, "a:1"), path))).title == "a:1"
    assert read_image(str(archived(saved_files(LAYERS[:1], "a:22"), path))).title == "a:22"


def test_what_holds_no_image_is_told(tmp_path: Path) -> None:
    assert "without manifest.json" in refused(archived(BASE, tmp_path / "exported.tar"))
    assert "no tar archive" in refused(unfolded({"x": b"hello" * 200}, tmp_path) / "x")
    assert "no tar archive" in refused(unfolded({"g": gzip.compress(b"x" * 900)}, tmp_path) / "g")
    assert "without manifest.json" in refused(unfolded({"empty": b""}, tmp_path) / "empty")
    assert "zstd" in refused(unfolded({"z": b"\x28\xb5\x2f\xfd" * 200}, tmp_path) / "z")
    assert "without index.json" in refused(tmp_path)
    assert "no such file" in refused(tmp_path / "nope.tar")
    two = [{"Config": "c", "RepoTags": [f"t:{n}"], "Layers": []} for n in range(2)]
    files = {"manifest.json": json.dumps(two).encode()}
    assert "2 images: t:0, t:1" in refused(archived(files, tmp_path / "two.tar"))


def test_a_layer_that_only_others_can_unpack_has_a_derived_size(tmp_path: Path) -> None:
    files = saved_files(LAYERS) | {"1/layer.tar": b"\x28\xb5\x2f\xfd" + b"z" * 996}
    last = [*read_image(str(archived(files, tmp_path / "z.tar"))).layers.values()][-1]
    assert (last.compressed.value, last.unpacked.value) == (1000, 2430)
    assert last.unpacked.evidence == "derived"


def test_an_image_for_another_kernel_says_so(tmp_path: Path) -> None:
    files = saved_files(LAYERS) | {"c.json": configuration(LAYERS, "windows")}
    assert read_image(str(archived(files, tmp_path / "w.tar"))).system == "windows"
    files |= {"c.json": configuration(LAYERS, "templeos")}
    assert "'templeos'" in refused(archived(files, tmp_path / "t.tar"))
