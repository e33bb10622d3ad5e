"""Recorded runs in the main window: opened, played, marked as what they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMainWindow

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.recording.about import RecentRun, find_run
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Acts, Commands
from bench_gui.window.escape import Escape
from bench_gui.window.replay.bar import PlayBackBar
from bench_gui.window.replay.comparer import Comparer
from bench_gui.window.replay.labels import window_title
from bench_gui.window.replay.recent_menu import SHOWN, RecentMenu
from bench_gui.window.run_dirs import newest_runs
from bench_gui.window.session import Phase, Session
from bench_gui.window.tools import Tools
from bench_gui.window.widgets import text_label

REFRESH_MS = 200
PLAY, PAUSE = "Play", "Pause"
ESCAPE_RANK = 15


class Replay(QObject):
    """The bar, the title and the mark in the status line follow the session.

    Args:
        complain: shows what is in the way. say: tells one sentence.
        escape: the key that cancels what is being opened.

    Fields:
        bar: to be put above everything that shows the run.
    """

    def __init__(
        self,
        window: QMainWindow,
        session: Session,
        commands: Commands,
        tools: Tools,
        runs_root: Path,
        complain: Callable[[str], None],
        say: Callable[[str], None],
        escape: Escape,
    ) -> None:
        super().__init__(window)
        self._say = say
        self._escape = escape.claim(ESCAPE_RANK, self._leave)
        self._window = window
        self._session = session
        self._commands = commands
        self._tools = tools
        self._runs_root = runs_root
        self._complain = complain
        self.bar = PlayBackBar(commands)
        self._mark = text_label("", "play-back-mark")
        self._mark.setObjectName("play-back-mark")
        self._mark.hide()
        window.statusBar().addPermanentWidget(self._mark)
        self.comparer = Comparer(window, session, tools, runs_root, complain, say)
        self.recent = RecentMenu(window, self._read_recent)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self._connect()

    def _connect(self) -> None:
        self.recent.chosen.connect(self.open)
        self.bar.sought.connect(self._seek)
        self._session.opened.connect(self._show_run)
        self._session.opening_changed.connect(self._follow_opening)
        self._session.phase_changed.connect(self._follow)
        self._session.advanced.connect(self._name_run)
        self._session.unreadable.connect(self._complain)

    def acts(self) -> Acts:
        """What each command does."""
        return {
            Command.OPEN: self._ask,
            Command.COMPARE: self.comparer.ask,
            Command.PLAY_BACK: self._play,
            Command.SLOWER: partial(self._change_speed, -1),
            Command.FASTER: partial(self._change_speed, 1),
            Command.CLOSE_PLAY_BACK: self._leave,
        }

    def put_recent(self) -> None:
        """The submenu of recent runs, once the menus are there."""
        self._commands.put_after(Command.OPEN, self.recent.menuAction())

    def open(self, path: Path) -> None:
        """Shows the end of the run that is named by its directory or its run.db."""
        self._begin(path, self._session.open)

    def play(self, path: Path, speed: float = 1.0) -> None:
        """Plays it from the beginning."""
        self._begin(path, partial(self._session.play, speed=speed))

    def _begin(self, path: Path, show: Callable[[Path], None]) -> None:
        if self._session.phase.active:
            return
        try:
            show(find_run(path))
        except EnvironmentProblem as problem:
            self._complain(str(problem))

    def _ask(self) -> None:
        chosen = self._tools.choose_run(self._window, self._runs_root)
        if chosen is not None:
            self.open(chosen)

    def _read_recent(self) -> list[RecentRun]:
        return self._tools.read_recent(newest_runs(self._runs_root, SHOWN))

    def _play(self) -> None:
        """From the beginning; what is being played waits, or goes on."""
        if self._session.phase is Phase.PLAYING:
            self._commands[Command.HOLD].trigger()
        else:
            self._session.play_again()
        self.refresh()

    def _show_what_play_does(self) -> None:
        player = self._session.playing
        plays = player is not None and self._session.phase is Phase.PLAYING and not player.held
        words = PAUSE if plays else PLAY
        action = self._commands[Command.PLAY_BACK]
        if action.iconText() != words:
            action.setIconText(words)

    def _change_speed(self, steps: int) -> None:
        if self._session.playing is not None:
            self._session.playing.faster(steps)
            self.refresh()

    def _seek(self, t_s: float) -> None:
        """Goes there and on from there: a display that is held would not show it."""
        if self._session.playing is not None and self._session.playing.held:
            self._commands[Command.LIVE].trigger()
            self._session.playing.release()
        self._session.seek(t_s)

    def _leave(self) -> None:
        """To the run's end, which a display that is held would not show; from there to no run.

        What is being opened is given up first.
        """
        if self._session.opening is not None:
            self._session.cancel_opening()
            self._say("Nothing was opened: it was cancelled")
            return
        if self._session.phase is Phase.PLAYING or self._commands[Command.HOLD].isChecked():
            self._commands[Command.LIVE].trigger()
        self._session.leave_play_back()

    # What the session tells

    def _show_run(self) -> None:
        player = self._session.playing
        if player is not None and player.about is not None:
            self.bar.show_run(player.about, player.start_s, player.end_s)

    def _follow_opening(self) -> None:
        opening = self._session.opening
        self._escape.hold(opening is not None)
        self.bar.show_opening(opening.name if opening is not None else None)
        if opening is not None:
            self._say(f"Opening {opening.name} ...")
            return
        if self._session.playing is not None and self._session.run_dir is not None:
            self._say(f"Opened {self._session.run_dir.name}")
        self._show_run()
        self._follow()

    def _follow(self) -> None:
        recorded = self._session.playing is not None
        self.bar.setVisible(recorded)
        self._mark.setVisible(recorded)
        self.recent.allow(not self._session.phase.active)
        self.refresh()

    def refresh(self) -> None:
        """The badge, the clock and the button, from now on for as long as they go on."""
        self._show_what_play_does()
        player = self._session.playing
        if self._session.phase is not Phase.PLAYING or not self._session.moving:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()
        if player is not None:
            label = self._session.label
            self.bar.show_moment(label, player.position_s)
            if label != self._mark.text():
                self._mark.setText(label)
        self._name_run()

    def _name_run(self) -> None:
        title = window_title(*self._run())
        if title != self._window.windowTitle():
            self._window.setWindowTitle(title)

    def _run(self) -> tuple[str, int | None, str]:
        """The run on the screen: its name, its seed, how it stands."""
        latest, phase = self._session.model.latest, self._session.phase
        if latest is None or phase is Phase.IDLE:
            return "", None, ""
        if phase is Phase.PLAYING:
            return latest.run_id, latest.seed, self._session.label.lower()
        state = "running" if phase is Phase.RUNNING else latest.state.value
        recorded = ", recorded" if self._session.playing is not None else ""
        return latest.run_id, latest.seed, f"{state}{recorded}"
