"""A lane's workers as chips with their real pids. Painted by hand: text is what costs a frame."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from bench_gui.bench.snapshot import WorkerState
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.widgets import type_px

ROW_PX = 15
ROWS = 3
PID_WIDTH_PX = 84
STEP_WIDTH_PX = 190
"""A chip at least this wide says its worker's pid, and its step too."""

PAUSED = "paused"
"""The state of a process that was stopped (SIGSTOP) and has not been continued."""


def columns_for(workers: int) -> int:
    """Columns so that the chips fit the rows."""
    return max(1, -(-workers // ROWS))


def chip_text(worker: WorkerState, width_px: float) -> str:
    """Slot, and as far as there is room pid (or state) and last step; that it is paused, first."""
    name = f"{worker.role[0].upper()}{worker.slot}"
    if width_px < PID_WIDTH_PX:
        return name
    if worker.pid is None:
        return f"{name}  {worker.state}"
    roomy = width_px >= STEP_WIDTH_PX
    if worker.state == PAUSED:
        return f"{name}  {PAUSED}" + (f"  {worker.pid}  {worker.step}" if roomy else "")
    return f"{name}  {worker.pid}" + (f"  {worker.step}" if roomy else "")


def worker_line(worker: WorkerState) -> str:
    """All about a worker, for the tooltip and a screen reader."""
    where = "no process" if worker.pid is None else f"pid {worker.pid}"
    return (
        f"{worker.role} {worker.slot}: {where}, {worker.state}, "
        f"incarnation {worker.incarnation}, after {worker.step or 'nothing yet'}"
    )


class WorkerStrip(QWidget):
    """Chips of a lane's workers: a full dot lives, a hollow one is dead, two bars are paused."""

    def __init__(self, slug: str) -> None:
        super().__init__()
        self.setObjectName(f"workers-{slug}")
        self._workers: tuple[WorkerState, ...] = ()
        self._theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as its rows."""
        return QSize(100, ROWS * type_px(self, ROW_PX))

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
        high = type_px(self, ROW_PX)
        with QPainter(self) as painter:
            font = QFont(self.font())
            font.setPixelSize(type_px(self, 11))
            painter.setFont(font)
            for index, worker in enumerate(self._workers):
                column, row = divmod(index, ROWS)
                place = QRectF(column * width, row * high, width - 4, high)
                self._draw_chip(painter, place, worker)

    def _draw_chip(self, painter: QPainter, place: QRectF, worker: WorkerState) -> None:
        alive = worker.pid is not None
        ink = QColor(self._theme.text if alive else self._theme.muted)
        if worker.state == PAUSED:
            painter.fillRect(place.adjusted(-1, 1, 0, -1), QColor(self._theme.line))
        self._draw_shape(painter, QPointF(place.x() + 5, place.center().y()), worker, ink)
        text = place.adjusted(13, 0, 0, 0)
        shown = chip_text(worker, place.width())
        fitting = painter.fontMetrics().elidedText(
            shown, Qt.TextElideMode.ElideRight, int(text.width())
        )
        painter.setPen(ink)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, fitting)

    @staticmethod
    def _draw_shape(painter: QPainter, middle: QPointF, worker: WorkerState, ink: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if worker.state == PAUSED:
            for side in (-2.0, 2.0):
                top = middle + QPointF(side - 1.1, -3.6)
                painter.fillRect(QRectF(top, QSizeF(2.2, 7.2)), ink)
            return
        painter.setPen(QPen(ink, 1.2))
        painter.setBrush(ink if worker.pid is not None else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, 2.6, 2.6)
