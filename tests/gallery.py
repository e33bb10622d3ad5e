"""Pictures of the window with real runs: `python -m tests.gallery DIR`. Needs no display.

Four lanes and seven, empty, running and ended; settings, dialogs, a scenario, lives of events and
measure mode; light and dark, at 1280x720 and at 1920x1080. Every worker process imports this module
again, so it imports no Qt before it is asked to.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

DESCRIPTION = "Takes pictures of the window with real runs. Needs no display; takes minutes."


def main() -> None:
    """Takes every picture."""
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=DESCRIPTION)
    parser.add_argument("folder", metavar="DIR", type=Path, help="where to; made if need be")
    folder: Path = parser.parse_args().folder
    if sys.platform.startswith("linux") and "DISPLAY" not in os.environ:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.gui.pictures import take_gallery

    take_gallery(folder)


if __name__ == "__main__":
    main()
