"""The submenu of the newest runs, read each time it is opened, away from the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from bench_gui.bench.recording.about import RecentRun
from bench_gui.bench.snapshot import RunState
from bench_gui.window.background import Background
from bench_gui.window.badge import SIGNS
from bench_gui.window.replay.labels import when_text
from workers.lanes import lane_of

SHOWN = 10
READING = "Reading ..."
NONE = "No run is kept"

ReadRecent = Callable[[], list[RecentRun]]


class RecentMenu(QMenu):
    """Signals:
    chosen: the directory of a run.
    """

    chosen = Signal(Path)

    def __init__(self, parent: QWidget, read: ReadRecent) -> None:
        super().__init__("Recen&t runs", parent)
        self.setObjectName("recent-runs")
        self.setToolTipsVisible(True)
        self._read = read
        self._allowed = True
        self._background = Background(self)
        self.aboutToShow.connect(self._begin)

    def allow(self, allowed: bool) -> None:
        """Whether a run can be opened now."""
        self._allowed = allowed
        self.menuAction().setEnabled(allowed)

    def _begin(self) -> None:
        self._say(READING)
        self._background.run(self._read, self._show, self._say)

    def _say(self, sentence: str) -> None:
        self.clear()
        self.addAction(sentence).setEnabled(False)

    def _show(self, runs: object) -> None:
        if not isinstance(runs, list) or not runs:
            self._say(NONE)
            return
        self.clear()
        for number, run in enumerate(runs[:SHOWN], start=1):
            self.addAction(self._action(number % 10, run))

    def _action(self, number: int, run: RecentRun) -> QAction:
        action = QAction(f"&{number}  {line_of(run)}", self)
        action.setToolTip(tooltip_of(run))
        action.triggered.connect(lambda: self.chosen.emit(run.run_dir))
        return action


def line_of(run: RecentRun) -> str:
    """When it ran, its seed, and its lanes' verdicts by their signs."""
    verdicts = " ".join(SIGNS[one].strip() or "-" for one in run.verdicts.values())
    lanes = "1 lane" if len(run.verdicts) == 1 else f"{len(run.verdicts)} lanes"
    state = "" if run.state is RunState.COMPLETE else f"  ({run.state.value})"
    return f"{when_text(run.started_at)}   seed {run.seed}   {lanes}  {verdicts}{state}"


def tooltip_of(run: RecentRun) -> str:
    """Every lane's verdict in words."""
    lines = [f"{lane_of(slug).name}: {verdict.value}" for slug, verdict in run.verdicts.items()]
    return "\n".join((f"run {run.run_id}", *lines, str(run.run_dir)))
