"""Everything about one lane, from its name down to its workers. Knows no other lane.

A column is a set of widgets that the board places in one grid, so that rows line up across lanes.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from bench_gui.bench.snapshot import LaneSnapshot
from bench_gui.window.badge import VerdictBadge
from bench_gui.window.canvas import Pointer
from bench_gui.window.counter import Counter
from bench_gui.window.lane_charts import LaneCharts
from bench_gui.window.lane_facts import LaneFacts
from bench_gui.window.lane_header import LaneHeader
from bench_gui.window.palette import Theme
from bench_gui.window.rows import readout
from bench_gui.window.scene.widget import LaneScene
from bench_gui.window.widgets import restyle
from bench_gui.window.worker_strip import WorkerStrip
from workers.lanes import Anomaly, Lane

LOST_HELP = "Events that existed and can no longer be delivered. Counted only when that is certain."
DUPLICATE_HELP = "Effects beyond each event's first: clicks counted twice."

Harm = tuple[int, int, int]
"""Events lost, counted twice, and delivered again but suppressed."""


class LaneColumn:
    """The widgets of one lane.

    Fields:
        card: the frame behind all others.
        cells: from top to bottom, one a row of the board's grid.
        lane_charts: what it draws; `charts` are the cells that are charts, by their row's key, and
            `time_cell` the one beneath them.
        scene: the lane's picture; `scene_cell` is the cell around it.
        time_cell: the cell of the time scale. workers_cell: of the strip of workers.
    """

    def __init__(self, lane: Lane, pointer: Pointer) -> None:
        self.lane = lane
        self.card = _card()
        self._narrow = False
        self._shown: tuple[LaneSnapshot, bool] | None = None
        self._harm: Harm = (0, 0, 0)
        self._badge = VerdictBadge(lane.slug)
        self._header = LaneHeader(lane, self._badge)
        self._lost = _counter(lane, Anomaly.LOST)
        self._duplicates = _counter(lane, Anomaly.DUPLICATE)
        self._facts = LaneFacts(lane)
        self.lane_charts = LaneCharts(lane.slug, pointer)
        self.charts = self.lane_charts.charts
        self.time_cell = _inset(self.lane_charts.time, 1, 4)
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
            self.time_cell,
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
        layout.setContentsMargins(5, 0, 2, 0)
        layout.setSpacing(1)
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
        self.lane_charts.narrow = narrow
        self._read_out()

    def set_low(self, low: bool) -> None:
        """Whether there is little height."""
        self._header.set_low(low)

    def set_giant(self, giant: bool) -> None:
        """Whether its counters are to be read from far away."""
        self._lost.set_giant(giant)
        self._duplicates.set_giant(giant)

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        colour = theme.lane(self.lane.slug)
        self._header.set_colour(colour)
        self._lost.set_theme(theme, colour)
        self._duplicates.set_theme(theme, colour)
        self._workers.set_theme(theme)
        self.scene.set_theme(theme)
        self.lane_charts.set_theme(theme)

    def set_focused(self, focused: bool) -> None:
        """Whether it is the lane in focus: its card has a stronger frame."""
        restyle(self.card, "focused", focused)

    def clear(self) -> None:
        """As before the first run."""
        self._shown = None
        self._harm = (0, 0, 0)
        self._badge.clear()
        self._lost.show_count(None)
        self._duplicates.show_count(None)
        self._workers.show_workers(())
        self._facts.clear()
        self.scene.clear()
        self.lane_charts.clear()

    def show_numbers(self, lane: LaneSnapshot, *, ended: bool) -> None:
        """Counters, verdict, workers: what is text."""
        self._show_counts(lane)
        self._badge.show_verdict(lane.verdict, lane.verdict_reason, lane.faults_in_window)
        self._workers.show_workers(lane.workers)
        self._shown = (lane, ended)
        self._read_out()

    def follow_harm(self, lane: LaneSnapshot) -> None:
        """The counters as soon as there is harm that they do not tell: the picture tells it now."""
        if _harm(lane) != self._harm:
            self._show_counts(lane)

    def _show_counts(self, lane: LaneSnapshot) -> None:
        self._harm = _harm(lane)
        self._lost.show_count(lane.counts.lost)
        self._duplicates.show_count(lane.counts.duplicates)
        self._facts.show_numbers(lane)
        self.scene.tell(lane)

    def _read_out(self) -> None:
        if self._shown is None:
            return
        lane, ended = self._shown
        for key, chart in self.charts.items():
            brief = readout(key, lane, ended=ended, narrow=True)
            words = brief if self._narrow else readout(key, lane, ended=ended)
            chart.read_out(words, brief)

    def forget_workers(self) -> None:
        """Its bench died, and they with it."""
        gone = (replace(one, pid=None, state="ended") for one in self._workers.workers)
        self._workers.show_workers(tuple(gone))
        self.scene.forget_workers()


def _harm(lane: LaneSnapshot) -> Harm:
    return lane.counts.lost, lane.counts.duplicates, lane.counts.suppressed


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
