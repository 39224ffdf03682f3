"""From the path of a Dockerfile to its instructions, or to words on why it cannot be read."""

import os
import stat

from sim.errors import Fault, ScenarioError, nearest
from sim.images.dockerfile.parsing import parse
from sim.images.dockerfile.tree import Dockerfile

_LARGEST = 2 * 2**20


def read_dockerfile(file: str) -> Dockerfile:
    """Read a Dockerfile. Raises ScenarioError where it cannot be read, or with all its faults."""
    try:
        return parse(_text(file), file)
    except FileNotFoundError:
        problem = "there is no such file"
        remedy = _instead_of(file)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = f"line {line} is not UTF-8 text"
        remedy = "save it as UTF-8"
    except IsADirectoryError:
        problem = "it is a folder"
        remedy = f"name the Dockerfile in it, as {os.path.join(file, 'Dockerfile')}"
    except OSError as error:
        problem = f"it cannot be read: {error.strerror or error}"
        remedy = "name a file that you may read"
    except ValueError:  # a NUL in the name
        problem, remedy = "no file can have this name", "name another"
    raise ScenarioError([Fault(problem, remedy, file=file)])


def _text(file: str) -> str:
    mode = os.stat(file).st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError
    if not stat.S_ISREG(mode):
        raise OSError(0, "it is a device or a pipe")
    with open(file, "rb") as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise OSError(0, "it is over 2 MiB")
    return content.decode()


def _instead_of(file: str) -> str:
    folder, name = os.path.split(file)
    try:
        beside = os.listdir(folder or ".")
    except OSError:
        beside = []
    guess = nearest(name, beside)
    return f"did you mean {os.path.join(folder, guess)}?" if guess else "name a Dockerfile"
