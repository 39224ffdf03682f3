"""Builds the cases of `buildkit.yaml` with a real BuildKit and writes down what it did.

It takes root and Debian's `docker.io` with a static busybox: `python tests/images/recording.py`.
The engine runs in namespaces of its own, without a network, and is gone afterwards.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
CASES = HERE / "buildkit.yaml"
RECORDED = HERE / "buildkit-recorded.yaml"
COMMANDS = ("sh", "cat", "echo", "mkdir", "true")
GROUPS = "root:x:0:\none:x:1000:\n"
USERS = "root:x:0:0::/:/bin/sh\none:x:1000:1000::/:/bin/sh\ntwo:x:1001:1000::/:/bin/sh\n"
ENGINE = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
STEP = re.compile(r"#(\d+) (\[.*|FROM .*|exporting to image.*)")


def lay(folder: Path, files: Mapping[str, Any]) -> None:
    """Change files as a case says: text, nothing, or a mapping with what else may change."""
    for name, said in files.items():
        path = folder / name
        if said is None:
            path.unlink()
        elif isinstance(said, str):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(said)
        else:
            _alter(path, **said)


def _alter(
    path: Path,
    touch: bool = False,
    mode: int = 0,
    owner: int = 0,
    folder: bool = False,
    link: str = "",
) -> None:
    if touch:
        os.utime(path, (1, 1))
    if mode:
        path.chmod(mode)
    if owner:
        os.chown(path, owner, owner)
    if folder:
        path.mkdir()
    if link:
        path.unlink()
        path.symlink_to(link)


class Engine:
    """An engine that runs for nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        places = {"data-root": "data", "exec-root": "exec", "pidfile": "pid"}
        command = [
            *("dockerd", *(f"--{name}={folder / place}" for name, place in places.items())),
            *(f"--host=unix://{folder}/socket", "--bridge=none", "--iptables=false"),
        ]
        start = 'mount -t tmpfs tmpfs /run; "$@" & wait'
        shell = [*ENGINE, "/bin/sh", "-c", start, "engine", *command]
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(shell, stdout=log, stderr=log)
        self._await()

    def stop(self) -> None:
        """End it with all that runs in its namespaces."""
        self.process.kill()
        self.process.wait()

    def _await(self) -> None:
        for _ in range(150):
            time.sleep(0.2)
            if self.run("version").returncode == 0:
                return
        sys.exit((self._folder / "log").read_text())

    def run(self, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run the client."""
        client = ["/usr/bin/docker", "--config", str(self._folder), "--host"]
        environment = {**os.environ, "DOCKER_BUILDKIT": "1"}
        command = [*client, f"unix://{self._folder}/socket", *words]
        return subprocess.run(
            command, check=False, input=given, capture_output=True, env=environment
        )

    def have(self, tag: str, mark: str) -> None:
        """Make an image to start from, which differs from others by a mark."""
        self.run("import", "-", f"tare-base:{tag}", given=_archive(mark))

    def build(self, folder: Path, build: Mapping[str, Any]) -> list[str] | str:
        """Build, and answer with the steps and whether they were cached, or with what is wrong."""
        options = ["--no-cache=false", "--network=none", "--progress=plain"]
        for name, value in build.get("arguments", {}).items():
            options += ["--build-arg", f"{name}={value}"]
        if build.get("target"):
            options += ["--target", build["target"]]
        done = self.run("build", *options, str(folder))
        said = done.stderr.decode() + done.stdout.decode()
        return _steps(said) if done.returncode == 0 else _refusal(said)


def _archive(mark: str) -> bytes:
    stream = BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.add("/bin/busybox", "bin/busybox")
        for name in COMMANDS:
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            archive.addfile(link)
        for name, text in {"mark": mark, "etc/passwd": USERS, "etc/group": GROUPS}.items():
            file = tarfile.TarInfo(name)
            file.size = len(text)
            archive.addfile(file, BytesIO(text.encode()))
    return stream.getvalue()


def _steps(said: str) -> list[str]:
    names: dict[str, str] = {}
    cached: set[str] = set()
    for line in said.splitlines():
        if found := STEP.fullmatch(line):
            names.setdefault(*found.groups())
        elif line.endswith(" CACHED"):
            cached.add(line.split()[0][1:])
    return [f"{'cached' if number in cached else 'run'} {name}" for number, name in names.items()]


def _refusal(said: str) -> str:
    lines = [line for line in said.splitlines() if "rror" in line or "failed" in line]
    return lines[-1] if lines else said[-300:]


@contextmanager
def _engine() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as name:
        engine = Engine(Path(name))
        try:
            yield engine
        finally:
            engine.stop()
            shutil.rmtree(Path(name, "data"), ignore_errors=True)


def record(engine: Engine, case: Mapping[str, Any]) -> list[Any]:
    """Do the builds of a case, from an empty cache."""
    engine.run("builder", "prune", "--all", "--force")
    engine.have("latest", "1")
    engine.have("other", "other")
    done: list[Any] = []
    given: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        for build in case["builds"]:
            given |= {key: build[key] for key in ("arguments", "target") if key in build}
            if "base" in build:
                engine.have("latest", str(build["base"]))
            lay(Path(name), {"Dockerfile": build["dockerfile"]} if "dockerfile" in build else {})
            lay(Path(name), build.get("files", {}))
            done.append(engine.build(Path(name), given))
    return done


def main() -> None:
    """Record all cases, or those whose names hold a word."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    every = yaml.safe_load(CASES.read_text())
    cases = [case for case in every if word in case["case"]]
    known = yaml.safe_load(RECORDED.read_text()) if word else {}
    recorded = {case["case"]: known.get(case["case"]) for case in every}
    with _engine() as engine:
        for case in cases:
            recorded[case["case"]] = record(engine, case)
            print(case["case"], file=sys.stderr)
    text = yaml.safe_dump(recorded, sort_keys=False, width=1000)
    RECORDED.write_text(text)


if __name__ == "__main__":
    main()
