"""The window: puts the parts together and passes on what the user asks for. Owns no truth."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport, RunState
from bench_gui.window import stored
from bench_gui.window.availability import Situation, reasons
from bench_gui.window.banner import Banner
from bench_gui.window.board import Board
from bench_gui.window.client_api import Client
from bench_gui.window.command_table import SCENARIOS, SETTINGS, VIEW, Command
from bench_gui.window.commands import Commands
from bench_gui.window.console import Console
from bench_gui.window.drops import Dropped, Drops
from bench_gui.window.escape import Escape
from bench_gui.window.explainer import Explainer
from bench_gui.window.explore.explorer import Explorer
from bench_gui.window.export.exporter import Exporter
from bench_gui.window.fault_dock import FaultDock
from bench_gui.window.fault_inspector import FaultInspector
from bench_gui.window.fault_pad import FaultPad
from bench_gui.window.hand import Hand
from bench_gui.window.layout import Layout
from bench_gui.window.lens import Lens
from bench_gui.window.links_view import LinksView
from bench_gui.window.measurer import Measurer
from bench_gui.window.palette import DARK, Theme
from bench_gui.window.presenter import Presenter
from bench_gui.window.problems import ProblemHook
from bench_gui.window.quitting import Quitting
from bench_gui.window.replay.replay import Replay
from bench_gui.window.results_view import ResultsView
from bench_gui.window.scenario_guide import ScenarioGuide
from bench_gui.window.scene.calm import Calm
from bench_gui.window.session import Phase, Session
from bench_gui.window.settings_panel import SettingsPanel
from bench_gui.window.stage.stage import Parts, Stage
from bench_gui.window.status import StatusLine
from bench_gui.window.story import StoryPanel
from bench_gui.window.task_strip import TaskStrip
from bench_gui.window.theme import apply_theme, system_theme
from bench_gui.window.timeline.axis import TimeAxis
from bench_gui.window.toolbar import Toolbar
from bench_gui.window.tools import Tools
from bench_gui.window.views import View, Views
from bench_gui.window.window_acts import WindowActs

CHART_INTERVAL_MS = 100
TICKS_A_NUMBER = 3
MOST_TICKS_A_NUMBER = 5
"""Numbers are text, and text costs: 2 to 4 times a second is as fast as one reads. They take a tick
in which no chart is drawn, if there is one in time."""

LATE_NUMBERS_S = 0.7
"""On a machine so busy that ticks come late, numbers would stand still beside charts that move."""

SEEDS = 1_000_000
RECORDED = "recorded"
"""What marks the state of a run that is no live one."""
PROOF = "proof"
"""What marks the run of one lane that shows whether it holds."""
LEAVE_STAGE_RANK = 40
"""Of what Esc does, the last."""
MEASUREMENTS = "measurements"
"""Below the directory of runs."""


class MainWindow(QMainWindow):
    """Delivery Bench.

    Args:
        client: the bench; closed with the window.
        store: where settings and layout persist.
        runs_root: where runs are kept.
        settings: for this start; None for those used last.
        tools: for a test to put its own in.
    """

    def __init__(
        self,
        client: Client,
        store: QSettings,
        runs_root: Path,
        settings: RunSettings | None = None,
        tools: Tools | None = None,
    ) -> None:
        super().__init__()
        self._store = store
        self._tools = tools or Tools()
        self.commands = Commands(self)
        self.session = Session(client, runs_root, self, open_film=self._tools.open_film)
        self.panel = SettingsPanel(
            self.commands, settings or stored.load_settings(store), stored.load_own_lanes(store)
        )
        self.pad = FaultPad(self.commands)
        self.console = Console(self.commands, self.panel, self.pad)
        self.explainer = Explainer(self, self.session, self._tools)
        self.board = Board()
        self.views = Views(self.commands)
        self.links, self.results = LinksView(), ResultsView()
        self.calm = Calm(self.commands, store)
        self.story = StoryPanel(self.commands)
        self.scenarios = ScenarioGuide(
            self, self.panel, self.story, self.session, self._tools.summary_of
        )
        self.faults = FaultDock(self.commands[Command.EXPLAIN_FAULT])
        self.inspector = FaultInspector(
            self.faults, self.session, self._tools, self.board.highlight
        )
        self.measurer = Measurer(
            self, self.panel, self.session, runs_root / MEASUREMENTS, self._tools.measuring, store
        )
        self.escape = Escape(self)
        self.banner = Banner(self.escape)
        self.problems = ProblemHook(
            self, self.banner, lambda: self.session.run_id, lambda: self.stage.presenting.on
        )
        self.tasks = TaskStrip(self.escape)
        self.status = StatusLine(self.statusBar(), self.tasks)
        self.exporter = Exporter(self, self.session, self._tools, store, self.board.visible_range)
        self.hand = Hand(self, self.pad, self.session, self.status.say)
        self._presenter = Presenter(self.board, self.console, self.faults, self.status, self.banner)
        self.stage = Stage(
            self,
            store,
            Parts(
                self.commands, self.panel, self.pad, self.board, self.views, self.faults,
                self.story, self.scenarios, self.session, self._presenter, self.status.say,
                self._tools.choose_script,
            ),
        )  # fmt: skip
        self.replay = Replay(
            self, self.session, self.commands, self._tools, runs_root,
            self._presenter.complain, self.status.say, self.escape,
        )  # fmt: skip
        self.explorer = Explorer(
            self, self.commands, self.panel, self.scenarios, self.session, self.measurer, store,
            self._tools, run=self.run, say=self.status.say, complain=self._presenter.complain,
            tell=self.stage.tell,
        )  # fmt: skip
        self.time = TimeAxis(
            self, self.commands, self.session, self.board, self._show_now, self.status.say
        )
        self.lens = Lens(self.commands, self.board)
        self.drops = Drops(self)
        self.quitting = Quitting(
            self, lambda: self.session.phase.active, lambda: self.stage.presenting.on,
            self.stage.toaster.say,
        )  # fmt: skip
        self.own = WindowActs(self)
        self._refused = QShortcut(QKeySequence(Qt.Key.Key_F5), self)
        self._refused.activated.connect(self.own.show_wrong_field)
        self._frame_ms = 0.0
        self._ticks = 0
        self._numbers_s = 0.0
        self._theme = stored.load_theme(store, system_theme())
        self._timer = QTimer(self)
        self._compose()
        folds = {"more": self.panel.more, "more-faults": self.panel.more_faults}
        self.layouts = Layout(self, store, folds, self._reset_others)
        self._connect()
        self._restore()

    def _compose(self) -> None:
        self.setWindowTitle("Delivery Bench")
        self.setDockNestingEnabled(False)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.commands.fill(self.menuBar())
        self.commands.put_first(SCENARIOS, self.scenarios.actions)
        self.commands.put_first(VIEW, [self.stage.focus_keys.menu.menuAction()])
        self.replay.put_recent()
        self.commands.put_first(SETTINGS, [self.explorer.presets.menu.menuAction()])
        self.commands[Command.KILL_AT_STEP].setMenu(self.hand.menu)
        self.views.changed.connect(self.board.set_view)
        for view in (View.PIPELINES, View.CHARTS):
            self.views.add(view, self.board)
        self.views.add(View.LINKS, self.links)
        self.views.add(View.RESULTS, self.results)
        self._presenter.add_pages(self.links, self.results)
        for page in (self.links, self.results):
            page.told.connect(self.status.say)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.stage.header)
        layout.addWidget(self.replay.bar)
        layout.addWidget(self.banner)
        layout.addWidget(self.story)
        layout.addWidget(self.views, 1)
        layout.addWidget(self.time.bar)
        self.setCentralWidget(middle)
        self.console_dock = _fixed_dock(self.console)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.console_dock)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.faults)
        self.toolbar = Toolbar(self, self.commands, lambda: self.stage.presenting.on)

    def _connect(self) -> None:
        for acts in (
            self.own.run_acts(),
            self.own.file_acts(),
            self.own.help_acts(),
            self.hand.acts(),
            self.exporter.acts(),
            self.stage.acts(),
            self.replay.acts(),
            self.explorer.acts(),
            self.time.acts(),
        ):
            self.commands.bind(acts)
        self.commands.bind_states(self.stage.states())
        self.commands.bind_states(self.own.view_states())
        self.commands.bind_states(self.calm.states())
        self.calm.changed.connect(self.board.set_reduced_motion)
        self.commands.bind_states(self.time.states())
        self.commands.bind_states(self.lens.states())
        for command, dock in (
            (Command.CONSOLE, self.console_dock),
            (Command.EVENTS, self.faults),
        ):
            dock.visibilityChanged.connect(self.commands[command].setChecked)
        self.panel.changed.connect(self._on_settings)
        self.explorer.undoing.changed.connect(self._allow)
        self.drops.opens(Dropped.SETTINGS, self.explorer.files.open)
        self.drops.opens(Dropped.SCRIPT, self.stage.open_script)
        self.drops.opens(Dropped.RUN, self.replay.open)
        self.scenarios.changed.connect(self._on_scenario)
        self.faults.chosen.connect(self._allow)
        self.explainer.told.connect(self.status.say)
        self.session.advanced.connect(self._on_advanced)
        self.session.phase_changed.connect(self._on_phase)
        self.session.opened.connect(self._on_opened)
        self.session.opening_changed.connect(self._allow)
        self.replay.comparer.began.connect(self.tasks.follow)
        self.session.rewound.connect(self._presenter.rewind)
        self.session.failed.connect(self._presenter.fail)
        self.session.silent.connect(self._presenter.show_silence)
        self.measurer.changed.connect(self._allow)
        self.measurer.changed.connect(self.explorer.decider.refresh)
        self.measurer.told.connect(self.status.say)
        self.exporter.changed.connect(self._allow)
        self.exporter.began.connect(self.tasks.follow)
        self.exporter.told.connect(self.status.say)
        self.exporter.failed.connect(self._presenter.complain)
        leave = self.escape.claim(LEAVE_STAGE_RANK, lambda: self.stage.presenting.set(False))
        self.stage.presenting.changed.connect(leave.hold)
        self.stage.zoom.changed.connect(lambda: self.set_theme(self._theme))
        for part in (self.faults, self.links, self.results):
            self.stage.leave_paging_to(part)
        self.faults.chosen.connect(lambda: self.time.bring_into_sight(self.faults.fault))
        for sought in (self.replay.bar.sought, self.session.rewound):
            sought.connect(self.time.live)
        for signal in (self.time.changed, self.lens.changed, self.stage.focus.changed):
            signal.connect(self._allow)
        self._timer.timeout.connect(self._tick)

    def _restore(self) -> None:
        self.layouts.restore()
        self.set_theme(self._theme)
        self.views.restore(self._store)
        self.calm.restore()
        self._on_settings()
        self.board.show_hint(True)
        self.status.say("Ready")
        self._timer.start(CHART_INTERVAL_MS)

    # What the user asks for

    def start(self) -> None:
        """Begins a run with the settings filled in; after a talk's last beat, the talk anew."""
        if not self.stage.director.acting and self.scenarios.begin_anew():
            self.stage.director.begin()
            if self.session.phase.active:
                return
        settings = self.panel.reading.settings
        if settings is not None and self.run(settings):
            stored.save_settings(self._store, settings)

    def run(self, settings: RunSettings) -> bool:
        """Begins a run with these settings, whatever is filled in. Returns whether it did."""
        if self.measurer.active:
            return False
        try:
            self.session.start(settings)
        except (EnvironmentProblem, RuntimeError) as problem:
            self._presenter.complain(str(problem))
            return False
        except OSError as problem:
            self._presenter.complain(f"The run cannot start ({problem}).")
            return False
        self.stage.focus.show_lanes(settings.lanes)
        self.scenarios.begin(settings)
        self.stage.begin()
        self.setFocus()  # or a button that comes next would have it, and Space would press it
        self._presenter.begin(settings, f"{self._mark}{RunState.STARTING.value}")
        self.console.mark = self._mark
        self.time.begin()
        self.console.show_duration(settings.duration_s)
        return True

    def set_theme(self, theme: Theme) -> None:
        """Light or dark, everywhere at once."""
        self._theme = theme
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, theme, self.stage.zoom.factor)
        for page in (self.links, self.results):
            page.set_theme(theme)
        for part in (
            self.board,
            self.faults,
            self.panel,
            self.pad,
            self.explainer,
            self.measurer,
            self.explorer,
            self.exporter,
            self.stage,
            self.time,
        ):
            part.set_theme(theme)
        self.replay.comparer.set_theme(theme)
        self.commands[Command.DARK].setChecked(theme is DARK)
        stored.save_theme(self._store, theme)

    def reset_layout(self) -> None:
        """As at the first start."""
        self.stage.presenting.set(False)
        self.layouts.reset()
        self.status.say("The layout is as at the first start")

    def _reset_others(self) -> None:
        self.toolbar.want(False)
        self.views.show_view(View.PIPELINES)
        self.commands[Command.NORMAL_TYPE].trigger()

    # What the bench tells

    def _tick(self) -> None:
        if self._frame_ms:
            self._presenter.meter.add(self._frame_ms)
        began = time.perf_counter()
        self._ticks += 1
        drawn = self.session.poll() and self._presenter.draw(self.session.model)
        due = self._ticks >= (MOST_TICKS_A_NUMBER if drawn else TICKS_A_NUMBER)
        late = began - self._numbers_s > LATE_NUMBERS_S
        if (due or late) and self.session.moving:
            self._ticks, self._numbers_s = 0, began
            self._presenter.show_numbers(self.session.model)
            self.stage.show_run()
            self.time.refresh()
        self._frame_ms = (time.perf_counter() - began) * 1000 if drawn else 0.0

    def _show_now(self) -> None:
        """What the time axis asks for, at once: another moment or another stretch."""
        self._presenter.draw(self.session.model)
        self._presenter.show_numbers(self.session.model)
        self.stage.show_run()
        self.replay.refresh()
        self.explorer.decider.refresh()

    def _on_advanced(self, faults: list[FaultReport]) -> None:
        if faults:
            self.faults.take(faults)
            self.board.take_faults(faults)
            self.stage.take(faults)

    def _on_phase(self) -> None:
        self._allow()
        self.console.mark = self._mark
        active = self.session.phase.active
        self.panel.setEnabled(not active)
        latest = self.session.model.latest
        complete = latest is not None and latest.state is RunState.COMPLETE
        self.scenarios.follow(self.session.phase, complete)
        if self.session.phase is Phase.IDLE:
            self._presenter.clear()
            self._on_settings()
            self.board.show_hint(not self.scenarios.told)
        if not self.session.phase.moving:
            self._presenter.end(self.session.model)
        self.stage.show_run()

    @property
    def _mark(self) -> str:
        """What stands before the run's state when it is no run of the settings filled in."""
        if self.session.playing is not None:
            return f"{RECORDED}, "
        return f"{PROOF}, " if self.explorer.decider.prover.lane is not None else ""

    def _on_opened(self, settings: RunSettings) -> None:
        """A recorded run takes the screen."""
        self._presenter.begin(settings, RECORDED)
        self.console.mark = f"{RECORDED}, "
        self.console.show_duration(settings.duration_s)
        self.stage.focus.show_lanes(settings.lanes)
        self.scenarios.begin(settings)

    def _on_scenario(self) -> None:
        self.commands[Command.STORY].setChecked(self.scenarios.told)
        self.board.show_hint(self.session.phase is Phase.IDLE and not self.scenarios.told)
        self._allow()

    def _on_settings(self) -> None:
        settings = self.panel.reading.settings
        self._allow()
        self.stage.follow(settings)
        if settings is None:
            return
        if self.session.run_dir is None:
            self.console.show_duration(settings.duration_s)
        self.board.plan(settings)
        if self.session.run_dir is None:
            self.board.show_lanes(settings.lanes)
            self.stage.focus.show_lanes(settings.lanes)

    def _allow(self) -> None:
        now = Situation(
            self.session.phase,
            self.panel.problem(),
            self.exporter.busy,
            fault_chosen=self.faults.fault is not None,
            scenario=self.scenarios.told,
            beats=bool(self.scenarios.walk.beats),
            undoable=self.explorer.undoing.undoable,
            redoable=self.explorer.undoing.redoable,
            measuring=self.measurer.active,
            recorded=self.session.playing is not None or self.session.opening is not None,
            bookmarked=len(self.time.bookmarks) > 0,
            focused=self.stage.focus.lane is not None or self.board.solo,
            overlaid=self.board.charts.overlaid,
        )
        for command, reason in reasons(now).items():
            self.commands.allow(command, reason)
        refused = bool(now.problem) and self.commands.reason(Command.START) == now.problem
        self._refused.setEnabled(refused)  # or the key would be the command's and this one's

    # What Qt tells

    def event(self, event: QEvent) -> bool:
        """Measures what painting a frame costs: children paint inside this event, however often."""
        if event.type() != QEvent.Type.UpdateRequest or not self._frame_ms:
            return super().event(event)
        began = time.perf_counter()
        handled = super().event(event)
        self._frame_ms += (time.perf_counter() - began) * 1000
        return handled

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Full screen may also come from a restored layout or from the desktop."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.commands[Command.FULL_SCREEN].setChecked(self.isFullScreen())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Out of sight at once, then every process is ended; a slip of the hand is asked about."""
        if event.spontaneous() and not self.quitting.may():
            event.ignore()
            return
        self._timer.stop()
        self._remember()
        self.panel.blockSignals(True)
        self.hide()
        self.exporter.close()
        self.explainer.close()
        self.measurer.close()
        self.explorer.close()
        self.replay.comparer.close()
        self.session.close()
        super().closeEvent(event)

    def _remember(self) -> None:
        self.stage.presenting.set(False)
        self.layouts.remember()
        self.views.remember(self._store)
        stored.save_own_lanes(self._store, self.panel.lanes.own)
        settings = self.scenarios.settings_to_keep()
        if settings is not None:
            stored.save_settings(self._store, settings)
        self._store.sync()


def _fixed_dock(widget: QWidget) -> QDockWidget:
    """A dock without title that stays where it is."""
    dock = QDockWidget()
    dock.setObjectName("console-dock")
    dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
    dock.setTitleBarWidget(QWidget())
    dock.setWidget(widget)
    return dock
