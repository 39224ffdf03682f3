"""A root file system of one program, made on the spot, and the main process that is measured."""

import shutil
import tarfile
from io import BytesIO
from pathlib import Path
from platform import machine

READY = b"tare-ready"
DONE = b"tare-done"
RESTS = "86411"
"""For how many seconds the main process sleeps: it is told from others by this number."""

INSIDE_OUTPUT = "/tare-output"
"""Where an instance finds what it shall write to, in a file system of its own."""

_PT_INTERP = 3
_HEADERS_AT, _HEADER_SIZE_AT = 32, 54
_FOLDERS = ("bin", "dev", "etc", "proc", "sys", "tmp")

_MAIN = """#!/bin/sh
# Says that it is ready, does the jobs that it is told, and rests.
PATH=/bin:/usr/bin
exec >"$1"
shift
echo tare-ready
for job; do
    case $job in
    compute) i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done ;;
    system-calls) i=0; while [ $i -lt 200 ]; do busybox true; i=$((i+1)); done ;;
    write) dd if=/dev/zero of=tare-written bs=1048576 count=32 conv=fsync 2>/dev/null
           rm tare-written ;;
    esac
    echo tare-done $job
done
exec sleep 86411
"""

JOBS = ("compute", "system-calls", "write")
"""What the main process can be told to do once it is ready.

For system calls it starts processes, as compilers and shells do: calls that do nothing would tell
of the way into the kernel alone, which is a small part of what calls cost and all that walls add.
"""


def static_busybox() -> Path | None:
    """Find a busybox that needs no library, or None."""
    found = shutil.which("busybox")
    path = Path(found).resolve() if found else None
    return path if path and _is_static(path) else None


def _is_static(program: Path) -> bool:
    """Whether an ELF file of 64 bits asks for no loader of libraries."""
    start = program.read_bytes()[:4096]
    if start[:5] != b"\x7fELF\x02":
        return False
    first = int.from_bytes(start[_HEADERS_AT : _HEADERS_AT + 8], "little")
    size, count = (
        int.from_bytes(start[at : at + 2], "little")
        for at in (_HEADER_SIZE_AT, _HEADER_SIZE_AT + 2)
    )
    kinds = (start[first + number * size :][:4] for number in range(count))
    return _PT_INTERP not in [int.from_bytes(kind, "little") for kind in kinds]


def make_root(folder: Path, busybox: Path) -> Path:
    """Make the file system in a folder that is not there yet, and return the folder."""
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True)
    shutil.copy(busybox, folder / "bin/busybox")
    for name in ("sh", "sleep", "dd", "rm", "mount", "cat", "true"):
        (folder / "bin" / name).symlink_to("busybox")
    write_main(folder / "main")
    (folder / INSIDE_OUTPUT.lstrip("/")).touch()
    return folder


def pack_root(folder: Path, file: Path) -> Path:
    """Pack the file system into an archive, from which engines make an image."""
    with tarfile.open(file, "w") as archive:
        archive.add(folder, arcname=".")
    return file


def pack_image(folder: Path, file: Path) -> Path:
    """Pack the file system with what LXD wants to know of an image."""
    about = f"architecture: {machine()}\ncreation_date: 1\n".encode()
    with tarfile.open(file, "w") as archive:
        told = tarfile.TarInfo("metadata.yaml")
        told.size = len(about)
        archive.addfile(told, BytesIO(about))
        archive.add(folder, arcname="rootfs")
    return file


def write_main(file: Path) -> Path:
    """Write the program of the main process: `main OUTPUT [JOB...]`."""
    file.write_text(_MAIN, encoding="utf-8")
    file.chmod(0o755)
    return file
