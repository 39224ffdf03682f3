"""Activities: what an instance's life is a list of, each a demand on one resource.

`at` is the depth of the machine that an activity uses: 0 is the host, 1 the inside of the
outermost boundary, and so on. Work is in core-seconds of the host, sizes in bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from sim.model.build_activity import ByHand, Commit, Download, Make, Pause, Recall
from sim.model.bundle import Bundle
from sim.model.ports import Bind
from sim.model.pull_activity import (
    AskFor,
    Check,
    Keep,
    PullNext,
    Relay,
    Request,
    Transfer,
    Want,
)

if TYPE_CHECKING:  # gates are part of a run, above this module
    from sim.model.gate import Gate


APPLICATION = "application"
"""The phase in which the main process of an instance has been started."""


class Draw(IntEnum):
    """What an instance draws at random: once for all that is made around it, once for itself."""

    CREATION = 0
    APPLICATION = 1


@dataclass(frozen=True, slots=True)
class Variation:
    """How far a demand differs between instances: a lognormal of mean 1 with this sigma."""

    sigma: float
    draw: Draw


@dataclass(frozen=True, slots=True)
class Begin:
    """A phase begins, and the one before it ends."""

    phase: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """Fail, for a reason that was known before."""

    reason: str


@dataclass(frozen=True, slots=True)
class Occupy:
    """Have the paths of a bundle in the file system of the machine at a depth, or fail."""

    at: int
    bundle: Bundle


@dataclass(frozen=True, slots=True)
class Fetch:
    """Wait until a bundle is in the store: `pulled` only, or unpacked as well."""

    at: int
    bundle: Bundle
    unpacked: bool


@dataclass(frozen=True, slots=True)
class Await:
    """Wait until a gate is open."""

    gate: Gate


@dataclass(frozen=True, slots=True)
class Open:
    """Open a gate, for all who wait there and all who come."""

    gate: Gate


@dataclass(frozen=True, slots=True)
class Enter:
    """Put up the boundary around the machine at this depth; what is inside has yet to boot."""

    depth: int


@dataclass(frozen=True, slots=True)
class Join:
    """Take a place in the machine at this depth that is shared with others."""

    depth: int


@dataclass(frozen=True, slots=True)
class Arrive:
    """Be inside the shared machine at this depth, in which a place was taken."""

    depth: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing but time; instances that exist on the kernel add `linear` and `quadratic`.

    What `spins` keeps a thread busy, which counts as this, until so long after the phase began.
    """

    at: int
    seconds: float
    variation: Variation
    linear: float = 0.0
    quadratic: float = 0.0
    spins: str = ""


@dataclass(frozen=True, slots=True)
class Compute:
    """CPU work on some threads; instances that exist on the kernel add `linear` and `quadratic`.

    `net` of it is what the workload would do natively, in core-seconds; the rest is `tare`.
    """

    at: int
    work: float
    threads: int
    net: float
    tare: str
    variation: Variation
    linear: float = 0.0
    quadratic: float = 0.0


@dataclass(frozen=True, slots=True)
class Read:
    """Bytes of a content, through the page cache of the kernel that reads."""

    at: int
    content: str
    size: int


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes to the disk; they take space of a component, or overwrite where none is given."""

    at: int
    size: int
    component: str | None


@dataclass(frozen=True, slots=True)
class Sync:
    """Small writes, one after the other, each of which waits until the disk has it."""

    at: int
    count: int


@dataclass(frozen=True, slots=True)
class Lie:
    """Bytes of its own that lie on the disk of a machine from before; they take no time."""

    at: int
    size: int
    component: str


@dataclass(frozen=True, slots=True)
class Acquire:
    """Queue for a lock of the kernel at this depth."""

    at: int
    lock: str


@dataclass(frozen=True, slots=True)
class PassOn:
    """Give the lock that was taken last to the next in its queue."""


@dataclass(frozen=True, slots=True)
class Allocate:
    """Private memory of the machine at a depth.

    `alike` bytes of it are equal wherever the same `content` is allocated, and what is `pinned` is
    never swapped out. `outside` charges what a boundary holds on the machine around it.
    """

    at: int
    component: str
    size: int
    content: str
    alike: int = 0
    pinned: bool = False
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """Bytes of a content, mapped in the machine at a depth, or `outside` by its boundary."""

    at: int
    component: str
    size: int
    content: str
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """The workload counts as ready; its steady demand begins."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The main process has ended; what is around it has yet to be taken down."""


@dataclass(frozen=True, slots=True)
class Exit:
    """A life ends with a status, or with that which a main process left that was stopped."""

    status: int | None


Activity = (
    Begin | Bind | Refuse | Occupy | Fetch | AskFor | PullNext | Want | Request
    | Transfer | Relay | Keep | Await | Check | Open
    | Enter | Join | Arrive | Wait | Compute | Read | Write | Sync | Lie | Acquire | PassOn
    | Allocate | Map | Ready | Pause | ByHand | Make | Recall | Commit | Download | Stop | Exit
)  # fmt: skip
