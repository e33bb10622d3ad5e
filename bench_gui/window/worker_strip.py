"""A lane's workers as chips with their real pids. Painted by hand: text is what costs a frame."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from bench_gui.bench.snapshot import WorkerState
from bench_gui.window.palette import LIGHT, Theme

ROW_PX = 15
ROWS = 3
PID_WIDTH_PX = 84
STEP_WIDTH_PX = 190
"""A chip at least this wide says its worker's pid, and its step too."""


def columns_for(workers: int) -> int:
    """Columns so that the chips fit the rows."""
    return max(1, -(-workers // ROWS))


def chip_text(worker: WorkerState, width_px: float) -> str:
    """Slot, and as far as there is room pid (or state) and last step."""
    name = f"{worker.role[0].upper()}{worker.slot}"
    if width_px < PID_WIDTH_PX:
        return name
    if worker.pid is None:
        return f"{name}  {worker.state}"
    return f"{name}  {worker.pid}" + (f"  {worker.step}" if width_px >= STEP_WIDTH_PX else "")


def worker_line(worker: WorkerState) -> str:
    """All about a worker, for the tooltip and a screen reader."""
    where = "no process" if worker.pid is None else f"pid {worker.pid}"
    return (
        f"{worker.role} {worker.slot}: {where}, {worker.state}, "
        f"incarnation {worker.incarnation}, after {worker.step or 'nothing yet'}"
    )


class WorkerStrip(QWidget):
    """Chips of every worker of a lane: a full dot lives, a hollow one is dead."""

    def __init__(self, slug: str) -> None:
        super().__init__()
        self.setObjectName(f"workers-{slug}")
        self._workers: tuple[WorkerState, ...] = ()
        self._theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as its rows."""
        return QSize(100, ROWS * ROW_PX)

    @property
    def workers(self) -> tuple[WorkerState, ...]:
        """What is shown."""
        return self._workers

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self.update()

    def show_workers(self, workers: tuple[WorkerState, ...]) -> None:
        """Repaints only when something is new."""
        if workers == self._workers:
            return
        self._workers = workers
        lines = "\n".join(map(worker_line, workers))
        self.setToolTip(lines)
        self.setAccessibleDescription(lines)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draws the chips, column by column."""
        del event
        columns = columns_for(len(self._workers))
        width = self.width() / columns
        with QPainter(self) as painter:
            font = QFont(self.font())
            font.setPixelSize(11)
            painter.setFont(font)
            for index, worker in enumerate(self._workers):
                column, row = divmod(index, ROWS)
                place = QRectF(column * width, row * ROW_PX, width - 4, ROW_PX)
                self._draw_chip(painter, place, worker)

    def _draw_chip(self, painter: QPainter, place: QRectF, worker: WorkerState) -> None:
        alive = worker.pid is not None
        ink = QColor(self._theme.text if alive else self._theme.muted)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, 1.2))
        painter.setBrush(ink if alive else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(place.x() + 5, place.center().y()), 2.6, 2.6)
        text = place.adjusted(13, 0, 0, 0)
        shown = chip_text(worker, place.width())
        fitting = painter.fontMetrics().elidedText(
            shown, Qt.TextElideMode.ElideRight, int(text.width())
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, fitting)
