"""A probe of LXD: a daemon of its own, in namespaces of its own, and containers of one program."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar

from sim.probes.bench import ProbeError, Workbench
from sim.probes.needs import first_line, lacking
from sim.probes.oci import prepared_root
from sim.probes.probe import Command, Probe, Runtime
from sim.probes.rootfs import INSIDE_OUTPUT, pack_image
from sim.probes.undoing import CGROUPS, VARIABLE

_SPACES = ("--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
_START = 'mount -t tmpfs tmpfs /run; "$@" & wait'
"""Its own /run, where it leaves sockets; and a shell that reaps what the daemon does not."""

_COMES_UP_S = 30.0
_GLANCE_S = 0.2


class _Daemon(Runtime):
    """Containers of a daemon that runs for nothing else, without a network."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        folder = bench.folder / "lxd"
        folder.mkdir()
        self._places = {"LXD_DIR": str(folder / "data"), "LXD_CONF": str(folder / "client")}
        for hierarchy in CGROUPS.iterdir():
            bench.making(hierarchy / "lxc.pivot")
        bench.start(
            ["unshare", *_SPACES, "/bin/sh", "-c", _START, "daemon", "lxd", "--group", "root"],
            environment=self._places,
        )
        self._await()
        self._run("storage", "create", "default", "dir")
        self._run("profile", "device", "add", "default", "root", "disk", "path=/", "pool=default")
        archive = pack_image(prepared_root(bench), folder / "image.tar")
        self._run("image", "import", str(archive), "--alias", "tare")

    def _run(self, *words: str) -> str:
        return self._bench.run(["lxc", *words], environment=self._places)

    def _await(self) -> None:
        """Wait until the daemon answers. Raises ProbeError where it does not."""
        end = time.monotonic() + _COMES_UP_S
        while True:
            self._bench.pause(_GLANCE_S)
            try:
                self._run("info")
                return
            except ProbeError:
                if time.monotonic() > end:
                    raise

    def command(self, instance: str, output: Path, jobs: Sequence[str]) -> Command:
        """Launch a container whose init is the main process."""
        mark = self._bench.mark
        lines = (
            f"lxc.cgroup.dir={mark}/{instance}",
            f"lxc.mount.entry={output} {INSIDE_OUTPUT.lstrip('/')} none bind 0 0",
            f"lxc.init.cmd=/main {' '.join([INSIDE_OUTPUT, *jobs])}",
        )
        settings = {
            "security.privileged": "true",
            f"environment.{VARIABLE}": mark,
            "raw.lxc": "\n".join(lines),
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return Command(["lxc", "launch", "tare", instance, *options], environment=self._places)

    def stop(self, instances: Sequence[str]) -> None:
        """Delete the containers, whatever they do."""
        with suppress(ProbeError):
            self._run("delete", "--force", *instances)


class LXD(Probe):
    """LXD with a pool of plain folders."""

    name: ClassVar[str] = "lxd"
    entry: ClassVar[str] = "container-lxd-minimal"
    seconds: ClassVar[float] = 40.0

    def missing(self) -> str:
        """It takes root, the daemon and its client."""
        return lacking(["lxd", "lxc"], "lxd")

    def version(self) -> str:
        """As the program says."""
        return f"LXD {first_line(['lxd', '--version'])}"

    @contextmanager
    def prepared(self, bench: Workbench) -> Iterator[Runtime]:
        """Start the daemon and make an image from an archive."""
        yield _Daemon(bench)
