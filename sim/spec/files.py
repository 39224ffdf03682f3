"""Where the files inside a boundary come from: around it, layers of an image, a disk of its own."""

from typing import Annotated, Literal

from pydantic import Field

from sim.spec.image import Image
from sim.spec.quantity import (
    ABOVE_ZERO,
    CitedBandwidth,
    CitedFraction,
    CitedSize,
    Model,
    Switch,
    nothing,
    stated,
)


class Lazy(Model):
    """A start on an image that has yet to come: what it reads is asked for as it is read.

    It reads the share `read` of the image, or what the workload reads where that is more, a `span`
    at a time, each once the one before is unpacked. The `rest` comes in the background then, or
    never.
    """

    read: CitedFraction = stated(
        0.064, "", "slacker-2016", "measured", "of the bytes pulled, over 57 images"
    )
    span: Annotated[CitedSize, ABOVE_ZERO] = stated(
        4 * 2**20, "B", "tare-assumption", "assumed", "what can be unpacked by itself; no row"
    )
    rest: Literal["background", "never"] = "background"


class Files(Model):
    """Where the files inside come from.

    `outside`: the machine around it. `layers`: the image's layers, unpacked once into a store of
    the machine around it, and a writable layer each; a kernel of its own sees them as a shared
    folder, those of its `guest` as well. `disk`: a disk of its own that holds `guest` and the
    workload's files, as a full `copy`, as a `clone` of one file that grows with what is written,
    or `thin`: a device of its own that shares blocks with others, and no page cache.
    What a kernel of its own reads of its files is kept in its page cache, and with `cache: host`
    in that of the machine around it as well; with `mapped` there alone, and what is mapped inside
    is that one copy (DAX); with `direct` inside alone. Of what is mapped, the share `copied` is
    held by each inside besides. What another group builds comes in an `image` that is built once,
    or is `prepared` `inside`, step by step in each.
    """

    kind: Literal["outside", "layers", "disk"]
    guest: Image | None = None
    provision: Literal["copy", "clone", "thin"] = "copy"
    prepared: Literal["image", "inside"] = "image"
    cache: Literal["host", "direct", "mapped"] = "host"
    parallel: int = Field(default=1, ge=1, le=1000)
    unpack: Annotated[CitedBandwidth, ABOVE_ZERO] | None = None
    mirror: Switch = "on"
    lazy: Lazy | None = None
    made: Literal["ahead", "start"] = "ahead"
    convert: Annotated[CitedBandwidth, ABOVE_ZERO] | None = None
    writable: CitedSize = nothing()
    copied: CitedFraction = nothing()
