"""The mounts of RUN: what stands in `--mount=type=cache,target=/root/.npm`."""

import csv
import re
from collections.abc import Callable

from sim.errors import did_you_mean, shown
from sim.images.dockerfile.commands import Mount
from sim.images.dockerfile.refusal import Refusal

_KINDS = ("bind", "cache", "tmpfs", "secret", "ssh")
_SHARING = ("shared", "private", "locked")
_WORDS = {"type": _KINDS, "sharing": _SHARING}
_ALIASES = {
    "src": "source",
    "dst": "target",
    "destination": "target",
    "ro": "readonly",
    "rw": "readwrite",
}
_KEYS = (
    *("type", "from", "source", "target", "readonly", "readwrite", "required", "size", "id"),
    *("sharing", "mode", "uid", "gid", "env"),
)
_ALONE = ("readonly", "readwrite", "required")
_TRUE = ("1", "t", "T", "true", "TRUE", "True")
_FALSE = ("0", "f", "F", "false", "FALSE", "False")
_ONLY_OF = {
    "required": ("secret", "ssh"),
    "size": ("tmpfs",),
    "sharing": ("cache",),
    "mode": ("secret", "ssh", "cache"),
    "uid": ("secret", "ssh", "cache"),
    "gid": ("secret", "ssh", "cache"),
    "env": ("secret",),
    "from": ("bind", "cache", "tmpfs", "ssh"),
}
"""Fields that some kinds of mounts alone have."""

_NUMBERS = {
    "mode": r"[0-7]+",
    "uid": r"\d+",
    "gid": r"\d+",
    "size": r"\d+(\.\d+)? ?[bBkKmMgGtT]?i?[bB]?",
}


def mount_fields(written: str) -> list[tuple[str, str | None]]:
    """The fields of a mount with their values. Raises Refusal where it has no such form.

    A field alone has no value. That of `from` cannot hold a variable.
    """
    try:
        rows = list(csv.reader([written], strict=True))
    except csv.Error:
        raise Refusal("the quotes of a mount are not closed", "close them", written) from None
    fields: list[tuple[str, str | None]] = []
    for field in rows[0] if rows else ():
        name, equals, value = field.partition("=")
        name = _ALIASES.get(name.lower(), name.lower())
        if name == "from" and re.search(r"\$.", value):
            problem = "the source of a mount cannot be a variable"
            raise Refusal(problem, "name a stage with FROM, where it can be one", value)
        fields.append((name, value if equals else None))
    return fields


def read_mount(written: str, expand: Callable[[str], str]) -> Mount:
    """A mount with its variables expanded. Raises Refusal where it cannot be."""
    found: dict[str, str] = {"type": "bind"}
    for name, value in mount_fields(written):
        _check_name(name, value, written)
        found[name] = "true" if value is None else expand(value)
        _check_value(name, found[name], written)
    found["type"] = found["type"].lower()
    _check_kind(found, written)
    return Mount(
        kind=found["type"],
        source_stage=found.get("from", ""),
        source=found.get("source", ""),
        target=found.get("target", ""),
        identity=found.get("id", ""),
        sharing=found.get("sharing", "shared").lower(),
        is_read_only=_is_read_only(found),
    )


def _is_read_only(found: dict[str, str]) -> bool:
    if "readwrite" in found:
        return found["readwrite"] in _FALSE
    written = found.get("readonly")
    return found["type"] not in ("cache", "tmpfs") if written is None else written in _TRUE


def _check_name(name: str, value: str | None, written: str) -> None:
    if name not in _KEYS:
        raise Refusal(f"a mount has no {shown(name)}", did_you_mean(name, _KEYS), written)
    if value is None and name not in _ALONE:
        raise Refusal(f"{shown(name)} of a mount has no value", f"write {name}=VALUE", written)


def _check_value(name: str, value: str, written: str) -> None:
    known = _WORDS.get(name)
    remedy = ""
    if known and value.lower() not in known:
        remedy = did_you_mean(value, known)
    elif name in _ALONE and value not in (*_TRUE, *_FALSE):
        remedy = "write true or false"
    elif not re.fullmatch(_NUMBERS.get(name, ".*"), value, re.ASCII | re.DOTALL):
        remedy = "write a number"
    if remedy:
        raise Refusal(f"{shown(name)} of a mount cannot be {shown(value)}", remedy, written)


def _check_kind(found: dict[str, str], written: str) -> None:
    kind = found["type"]
    for name in found:
        if kind not in _ONLY_OF.get(name, _KINDS):
            problem = f"a mount of type {kind} has no {shown(name)}"
            raise Refusal(problem, f"it belongs to {' and '.join(_ONLY_OF[name])}", written)
    if kind == "secret" and not {"source", "target", "id", "env"} & set(found):
        raise Refusal("a secret is not named", "write id=NAME", written)
    if kind == "secret" and {"source", "id"} <= set(found):
        raise Refusal("a secret has both 'source' and 'id'", "keep one of them", written)
