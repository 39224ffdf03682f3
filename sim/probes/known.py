"""All probes, in the order in which they are tried: what others are measured against first."""

from sim.probes.docker import Docker, DockerOnHost
from sim.probes.guests import Emulated, OnProcessor, UserMode
from sim.probes.gvisor import GVisor
from sim.probes.lxd import LXD
from sim.probes.oci import Crun, Runc
from sim.probes.plain import BareProcess, Namespaces
from sim.probes.podman import Podman
from sim.probes.probe import Probe

PROBES: tuple[type[Probe], ...] = (
    BareProcess,
    Namespaces,
    Crun,
    Runc,
    Podman,
    Docker,
    DockerOnHost,
    LXD,
    GVisor,
    UserMode,
    Emulated,
    OnProcessor,
)
