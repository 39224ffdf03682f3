"""Probes of Docker: an engine of its own, in namespaces of its own, with its usual networks."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar

from sim.probes.bench import ProbeError, Workbench
from sim.probes.needs import first_line, lacking
from sim.probes.oci import prepared_root
from sim.probes.probe import Command, Probe, Runtime
from sim.probes.rootfs import INSIDE_OUTPUT, pack_root
from sim.probes.undoing import VARIABLE

_SPACES = ("--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
_START = 'mount -t tmpfs tmpfs /run; "$@" & wait'
"""Its own /run, where it leaves sockets; and a shell that reaps what the engine does not."""

_ELSEWHERE = (Path("/etc/docker/key.json"), Path("/opt/containerd"))
"""What some versions of the engine make outside of any folder that they can be told."""

_COMES_UP_S = 30.0
_GLANCE_S = 0.2


class _Engine(Runtime):
    """Containers of an engine that runs for nothing else.

    Its bridge, and its rules for packets, are in a network namespace that goes with it.
    """

    def __init__(self, bench: Workbench, network: str) -> None:
        self._bench = bench
        self._network = network
        folder = bench.folder / "docker"
        folder.mkdir()
        self._client = ["docker", "--config", str(folder), "--host", f"unix://{folder}/socket"]
        for path in _ELSEWHERE:
            bench.making(path)
        bench.start(["unshare", *_SPACES, "/bin/sh", "-c", _START, "engine", *self._daemon(folder)])
        self._await()
        archive = pack_root(prepared_root(bench), folder / "root.tar")
        self._run("import", str(archive), "tare")

    def _daemon(self, folder: Path) -> list[str]:
        places = {"data-root": "data", "exec-root": "exec", "pidfile": "pid"}
        return [
            "dockerd",
            *(f"--{option}={folder / name}" for option, name in places.items()),
            f"--host=unix://{folder}/socket",
            f"--cgroup-parent=/{self._bench.mark}",
        ]

    def _run(self, *words: str) -> str:
        return self._bench.run([*self._client, *words])

    def _await(self) -> None:
        """Wait until the engine answers. Raises ProbeError where it does not."""
        end = time.monotonic() + _COMES_UP_S
        while True:
            self._bench.pause(_GLANCE_S)
            try:
                self._run("version")
                return
            except ProbeError:
                if time.monotonic() > end:
                    raise

    def command(self, instance: str, output: Path, jobs: Sequence[str]) -> Command:
        """Run a container and leave it to the engine."""
        options = ["--name", instance, "--network", self._network]
        options += ["--volume", f"{output}:{INSIDE_OUTPUT}"]
        options += ["--env", f"{VARIABLE}={self._bench.mark}"]
        inside = ["tare", "/main", INSIDE_OUTPUT, *jobs]
        return Command([*self._client, "run", "--detach", *options, *inside])

    def stop(self, instances: Sequence[str]) -> None:
        """Remove the containers, whatever they do."""
        with suppress(ProbeError):
            self._run("rm", "--force", *instances)


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
