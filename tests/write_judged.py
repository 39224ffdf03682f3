"""Write what the model says of each observation of the catalog, which every report leans on.

Run it from the project's folder when a test says that the file is not current:

    .venv/bin/python tests/write_judged.py
"""

import os
from pathlib import Path

from catalog.judged import STORED, written

from sim.studies.judging import judge


def main() -> None:
    """Simulate all observations anew, and write the file if anything has changed."""
    text = written(judge(jobs=os.cpu_count() or 1))
    if STORED.exists() and STORED.read_text(encoding="utf-8") == text:
        return
    STORED.parent.mkdir(exist_ok=True)
    STORED.write_text(text, encoding="utf-8", newline="\n")
    print(f"wrote {Path(STORED).name}")


if __name__ == "__main__":
    main()
