"""Write what is generated of the guide: its reference, and what the commands of its pages print.

Run it from the project's folder when a test says that the guide is not current:

    .venv/bin/python tests/write_guide.py
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from guide.blocks import REFERENCE, written_pages
from guide.reference import reference
from guide.running import follow


def rewritten(page: str, folder: Path) -> str:
    """A page with what its commands print now."""
    found = list(follow(page, folder))
    for block, text in reversed(found):
        page = page[: block.start] + text + page[block.end :]
    return page


def main() -> None:
    """Write all pages, and say which have changed."""
    pages = {REFERENCE / name: text for name, text in reference().items()}
    for path in written_pages():
        with TemporaryDirectory() as folder:
            try:
                pages[path] = rewritten(path.read_text(encoding="utf-8"), Path(folder))
            except ValueError as error:
                raise SystemExit(f"{path}: {error}") from error
    for path, text in pages.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"wrote {path}")


if __name__ == "__main__":
    main()
