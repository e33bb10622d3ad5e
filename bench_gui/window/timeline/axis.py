"""The time axis in the window: its commands, its mouse, its line beneath the views."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)

from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.board import Board
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Acts, Commands, States
from bench_gui.window.marks import NO_MARKS, Marks, together
from bench_gui.window.palette import Theme
from bench_gui.window.session import Phase, Session
from bench_gui.window.timeline.bar import TimeBar
from bench_gui.window.timeline.bookmarks import Bookmark, Bookmarks, load, save
from bench_gui.window.timeline.timeline import SCRUB_STEPS, Timeline, whole_end_s

ZOOM_KEY, ZOOM_NOTCH = 2.0, 1.25
"""By how much a key and a notch of the wheel change what is seen."""

HOLDER = "time axis"
"""Who makes a play-back wait."""

TAKES_ARROWS = (
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)
"""What has a use of its own for these keys, while it has the focus."""

ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


class TimeAxis(QObject):
    """Which moment and which stretch of the run the window shows.

    Args:
        show: draws what is to be seen now, charts and numbers.
        say: tells one sentence.

    Fields:
        bar: the line beneath the views, for the window to place.
        bookmarks: of the run on screen.

    Signals:
        changed: there are other bookmarks.
    """

    changed = Signal()

    def __init__(
        self,
        window: QMainWindow,
        commands: Commands,
        session: Session,
        board: Board,
        show: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._commands = commands
        self._session = session
        self._board = board
        self._show = show
        self._say = say
        self.bar = TimeBar(commands)
        self.bookmarks = Bookmarks()
        pointer = board.charts.pointer
        pointer.wheeled.connect(self._turn)
        pointer.double_clicked.connect(self.show_whole)
        self.bar.track.scrubbed.connect(self.go)
        self.bar.track.zoomed.connect(self._turn)
        self.bar.track.whole.connect(self._clicked_twice)
        session.phase_changed.connect(self._follow_phase)
        session.opened.connect(self._load)
        window.installEventFilter(self)

    def acts(self) -> Acts:
        """What each command does."""
        return {
            Command.LIVE: self.live,
            Command.SCRUB_BACK: partial(self._scrub, -1),
            Command.SCRUB_FORWARD: partial(self._scrub, 1),
            Command.CROSSHAIR_BACK: partial(self._move_crosshair, -1),
            Command.CROSSHAIR_FORWARD: partial(self._move_crosshair, 1),
            Command.ZOOM_IN: partial(self._zoom, 1 / ZOOM_KEY),
            Command.ZOOM_OUT: partial(self._zoom, ZOOM_KEY),
            Command.WHOLE_RUN: self.show_whole,
            Command.BOOKMARK: self.bookmark,
            Command.NEXT_BOOKMARK: self.next_bookmark,
            Command.PREVIOUS_BOOKMARK: self.previous_bookmark,
        }

    def states(self) -> States:
        """What each state switches."""
        return {Command.HOLD: self.hold}

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self.bar.set_theme(theme)

    @property
    def _timeline(self) -> Timeline:
        return self._session.model.timeline

    @property
    def moment_s(self) -> float:
        """What is shown: the held moment, or the newest."""
        held = self._timeline.held_s
        return self._session.model.run.now_s if held is None else held

    # What the reader asks for

    def hold(self, held: bool) -> None:
        """Stops the display at this moment, or lets it follow the run again."""
        if held:
            self.go(self.moment_s)
        else:
            self.live()

    def go(self, t_s: float) -> None:
        """Holds the display at a moment; a play-back waits meanwhile."""
        if self._idle:
            return
        if self._session.playing is not None:
            self._session.playing.hold(True, HOLDER)
        self._timeline.hold(t_s, self._session.model.run)
        self._refresh()

    def live(self, *_: object) -> None:
        """Follows the run again; as when a play-back is sought, which says what is to be seen."""
        self._timeline.live()
        if self._session.playing is not None:
            self._session.playing.hold(False, HOLDER)
        self._board.charts.set_cursor(None)
        self._board.charts.rescale()
        self._refresh()

    def _scrub(self, steps: int) -> None:
        self.go(self.moment_s + steps * self._step_s)

    @property
    def _step_s(self) -> float:
        return self._timeline.frame(self._session.model.run, 1).width_s / SCRUB_STEPS

    def _move_crosshair(self, steps: int) -> None:
        if self._idle:
            return
        charts = self._board.charts
        here = self.moment_s if charts.cursor_s is None else charts.cursor_s + steps * self._step_s
        frame = self._timeline.frame(self._session.model.run, 1)
        charts.set_cursor(min(max(here, frame.start_s), frame.end_s))

    def _zoom(self, factor: float, around_s: float | None = None) -> None:
        if self._idle:
            return
        self._timeline.zoom(factor, self._session.model.run, around_s)
        self._board.charts.rescale()
        self._refresh()

    def _turn(self, around_s: float, notches: float) -> None:
        self._zoom(ZOOM_NOTCH**-notches, around_s)

    def show_whole(self) -> None:
        """All of the run."""
        if self._idle:
            return
        self._timeline.show_whole(self._session.model.run)
        self._board.charts.rescale()
        self._refresh()

    def _clicked_twice(self, was_held: bool) -> None:
        """The first click went to a moment, which was not meant."""
        if not was_held:
            self.live()
        self.show_whole()

    def bring_into_sight(self, fault: FaultReport | None) -> None:
        """Moves a stretch that stands still to where a fault can be seen."""
        if fault is not None and self._timeline.bring_into_sight(fault.t_s):
            self._refresh()

    # Bookmarks

    def bookmark(self) -> None:
        """Sets one at the moment that is shown, or takes it away."""
        if self._idle:
            return
        moment_s = self.moment_s
        mark = self.bookmarks.toggle(moment_s)
        what = f"The bookmark at {moment_s:.1f} s is taken away"
        self._say(what if mark is None else f"Bookmark {mark.number} at {mark.t_s:.1f} s")
        self._keep()
        self.changed.emit()
        self.refresh()

    def next_bookmark(self) -> None:
        """Goes to the next one; after the last to the first."""
        self._go_to(self.bookmarks.after(self.moment_s) or next(iter(self.bookmarks), None))

    def previous_bookmark(self) -> None:
        """Goes to the one before; before the first to the last."""
        last = [*self.bookmarks][-1:]
        self._go_to(self.bookmarks.before(self.moment_s) or (last[0] if last else None))

    def _go_to(self, mark: Bookmark | None) -> None:
        if mark is not None:
            self.go(mark.t_s)

    def _keep(self) -> None:
        run_dir = self._session.run_dir
        if run_dir is None:
            return
        try:
            save(self.bookmarks, run_dir)
        except OSError as problem:
            self._say(f"The bookmarks cannot be kept ({problem}).")

    def _load(self) -> None:
        run_dir = self._session.run_dir
        self.bookmarks = load(run_dir) if run_dir is not None else Bookmarks()
        self.changed.emit()

    # What the session tells

    @property
    def _idle(self) -> bool:
        return self._session.phase is Phase.IDLE

    def begin(self) -> None:
        """Another run, of which nothing is known yet."""
        self._load()
        self.refresh()

    def _follow_phase(self) -> None:
        if self._idle:
            self._load()
        self.refresh()

    def _refresh(self) -> None:
        self._show()
        self.refresh()

    def refresh(self) -> None:
        """Shows where the display and the run are."""
        model = self._session.model
        held_s = self._timeline.held_s
        self._commands[Command.HOLD].setChecked(held_s is not None)
        run = None if self._idle else model.run
        self.bar.show_state(run, held_s, playing=self._session.phase is Phase.PLAYING)
        end_s = 0.0 if run is None else whole_end_s(run)
        now_s = 0.0 if run is None else run.now_s
        self.bar.track.show_run(
            end_s,
            now_s,
            self._timeline.frame(model.run, 1),
            held_s,
            self._marks(end_s),
            self.bookmarks,
        )

    def _marks(self, end_s: float) -> Marks:
        if end_s <= 0:
            return NO_MARKS
        pixel_s = end_s / max(self.bar.track.width(), 1)
        lanes = self._session.model.lanes.values()
        return together(lane.marks(0.0, end_s, pixel_s) for lane in lanes)

    # What Qt tells

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Lists, fields and sliders keep their arrows, Home and End while they have the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            focus = self._window.focusWidget()
            if event.key() in ARROWS and isinstance(focus, TAKES_ARROWS):
                event.accept()
                return True
        return super().eventFilter(watched, event)
