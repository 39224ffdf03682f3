"""A probe of LXD: a daemon of its own, in namespaces of its own, and containers of one program."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from sim.probes.bench import Workbench
from sim.probes.daemon import Daemon
from sim.probes.needs import first_line, lacking
from sim.probes.oci import prepared_root
from sim.probes.probe import Command, Probe, Runtime
from sim.probes.rootfs import INSIDE_OUTPUT, pack_image
from sim.probes.undoing import CGROUPS, VARIABLE


class _LXD(Daemon):
    """Containers of LXD, without a network."""

    asks: ClassVar[str] = "info"
    removes: ClassVar[str] = "delete"

    def __init__(self, bench: Workbench) -> None:
        folder = bench.folder / "lxd"
        folder.mkdir()
        for hierarchy in CGROUPS.iterdir():
            bench.making(hierarchy / "lxc.pivot")
        places = {"LXD_DIR": str(folder / "data"), "LXD_CONF": str(folder / "client")}
        super().__init__(bench, ["lxd", "--group", "root"], ["lxc"], places)
        self.tell("storage", "create", "default", "dir")
        self.tell("profile", "device", "add", "default", "root", "disk", "path=/", "pool=default")
        archive = pack_image(prepared_root(bench), folder / "image.tar")
        self.tell("image", "import", str(archive), "--alias", "tare")

    def command(self, instance: str, output: Path, jobs: Sequence[str]) -> Command:
        """Launch a container whose init is the main process."""
        mark = self.bench.mark
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
        launch = [*self.client, "launch", "tare", instance, *options]
        return Command(launch, environment=self.environment)


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
        yield _LXD(bench)
