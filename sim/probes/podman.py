"""A probe of Podman, with storage of its own, in a mount namespace of its own."""

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

_HOLD = "mount --make-rprivate / && mount -t tmpfs tmpfs /run && exec sleep 86410"
_ELSEWHERE = Path("/etc/cni/net.d/cni.lock")
"""What Podman makes outside of any folder that it can be told."""

_LIMITS = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096")
"""Set, since where root may not raise its limits the runtime's own wish for more fails."""


class _Podman(Runtime):
    """Containers of one image, each with the overlay file system that Podman gives it."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        bench.making(_ELSEWHERE)
        self._within = enclosed(bench, _HOLD, [])
        folder = bench.folder / "podman"
        folder.mkdir()
        places = ("root", "runroot", "tmpdir")
        self._podman = ["podman", *(word for place in places
                                    for word in (f"--{place}", str(folder / place)))]  # fmt: skip
        self._podman += ["--storage-driver", "overlay", "--cgroup-manager", "cgroupfs"]
        self._podman += ["--runtime", "runc", "--events-backend", "none"]
        archive = pack_root(prepared_root(bench), folder / "root.tar")
        self._run("import", str(archive), "tare")

    def _run(self, *words: str) -> str:
        return self._bench.run([*self._within, *self._podman, *words])

    def command(self, instance: str, output: Path, jobs: Sequence[str]) -> Command:
        """Run a container without a network, and leave it to its monitor."""
        mark = self._bench.mark
        options = ["--name", instance, "--network", "none", "--cgroup-parent", f"/{mark}"]
        options += ["--volume", f"{output}:{INSIDE_OUTPUT}", "--env", f"{VARIABLE}={mark}"]
        inside = ["tare", "/main", INSIDE_OUTPUT, *jobs]
        return Command(
            [*self._podman, "run", "--detach", *_LIMITS, *options, *inside], within=self._within
        )

    def stop(self, instances: Sequence[str]) -> None:
        """Remove the containers, whatever they do."""
        with suppress(ProbeError):
            self._run("rm", "--force", "--time", "0", *instances)


class Podman(Probe):
    """Podman as root, on overlay file systems."""

    name: ClassVar[str] = "podman"
    entry: ClassVar[str] = "container-podman"

    def missing(self) -> str:
        """It takes root, the program and a runtime."""
        return lacking(["podman"], "podman") or lacking(["runc"], "runc")

    def version(self) -> str:
        """As the program says."""
        return first_line(["podman", "--version"])

    @contextmanager
    def prepared(self, bench: Workbench) -> Iterator[Runtime]:
        """Make an image from an archive."""
        yield _Podman(bench)


def enclosed(bench: Workbench, script: str, spaces: Sequence[str]) -> list[str]:
    """Keep namespaces of mounts, and of what else is named, and give the command that enters them.

    They live while the script runs, which ends when the calibration does.
    """
    holder = bench.start(["unshare", "--mount", *spaces, "/bin/sh", "-c", script])
    return ["nsenter", "--target", str(holder), "--mount"]
