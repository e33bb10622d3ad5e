"""One run after another: starts them, polls them, ends them. Knows no widget but a timer's parent.

The client never blocks; what could (deleting old runs, exporting) goes to the background.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from bench_gui.bench.options import command_line
from bench_gui.bench.run_directory import make_run_directory
from bench_gui.bench.settings import RunSettings
from bench_gui.window.background import Background
from bench_gui.window.client_api import Client
from bench_gui.window.run_dirs import delete_old_runs, new_run_dir
from bench_gui.window.run_model import RunModel
from workers.lanes import Role

Export = Callable[[Path, Path], list[Path]]


class Phase(Enum):
    """What the window may ask for depends on this and nothing else."""

    IDLE = auto()
    RUNNING = auto()
    STOPPING = auto()
    ENDED = auto()

    @property
    def active(self) -> bool:
        """Whether processes are alive."""
        return self in {Phase.RUNNING, Phase.STOPPING}


class Session(QObject):
    """The run on screen.

    Signals:
        advanced: new snapshots were folded into `model`; the new and changed faults.
        phase_changed: `phase` is another.
        failed: the bench failed; one sentence.
    """

    advanced = Signal(list)
    phase_changed = Signal()
    failed = Signal(str)

    def __init__(self, client: Client, runs_root: Path, parent: QObject, export: Export) -> None:
        super().__init__(parent)
        self._client = client
        self._runs_root = runs_root
        self._export = export
        self._background = Background(self)
        self.model = RunModel()
        self.phase = Phase.IDLE
        self.run_dir: Path | None = None

    def start(self, settings: RunSettings) -> None:
        """Begins a run. Raises EnvironmentProblem, or RuntimeError if one is going on."""
        run_dir = new_run_dir(self._runs_root, datetime.now().astimezone(), settings.seed)
        make_run_directory(run_dir)
        self._client.start(settings, run_dir, command_line=command_line(settings))
        self.run_dir = run_dir
        self.model.begin(settings.lanes, settings.duration_s)
        self._enter(Phase.RUNNING)
        self._background.run(lambda: delete_old_runs(self._runs_root))

    def poll(self) -> bool:
        """Takes what is new. Returns whether there was anything."""
        if not self.phase.active:
            return False
        snapshots = self._client.poll()
        if snapshots:
            self.advanced.emit(self.model.take(snapshots))
        if self.model.ended:
            self._enter(Phase.ENDED)
        elif self.model.draining:
            self._enter(Phase.STOPPING)
        elif self._client.failure is not None:
            self._enter(Phase.ENDED)
            self.failed.emit(self._client.failure)
        return bool(snapshots)

    def stop(self) -> None:
        """Drain and final count."""
        self._client.stop()
        self._enter(Phase.STOPPING)

    def abort(self) -> None:
        """Ends every process now."""
        self._client.abort()
        self._enter(Phase.STOPPING)

    def kill(self, role: Role) -> None:
        """SIGKILL to a random live process of the role in every lane."""
        self._client.kill(role)

    def export(
        self, folder: Path, done: Callable[[object], None], failed: Callable[[str], None]
    ) -> None:
        """Writes the run's files to `folder`, away from the window's thread."""
        run_dir = self.run_dir
        if run_dir is not None:
            self._background.run(lambda: self._export(run_dir, folder), done, failed)

    def close(self) -> None:
        """Ends every process."""
        self._client.close()
        self._background.wait(2000)

    def _enter(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self.phase_changed.emit()
