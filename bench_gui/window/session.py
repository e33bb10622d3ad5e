"""One run after another: starts them, polls them, ends them. Knows no widget but a timer's parent.

The client never blocks; what could (deleting old runs, exporting) goes to the background.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from bench_gui.bench.options import command_line
from bench_gui.bench.records.run_directory import make_run_directory
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunState
from bench_gui.window.background import Background
from bench_gui.window.client_api import Client
from bench_gui.window.run_dirs import make_room, new_run_dir
from bench_gui.window.run_model import RunModel
from workers.failpoints import Failpoint
from workers.lanes import Role

Export = Callable[[Path, Path], list[Path]]

SILENCE_S = 5.0
"""A bench that says nothing for this long is stopped, or starved; it usually says 20 things a
second."""

CUT_OFF_PATIENCE_S = 5.0
"""How long a bench may take to end a run that was cut off, before it is ended itself."""

ENDED_BY_FORCE = "The bench did not answer and was ended; the run is cut off."


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
    silent: whether the bench has said nothing for a while.
    """

    advanced = Signal(list)
    phase_changed = Signal()
    failed = Signal(str)
    silent = Signal(bool)

    def __init__(
        self,
        client: Client,
        runs_root: Path,
        parent: QObject,
        export: Export,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._clock_s = clock_s
        self._heard_s = 0.0
        self._cut_off_s: float | None = None
        self._silent = self._forced = False
        self._client = client
        self._runs_root = runs_root
        self._export = export
        self._background = Background(self)
        self.model = RunModel()
        self.phase = Phase.IDLE
        self.run_dir: Path | None = None

    def start(self, settings: RunSettings) -> None:
        """Begins a run. Raises EnvironmentProblem, OSError, or RuntimeError if one is going on."""
        run_dir = new_run_dir(self._runs_root, datetime.now().astimezone(), settings.seed)
        make_run_directory(run_dir)
        try:
            self._client.start(
                settings, run_dir, keep_data=True, command_line=command_line(settings)
            )
        except (OSError, RuntimeError):
            with suppress(OSError):
                run_dir.rmdir()
            raise
        self.run_dir = run_dir
        self._heard_s, self._cut_off_s = self._clock_s(), None
        self._silent = self._forced = False
        self.model.begin(settings)
        self._enter(Phase.RUNNING)
        self._background.run(lambda: make_room(self._runs_root))

    def poll(self) -> bool:
        """Takes what is new. Returns whether there was anything."""
        if not self.phase.active:
            return False
        snapshots = self._client.poll()
        self._mind_silence(bool(snapshots))
        if snapshots:
            self.advanced.emit(self.model.take(snapshots))
        if self.model.ended:
            self._enter(Phase.ENDED)
        elif self.model.draining:
            self._enter(Phase.STOPPING)
        elif self._client.failure is not None:
            self._enter(Phase.ENDED)
            self.failed.emit(ENDED_BY_FORCE if self._forced else self._client.failure)
        return bool(snapshots)

    def _mind_silence(self, heard: bool) -> None:
        """A bench that was stopped would otherwise leave a run that nothing can end."""
        now_s = self._clock_s()
        if heard:
            self._heard_s = now_s
        counting = self.model.latest is not None and self.model.latest.state is RunState.COUNTING
        silent = now_s - self._heard_s > SILENCE_S and not counting
        if silent is not self._silent:
            self._silent = silent
            self.silent.emit(silent)
        since_s = self._cut_off_s
        if since_s is not None and now_s - max(since_s, self._heard_s) > CUT_OFF_PATIENCE_S:
            self._cut_off_s, self._forced = None, True
            self._background.run(self._client.close)

    def stop(self) -> None:
        """Drain and final count."""
        if not self.phase.active:
            return
        self._client.stop()
        self._enter(Phase.STOPPING)

    def abort(self) -> None:
        """Ends every process now."""
        if not self.phase.active:
            return
        self._cut_off_s = self._clock_s()
        self._client.abort()
        self._enter(Phase.STOPPING)

    # Faults by hand: in one lane, or (None) in every lane. Nothing happens unless a run goes on.

    def kill(self, role: Role, lane: str | None) -> None:
        """SIGKILL to a random live process of the role."""
        if self.phase is Phase.RUNNING:
            self._client.kill(role, lane)

    def pause(self, role: Role, lane: str | None) -> None:
        """SIGSTOP to a random live process of the role, SIGCONT later."""
        if self.phase is Phase.RUNNING:
            self._client.pause(role, lane)

    def take_down(self, role: Role, lane: str | None) -> None:
        """SIGKILL to every live process of the role."""
        if self.phase is Phase.RUNNING:
            self._client.take_down(role, lane)

    def kill_at(self, failpoint: Failpoint, lane: str | None) -> None:
        """The next process to come to a protocol step kills itself there."""
        if self.phase is Phase.RUNNING:
            self._client.kill_at(failpoint, lane)

    def lose_ack(self, lane: str | None) -> None:
        """The next acknowledgement of a producer's append is lost."""
        if self.phase is Phase.RUNNING:
            self._client.lose_ack(lane)

    def export(
        self, folder: Path, done: Callable[[object], None], failed: Callable[[str], None]
    ) -> None:
        """Writes the run's files to `folder`, away from the window's thread."""
        run_dir = self.run_dir
        if run_dir is not None:
            self._background.run(lambda: self._export(run_dir, folder), done, failed)

    def look_up(
        self,
        work: Callable[[Path], object],
        done: Callable[[object], None],
        failed: Callable[[str], None],
    ) -> None:
        """Reads something of the run's directory, away from the window's thread."""
        run_dir = self.run_dir
        if run_dir is not None:
            self._background.run(lambda: work(run_dir), done, failed)

    def close(self) -> None:
        """Ends every process."""
        self._client.close()
        self._background.wait(2000)

    def _enter(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self.phase_changed.emit()
            if not phase.active:
                self._client.prepare()
