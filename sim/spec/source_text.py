"""From a file to its text, or to words on why it has none: missing, a folder, binary, too large."""

import os
import re
import stat

from sim.errors import Fault, ScenarioError, nearest

UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The characters that YAML has no place for, those of binary files and broken text among them."""

_LARGEST = 4 * 2**20
_ENDINGS = (".yaml", ".yml", ".json")
_TABLE = ".csv"


def text_of_file(file: str) -> str:
    """Read a file of UTF-8 text. Raises ScenarioError with what keeps it from being read."""
    try:
        return _decoded(_content(file), file)
    except FileNotFoundError:
        raise _refused(file, "there is no such file", _instead_of(file)) from None
    except OSError as error:
        problem = f"it cannot be read: {error.strerror or error}"
        raise _refused(file, problem, "name a file that you may read") from None
    except ValueError:  # a NUL in the name
        raise _refused(file, "no file can have this name", "name another") from None


def check_text(text: str, file: str) -> None:
    """Refuse a text that is over 4 MiB or holds what no text should. Raises ScenarioError."""
    if len(text) > _LARGEST:
        raise _too_large(file)
    found = UNPRINTABLE.search(text)
    if found:
        problem = f"the character U+{ord(found[0]):04X} does not belong in text"
        remedy = "take it out, or name a text file if this is none"
        raise _refused(file, problem, remedy, _position(text, found.start()))


def _content(file: str) -> bytes:
    mode = os.stat(file).st_mode
    if stat.S_ISDIR(mode):
        raise _refused(file, "it is a folder", "name a file in it")
    if not stat.S_ISREG(mode):
        raise _refused(file, "it is a device or a pipe", "write its content to a file first")
    with open(file, "rb") as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise _too_large(file)
    return content


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        position = _position(before, len(before))
        raise _refused(file, "this is not UTF-8 text", "save it as UTF-8", position) from None


def _position(text: str, index: int) -> tuple[int, int]:
    """The line and the column of a character, from 1."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _too_large(file: str) -> ScenarioError:
    return _refused(file, "it is over 4 MiB", "a scenario is a page or two: take out what is not")


def _instead_of(file: str) -> str:
    folder, name = os.path.split(file)
    is_table = name.endswith(_TABLE)
    endings = (_TABLE,) if is_table else _ENDINGS
    try:
        beside = [entry for entry in os.listdir(folder or ".") if entry.endswith(endings)]
    except OSError:
        beside = []
    guess = nearest(name, beside)
    if guess:
        return f"did you mean {os.path.join(folder, guess)}?"
    return "name a file that is there" if is_table else "`tare new` writes one"


def _refused(
    file: str, problem: str, remedy: str = "", position: tuple[int, int] | None = None
) -> ScenarioError:
    line, column = position or (None, None)
    return ScenarioError([Fault(problem, remedy, file=file, line=line, column=column)])
