"""Docker references: which image stands for one, whether it is that one, and what is said else."""

from typing import cast

import pytest

from sim.catalog.loader import names
from sim.catalog.models import model_of
from sim.catalog.references import image_for, parse_reference
from sim.errors import UsageError
from sim.spec.image import Image, Layer

IMAGES = [cast("Image", model_of("images", name)) for name in names("images")]


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("node", "node"),
        ("node:26", "node"),
        ("node:24", "node-24"),
        ("node:slim", "node-slim"),
        ("node:18-slim", "node-18-slim"),
        ("docker.io/library/nginx", "nginx"),
        ("public.ecr.aws/docker/library/alpine:3.24", "alpine"),
        ("nginx:alpine", "nginx-alpine"),
        ("eclipse-temurin:21", "eclipse-temurin"),
        ("eclipse-temurin:21-jre", "eclipse-temurin-jre"),
        ("gcr.io/distroless/static-debian13", "distroless-static"),
        ("web-node", "web-node"),
    ],
)
def test_a_reference_finds_its_image(reference: str, name: str) -> None:
    found = image_for(reference)
    assert (found.image.name, found.is_exact, found.word) == (name, True, "")


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("node:24-slim", "node-slim"),
        ("node:20-alpine3.19", "node-alpine"),
        ("node:lts", "node"),
        ("python:3.12-slim-bookworm", "python-slim"),
        ("debian:bookworm-slim", "debian-slim"),
        ("ubuntu:24.04", "ubuntu"),
        ("golang:1.22-alpine", "golang"),
        ("gcr.io/distroless/nodejs22-debian12:nonroot", "distroless-node"),
        ("alpine@sha256:" + 64 * "0", "alpine"),
    ],
)
def test_what_is_not_there_has_its_nearest_kin_and_is_told_so(reference: str, name: str) -> None:
    found = image_for(reference)
    assert (found.image.name, found.is_exact) == (name, False)
    assert found.word.endswith(f"kin there is {name}, as {found.image.reference}")


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("nodee", "did you mean 'node'?"),
        ("ghcr.io/me/app:1", "describe its layers in a file of your own"),
        ("Node:3", "write node:3: names of repositories have no capitals"),
        ("node:", "write repository:tag"),
        ("", "write repository:tag"),
    ],
)
def test_what_is_unknown_is_refused_with_what_to_do(reference: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        image_for(reference)
    assert said in error.value.remedy


def test_a_reference_comes_apart_into_repository_tag_and_digest() -> None:
    digest = "sha256:" + 64 * "a"
    found = parse_reference(f"registry.example.org:5000/team/app:1.2-rc1@{digest}")
    assert found.repository == "registry.example.org:5000/team/app"
    assert (found.tag, found.digest) == ("1.2-rc1", digest)


def test_layers_of_one_name_are_one_content_in_all_images() -> None:
    """What a layer is for and how large it is; where a note has it from may be told otherwise."""
    seen: dict[str, tuple[str, float, float, str]] = {}
    for image in IMAGES:
        for name, layer in image.layers.items():
            assert seen.setdefault(name, _content(layer)) == _content(layer), (image.name, name)


def _content(layer: Layer) -> tuple[str, float, float, str]:
    return layer.kind, layer.compressed.value, layer.unpacked.value, layer.path


def test_the_full_image_of_node_has_its_seven_layers_and_shares_four_with_python() -> None:
    """442 394 221 bytes on the wire, and the 1.25 GB that they take on disk."""
    node, python = (image_for(name).image for name in ("node", "python"))
    assert sum(layer.compressed.value for layer in node.layers.values()) == 442_394_221
    unpacked = sum(layer.unpacked.value for layer in node.layers.values())
    assert unpacked == pytest.approx(1.25e9, rel=1e-3)
    assert len(node.layers) == 7
    assert [*node.layers][:4] == [*python.layers][:4] == [*image_for("buildpack-deps").image.layers]
