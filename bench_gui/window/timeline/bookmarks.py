"""Moments of a run that the reader wants to come back to, kept with the run. Knows no Qt.

The file is the window's own: a list of moments in `bookmarks.json` in the run's directory.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench_gui.bench.small_file import read_small

FILE = "bookmarks.json"
SAME_S = 0.05
"""Moments nearer than this are one."""

MOST = 999


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A moment: its number in the order in which they were set, from 1, and when it is."""

    number: int
    t_s: float


class Bookmarks:
    """The bookmarks of one run, in the order of time."""

    def __init__(self, marks: Iterable[Bookmark] = ()) -> None:
        self._marks = sorted(marks, key=lambda mark: mark.t_s)

    def __iter__(self) -> Iterator[Bookmark]:
        return iter(self._marks)

    def __len__(self) -> int:
        return len(self._marks)

    def toggle(self, t_s: float) -> Bookmark | None:
        """Sets one, or takes the one away that is there. Returns the new one."""
        here = [mark for mark in self._marks if abs(mark.t_s - t_s) < SAME_S]
        if here:
            self._marks.remove(here[0])
            return None
        if len(self._marks) >= MOST:
            return None
        number = 1 + max((mark.number for mark in self._marks), default=0)
        mark = Bookmark(number, t_s)
        self._marks = sorted([*self._marks, mark], key=lambda one: one.t_s)
        return mark

    def after(self, t_s: float) -> Bookmark | None:
        """The next one."""
        return next((mark for mark in self._marks if mark.t_s > t_s + SAME_S), None)

    def before(self, t_s: float) -> Bookmark | None:
        """The one before."""
        return next((mark for mark in reversed(self._marks) if mark.t_s < t_s - SAME_S), None)


def save(bookmarks: Bookmarks, run_dir: Path) -> None:
    """Writes them; no file for none. Raises OSError."""
    path = run_dir / FILE
    if not len(bookmarks):
        path.unlink(missing_ok=True)
        return
    listed = [{"number": mark.number, "t_s": round(mark.t_s, 3)} for mark in bookmarks]
    path.write_text(json.dumps({"bookmarks": listed}, indent=1) + "\n", encoding="utf-8")


def load(run_dir: Path) -> Bookmarks:
    """Reads them; a file that is missing or makes no sense has none."""
    try:
        listed = json.loads(read_small(run_dir / FILE))["bookmarks"]
        marks = [Bookmark(int(one["number"]), float(one["t_s"])) for one in listed]
    except (OSError, ValueError, TypeError, KeyError):
        return Bookmarks()
    return Bookmarks(mark for mark in marks[:MOST] if math.isfinite(mark.t_s) and mark.t_s >= 0)
