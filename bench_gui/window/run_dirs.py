"""Where the window's runs are kept: one directory a run, the newest few. Knows no Qt.

The lanes' own databases are large, and only explaining a run needs them: fewer runs keep those.
"""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path

from bench_gui.bench.records.run_tables import LANES_DIRECTORY

KEPT = 20
KEPT_WITH_LANES = 2
NAME = re.compile(r"\d{8}-\d{6}-seed\d+(-\d+)?")
"""Only directories of this form are ever deleted."""


def new_run_dir(root: Path, now: datetime, seed: int) -> Path:
    """A path below `root` that is not taken yet; nothing is made."""
    stem = f"{now:%Y%m%d-%H%M%S}-seed{seed}"
    path, number = root / stem, 2
    while path.exists():
        path, number = root / f"{stem}-{number}", number + 1
    return path


def make_room(root: Path) -> None:
    """Deletes what is too old to be kept."""
    delete_old_runs(root)
    delete_old_lanes(root)


def delete_old_runs(root: Path, keep: int = KEPT) -> list[Path]:
    """Deletes all but the newest `keep` run directories. Returns those that are gone.

    A directory that cannot be deleted (open elsewhere) is left for the next time.
    """
    return _delete(_runs(root)[:-keep])


def delete_old_lanes(root: Path, keep: int = KEPT_WITH_LANES) -> list[Path]:
    """Deletes the lanes' databases of all but the newest `keep` runs. Returns what is gone."""
    lanes = (run / LANES_DIRECTORY for run in _runs(root)[:-keep])
    return _delete([path for path in lanes if path.is_dir()])


def newest_runs(root: Path, count: int) -> list[Path]:
    """The newest run directories, the newest first."""
    return _runs(root)[: -count - 1 : -1]


def _runs(root: Path) -> list[Path]:
    """The run directories, oldest first."""
    if not root.is_dir():
        return []
    return sorted(p for p in root.iterdir() if p.is_dir() and NAME.fullmatch(p.name))


def _delete(paths: list[Path]) -> list[Path]:
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)
    return [path for path in paths if not path.exists()]
