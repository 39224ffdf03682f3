"""Probes of the runtimes that make a container from a bundle: runc, and crun."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar

from sim.probes.bench import ProbeError, Workbench
from sim.probes.needs import first_line, lacking
from sim.probes.probe import Command, Probe, Runtime
from sim.probes.rootfs import INSIDE_OUTPUT, make_root, static_busybox
from sim.probes.undoing import CGROUPS, VARIABLE

_UNIFIED = CGROUPS / "unified"
_ELSEWHERE = (Path("/run/crun"), Path("/run/mount"))
"""What crun, and the command umount, make outside of any folder that they can be told."""


class Bundles(Runtime):
    """Containers that a runtime makes from bundles with one root file system."""

    def __init__(self, bench: Workbench, program: str, within: Sequence[str]) -> None:
        self._bench = bench
        self._program = [program, "--root", str(bench.folder / "state")]
        self._within = within
        for path in _ELSEWHERE:
            bench.making(path)
        self._root = prepared_root(bench)
        self._bundles = bench.folder / "bundles"
        self._bundles.mkdir()
        bench.run([program, "spec", "--bundle", str(self._bundles)])
        self._usual = (self._bundles / "config.json").read_text(encoding="utf-8")

    def command(self, instance: str, output: Path, jobs: Sequence[str]) -> Command:
        """Write the bundle, and start a container of it that is left to itself."""
        bundle = self._bundles / instance
        bundle.mkdir()
        config = self._config(instance, output, jobs)
        (bundle / "config.json").write_text(config, encoding="utf-8")
        arguments = [*self._program, "run", "--detach", "--bundle", str(bundle), instance]
        return Command(arguments, within=self._within)

    def _config(self, instance: str, output: Path, jobs: Sequence[str]) -> str:
        """The bundle as the runtime itself would write it, but for what is measured."""
        config = json.loads(self._usual)
        config["process"]["terminal"] = False
        config["process"]["args"] = ["/main", INSIDE_OUTPUT, *jobs]
        config["process"]["env"] += [f"{VARIABLE}={self._bench.mark}"]
        config["root"] = {"path": str(self._root), "readonly": False}
        config["linux"]["cgroupsPath"] = f"/{self._bench.mark}/{instance}"
        config["mounts"] += [
            {"destination": INSIDE_OUTPUT, "source": str(output), "options": ["bind"]}
        ]
        return json.dumps(config)

    def stop(self, instances: Sequence[str]) -> None:
        """Delete the containers, whatever they do."""
        for instance in instances:
            with suppress(ProbeError):
                self._bench.run([*self._within, *self._program, "delete", "--force", instance])


class Runc(Probe):
    """The runtime in Go that Docker uses."""

    name: ClassVar[str] = "runc"
    entry: ClassVar[str] = "container-runc"

    def missing(self) -> str:
        """It takes root and the program."""
        return lacking([self.name], self.name)

    def version(self) -> str:
        """As the program says."""
        return first_line([self.name, "--version"])

    @contextmanager
    def prepared(self, bench: Workbench) -> Iterator[Runtime]:
        """Make a root file system and a bundle to copy."""
        yield Bundles(bench, self.name, self._within())

    def _within(self) -> list[str]:
        return []


class Crun(Runc):
    """The runtime in C that Podman uses."""

    name: ClassVar[str] = "crun"
    entry: ClassVar[str] = "container-crun"

    def _within(self) -> list[str]:
        """A view of the machine without the second version of cgroups where the first is in use.

        With a mount of each, crun finds its way in neither.
        """
        return without_unified() if _UNIFIED.is_dir() else []


def without_unified() -> list[str]:
    """The command that starts what follows it in such a view."""
    return [
        "unshare",
        "--mount",
        "/bin/sh",
        "-c",
        f'umount {_UNIFIED}; exec "$@"',
        "without",
    ]


def prepared_root(bench: Workbench) -> Path:
    """Make the root file system of containers. Raises ProbeError where there is nothing for it."""
    busybox = static_busybox()
    if busybox is None:
        raise ProbeError("there is no static busybox", "`apt-get install busybox-static`")
    return make_root(bench.folder / "root", busybox)
