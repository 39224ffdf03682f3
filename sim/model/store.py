"""Where the files of a machine are kept: layers, templates and daemons on a disk."""

from __future__ import annotations

from collections import deque

from sim.model.bundle import Bundle
from sim.model.components import DAEMON
from sim.model.gate import Gate
from sim.resources.space import Space


class Pull:
    """A bundle on its way into a store: the layers that nobody has begun to pull, and two gates.

    `failure` says why it could not be unpacked; it is not tried again.
    """

    __slots__ = ("failure", "pulled", "queue", "unpacked")

    def __init__(self, *, was_there: bool = False) -> None:
        self.failure = ""
        self.queue: deque[int] = deque()
        self.pulled = Gate(is_open=was_there)
        self.unpacked = Gate(is_open=was_there)


class LayerState:
    """A layer that a store has or waits for; `failure` says why it could not be kept."""

    __slots__ = ("arrived", "failure", "kept")

    def __init__(self) -> None:
        self.arrived = Gate()
        self.failure = ""
        self.kept = Gate()


class Store:
    """Where the files of a machine are kept: its disk space, and the bundles and daemons on it.

    `outcomes` are the keys of the steps of builds whose outcome it has.
    """

    __slots__ = ("daemons", "layers", "outcomes", "paths", "pulls", "space", "templates")

    def __init__(self, space: Space) -> None:
        self.daemons: set[str] = set()
        self.outcomes: set[str] = set()
        self.paths: dict[str, str] = {}
        self.space = space
        self.layers: dict[tuple[str, str], LayerState] = {}
        self.pulls: dict[str, Pull] = {}
        self.templates: dict[str, Space] = {}

    def layer(self, bundle: Bundle, number: int) -> LayerState | None:
        """What is known here of a layer of a bundle, if anything."""
        return self.layers.get(_place(bundle, number))

    def expect(self, bundle: Bundle, number: int) -> LayerState:
        """Note that a layer is on its way."""
        return self.layers.setdefault(_place(bundle, number), LayerState())

    def keep(self, bundle: Bundle, number: int, part: float = 1.0) -> None:
        """Hold one more layer of a bundle, or a part of it so far. Raises: DiskFull."""
        layer = bundle.layers[number]
        space = self.space
        if bundle.is_template:
            space = self.templates.setdefault(bundle.name, thin_disk(self.space, bundle.name))
        space.hold(layer.content, int(part * layer.unpacked), layer.component)

    def occupy(self, bundle: Bundle) -> str:
        """Let a bundle have its paths; say which it cannot have, since another content is there."""
        wanted = {layer.path: layer.content for layer in bundle.layers if layer.path}
        for path, content in wanted.items():
            held = self.paths.get(path, content)
            if held != content:
                return f"needs {content} at {path}, where {held} is, and both share a file system"
        self.paths |= wanted
        return ""

    def provide(self, bundle: Bundle) -> None:
        """Hold a bundle that was there before. Raises: DiskFull."""
        if bundle.name in self.pulls:
            return
        for number in range(len(bundle.layers)):
            if self.layer(bundle, number) is None:
                self.keep(bundle, number)
                self.expect(bundle, number).kept.is_open = True
        self.pulls[bundle.name] = Pull(was_there=True)

    def have_built(self, content: str) -> None:
        """Know a layer that was made here, so that it need not be pulled."""
        self.layers.setdefault(("", content), LayerState()).kept.is_open = True

    def have(self, bundle: Bundle) -> None:
        """Hold those layers of a bundle that were there before, if not all. Raises: DiskFull."""
        for number, layer in enumerate(bundle.layers):
            if layer.content in bundle.bases and self.layer(bundle, number) is None:
                self.keep(bundle, number)
                self.expect(bundle, number).kept.is_open = True

    def forget(self) -> None:
        """Lose the pulls that were under way, and the layers that they had not finished."""
        self.pulls = {name: pull for name, pull in self.pulls.items() if pull.unpacked.is_open}
        self.layers = {place: layer for place, layer in self.layers.items() if layer.kept.is_open}

    def install(self, daemon: str, size: int) -> None:
        """Hold the files of a daemon, once. Raises: DiskFull."""
        if size and daemon not in self.daemons:
            self.space.write(daemon, DAEMON, size)
            self.daemons.add(daemon)


def _place(bundle: Bundle, number: int) -> tuple[str, str]:
    """Templates are files of their own; all other bundles share their layers."""
    return bundle.name if bundle.is_template else "", bundle.layers[number].content


def thin_disk(space: Space, name: str) -> Space:
    """A disk inside a disk, as large as that one, that grows with what is written."""
    return Space(space.capacity, outer=space, name=name)
