"""A report's folder is replaced as a whole or not at all."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.errors import OutputError

MANIFEST = "manifest.json"
GENERATOR = "tare"


@contextmanager
def replaced(out: Path, what: str = "report") -> Iterator[Path]:
    """Give a new folder to fill, which takes the place of `out` once it is filled.

    Whatever stops the filling, `out` stays as it was, and nothing is left beside it. `what` it is
    that is written, a message says.
    Raises OutputError where `out` is not ours to replace, or cannot be written.
    """
    place = out.resolve()
    try:
        refuse_foreign(out)
        place.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(
            dir=place.parent, prefix=f".{place.name}-", ignore_cleanup_errors=True
        ) as beside:
            new = Path(beside, "new")
            new.mkdir()
            yield new
            _swap(new, place, Path(beside, "old"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(
            f"cannot write the {what} to {out}: {reason}",
            f"the {what} that was there, if any, is untouched; --out names another folder",
        ) from error


def refuse_foreign(out: Path) -> None:
    """Refuse a place whose contents are not ours to replace. Raises: OutputError.

    A folder with anything in it but a report of ours holds somebody's work.
    """
    place = out.resolve()
    if not place.exists():
        return
    if not place.is_dir():
        raise OutputError(f"{out} is a file, and a report is a folder", "name a folder with --out")
    if any(place.iterdir()) and not _is_report(place):
        raise OutputError(
            f"{out} holds files that are not a report of Tare, which would be lost",
            "name an empty or a new folder with --out",
        )


def refuse_other_kind(out: Path, kind: str) -> None:
    """Refuse a place with a report of ours that is of another kind. Raises: OutputError."""
    if kind not in (_manifest(out) or {kind: "to be"}):
        problem = f"{out} holds a report that is no {kind}, which would be lost"
        raise OutputError(problem, "name another folder with --out")


def _is_report(place: Path) -> bool:
    return _manifest(place) is not None


def _manifest(place: Path) -> dict[str, object] | None:
    """The manifest of a report of ours."""
    try:
        manifest = json.loads((place / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    is_ours = isinstance(manifest, dict) and manifest.get("generator") == GENERATOR
    return manifest if is_ours else None


def _swap(new: Path, place: Path, old: Path) -> None:
    try:
        if place.exists():
            place.rename(old)
        new.rename(place)
    except BaseException:
        if old.exists() and not place.exists():
            old.rename(place)
        raise
