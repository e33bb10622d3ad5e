"""Puts the parts of a talk together: focus, zoom, present mode, beats, toasts, cheat sheet.

The window gives it what it has to steer; the parts know nothing of each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QMainWindow, QWidget

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport
from bench_gui.bench.worst_step import worst_step
from bench_gui.window.board import Board
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Acts, Commands, States
from bench_gui.window.fault_pad import FaultPad
from bench_gui.window.palette import Theme
from bench_gui.window.presenter import Presenter
from bench_gui.window.scenario_guide import ScenarioGuide
from bench_gui.window.session import Phase, Session
from bench_gui.window.settings_panel import SettingsPanel
from bench_gui.window.stage.announcer import Announcer
from bench_gui.window.stage.cheat_sheet import CheatSheet
from bench_gui.window.stage.director import Director
from bench_gui.window.stage.focus import FocusKeys, LaneFocus
from bench_gui.window.stage.looking import Looking
from bench_gui.window.stage.present import Presenting
from bench_gui.window.stage.script import Script
from bench_gui.window.stage.stage_header import StageHeader
from bench_gui.window.stage.toast import Toaster
from bench_gui.window.stage.zoom import Zoom
from bench_gui.window.story import StoryPanel
from bench_gui.window.views import Views
from workers.lanes import lane_of

PAGING = (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
BEAT_KEY = "PgDn"
LINE_PX, STAGE_LINE_PX = 1, 2
SCRIPTS = "scripts-folder"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the window has that a talk steers."""

    commands: Commands
    panel: SettingsPanel
    pad: FaultPad
    board: Board
    views: Views
    faults: QWidget
    story: StoryPanel
    guide: ScenarioGuide
    session: Session
    presenter: Presenter
    say: Callable[[str], None]
    choose_script: Callable[[QWidget, Path], Path | None]


