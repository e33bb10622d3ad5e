"""One measurement after another: starts, polls, ends and reads them. Knows no widget.

The client never blocks; what could (reading, drawing, exporting) goes to the background.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from bench_gui.bench.measure.figures import MeasureResult, figures_of
from bench_gui.bench.measure.settings import MeasureSettings
from bench_gui.bench.measure.snapshot import MeasureSnapshot, MeasureState
from bench_gui.bench.measure.texts import command_line
from bench_gui.bench.records.run_directory import make_run_directory
from bench_gui.measure_drawing.drawing import drawing
from bench_gui.window.background import Background
from bench_gui.window.measure_picture import save_png
from bench_gui.window.measure_rows import Table, table_of
from bench_gui.window.measure_tools import MeasureTools
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.run_dirs import delete_old_runs, new_run_dir

POLL_MS = 250
STOP_PATIENCE_S = 20.0
"""How long a measurement may take to end its run, before its process is ended."""
END_MS = 8000
"""How long closing may take: a client gives its process 4 s to end by itself."""
MEASURE_PNG = "measure.png"
KEPT = 50
"""Measurements; each is small."""


@dataclass(frozen=True, slots=True)
class View:
    """A measurement as it is shown: its result, its figures as a table, its drawing as SVG."""

    result: MeasureResult
    table: Table
    svg: str


@dataclass(slots=True)
class Progress:
    """How far it is.

    Fields:
        snapshot: the newest; None before the first.
        elapsed_s: since the start, as of the newest poll.
    """

    settings: MeasureSettings
    snapshot: MeasureSnapshot | None = None
    elapsed_s: float = 0.0

    @property
    def share(self) -> float:
        """Of the time, from 0 to 1."""
        left_s = self.snapshot.left_s if self.snapshot is not None else None
        if left_s is None:
            return 0.0
        return self.elapsed_s / max(self.elapsed_s + left_s, 1e-9)


class MeasureSession(QObject):
    """The measurement on screen.

    Fields:
        active: whether one is going on. stopping: whether it was asked to end.
        directory: of the one on screen; None before the first.

    Signals:
        activity: `active` or `stopping` is another.
        advanced: a Progress.
        viewed: a View of `directory`.
        failed: one sentence.
    """

    activity = Signal()
    advanced = Signal(object)
    viewed = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject, root: Path, tools: MeasureTools) -> None:
        """`root`: where measurements are kept."""
        super().__init__(parent)
        self._root = root
        self._tools = tools
        self._client = tools.client()
        self._background = Background(self)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._theme = LIGHT
        self._progress: Progress | None = None
        self._began_s = self._asked_s = 0.0
        self._looks = 0
        self.active = self.stopping = self._forced = False
        self.directory: Path | None = None

    def set_theme(self, theme: Theme) -> None:
        """Of the drawing."""
        self._theme = theme
        self._look()

    def start(self, settings: MeasureSettings) -> None:
        """Begins one. Raises EnvironmentProblem, OSError, or RuntimeError if one is going on."""
        directory = new_run_dir(self._root, datetime.now().astimezone(), settings.run.seed)
        make_run_directory(directory)
        try:
            self._client.start(settings, directory, command_line=command_line(settings))
        except (OSError, RuntimeError):
            with suppress(OSError):
                directory.rmdir()
            raise
        self.directory = directory
        self._looks += 1
        self._began_s = time.monotonic()
        self._progress = Progress(settings)
        self.active, self.stopping, self._forced = True, False, False
        self._timer.start()
        self.activity.emit()
        self._background.run(lambda: delete_old_runs(self._root, KEPT))

    def stop(self) -> None:
        """Ends the run that is going on; what is done is kept."""
        if not self.active or self.stopping:
            return
        self.stopping, self._asked_s = True, time.monotonic()
        self._client.stop()
        self.activity.emit()

    def open(self, directory: Path) -> None:
        """Shows an earlier measurement."""
        if not self.active:
            self.directory = directory
            self._look()

    def export(self, folder: Path, done: Callable[[object], None]) -> None:
        """Writes tables and drawing of what is on screen; `done` gets the files' paths."""
        directory, theme = self.directory, self._theme
        if directory is None:
            return

        def write() -> list[Path]:
            paths = self._tools.export(directory, folder, theme.name)
            png = folder / MEASURE_PNG
            save_png(drawing(self._tools.read(directory), theme.name), png)
            return [*paths, png]

        self._background.run(write, done, self.failed.emit)

    def close(self) -> None:
        """Ends every process; what is done is kept.

        Events are handled meanwhile, so that nothing hangs; it takes END_MS at the most.
        """
        self._timer.stop()
        self._looks += 1
        self._background.run(self._client.close)
        self._background.finish(END_MS)

    def _poll(self) -> None:
        progress = self._progress
        assert progress is not None
        running = self._client.running  # asked first: what is new after the end is then all
        snapshots = self._client.poll()
        progress.elapsed_s = time.monotonic() - self._began_s
        if snapshots:
            progress.snapshot = snapshots[-1]
        self.advanced.emit(progress)
        if not running or (snapshots and snapshots[-1].state.ended):
            self._end(progress)
        elif any(snapshot.cells for snapshot in snapshots):
            self._look()
        self._mind_deafness()

    def _mind_deafness(self) -> None:
        """A process that was stopped (SIGSTOP) would never end by itself."""
        late = time.monotonic() - self._asked_s > STOP_PATIENCE_S
        if self.active and self.stopping and late and not self._forced:
            self._forced = True
            self._background.run(self._client.close)

    def _end(self, progress: Progress) -> None:
        self._timer.stop()
        self.active = self.stopping = False
        self.activity.emit()
        if self._client.failure is not None:
            self.failed.emit(f"{self._client.failure}; what was done is kept")
        elif progress.snapshot is not None and progress.snapshot.state is MeasureState.FAILED:
            self.failed.emit(progress.snapshot.message)
        self._look()

    def _look(self) -> None:
        """Reads and draws in the background; only the newest look is shown."""
        directory, theme = self.directory, self._theme
        if directory is None:
            return
        self._looks += 1
        number = self._looks

        def shown(view: object) -> None:
            if number == self._looks:
                self.viewed.emit(view)

        def failed(sentence: str) -> None:
            if number == self._looks and not self.active:
                self.failed.emit(sentence)

        self._background.run(lambda: self._view(directory, theme), shown, failed)

    def _view(self, directory: Path, theme: Theme) -> View:
        result = self._tools.read(directory)
        figures = figures_of(result.settings, result.cells)
        return View(result, table_of(result.settings, figures), drawing(result, theme.name))
