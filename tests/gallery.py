"""Pictures of the window with real runs: `python -m tests.gallery DIR`. Needs no display.

Every view and dialog, empty, running, held, ended, BROKEN, played back and on a stage; light and
dark, at 1280x720 and at 1920x1080; `--scale 2` as on a dense display. Every worker process imports
this module again, so it imports no Qt before it is asked to.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

DESCRIPTION = "Takes pictures of the window with real runs. Needs no display; takes minutes."
SCREEN = {"name": "gallery", "x": 0, "y": 0, "width": 1920, "height": 1080, "dpr": 1,
          "logicalDpi": 96, "logicalBaseDpi": 96}  # fmt: skip
NAMES = ("first", "running", "ended", "broken", "dialogs", "scenario", "seven", "measure")


def main() -> None:
    """Takes every picture, or those of one kind."""
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=DESCRIPTION)
    parser.add_argument("folder", metavar="DIR", type=Path, help="where to; made if need be")
    parser.add_argument("--only", metavar="NAME", choices=NAMES, action="append",
                        help=f"one of {', '.join(NAMES)}; may be given several times")  # fmt: skip
    parser.add_argument("--scale", metavar="N", help="as on a display that is so dense")
    arguments = parser.parse_args()
    if arguments.scale:
        os.environ["QT_SCALE_FACTOR"] = arguments.scale
    with tempfile.TemporaryDirectory() as scratch:
        if sys.platform.startswith("linux") and "DISPLAY" not in os.environ:
            os.environ.setdefault("QT_QPA_PLATFORM", _offscreen(Path(scratch)))
        take(arguments.folder, arguments.only or NAMES)


def _offscreen(scratch: Path) -> str:
    """A display of the largest size that is pictured, which is nowhere."""
    config = scratch / "screens.json"
    config.write_text(json.dumps({"screens": [SCREEN]}), encoding="utf-8")
    return f"offscreen:configfile={config}"


def take(folder: Path, names: tuple[str, ...]) -> None:
    """Takes the pictures of these kinds."""
    from PySide6.QtWidgets import QApplication

    from tests.gui.pictures.takers import TAKERS

    assert tuple(TAKERS) == NAMES
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    for name in names:
        TAKERS[name](folder)
    app.processEvents()


if __name__ == "__main__":
    main()
