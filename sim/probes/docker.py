"""Probes of Docker: an engine of its own, in namespaces of its own, with its usual networks."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from sim.probes.bench import Workbench
from sim.probes.daemon import Daemon
from sim.probes.needs import first_line, lacking
from sim.probes.oci import prepared_root
from sim.probes.probe import Command, Probe, Runtime
from sim.probes.rootfs import INSIDE_OUTPUT, pack_root
from sim.probes.undoing import VARIABLE

_ELSEWHERE = (Path("/etc/docker/key.json"), Path("/opt/containerd"))
"""What some versions of the engine make outside of any folder that they can be told."""


class _Engine(Daemon):
    """Containers of an engine, whose bridge and rules for packets go with its namespaces."""

    asks: ClassVar[str] = "version"
    removes: ClassVar[str] = "rm"

    def __init__(self, bench: Workbench, network: str) -> None:
        folder = bench.folder / "docker"
        folder.mkdir()
        for path in _ELSEWHERE:
            bench.making(path)
        places = {"data-root": "data", "exec-root": "exec", "pidfile": "pid"}
        options = [f"--{option}={folder / name}" for option, name in places.items()]
        options += [f"--host=unix://{folder}/socket", f"--cgroup-parent=/{bench.mark}"]
        client = ["docker", "--config", str(folder), "--host", f"unix://{folder}/socket"]
        super().__init__(bench, ["dockerd", *options], client, {})
        self._network = network
        archive = pack_root(prepared_root(bench), folder / "root.tar")
        self.tell("import", str(archive), "tare")

    def command(self, instance: str, output: Path, jobs: Sequence[str]) -> Command:
        """Run a container and leave it to the engine."""
        options = ["--name", instance, "--network", self._network]
        options += ["--volume", f"{output}:{INSIDE_OUTPUT}"]
        options += ["--env", f"{VARIABLE}={self.bench.mark}"]
        inside = ["tare", "/main", INSIDE_OUTPUT, *jobs]
        return Command([*self.client, "run", "--detach", *options, *inside])


class Docker(Probe):
    """Docker on a bridge network."""

    name: ClassVar[str] = "docker"
    entry: ClassVar[str] = "container-docker"
    network: ClassVar[str] = "bridge"
    seconds: ClassVar[float] = 30.0

    def missing(self) -> str:
        """It takes root, the engine and its client."""
        return lacking(["dockerd", "docker"], "docker.io")

    def version(self) -> str:
        """As the program says."""
        return first_line(["dockerd", "--version"])

    @contextmanager
    def prepared(self, bench: Workbench) -> Iterator[Runtime]:
        """Start the engine and make an image from an archive."""
        yield _Engine(bench, self.network)


class DockerOnHost(Docker):
    """Docker on the network of the machine."""

    name: ClassVar[str] = "docker-host-net"
    entry: ClassVar[str] = "container-docker-host-net"
    network: ClassVar[str] = "host"
