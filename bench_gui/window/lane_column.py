"""Everything about one lane, from its name down to its workers. Knows no other lane.

A column is a set of widgets that the board places in one grid, so that rows line up across lanes.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from bench_gui.bench.snapshot import FaultReport, LaneSnapshot, Verdict
from bench_gui.window.badge import VerdictBadge
from bench_gui.window.chart import Backdrop, Chart
from bench_gui.window.counter import Counter
from bench_gui.window.curves import with_gaps
from bench_gui.window.frame import Frame
from bench_gui.window.gutters import TimeScale
from bench_gui.window.lane_facts import LaneFacts
from bench_gui.window.lane_header import LaneHeader
from bench_gui.window.palette import Theme
from bench_gui.window.rows import ROWS, readout
from bench_gui.window.run_model import NO_MARKS, LaneModel
from bench_gui.window.scales import Axis
from bench_gui.window.scene.widget import LaneScene
from bench_gui.window.series import Array, Column
from bench_gui.window.widgets import restyle
from bench_gui.window.worker_strip import WorkerStrip
from workers.lanes import Anomaly, Lane

LOST_HELP = "Events that existed and can no longer be delivered. Counted only when that is certain."
DUPLICATE_HELP = "Effects beyond each event's first: clicks counted twice."


class LaneColumn:
    """The widgets of one lane.

    Fields:
        card: the frame behind all others.
        cells: from top to bottom, one a row of the board's grid.
        charts: the cells that are charts, by their row's key.
        scene: the lane's picture; `scene_cell` is the cell around it.
        workers_cell: the cell of the strip of workers.
    """

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.card = _card()
        self._narrow = False
        self._shown: tuple[LaneSnapshot, bool] | None = None
        self._badge = VerdictBadge(lane.slug)
        self._header = LaneHeader(lane, self._badge)
        self._lost = _counter(lane, Anomaly.LOST)
        self._duplicates = _counter(lane, Anomaly.DUPLICATE)
        self._facts = LaneFacts(lane)
        self._backdrop = Backdrop()
        self.charts = {
            row.key: Chart(lane.slug, self._backdrop, len(row.columns), equal=row.equal)
            for row in ROWS
        }
        self._time = TimeScale()
        self._workers = WorkerStrip(lane.slug)
        self.scene = LaneScene(lane)
        self.scene_cell = _framed(self.scene)
        self.workers_cell = _inset(self._workers, 10, 6)
        self.cells: list[QWidget] = [
            self._header,
            self._counters(),
            self._facts,
            self.scene_cell,
            *self.charts.values(),
            _inset(self._time, 1, 4),
            self.workers_cell,
        ]

        for cell in self.cells:
            cell.setMinimumWidth(0)
            cell.setSizePolicy(QSizePolicy.Policy.Ignored, cell.sizePolicy().verticalPolicy())

    def widgets(self) -> list[QWidget]:
        """All that belongs to it."""
        return [self.card, *self.cells]

    def _counters(self) -> QWidget:
        box = QWidget()
        layout = QHBoxLayout(box)
        layout.setContentsMargins(5, 0, 3, 0)
        layout.setSpacing(2)
        layout.addWidget(self._lost, 1)
        layout.addWidget(self._duplicates, 1)
        return box

    def set_narrow(self, narrow: bool) -> None:
        """Whether there is little room: fewer words, facts beneath each other."""
        self._narrow = narrow
        self._header.set_narrow(narrow)
        self._facts.set_narrow(narrow)
        self._lost.set_narrow(narrow)
        self._duplicates.set_narrow(narrow)
        self._read_out()

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        colour = theme.lane(self.lane.slug)
        self._header.set_colour(colour)
        self._lost.set_theme(theme, colour)
        self._duplicates.set_theme(theme, colour)
        self._time.set_theme(theme)
        self._workers.set_theme(theme)
        self.scene.set_theme(theme)
        self._backdrop.set_theme(theme)
        for chart in self.charts.values():
            chart.set_theme(theme)

    def set_focused(self, focused: bool) -> None:
        """Whether it is the lane in focus: its card has a stronger frame."""
        restyle(self.card, "focused", focused)

    def highlight(self, fault: FaultReport | None, *, own: bool) -> None:
        """Marks what a fault did, on every chart; `own`: it hit this lane."""
        for chart in self.charts.values():
            chart.highlight(fault, own=own)

    def set_line_px(self, pixels: int) -> None:
        """How wide curves are drawn."""
        for chart in self.charts.values():
            chart.set_line_px(pixels)

    def clear(self) -> None:
        """As before the first run."""
        self._shown = None
        self._badge.show_verdict(Verdict.PENDING, "")
        self._lost.show_count(None)
        self._duplicates.show_count(None)
        self._workers.show_workers(())
        self._time.set_marks(NO_MARKS)
        self._facts.clear()
        self.scene.clear()
        self._backdrop.show(NO_MARKS, 1.0)
        for chart in self.charts.values():
            chart.clear()
            chart.read_out("")

    def show_numbers(self, lane: LaneSnapshot, *, ended: bool) -> None:
        """Counters, verdict, workers: what is text."""
        counts = lane.counts
        self._lost.show_count(counts.lost)
        self._duplicates.show_count(counts.duplicates)
        self._facts.show_numbers(lane)
        self._badge.show_verdict(lane.verdict, lane.verdict_reason, lane.faults_in_window)
        self._workers.show_workers(lane.workers)
        self._shown = (lane, ended)
        self._read_out()

    def _read_out(self) -> None:
        if self._shown is None:
            return
        lane, ended = self._shown
        for key, chart in self.charts.items():
            chart.read_out(readout(key, lane, ended=ended, narrow=self._narrow))

    def forget_workers(self) -> None:
        """Its bench died, and they with it."""
        gone = (replace(one, pid=None, state="ended") for one in self._workers.workers)
        self._workers.show_workers(tuple(gone))

    @property
    def chart_width(self) -> int:
        """From edge to edge of its charts."""
        return next(iter(self.charts.values())).canvas.width()

    def draw(self, view: Array, model: LaneModel, frame: Frame, axes: dict[str, Axis]) -> None:
        """Curves and marks.

        Args:
            view: the lane's samples inside `frame`, (columns, count).
            axes: the shared ranges of the rows that are shown, by key.
        """
        now_s = float(view[Column.T_S, -1]) if view.shape[1] else 0.0
        marks = model.marks().within(frame.start_s, frame.width_s, now_s)
        self._time.set_axis(frame.axis)
        self._time.set_marks(marks)
        self._backdrop.show(marks, frame.width_s)
        kept = with_gaps(view.copy(), Column.T_S)
        x = kept[Column.T_S] - frame.start_s
        for row in ROWS:
            if row.key not in axes:
                continue
            pairs = zip(row.columns, row.signs, strict=True)
            series = tuple(kept[c] if sign > 0 else -kept[c] for c, sign in pairs)
            self.charts[row.key].draw(x, series, frame.width_s, axes[row.key], frame.start_s)


def _card() -> QFrame:
    card = QFrame()
    card.setProperty("part", "card")
    return card


def _counter(lane: Lane, anomaly: Anomaly) -> Counter:
    allowed = anomaly in lane.allowed
    if anomaly is Anomaly.LOST:
        name, caption, brief, help_ = "lost", "LOST", "LOST", LOST_HELP
    else:
        name, caption, brief, help_ = "duplicates", "DUPLICATES", "DUPLIC.", DUPLICATE_HELP
    return Counter(f"{name}-{lane.slug}", caption, brief, lane.name, allowed=allowed, help_=help_)


SCENE_EDGES = (2, 2)
"""Above and below the scene, in its cell."""


def _framed(scene: LaneScene) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(1, SCENE_EDGES[0], 1, SCENE_EDGES[1])
    layout.addWidget(scene)
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
    return box


def _inset(widget: QWidget, side: int, below: int) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(side, 2, side, below)
    layout.addWidget(widget)
    return box
