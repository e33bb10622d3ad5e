"""Everything about one lane, from its name down to its workers. Knows no other lane.

A column is a set of widgets that the board places in one grid, so that rows line up across lanes.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bench_gui.bench.snapshot import LaneSnapshot, Verdict
from bench_gui.window.badge import VerdictBadge
from bench_gui.window.chart import Chart
from bench_gui.window.counter import Counter
from bench_gui.window.frame import Frame
from bench_gui.window.glyphs import Glyph
from bench_gui.window.gutters import TimeScale
from bench_gui.window.palette import Theme
from bench_gui.window.rows import ROWS, readout
from bench_gui.window.run_model import LaneModel
from bench_gui.window.scales import Axis
from bench_gui.window.series import Array, Column
from bench_gui.window.widgets import text_label
from bench_gui.window.worker_strip import WorkerStrip
from workers.lanes import Anomaly, Lane

LOST_HELP = "Events that existed and can no longer be delivered. Counted only when that is certain."
DUPLICATE_HELP = "Effects beyond each event's first: clicks counted twice."
RULE_LINE_PX = 14
FACTS = (
    ("in-flight", "in flight", "No effect yet, and not lost: something can still deliver them."),
    ("suppressed", "suppressed", "Delivered again, and refused by the idempotent sink."),
    ("delivered", "delivered", "Distinct events with at least one effect."),
)


class LaneColumn:
    """The widgets of one lane.

    Fields:
        card: the frame behind all others.
        cells: from top to bottom, one a row of the board's grid.
    """

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.card = _card()
        self._glyph = Glyph(lane.slug)
        self._badge = VerdictBadge(lane.slug)
        self._lost = _counter(lane, Anomaly.LOST, "LOST", LOST_HELP)
        self._duplicates = _counter(lane, Anomaly.DUPLICATE, "DUPLICATES", DUPLICATE_HELP)
        self._facts = {name: _fact(lane, name, caption) for name, caption, _ in FACTS}
        self._charts = {
            row.key: Chart(lane.slug, len(row.columns), gaps=row.gaps, equal=row.equal)
            for row in ROWS
        }
        self._time = TimeScale()
        self._workers = WorkerStrip(lane.slug)
        self.cells: list[QWidget] = [
            self._header(),
            self._counters(),
            self._fact_line(),
            *self._charts.values(),
            _inset(self._time, 1, 0),
            _inset(self._workers, 10, 6),
        ]

        for cell in self.cells:
            cell.setMinimumWidth(0)
            cell.setSizePolicy(QSizePolicy.Policy.Ignored, cell.sizePolicy().verticalPolicy())

    def widgets(self) -> list[QWidget]:
        """All that must be shown and hidden together."""
        return [self.card, *self.cells]

    def _header(self) -> QWidget:
        name, rule = title_and_rule(self.lane)
        title = QHBoxLayout()
        title.setSpacing(7)
        title.addWidget(self._glyph)
        title.addWidget(text_label(name, "lane-name"), 1)
        rule_label = text_label(rule, "lane-rule")
        rule_label.setTextFormat(Qt.TextFormat.RichText)
        rule_label.setWordWrap(True)
        rule_label.setAlignment(Qt.AlignmentFlag.AlignTop)
        rule_label.setMinimumHeight(2 * RULE_LINE_PX)
        header = _stacked((10, 8, 8, 2), 2, title, rule_label, self._badge)
        header.setToolTip(f"{self.lane.name}: {self.lane.rule}")
        return header

    def _counters(self) -> QWidget:
        box = QWidget()
        layout = QHBoxLayout(box)
        layout.setContentsMargins(5, 0, 5, 0)
        layout.setSpacing(2)
        layout.addWidget(self._lost, 1)
        layout.addWidget(self._duplicates, 1)
        return box

    def _fact_line(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(11, 2, 8, 4)
        grid.setVerticalSpacing(0)
        for column, (name, caption, help_) in enumerate(FACTS):
            label = text_label(caption, "counter-tag")
            label.setToolTip(help_)
            self._facts[name].setToolTip(help_)
            grid.addWidget(label, 0, column)
            grid.addWidget(self._facts[name], 1, column)
            grid.setColumnStretch(column, 1)
        return box

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        colour = theme.lane(self.lane.slug)
        self._glyph.set_colour(colour)
        self._lost.set_theme(theme, colour)
        self._duplicates.set_theme(theme, colour)
        self._time.set_theme(theme)
        self._workers.set_theme(theme)
        for chart in self._charts.values():
            chart.set_theme(theme)

    def clear(self) -> None:
        """As before the first run."""
        self._badge.show_verdict(Verdict.PENDING, "")
        self._lost.show_count(None)
        self._duplicates.show_count(None)
        self._workers.show_workers(())
        self._time.set_kills(())
        for label in self._facts.values():
            label.setText("\N{EN DASH}")
        for chart in self._charts.values():
            chart.clear()
            chart.read_out("")

    def show_numbers(self, lane: LaneSnapshot, *, ended: bool) -> None:
        """Counters, verdict, workers: what is text."""
        counts = lane.counts
        self._lost.show_count(counts.lost)
        self._duplicates.show_count(counts.duplicates)
        self._facts["in-flight"].setText(f"{counts.in_flight:,}")
        self._facts["suppressed"].setText(f"{counts.suppressed:,}")
        self._facts["delivered"].setText(f"{counts.delivered_unique:,}")
        self._badge.show_verdict(lane.verdict, lane.verdict_reason, lane.faults_in_window)
        self._workers.show_workers(lane.workers)
        for key, chart in self._charts.items():
            chart.read_out(readout(key, lane, ended=ended))

    def forget_workers(self) -> None:
        """Its bench died, and they with it."""
        gone = (replace(one, pid=None, state="ended") for one in self._workers.workers)
        self._workers.show_workers(tuple(gone))

    def draw(self, view: Array, model: LaneModel, frame: Frame, axes: dict[str, Axis]) -> None:
        """Curves and marks.

        Args:
            view: the lane's samples inside `frame`, (columns, count).
            axes: the row's shared range, by its key.
        """
        x = view[Column.T_S] - frame.start_s
        kills = model.kill_times_s() - frame.start_s
        kills = kills[(kills >= 0) & (kills <= frame.width_s)]
        self._time.set_axis(frame.axis)
        self._time.set_kills(tuple(kills.tolist()))
        for row in ROWS:
            chart = self._charts[row.key]
            chart.set_axes(frame.x_range, axes[row.key])
            pairs = zip(row.columns, row.signs, strict=True)
            chart.draw(x, tuple(view[c] if sign > 0 else -view[c] for c, sign in pairs))
            chart.mark(kills)

    def close(self) -> None:
        """Ends the plots before Qt does."""
        for chart in self._charts.values():
            chart.close_plot()


def title_and_rule(lane: Lane) -> tuple[str, str]:
    """A lane's name up to its addition; the addition and the rule, as rich text."""
    for mark in (" + ", " ("):
        name, found, addition = lane.name.partition(mark)
        if found:
            return name, f"<b>{found.lstrip()}{addition}:</b> {lane.rule}"
    return lane.name, lane.rule


def _card() -> QFrame:
    card = QFrame()
    card.setProperty("part", "card")
    return card


def _counter(lane: Lane, anomaly: Anomaly, caption: str, help_: str) -> Counter:
    name = "lost" if anomaly is Anomaly.LOST else "duplicates"
    allowed = anomaly in lane.allowed
    return Counter(f"{name}-{lane.slug}", caption, lane.name, allowed=allowed, help_=help_)


def _fact(lane: Lane, name: str, caption: str) -> QLabel:
    label = text_label("\N{EN DASH}", "fact")
    label.setObjectName(f"{name}-{lane.slug}")
    label.setAccessibleName(f"{caption}, {lane.name}")
    return label


def _inset(widget: QWidget, side: int, below: int) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(side, 2, side, below)
    layout.addWidget(widget)
    return box


def _stacked(
    margins: tuple[int, int, int, int], spacing: int, *parts: QHBoxLayout | QWidget
) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    for part in parts:
        if isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)
    return box
