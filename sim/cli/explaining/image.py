"""The page of an image: its layers as a stack, and who else has them."""

from collections.abc import Iterator, Mapping, Sequence
from math import fsum
from typing import cast

from sim.catalog.loader import names
from sim.catalog.models import model_of
from sim.cli.explaining.layout import Box, Line, Part
from sim.cli.explaining.numbers import (
    Number,
    basis,
    file_size,
    heading,
    numbers_of,
    numbers_written,
    rows,
)
from sim.images.stored import names_image, read_image
from sim.spec.image import Image, Layer
from sim.spec.systems import SYSTEMS

_KINDS = {
    "os": "a system's userland",
    "runtime": "runtime of the workload",
    "application": "application",
}


def page(name: str) -> Iterator[Part]:
    """Lay out the page of an image."""
    image, numbers = _found(name)
    yield from heading("image", name, image.title, image.notes)
    yield stacked(image, sharing(image))
    yield Line(f"Together {total(image)}; programs made for {SYSTEMS[image.system]}.", hang=2)
    if image.reference:
        yield Line(f"Registries know it as {image.reference}.", hang=2)
    yield Line()
    yield Line("Its layers, the lowest first", "heading")
    yield from rows(numbers, ("layers",), "images")
    yield from basis(numbers)


def _found(name: str) -> tuple[Image, Sequence[Number]]:
    """An image of the catalog, or one that lies in a file or a folder, with its numbers."""
    if not names_image(name):
        return cast("Image", model_of("images", name)), numbers_of("images", name)
    image = read_image(name)
    return image, [*numbers_written(image.model_dump(mode="json"))]


def stacked(image: Image, others: Mapping[str, list[str]]) -> Box:
    """Draw the layers of an image on top of one another, with the images that share each."""
    upwards = reversed(image.layers.items())
    return Box(tuple((name, tuple(_layer(layer, others.get(name, [])))) for name, layer in upwards))


def _layer(layer: Layer, others: list[str]) -> Iterator[Part]:
    pulled, unpacked = (file_size(each.value) for each in (layer.compressed, layer.unpacked))
    place = f", at {layer.path}" if layer.path else ""
    yield Line(f"{_KINDS[layer.kind]}: {pulled} to pull, {unpacked} unpacked{place}", hang=2)
    if others:
        yield Line(f"shared with {', '.join(others)}", hang=2)


def sharing(image: Image) -> dict[str, list[str]]:
    """The other images of the catalog that have each layer: equal names are equal content."""
    images = [cast("Image", model_of("images", each)) for each in names("images")]
    return {
        layer: [each.name for each in images if layer in each.layers and each.name != image.name]
        for layer in image.layers
    }


def total(image: Image) -> str:
    """What all layers come to: `104 MB to pull, 316 MB unpacked`."""
    pulled = fsum(layer.compressed.value for layer in image.layers.values())
    unpacked = fsum(layer.unpacked.value for layer in image.layers.values())
    return f"{file_size(pulled)} to pull, {file_size(unpacked)} unpacked"