class Stage(QObject):
    """What a talk needs.

    Fields:
        header: the slim line above everything, for the window to place.
        focus, zoom, presenting, director, looking, script, toaster: its parts.
    """

    def __init__(self, window: QMainWindow, store: QSettings, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._parts = parts
        self.focus = LaneFocus(self)
        self.focus_keys = FocusKeys(window, self.focus)
        self.zoom = Zoom(store, self)
        self.presenting = Presenting(window)
        self.toaster = Toaster(window)
        self.header = StageHeader()
        self.sheet = CheatSheet(window)
        self.announcer = Announcer(window, parts.commands, self.focus, self.toaster, parts.say)
        self.director = Director(
            parts.guide,
            parts.panel,
            parts.commands,
            parts.session,
            self.focus,
            self._say_beat,
            self.announcer.mute,
        )
        self.script = Script(
            self,
            parts.guide.choose,
            parts.guide.tell_anew,
            parts.presenter.complain,
            parts.say,
            parts.presenter.put_right,
        )
        self.looking = Looking(parts.views, parts.board, parts.faults, lambda: self.presenting.on)
        self._follow_focus()
        self._follow_beats()
        self.presenting.changed.connect(self._present)
        self.presenting.cursor.rested.connect(parts.board.charts.drop_pointed)
        self._show_beat()
        self._show_focus()

    def acts(self) -> Acts:
        """What each command does."""
        return {
            **self.zoom.acts(),
            **self.director.acts(),
            Command.KILL_AT_WORST: self.kill_at_worst,
            Command.SCRIPT: self._ask_for_script,
            Command.CHEAT_SHEET: self.sheet.open,
        }

    def states(self) -> States:
        """What each state switches."""
        return {Command.PRESENT: self.presenting.set}

    def leave_paging_to(self, part: QWidget) -> None:
        """PageUp and PageDown scroll a part's lists when they have the focus."""
        for view in part.findChildren(QAbstractItemView):
            view.installEventFilter(self)

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self.sheet.set_theme(theme)

    # Focus

    def _follow_focus(self) -> None:
        """The pad aims at the lane in focus and its aim sets it; the board marks it."""
        focus, pad = self.focus, self._parts.pad
        focus.lanes_changed.connect(lambda: pad.show_lanes(focus.lanes))
        for signal in (focus.lanes_changed, focus.changed):
            signal.connect(self._show_focus)
        pad.aimed.connect(lambda: focus.set(pad.lane))

    def _show_focus(self) -> None:
        self._parts.pad.aim(self.focus.lane)
        self.header.show_focus(self.focus.name)
        self._parts.board.set_focus(self.focus.lane)

    def kill_at_worst(self) -> None:
        """In the lane in focus, or in every lane at its own worst step."""
        focus = self.focus
        for slug in focus.lanes if focus.lane is None else (focus.lane,):
            self._parts.session.kill_at(worst_step(lane_of(slug)), slug)

    # Beats and scripts

    def _follow_beats(self) -> None:
        self.director.shown.connect(self._show_beat)
        self._parts.guide.changed.connect(self._mind_script)
        self._parts.guide.put_away.connect(self._put_away)

    def _show_beat(self) -> None:
        guide = self._parts.guide
        scenario = guide.scenario
        place = guide.walk.place if guide.walk.beats else ""
        self.header.show_scenario(scenario.title if scenario is not None else None, place)
        self.looking.at(guide.walk.beat.look if guide.walk.beat is not None else None)
        self._parts.commands[Command.STORY].setChecked(self._parts.story.isVisible())

    def _put_away(self) -> None:
        self.looking.at(None)
        self._parts.commands[Command.STORY].setChecked(False)

    def _mind_script(self) -> None:
        """Another scenario is told: the file is no longer watched, unless it tells this one."""
        scenario = self._parts.guide.scenario
        if not self.script.tells(scenario):
            self.script.close()
            if scenario is not None:
                self.script.resume(scenario)

    def _say_beat(self, sentence: str, brief: str) -> None:
        self._parts.say(sentence)
        self.announcer.say_beat(BEAT_KEY, brief)

    def tell(self, key: str, sentence: str) -> bool:
        """To the audience, as what a key did. Returns whether there is one."""
        self.announcer.say(key, sentence)
        return self.presenting.on

    def _ask_for_script(self) -> None:
        start = Path(str(self._store.value(SCRIPTS, Path.home())))
        path = self._parts.choose_script(self._window, start)
        if path is not None:
            self.open_script(path)

    def open_script(self, path: Path) -> bool:
        """Shows a presenter's script. Returns whether it could be read; if not, it says why."""
        opened = self.script.open(path)
        if opened:
            self._store.setValue(SCRIPTS, str(path.absolute().parent))
        return opened

    # Present mode

    def _present(self, on: bool) -> None:
        parts = self._parts
        self.header.setVisible(on)
        parts.story.present(on)
        self.announcer.set_on(on)
        parts.board.set_line_px(STAGE_LINE_PX if on else LINE_PX)
        self.zoom.go_on_stage(on)
        parts.board.charts.drop_pointed()
        if on:
            self.looking.again()
        parts.commands[Command.PRESENT].setChecked(on)
        self.show_run()

    def follow(self, settings: RunSettings | None) -> None:
        """Other settings are filled in."""
        if settings is not None and not self._parts.session.phase.active:
            self.header.show_seed(settings.seed)

    def begin(self) -> None:
        """A run starts."""
        self.announcer.begin_run()

    def take(self, faults: list[FaultReport]) -> None:
        """New and changed faults."""
        self.announcer.take(faults)

    def show_run(self) -> None:
        """State and clock, while they can be seen."""
        model = self._parts.session.model
        if self.presenting.on:
            session = self._parts.session
            shown = None if session.phase is Phase.IDLE else model.shown
            recorded = session.playing is not None
            self.header.show_run(shown, model.duration_s, recorded=recorded)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Lists keep their paging keys."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() in PAGING:
            event.accept()
            return True
        return super().eventFilter(watched, event)
