"""What goes to a terminal or a pipe, whatever letters it can show."""

import codecs
import json
import sys
from collections.abc import Mapping

_NEAR = str.maketrans(
    {"…": "...", "×": "x", "–": "-", "—": "-", "→": "->", "\N{MICRO SIGN}": "u", "≤": "<="}
)


def make_streams_safe() -> None:
    """Let no letter that a terminal cannot show stop a command."""
    codecs.register_error("nearly", _nearly)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="nearly")


def say(message: str) -> None:
    """Tell the user something beside the results, on standard error."""
    print(message, file=sys.stderr)


def print_json(document: Mapping[str, object]) -> None:
    """Print one JSON document, in ASCII so that any pipe holds it."""
    print(json.dumps(document, indent=1, allow_nan=False))


def print_file(text: str) -> None:
    """Print what is to be a file: in UTF-8 into a pipe, whatever the terminal's letters are."""
    if sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
        print(text, end="")
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())


def _nearly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    near = error.object[error.start : error.end].translate(_NEAR)
    return near.encode("ascii", "replace").decode(), error.end
