"""Write what numbers that were fitted without a row say of it; this takes some ten minutes.

Run it from the project's folder when numbers of the catalog or their calibrations have changed:

    .venv/bin/python tests/write_crossed.py
"""

import os

from catalog.judged import CROSSED, written_crossed

from sim.studies.crossing import cross_validate


def main() -> None:
    """Fit the numbers of all calibrations without each level and source, and write what comes."""
    CROSSED.write_text(
        written_crossed(cross_validate(os.cpu_count() or 1)), encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    main()
