"""The version of Tare, as the installed package states it."""

from importlib import metadata

_PACKAGE = "tare-sim"


def version() -> str:
    """Return the version, or what says that Tare runs from a folder without being installed."""
    try:
        return metadata.version(_PACKAGE)
    except metadata.PackageNotFoundError:
        return "0 (not installed)"
