"""What a store must hold for a boundary, an image or a bare process, as layers of images."""

from __future__ import annotations

from dataclasses import replace

from sim.model.bundle import Bundle, Layer, Lazily
from sim.model.components import FILES, OS_OF_GUEST, OS_OF_IMAGE
from sim.model.making import Surroundings
from sim.spec.files import Lazy
from sim.spec.image import Image
from sim.spec.platform import Boundary


def boundary_layers(boundary: Boundary, image: Image | None) -> tuple[Layer, ...]:
    """The contents that a boundary's files consist of, lowest first."""
    guest = boundary.files.guest
    of_guest = _contents(guest, OS_OF_GUEST, os=True) if guest is not None else ()
    if image is None:
        return of_guest
    of_image = _contents(image, OS_OF_IMAGE, os=boundary.files.kind == "layers")
    return tuple({layer.content: layer for layer in of_guest + of_image}.values())


def boundary_bundle(
    key: str,
    boundary: Boundary,
    layers: tuple[Layer, ...],
    around: Surroundings,
    *,
    is_present: bool,
) -> Bundle | None:
    """What the store around a boundary must hold for it, if anything; a disk is one of its own."""
    files = boundary.files
    if files.kind == "outside" or not layers:
        return None
    rate = None if files.unpack is None else files.unpack.value / around.cost
    is_template = files.kind == "disk"
    contents = "+".join(layer.content for layer in layers)
    name = f"{key}:{contents}" if is_template else contents
    return Bundle(
        name,
        layers,
        files.parallel,
        rate,
        is_template,
        is_present,
        mirrored=files.mirror == "on",
        lazy=None if files.lazy is None else _lazily(files.lazy),
    )


def image_bundle(image: Image, like: Bundle | None, *, is_present: bool) -> Bundle:
    """The layers of an image in the store around a boundary whose files are layers."""
    layers = _contents(image, OS_OF_IMAGE, os=True)
    name = "+".join(layer.content for layer in layers)
    like = like or Bundle("", (), 1, None, is_template=False, is_present=is_present)
    return replace(like, name=name, layers=layers, is_present=is_present, lazy=None)


def host_bundle(image: Image, *, is_present: bool) -> Bundle:
    """What a host's own files must hold of an image: not its operating system, the host has one."""
    layers = tuple(
        replace(layer, path=image.layers[layer.content].path) for layer in _contents(image, FILES)
    )
    return Bundle(image.name, layers, 1, None, is_template=False, is_present=is_present)


def _contents(image: Image, os_component: str, *, os: bool = False) -> tuple[Layer, ...]:
    return tuple(
        Layer(
            name,
            os_component if layer.kind == "os" else FILES,
            int(layer.compressed.value),
            int(layer.unpacked.value),
        )
        for name, layer in image.layers.items()
        if os or layer.kind != "os"
    )



def _lazily(lazy: Lazy) -> Lazily:
    return Lazily(lazy.read.value, int(lazy.span.value), has_rest=lazy.rest == "background")
