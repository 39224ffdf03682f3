"""From the path of an image of the user's own to the image, or to words on why there is none."""

import os
import stat
from functools import lru_cache

from sim.errors import Fault, ScenarioError
from sim.images.stored.archive import content_of_archive
from sim.images.stored.documents import LARGEST, looks_like_json
from sim.images.stored.layers import Content, image_of
from sim.images.stored.layout import content_of_layout
from sim.images.stored.listings import content_of_listing
from sim.images.stored.refusal import NoImage
from sim.spec.image import Image

_MOST_KEPT = 64
_SNIFFED = 512


_FOLDERS = ("./", "../", "/")
_ENDINGS = (".tar", ".tar.gz", ".tgz", ".json", ".jsonl")


def names_image(text: str) -> bool:
    """Whether a text names an image that lies somewhere, and none of the catalog or a registry."""
    return text.startswith(_FOLDERS) or text.endswith(_ENDINGS)


def read_image(path: str) -> Image:
    """Read an image: an OCI layout, an archive of one, or what Docker says of it in JSON.

    Raises ScenarioError where there is none.
    """
    try:
        return _read(path, _state(path))
    except NoImage as refused:
        problem, remedy = refused.problem, refused.remedy
    except FileNotFoundError:
        problem, remedy = "there is no such file", "name one that is there"
    except OSError as error:
        problem = f"it cannot be read: {error.strerror or error}"
        remedy = "name a file that you may read"
    except ValueError:  # a NUL in the name
        problem, remedy = "no file can have this name", "name another"
    raise ScenarioError([Fault(problem, remedy, file=path)])


def _state(path: str) -> tuple[int, ...]:
    """What changes when a file does, by which it is known whether it was read before."""
    status = os.stat(path)
    if stat.S_ISDIR(status.st_mode):
        index = os.path.join(path, "index.json")
        status = os.lstat(index) if os.path.lexists(index) else status
    elif not stat.S_ISREG(status.st_mode):
        raise NoImage("it is a device or a pipe", "write its content to a file first")
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


@lru_cache(maxsize=_MOST_KEPT)
def _read(path: str, _: tuple[int, ...]) -> Image:
    return image_of(_content(path), os.path.basename(os.path.normpath(path)))


def _content(path: str) -> Content:
    if os.path.isdir(path):
        return content_of_layout(path)
    with open(path, "rb") as file:
        begin = file.read(_SNIFFED)
        file.seek(0)
        if looks_like_json(begin):
            return content_of_listing(file.read(LARGEST + 1), path)
        return content_of_archive(file, path)
