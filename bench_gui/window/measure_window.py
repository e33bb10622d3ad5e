"""A window of its own for measure mode: what to measure, how far it is, what it came to.

It passes on what the user asks for; what is true of a measurement is the session's to say.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.measure.figures import MeasureResult
from bench_gui.bench.measure.snapshot import MeasureState
from bench_gui.bench.measure.texts import command_line
from bench_gui.bench.numbers import in_words
from bench_gui.measure_report import cell_in_words, unfinished
from bench_gui.window.banner import Banner
from bench_gui.window.escape import Escape
from bench_gui.window.following_area import FollowingArea
from bench_gui.window.measure_form import MeasureForm
from bench_gui.window.measure_picture import PictureArea
from bench_gui.window.measure_session import MeasureSession, Progress, View
from bench_gui.window.measure_table import MeasureTableView
from bench_gui.window.measure_tools import MeasureTools
from bench_gui.window.palette import Theme
from bench_gui.window.widgets import ElidedLabel, ShareLine, text_label

FORM_PX = 244
HINT_PX = 520
TABLE_SHARE = 0.36
"""Of the height, at the most; the drawing has the rest."""
HINT = (
    "Side by side the lanes compete for one machine. Here each runs alone, in rounds whose order "
    "favours none of them, so that their figures can be compared: throughput, latency, CPU time "
    "and bytes written per event, and what each lane costs relative to at-most-once. A sweep turns "
    "one knob and shows what it buys. Start (F5) begins, Stop (F6) keeps what is done."
)
FIRST = "The first figures come when the first run is done."
READY = "Nothing is being measured"
NOTHING_YET = "there is no measurement on the screen"
MEASURING = "a measurement is going on"
RUN_GOES_ON = "a run is going on in the main window, and the two would disturb each other's figures"


class MeasureWindow(QDialog):
    """Not modal: it stays beside the main window.

    Signals:
        noted: what is being measured, in a sentence for the main window.
    """

    noted = Signal(str)

    def __init__(self, parent: QWidget, session: MeasureSession, tools: MeasureTools) -> None:
        super().__init__(parent)
        self.setObjectName("measure")
        self.setWindowTitle("Measure: one lane at a time")
        self.setModal(False)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setWindowFlag(Qt.WindowType.WindowMinimizeButtonHint)
        self.session = session
        self._tools = tools
        self._run_goes_on = False
        self._exporting = False
        self._rows = 0
        self._result: MeasureResult | None = None
        self.form = MeasureForm()
        self._make_parts()
        self._lay_out()
        self._connect()
        self._allow()
        self.resize(1240, 700)

    def _make_parts(self) -> None:
        self._start = _button("measure-start", "Start", "F5", "Measure what is filled in.")
        self._start.setProperty("main", True)
        self._stop = _button(
            "measure-stop", "Stop", "F6", "End the run that is going on; what is done is kept."
        )
        self._open = _button(
            "measure-open", "Open...", "Ctrl+O", "Show an earlier measurement from its folder."
        )
        self._export = _button(
            "measure-export",
            "Export...",
            "Ctrl+E",
            "Write measure.csv, measure_rounds.csv, and the drawing as SVG and PNG to a folder.",
        )
        self._copy = _button(
            "measure-copy",
            "Copy command",
            "Ctrl+Shift+C",
            "Copy the command that measures what is filled in without a window.",
        )
        self._now = ElidedLabel(READY, "measure-now")
        self._now.setObjectName("measure-now")
        self._left = text_label("", "muted")
        self._left.setObjectName("measure-left")
        self._share = ShareLine()
        self._share.setAccessibleName("How much of the measurement is done")
        self.banner = Banner(Escape(self))
        self._picture = PictureArea()
        self._table = MeasureTableView()
        self._hint = text_label(HINT, "hint-text")
        self._hint.setObjectName("measure-hint")
        self._hint.setWordWrap(True)

    def _lay_out(self) -> None:
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.addWidget(self._left_side())
        panes.addWidget(self._right_side())
        panes.setStretchFactor(0, 0)
        panes.setStretchFactor(1, 1)
        panes.setCollapsible(1, False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        layout.addWidget(panes, 1)

    def _left_side(self) -> QWidget:
        side = QWidget()
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(8)
        layout.addWidget(_scrolled(self.form), 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._start, 1)
        buttons.addWidget(self._stop, 1)
        layout.addLayout(buttons)
        side.setMinimumWidth(FORM_PX)
        side.setMaximumWidth(FORM_PX + 60)
        return side

    def _right_side(self) -> QWidget:
        side = QWidget()
        layout = QVBoxLayout(side)
        layout.setContentsMargins(6, 0, 0, 0)
        layout.setSpacing(6)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._now, 1)
        line.addWidget(self._left)
        line.addSpacing(6)
        for button in (self._open, self._export, self._copy):
            line.addWidget(button)
        layout.addLayout(line)
        layout.addWidget(self._share)
        layout.addWidget(self.banner)
        layout.addWidget(self._results(), 1)
        return side

    def _results(self) -> QWidget:
        self._figures = figures = QSplitter(Qt.Orientation.Vertical)
        figures.addWidget(self._picture)
        figures.addWidget(self._table)
        figures.setStretchFactor(0, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(_hint_page(self._hint))
        self._stack.addWidget(figures)
        return self._stack

    def _connect(self) -> None:
        for button, act in (
            (self._start, self._on_start),
            (self._stop, self.session.stop),
            (self._open, self._on_open),
            (self._export, self._on_export),
            (self._copy, self._on_copy),
        ):
            button.clicked.connect(_without_arguments(act))
        self.form.changed.connect(self._allow)
        self.session.activity.connect(self._on_activity)
        self.session.advanced.connect(self._on_advanced)
        self.session.viewed.connect(self._on_viewed)
        self.session.failed.connect(self._on_failed)

    # what the main window tells

    def set_theme(self, theme: Theme) -> None:
        """Other colours, in the drawing too."""
        self.form.set_theme(theme)
        self._table.figures.set_theme(theme)
        self.session.set_theme(theme)

    def show_run_going_on(self, going_on: bool) -> None:
        """Whether the main window runs something, which forbids to measure."""
        self._run_goes_on = going_on
        self._allow()

    # what is asked for

    def _on_start(self) -> None:
        settings = self.form.reading.settings
        if settings is None:
            return
        self.banner.clear()
        try:
            self.session.start(settings)
        except (EnvironmentProblem, RuntimeError, OSError) as problem:
            self.banner.alarm(f"The measurement cannot start: {problem}")
            return
        self._result = None
        self._hint.setText(FIRST)
        self._stack.setCurrentIndex(0)
        self._share.show_share(0.0)
        self._now.setText("Starting")
        self._allow()

    def _on_open(self) -> None:
        start = self.session.directory or Path.home()
        folder = self._tools.choose_folder(self, "Open the folder of a measurement", start)
        if folder is not None:
            self.banner.clear()
            self.session.open(folder)

    def _on_export(self) -> None:
        folder = self._tools.choose_folder(self, "Export the measurement to a folder", Path.home())
        if folder is None:
            return
        self._exporting = True
        self._allow()
        self.session.export(folder, lambda paths: self._on_exported(folder, paths))

    def _on_exported(self, folder: Path, paths: object) -> None:
        self._exporting = False
        self._allow()
        count = len(paths) if isinstance(paths, list) else 0
        self._now.setText(f"{count} files written to {folder}")

    def _on_copy(self) -> None:
        settings = self.form.reading.settings
        if settings is not None:
            QGuiApplication.clipboard().setText(command_line(settings))
            self._now.setText("The command line is on the clipboard")

    # what the session tells

    def _on_activity(self) -> None:
        self.form.setEnabled(not self.session.active)
        if self.session.stopping:
            self._now.setText("Stopping: the runs that are done are kept")
        self._allow()

    def _on_advanced(self, progress: Progress) -> None:
        self._share.show_share(progress.share)
        snapshot = progress.snapshot
        if self.session.stopping or snapshot is None or snapshot.state.ended:
            return
        current = snapshot.current
        now = cell_in_words(current, progress.settings) if current is not None else ""
        self._now.setText(_sentence(now or snapshot.message))
        self._left.setText(how_far(progress))
        self.noted.emit(f"Measuring: {', '.join(filter(None, (now, how_far(progress))))}")

    def _on_viewed(self, view: View) -> None:
        self._result = result = view.result
        self._picture.show_svg(view.svg)
        self._table.show_table(view.table)
        if len(view.table.rows) != self._rows:
            self._rows = len(view.table.rows)
            self._share_height()
        some = bool(result.cells)
        self._stack.setCurrentIndex(int(some))
        if not self.session.active:
            self._on_ended(result)
        self._allow()

    def _share_height(self) -> None:
        """The table gets what its rows need, as far as that leaves enough to the drawing."""
        whole = self._figures.height()
        table = min(self._table.height_of_rows(), round(whole * TABLE_SHARE))
        self._figures.setSizes([whole - table, table])

    def _on_ended(self, result: MeasureResult) -> None:
        done = result.state is MeasureState.COMPLETE
        self._share.show_share(1.0 if done else 0.0)
        self._left.setText("")
        runs = len(result.cells)
        words = f"Complete: {_many(runs, 'run')} in {_many(result.settings.rounds, 'round')}"
        self._now.setText(words if done else _sentence(unfinished(result)))
        self.noted.emit(f"Measurement: {self._now.text()}")
        if not runs:
            self._hint.setText(f"{_sentence(result.message)}. {HINT}")
        if result.problems:
            more = f" (and {len(result.problems) - 1} more)" * (len(result.problems) > 1)
            self.banner.alarm(f"{result.problems[0]}{more}", "\n".join(result.problems))

    def _on_failed(self, sentence: str) -> None:
        self._exporting = False
        self.banner.alarm(_sentence(sentence))
        self._allow()

    def _allow(self) -> None:
        active = self.session.active
        busy = MEASURING if active else ""
        problem = self.form.reading.problem
        shown = "" if self._result is not None and self._result.cells else NOTHING_YET
        stop = "it is being stopped" if self.session.stopping else ""
        for button, reason in (
            (self._start, busy or (RUN_GOES_ON if self._run_goes_on else problem)),
            (self._stop, stop if active else "nothing is being measured"),
            (self._open, busy),
            (self._export, shown or ("an export is being written" if self._exporting else "")),
            (self._copy, problem),
        ):
            _allow(button, reason)


def how_far(progress: Progress) -> str:
    """ "run 7 of 20, 3 min 20 s left"; empty while nothing is known."""
    snapshot = progress.snapshot
    if snapshot is None or snapshot.state.ended:
        return ""
    parts = []
    if snapshot.planned and snapshot.state is MeasureState.MEASURING:
        parts.append(f"run {min(snapshot.done + 1, snapshot.planned)} of {snapshot.planned}")
    if snapshot.left_s is not None:
        parts.append(f"{in_words(snapshot.left_s)} left")
    return ", ".join(parts)


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _sentence(text: str) -> str:
    """With a capital at its start, unless it starts with a file's name."""
    named = any(sign in text.partition(" ")[0] for sign in "./")
    return text if named else text[:1].upper() + text[1:]


