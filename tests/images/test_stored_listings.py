"""What Docker says of an image, in JSON, comes to its layers."""

import json
import random
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.images.stored import read_image
from sim.spec.image import Image

DIGESTS = [f"sha256:{letter * 64}" for letter in "abc"]
MANIFEST = {
    "schemaVersion": 2,
    "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "config": {"digest": DIGESTS[0], "size": 7},
    "layers": [
        {"digest": digest, "size": size}
        for digest, size in zip(DIGESTS, (29_785_419, 3_315, 54_836_932), strict=True)
    ],
}


def image_from(value: object, folder: Path) -> Image:
    path = folder / "app.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return read_image(str(path))


def sizes(image: Image) -> list[tuple[float, float]]:
    return [(each.compressed.value, each.unpacked.value) for each in image.layers.values()]


def verbose(manifest: object, system: str, architecture: str, key: str) -> dict[str, object]:
    platform = {"os": system, "architecture": architecture}
    return {"Ref": "docker.io/library/app:1@sha256:0", "Descriptor": {"platform": platform},
            key: manifest}  # fmt: skip


def test_a_manifest(tmp_path: Path) -> None:
    image = image_from(MANIFEST, tmp_path)
    assert (image.name, next(iter(image.layers))) == ("app", "sha256-aaaaaaaaaaaa")
    assert sizes(image)[0] == (29_785_419, round(29_785_419 * 2.43))
    first = image.layers["sha256-aaaaaaaaaaaa"]
    assert (first.compressed.evidence, first.unpacked.evidence) == ("measured", "derived")
    assert [each.kind for each in image.layers.values()] == ["os", "application", "application"]


@pytest.mark.parametrize("key", ["SchemaV2Manifest", "OCIManifest"])
def test_manifests_with_v(key: str, tmp_path: Path) -> None:
    other = {"layers": MANIFEST["layers"][:1]}  # type: ignore[index]
    listed = [verbose(other, "linux", "arm64", key), verbose(MANIFEST, "linux", "amd64", key)]
    assert len(image_from(listed, tmp_path).layers) == 3
    assert image_from(listed, tmp_path).title == "docker.io/library/app:1"
    assert len(image_from(listed[0], tmp_path).layers) == 1
    windows = image_from(verbose(MANIFEST, "windows", "amd64", key), tmp_path)
    assert windows.system == "windows"


def test_an_inspection_is_shared_out(tmp_path: Path) -> None:
    inspected = [{"RepoTags": ["app:2"], "Os": "linux", "Size": 1001,
                  "RootFS": {"Type": "layers", "Layers": DIGESTS[:2]}}]  # fmt: skip
    image = image_from(inspected, tmp_path)
    assert image.title == "app:2"
    assert [size for _, size in sizes(image)] == [500, 501]
    assert {each.unpacked.evidence for each in image.layers.values()} == {"assumed"}


HISTORY = [
    {"CreatedBy": 'CMD ["node"]', "Size": "0B", "ID": "<missing>"},
    {"CreatedBy": "COPY . . # buildkit", "Size": "1.33kB", "ID": "<missing>"},
    {"CreatedBy": "RUN npm ci", "Size": "117MB", "ID": "<missing>"},
    {"CreatedBy": "# debian.sh", "Size": "74.8MB", "ID": "<missing>"},
]


def test_a_history_from_its_end(tmp_path: Path) -> None:
    image = image_from("\n".join(map(json.dumps, HISTORY)), tmp_path)
    assert [size for _, size in sizes(image)] == [74_800_000, 117_000_000, 1_330]
    numbers = [entry | {"Size": size} for entry, size in zip(HISTORY, (0, 5, 6, 7), strict=True)]
    assert [size for _, size in sizes(image_from(numbers, tmp_path))] == [7, 6, 5]


def test_histories_share_what_they_begin_with(tmp_path: Path) -> None:
    one = image_from("\n".join(map(json.dumps, HISTORY)), tmp_path)
    changed = [HISTORY[0], HISTORY[1] | {"CreatedBy": "COPY src ."}, *HISTORY[2:]]
    other = image_from("\n".join(map(json.dumps, changed)), tmp_path)
    assert [*one.layers][:2] == [*other.layers][:2]
    assert [*one.layers][2] != [*other.layers][2]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"manifests": [{"digest": DIGESTS[0]}] * 3}, "it lists 3 manifests, without their layers"),
        ({"a": 1}, "tells of no image"),
        ([], "tells of no image"),
        ([{"RootFS": {"Layers": []}, "Size": 5}], "it has no layers"),
        ([{"RootFS": {}, "Size": 1}] * 2, "it tells of 2 images"),
        ([{"CreatedBy": "x", "Size": "large"}], "the size of a layer is 'large'"),
        ([{"CreatedBy": "x"}], "the size of a layer is null"),
        ('{"CreatedBy": "x", "Size": "1B"}\n{"CreatedBy": ', "line 2 of it is not JSON"),
        ({"layers": [{"digest": "md5:1", "size": 1}]}, "is no digest"),
        ({"layers": [{}] * 1001}, "'layers' has over 1000 parts"),
    ],
)
def test_what_tells_of_no_image_is_refused(value: object, problem: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        image_from(value, tmp_path)
    (fault,) = caught.value.faults
    assert problem in fault.problem
    assert fault.remedy


def test_titles_are_fit_for_a_terminal(tmp_path: Path) -> None:
    tags = '["\\u001b[31m\\ud800\\n' + "x" * 500 + '"]'
    inspected = f'[{{"RepoTags": {tags}, "Size": 9, "RootFS": {{"Layers": ["{DIGESTS[0]}"]}}}}]'
    title = image_from(inspected, tmp_path).title
    assert title.startswith("?[31m??xxx")
    assert len(title) == 120


_ODD = [None, True, -1, 1.5, 10**400, "", "x", "\ud800", [], {}, [[]], [None] * 5, {"a": {}}]


def _changed(chance: random.Random, value: object) -> object:
    """A value with a part of it, or all of it, replaced by what does not belong there."""
    if chance.random() < 0.2:
        return chance.choice(_ODD)
    if isinstance(value, dict) and value:
        key = chance.choice(list(value))
        return value | {key: _changed(chance, value[key])}
    if isinstance(value, list) and value:
        at = chance.randrange(len(value))
        return [*value[:at], _changed(chance, value[at]), *value[at + 1 :]]
    return chance.choice(_ODD)


def test_hundreds_of_odd_documents_are_refused_or_sound(tmp_path: Path) -> None:
    chance = random.Random("documents")
    inspected = [{"RepoTags": ["a:1"], "Os": "linux", "Size": 9, "RootFS": {"Layers": DIGESTS}}]
    known = (MANIFEST, [verbose(MANIFEST, "linux", "amd64", "OCIManifest")], inspected, HISTORY)
    for _ in range(500):
        try:
            changed = json.dumps(_changed(chance, chance.choice(known)))
            assert image_from(changed, tmp_path).layers
        except ScenarioError as error:
            (fault,) = error.faults
            assert fault.remedy
            assert "no file can have" not in fault.problem
