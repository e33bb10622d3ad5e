"""A window of its own for two runs side by side: results, what was set differently, charts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bench_gui.bench.recording.about import RunView
from bench_gui.compare import (
    LaneComparison,
    Line,
    compare,
    difference_sentence,
    spreadsheet,
)
from bench_gui.window.glyphs import Glyph
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.replay.compare_charts import (
    DASHES,
    ROWS,
    CompareChart,
    curves_of,
)
from bench_gui.window.replay.labels import when_text
from bench_gui.window.widgets import restyle, text_label
from workers.lanes import lane_of

RESULTS_PX = 330
BAND_LEAST_PX = 150


class Stroke(QWidget):
    """How a run's line looks, for the key."""

    SIZE = QSize(34, 12)

    def __init__(self, *, dashed: bool) -> None:
        super().__init__()
        self._dashed = dashed
        self.setFixedSize(self.SIZE)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """A line in the ink of text."""
        del event
        pen = QPen(QColor(self.palette().windowText().color()), 2)
        if self._dashed:
            pen.setDashPattern([one * 0.7 for one in DASHES])
        with QPainter(self) as painter:
            painter.setPen(pen)
            middle = self.height() // 2
            painter.drawLine(0, middle, self.width(), middle)


class Band(QFrame):
    """One lane: its results at the left, its charts beside them."""

    def __init__(self, lane: LaneComparison) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self.setMinimumHeight(BAND_LEAST_PX)
        self.slug = lane.slug
        self._glyph = Glyph(lane.slug)
        self.charts = [CompareChart(lane.slug, row) for row in ROWS]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self._results(lane))
        for chart in self.charts:
            layout.addWidget(chart, 1)

    def _results(self, lane: LaneComparison) -> QWidget:
        box = QWidget()
        box.setFixedWidth(RESULTS_PX)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self._glyph)
        head.addWidget(text_label(_name(lane), "lane-name"), 1)
        column.addLayout(head)
        column.addLayout(_grid(lane))
        column.addStretch()
        return box

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._glyph.set_colour(theme.lane(self.slug))
        for chart in self.charts:
            chart.set_theme(theme)


def _name(lane: LaneComparison) -> str:
    name = lane_of(lane.slug).name
    missing = [run for run, there in (("A", lane.in_a), ("B", lane.in_b)) if not there]
    return f"{name} (not in {' nor in '.join(missing)})" if missing else name


def _grid(lane: LaneComparison) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(1)
    grid.setColumnStretch(0, 1)
    for column, title in enumerate(("A", "B", "B against A"), start=1):
        grid.addWidget(_right(text_label(title, "section")), 0, column)
    for number, line in enumerate(lane.lines, start=1):
        _put_line(grid, number, lane.slug, line)
    return grid


def _put_line(grid: QGridLayout, number: int, slug: str, line: Line) -> None:
    unit = f", {line.unit}" if line.unit else ""
    grid.addWidget(text_label(f"{line.title}{unit}", "muted"), number, 0)
    for column, text in enumerate((line.a, line.b, line.change), start=1):
        label = _right(text_label(text, "compare-value"))
        restyle(label, "differs", line.differs)
        label.setObjectName(f"compare-{slug}-{line.title}-{['a', 'b', 'change'][column - 1]}")
        label.setAccessibleName(f"{line.title} {['A', 'B', 'change'][column - 1]} {text}")
        grid.addWidget(label, number, column)


def _right(label: QLabel) -> QLabel:
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label


class CompareWindow(QDialog):
    """Not modal: it stays beside the main window."""

    def __init__(self, parent: QWidget, choose_other: Callable[[], None]) -> None:
        super().__init__(parent)
        self.setObjectName("compare")
        self.setWindowTitle("Two runs side by side")
        self.setModal(False)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(1180, 680)
        self._theme = LIGHT
        self._lanes: list[LaneComparison] = []
        self._bands: list[Band] = []
        self._runs = [text_label("", "compare-run") for _ in "AB"]
        self._settings = text_label("", "compare-settings")
        self._settings.setObjectName("compare-settings")
        self._settings.setWordWrap(True)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.addLayout(self._key())
        layout.addWidget(self._settings)
        layout.addWidget(self._area, 1)
        layout.addLayout(self._buttons(choose_other))

    def _key(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(9)
        grid.setColumnStretch(2, 1)
        for number, (letter, run) in enumerate(zip("AB", self._runs, strict=True)):
            run.setObjectName(f"compare-run-{letter.lower()}")
            grid.addWidget(text_label(letter, "lane-name"), number, 0)
            grid.addWidget(Stroke(dashed=letter == "B"), number, 1)
            grid.addWidget(run, number, 2)
        return grid

    def _buttons(self, choose_other: Callable[[], None]) -> QHBoxLayout:
        line = QHBoxLayout()
        copy = _button("&Copy table", "Ctrl+C", "Copy all results; a spreadsheet takes them.")
        copy.setObjectName("copy-comparison")
        copy.clicked.connect(self.copy)
        other = _button("&Another run...", "Ctrl+Shift+D", "Compare run A with another run.")
        other.setObjectName("compare-other")
        other.clicked.connect(choose_other)
        close = _button("Close", "Ctrl+W", "Close this window.")
        close.clicked.connect(self.close)
        line.addWidget(copy)
        line.addWidget(other)
        line.addStretch()
        line.addWidget(close)
        return line

    def show_runs(self, a: RunView, b: RunView) -> None:
        """Two other runs."""
        self._lanes = compare(a, b)
        for label, run in zip(self._runs, (a, b), strict=True):
            label.setText(_told(run))
            label.setToolTip(str(run.run_dir))
        self._settings.setText(difference_sentence(a, b))
        self._bands = [Band(lane) for lane in self._lanes]
        self._draw(a, b)
        content = QWidget()
        content.setObjectName("board")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        for band in self._bands:
            column.addWidget(band, 1)
            band.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._area.setWidget(content)
        self.set_theme(self._theme)

    def _draw(self, a: RunView, b: RunView) -> None:
        """Every lane's chart of a row on the same ranges, and all on the same time."""
        ends = [one[-1].t_s for run in (a, b) for one in run.samples.values() if one]
        end_s = max(ends, default=1.0)
        for number, row in enumerate(ROWS):
            pairs = [
                tuple(curves_of(run.samples.get(band.slug, ()), row) for run in (a, b))
                for band in self._bands
            ]
            axis = row.axis([one for pair in pairs for run in pair for one in run.values])
            for band, (of_a, of_b) in zip(self._bands, pairs, strict=True):
                band.charts[number].show_curves(of_a, of_b, axis, end_s)

    def copy(self) -> None:
        """All results to the clipboard."""
        QGuiApplication.clipboard().setText(spreadsheet(self._lanes))

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        for band in self._bands:
            band.set_theme(theme)


def _told(run: RunView) -> str:
    about = run.about
    when = when_text(about.started_at)
    return f"run {about.run_id}   seed {about.settings.seed}   {when}   {about.state.value}"


def _button(text: str, key: str, help_: str) -> QPushButton:
    button = QPushButton(text)
    button.setShortcut(QKeySequence(key))
    button.setToolTip(f"<b>{key}</b>&nbsp; {help_}")
    button.setAutoDefault(False)
    return button
