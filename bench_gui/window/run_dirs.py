"""Where the window's runs are kept: one directory a run, the newest few. Knows no Qt."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path

KEPT = 20
NAME = re.compile(r"\d{8}-\d{6}-seed\d+(-\d+)?")
"""Only directories of this form are ever deleted."""


def new_run_dir(root: Path, now: datetime, seed: int) -> Path:
    """A path below `root` that is not taken yet; nothing is made."""
    stem = f"{now:%Y%m%d-%H%M%S}-seed{seed}"
    path, number = root / stem, 2
    while path.exists():
        path, number = root / f"{stem}-{number}", number + 1
    return path


def delete_old_runs(root: Path, keep: int = KEPT) -> list[Path]:
    """Deletes all but the newest `keep` run directories. Returns those that are gone.

    A directory that cannot be deleted (open elsewhere) is left for the next time.
    """
    if not root.is_dir():
        return []
    runs = sorted(p for p in root.iterdir() if p.is_dir() and NAME.fullmatch(p.name))
    old = runs[: max(len(runs) - keep, 0)]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return [path for path in old if not path.exists()]
