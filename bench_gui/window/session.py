"""One run after another: starts them, polls them, ends them. Knows no widget but a timer's parent.

The client never blocks; what could (deleting old runs, exporting) goes to the background.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from enum import Enum, auto
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from bench_gui.bench.options import command_line
from bench_gui.bench.recording.about import Film
from bench_gui.bench.records.run_directory import make_run_directory
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunState
from bench_gui.window.background import Background
from bench_gui.window.client_api import Client
from bench_gui.window.replay.labels import label_of
from bench_gui.window.replay.player import Player
from bench_gui.window.run_dirs import make_room, new_run_dir
from bench_gui.window.run_model import RunModel
from bench_gui.window.tools import read_film
from workers.failpoints import Failpoint
from workers.lanes import Role

SILENCE_S = 5.0
"""A bench that says nothing for this long is stopped, or starved; it usually says 20 things a
second."""

CUT_OFF_PATIENCE_S = 5.0
"""How long a bench may take to end a run that was cut off, before it is ended itself."""

SOON_MS = 50
"""An idle bench is gone by then, and no event need be handled meanwhile."""

END_MS = 9_000
"""The bench ends its workers in less, and is ended itself if it does not."""

ENDED_BY_FORCE = "The bench did not answer and was ended; the run is cut off."


class Phase(Enum):
    """What the window may ask for depends on this and nothing else."""

    IDLE = auto()
    RUNNING = auto()
    STOPPING = auto()
    PLAYING = auto()
    """A run that was recorded is played back: there are no processes."""
    ENDED = auto()

    @property
    def active(self) -> bool:
        """Whether processes are alive."""
        return self in {Phase.RUNNING, Phase.STOPPING}

    @property
    def moving(self) -> bool:
        """Whether what is shown changes: a run goes on, or is played back."""
        return self.active or self is Phase.PLAYING


class Session(QObject):
    """The run on screen.

    Signals:
        advanced: new snapshots were folded into `model`; the new and changed faults.
        phase_changed: `phase` is another.
        failed: the bench failed; one sentence.
        unreadable: a recording cannot be read; one sentence.
        opened: a recorded run takes the place of what was shown; its settings.
        opening_changed: a recording is being opened, or no longer.
        rewound: the run that is played begins from its start again.
    silent: whether the bench has said nothing for a while.

    Fields:
        settings: of the run on screen, None before there is one.
        playing: plays the run that is shown, if it was opened; also once it has come to its end.
    """

    advanced = Signal(list)
    phase_changed = Signal()
    failed = Signal(str)
    unreadable = Signal(str)
    opened = Signal(object)
    opening_changed = Signal()
    rewound = Signal()
    silent = Signal(bool)

    def __init__(
        self,
        client: Client,
        runs_root: Path,
        parent: QObject,
        clock_s: Callable[[], float] = time.monotonic,
        open_film: Callable[[Path], Film] = read_film,
    ) -> None:
        super().__init__(parent)
        self._clock_s = clock_s
        self._heard_s = 0.0
        self._cut_off_s: float | None = None
        self._silent = self._forced = False
        self._client = client
        self._runs_root = runs_root
        self._open_film = open_film
        self._opening: tuple[Path, Player] | None = None
        self.playing: Player | None = None
        self._own_dir: Path | None = None
        self._returning = False
        self._background = Background(self)
        self.model = RunModel()
        self.phase = Phase.IDLE
        self.run_dir: Path | None = None
        self.settings: RunSettings | None = None

    @property
    def run_id(self) -> str:
        """Of the run on screen; empty before there is one."""
        return "" if self.model.latest is None else self.model.latest.run_id

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
        self._leave_recordings()
        self.run_dir, self.settings = run_dir, settings
        self._own_dir = run_dir
        self._heard_s, self._cut_off_s = self._clock_s(), None
        self._silent = self._forced = False
        self.model.begin(settings)
        self._enter(Phase.RUNNING)
        self._background.run(lambda: make_room(self._runs_root))

    def poll(self) -> bool:
        """Takes what is new. Returns whether there was anything."""
        if self._opening is not None:
            self._open_if_ready(*self._opening)
        if self.phase is Phase.PLAYING and self.playing is not None:
            return self._poll_player(self.playing)
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

    # recorded runs

    def play(self, run_dir: Path, *, speed: float = 1.0) -> None:
        """Plays a recorded run; what is shown stays until its recording is open.

        Nothing happens while a run goes on. If it cannot be opened `failed` says why.
        """
        self._open_recording(run_dir, speed=speed, at_end=False)

    def open(self, run_dir: Path) -> None:
        """Shows a recorded run as it stood at its end; otherwise as `play`."""
        self._open_recording(run_dir, speed=1.0, at_end=True)

    def play_again(self) -> None:
        """Plays the run that is shown from its beginning."""
        if self.playing is not None and self.playing.failure is None:
            self._returning = False
            self.playing.again()
            self._enter(Phase.PLAYING)
        elif self.phase is Phase.ENDED and self.run_dir is not None:
            self.play(self.run_dir)

    def seek(self, t_s: float) -> None:
        """Goes to a moment of the run that was opened, seconds since its sources' start."""
        if self.playing is not None and self.playing.failure is None:
            self._returning = False
            self.playing.seek(t_s)
            self._enter(Phase.PLAYING)

    def leave_play_back(self) -> None:
        """From the middle to the run's end; from its end to an empty window.

        A run that was made here comes back as what it is: one that has ended, and no recording.
        """
        if self.playing is None:
            return
        own = self.run_dir == self._own_dir and self.playing.failure is None
        self._returning = own and self.phase is Phase.PLAYING
        if own and self.phase is Phase.ENDED:
            self._leave_recordings()
            self.phase_changed.emit()
            return
        if self.phase is Phase.PLAYING:
            self.playing.release()
            self.playing.seek(self.playing.end_s)
            return
        self.clear()

    def clear(self) -> None:
        """No run is on the screen; nothing happens while one goes on."""
        if self.phase.active or self.phase is Phase.IDLE:
            return
        about = self.playing.about if self.playing is not None else None
        self._leave_recordings()
        self.run_dir = self.settings = None
        self.model.begin(about.settings if about is not None else RunSettings())
        self._enter(Phase.IDLE)

    @property
    def moving(self) -> bool:
        """Whether what is shown changes: a play-back that is held stands still."""
        held = self.playing is not None and self.playing.held
        return self.phase.active or (self.phase is Phase.PLAYING and not held)

    @property
    def opening(self) -> Path | None:
        """The directory of the run whose recording is being opened; None while there is none."""
        return self._opening[0] if self._opening is not None else None

    def cancel_opening(self) -> None:
        """What is shown stays."""
        if self._opening is not None:
            self._opening[1].close()
            self._opening = None
            self.opening_changed.emit()

    @property
    def label(self) -> str:
        """What marks the run that is shown as recorded; empty for one of this bench's own."""
        if self.playing is None:
            return ""
        return label_of(
            playing=self.phase is Phase.PLAYING,
            held=self.playing.held,
            speed=self.playing.speed,
            about=self.playing.about,
        )

    def _open_recording(self, run_dir: Path, *, speed: float, at_end: bool) -> None:
        if self.phase.active:
            return
        if self._opening is not None:
            self._opening[1].close()
        film = partial(self._open_film, run_dir)
        self._opening = run_dir, Player(film, speed=speed, at_end=at_end, clock_s=self._clock_s)
        self.opening_changed.emit()

    def _open_if_ready(self, run_dir: Path, player: Player) -> None:
        if player.failure is not None:
            self.cancel_opening()
            self.unreadable.emit(player.failure)
        elif player.about is not None:
            self._opening = None
            self._leave_recordings()
            self.run_dir, self.playing = run_dir, player
            self.settings = player.about.settings
            self.model.begin(player.about.settings)
            self.opened.emit(player.about.settings)
            self._enter(Phase.PLAYING)
            self.opening_changed.emit()

    def _poll_player(self, player: Player) -> bool:
        snapshots = player.poll()
        if snapshots and player.rewound and player.about is not None:
            player.rewound = False
            self.model.begin(player.about.settings)
            self.rewound.emit()
        if snapshots:
            self.advanced.emit(self.model.take(snapshots))
        if player.failure is not None:
            self._enter(Phase.ENDED)
            self.unreadable.emit(player.failure)
        elif player.at_end and self.model.ended:
            if self._returning:
                self._leave_recordings()
            self._enter(Phase.ENDED)
        return bool(snapshots)

    def _leave_recordings(self) -> None:
        self.cancel_opening()
        if self.playing is not None:
            self.playing.close()
        self.playing = None
        self._returning = False

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
        """Ends every process.

        Events are handled meanwhile, so that nothing hangs; it takes END_MS at the most.
        """
        self._leave_recordings()
        self._background.run(self._client.close)
        if not self._background.wait(SOON_MS):
            self._background.finish(END_MS)

    def _enter(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self.phase_changed.emit()
            if not phase.active:
                self._client.prepare()
