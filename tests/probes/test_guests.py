"""What a guest is started from: an archive that any kernel unpacks, and the kernel for it."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sim.probes import guests
from sim.probes.bench import Workbench
from sim.probes.guests import Emulated, OnProcessor, UserMode
from sim.probes.initramfs import pack_initramfs
from sim.probes.kernel import distinct, pss
from sim.probes.starting import Starter

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="probes read what Linux tells")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/one").write_bytes(b"\x7fELF of three bytes more")
    (folder / "bin/one").chmod(0o755)
    (folder / "bin/two").symlink_to("one")
    return folder


def test_the_archive_is_one_that_cpio_unpacks(root: Path, tmp_path: Path) -> None:
    busybox = shutil.which("busybox")
    if busybox is None:
        pytest.skip("there is no busybox, whose cpio would unpack it")
    archive = pack_initramfs(root, tmp_path / "initramfs")
    (tmp_path / "unpacked").mkdir()

    with archive.open("rb") as given:
        subprocess.run(
            [busybox, "cpio", "-i", "-m"], cwd=tmp_path / "unpacked", stdin=given, check=True,
            capture_output=True,
        )  # fmt: skip

    unpacked = tmp_path / "unpacked"
    assert (unpacked / "bin/one").read_bytes() == (root / "bin/one").read_bytes()
    assert stat.S_IMODE((unpacked / "bin/one").stat().st_mode) == 0o755
    assert (unpacked / "bin/two").readlink() == Path("one")
    assert os.access(unpacked / "init", os.X_OK)
    assert archive.stat().st_size % 4 == 0


def test_a_kernel_that_was_made_for_guests_is_taken_before_a_newer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guests, "_KERNELS", tmp_path)
    monkeypatch.setattr(guests, "absent", lambda programs, package: "")
    assert "apt-get install linux-image-cloud-amd64" in Emulated().missing()

    for moment, name in enumerate(["6.1-cloud-amd64", "6.12-cloud-amd64", "6.13-amd64"]):
        (tmp_path / f"vmlinuz-{name}").touch()
        os.utime(tmp_path / f"vmlinuz-{name}", (moment, moment))

    assert Emulated().missing() == ""
    assert Emulated().version().endswith("vmlinuz-6.12-cloud-amd64")


def test_without_its_device_kvm_is_missing_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guests, "_KERNELS", tmp_path)
    monkeypatch.setattr(guests, "absent", lambda programs, package: "")
    monkeypatch.setattr(guests, "_PROCESSOR", tmp_path / "kvm")
    (tmp_path / "vmlinuz-6.1-cloud-amd64").touch()

    assert OnProcessor().missing().startswith(f"there is no {tmp_path / 'kvm'}")


def test_pages_of_a_kernel_in_user_mode_count_once() -> None:
    """Its processes share an address space, so their sum would be about three times as much."""
    probe = UserMode()
    if reason := probe.missing():
        pytest.skip(reason)
    with (
        Workbench() as bench,
        probe.prepared(bench) as runtime,
        Starter(bench, runtime, probe.patience_s).up(1) as up,
    ):
        numbers = [each.number for each in up.settled()]
        each_once = sum(map(pss, distinct(numbers)))
        added_up = sum(map(pss, numbers))

    assert 15 * 2**20 < each_once < 100 * 2**20
    assert added_up > 2.5 * each_once