def _button(name: str, text: str, key: str, help_: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.setShortcut(QKeySequence(key))
    button.setAccessibleName(help_.rstrip("."))
    shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    button.setProperty("help", f"<b>{shown}</b>&nbsp; {help_}")
    return button


def _allow(button: QPushButton, reason: str) -> None:
    """Makes it available, or not with a sentence that says why."""
    button.setEnabled(not reason)
    why = f"<br><i>Not now: {reason}</i>" if reason else ""
    button.setToolTip(f"{button.property('help')}{why}")


def _without_arguments(act: Callable[[], object]) -> Callable[..., None]:
    def clicked(*_: object) -> None:
        act()

    return clicked


def _scrolled(widget: QWidget) -> QScrollArea:
    area = FollowingArea(widget)
    area.setObjectName("measure-form")
    return area


def _hint_page(hint: QLabel) -> QWidget:
    frame = QFrame()
    frame.setProperty("part", "hint")
    inner = QVBoxLayout(frame)
    inner.setContentsMargins(28, 22, 28, 22)
    inner.setSpacing(8)
    inner.addWidget(text_label("What each delivery costs", "hint-title"))
    inner.addWidget(hint)
    frame.setFixedWidth(HINT_PX)
    page = QWidget()
    line = QHBoxLayout()  # an alignment instead would forget that words wrap
    line.addStretch()
    line.addWidget(frame)
    line.addStretch()
    layout = QVBoxLayout(page)
    layout.addStretch(2)
    layout.addLayout(line)
    layout.addStretch(3)
    return page
