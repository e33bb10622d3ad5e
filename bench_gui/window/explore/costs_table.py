"""The lanes that one may choose from: when each is the one, and what it cost in the run."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from bench_gui.candidate_costs import Cost
from bench_gui.decide import REFERENCE, Advice
from bench_gui.window.glyphs import glyph_icon
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.scales import duration_ns_label
from workers.lanes import Anomaly, lane_of

HEADS = ("Candidate", "events/s", "p50", "p99", "lost", "duplicates")
TIPS = (
    "The lane, and when it is the one to take.",
    "Distinct events delivered per second. At a fixed rate all lanes that keep up are equal; the "
    "rate max shows what each can do.",
    "Median latency, from when an event was due to its effect. In a closed loop (rate max) it is "
    "mostly waiting in the queue.",
    "The latency that one event in a hundred exceeds.",
    "Events that nothing can deliver any more.",
    "Effects beyond an event's first.",
)
FIRST_NUMBER = 1
TIMES = "\N{MULTIPLICATION SIGN}"
UNKNOWN = "\N{EN DASH}"
NOT_RUN = "not in the run"
NAMED = "as you answered"
FRAME_PX, ROW_AIR_PX = 4, 8
"""Border and a little air, so that nothing has to be scrolled."""


LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class CostsTable(QTableWidget):
    """A row a candidate, the lane named first; one is always chosen.

    Signals:
        chosen: the slug of the lane of the row that is chosen.
    fitted: it has another height.
    """

    chosen = Signal(str)
    fitted = Signal()

    def __init__(self) -> None:
        super().__init__(0, len(HEADS))
        self._theme = LIGHT
        self._slugs: tuple[str, ...] = ()
        self._names: list[QTableWidgetItem] = []
        self.setObjectName("candidates")
        self.setAccessibleName("Candidates and their cost")
        self.setToolTip("<b>Up, Down</b>&nbsp; Choose the lane to prove.")
        for column, (head, tip) in enumerate(zip(HEADS, TIPS, strict=True)):
            item = QTableWidgetItem(head)
            item.setToolTip(tip)
            item.setTextAlignment(RIGHT if column >= FIRST_NUMBER else LEFT)
            self.setHorizontalHeaderItem(column, item)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.sectionResized.connect(self._fit)  # another width wraps the conditions elsewhere
        self.currentCellChanged.connect(self._on_current)

    @property
    def lane(self) -> str | None:
        """The slug of the lane chosen."""
        row = self.currentRow()
        return self._slugs[row] if 0 <= row < len(self._slugs) else None

    def set_theme(self, theme: Theme) -> None:
        """Other colours: each lane's shape before its name."""
        self._theme = theme
        for slug, name in zip(self._slugs, self._names, strict=True):
            name.setIcon(glyph_icon(slug, theme.lane(slug)))

    def show_advice(self, advice: Advice) -> None:
        """Other candidates; the one named is chosen."""
        whens = (NAMED, *(f"when {one.when}" for one in advice.others))
        self._slugs = advice.candidates
        self._names = [_name(*one) for one in zip(self._slugs, whens, strict=True)]
        self.setRowCount(len(self._slugs))
        for row, name in enumerate(self._names):
            self.setItem(row, 0, name)
        self.setCurrentCell(0, 0)
        self.set_theme(self._theme)

    def show_costs(self, costs: Mapping[str, Cost | None]) -> None:
        """What each cost, as far as it was there."""
        for row, slug in enumerate(self._slugs):
            texts = cells(slug, costs.get(slug))
            for column, text in enumerate(texts, start=FIRST_NUMBER):
                item = QTableWidgetItem(text)
                item.setTextAlignment(RIGHT)
                self.setItem(row, column, item)
        self._fit()

    def _fit(self) -> None:
        """As high as its rows: there are three."""
        self.resizeRowsToContents()
        for row in range(self.rowCount()):
            self.setRowHeight(row, self.rowHeight(row) + ROW_AIR_PX)
        rows = sum(self.rowHeight(row) for row in range(self.rowCount()))
        height = rows + self.horizontalHeader().height() + FRAME_PX
        if height != self.height():
            self.setFixedHeight(height)
            self.fitted.emit()

    def _on_current(self) -> None:
        if self.lane is not None:
            self.chosen.emit(self.lane)


def _name(slug: str, when: str) -> QTableWidgetItem:
    lane = lane_of(slug)
    item = QTableWidgetItem(f"{lane.name}\n{when}")
    item.setToolTip(f"{lane.name}: {lane.rule}.")
    return item


def cells(slug: str, cost: Cost | None) -> tuple[str, ...]:
    """A lane's numbers as they are shown."""
    if cost is None:
        return (NOT_RUN, *[UNKNOWN] * (len(HEADS) - FIRST_NUMBER - 1))
    lane = lane_of(slug)
    itself = slug == REFERENCE
    return (
        _beside(f"{cost.throughput_eps:,.0f}", None if itself else cost.times_throughput),
        _latency(cost.latency_p50_ns, None if itself else cost.times_p50),
        _latency(cost.latency_p99_ns, None if itself else cost.times_p99),
        _count(cost.lost, Anomaly.LOST in lane.allowed),
        _count(cost.duplicates, Anomaly.DUPLICATE in lane.allowed),
    )


def _latency(value_ns: int | None, times: float | None) -> str:
    return UNKNOWN if value_ns is None else _beside(duration_ns_label(value_ns), times)


def _beside(text: str, times: float | None) -> str:
    """A figure, and how many times the reference's it is."""
    if times is None:
        return text
    return f"{text}  ({TIMES}{times:,.0f})" if times >= 10 else f"{text}  ({TIMES}{times:.2g})"


def _count(count: int, allowed: bool) -> str:
    if not count:
        return "0"
    return f"{count:,} {'expected' if allowed else 'BROKEN'}"
