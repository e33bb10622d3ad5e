"""The scales at the rim: what a row shows and its values, and the time beneath the charts."""

from __future__ import annotations

from PySide6.QtCore import QLine, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from bench_gui.window.chart import MARGIN_PX
from bench_gui.window.curves import pixel_columns
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.run_model import NO_MARKS, Marks
from bench_gui.window.scales import Axis

GUTTER_WIDTH = 112
TICK_WIDTH = 46
LABEL_PX = 10
STROKE_PX = 5
PAUSE_PX = 3
PAUSE_LEAST_PX = 2


class _Painted(QWidget):
    """Small text in the theme's colours."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._axis = Axis(0.0, 1.0, ())

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self.update()

    def set_axis(self, axis: Axis) -> None:
        """Other values; nothing happens when they are the same."""
        if axis != self._axis:
            self._axis = axis
            self.update()

    def _font(self, pixels: int, *, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font


class RowGutter(_Painted):
    """Title, unit and legend of a row of charts, and the values that every lane shares.

    Args:
        legend: the words for the strong and the pale line; empty for one line.
        equal: the lines look alike, so words alone must do.
    """

    def __init__(
        self, title: str, unit: str, legend: tuple[str, ...], help_: str, *, equal: bool = False
    ) -> None:
        super().__init__()
        self._title, self._unit, self._legend = title, unit, legend
        self._equal = equal
        self.setFixedWidth(GUTTER_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setToolTip(help_)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Title and legend at the left, values at the right."""
        del event
        with QPainter(self) as painter:
            self._draw_title(painter)
            self._draw_legend(painter)
            self._draw_ticks(painter)

    def _draw_title(self, painter: QPainter) -> None:
        painter.setFont(self._font(11, bold=True))
        painter.setPen(QColor(self._theme.text))
        painter.drawText(QPointF(2, 14), self._title)
        painter.setFont(self._font(LABEL_PX))
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(QPointF(2, 27), self._unit)

    def _draw_legend(self, painter: QPainter) -> None:
        for number, word in enumerate(self._legend):
            y = 41 + 13 * number
            if y > self.height():
                return
            if not self._equal:
                ink = self._theme.faint if number else self._theme.text
                painter.setPen(QPen(QColor(ink), 2))
                painter.drawLine(QPointF(3, y - 3.5), QPointF(13, y - 3.5))
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(QPointF(2 if self._equal else 18, y), word)

    def _draw_ticks(self, painter: QPainter) -> None:
        painter.setFont(self._font(LABEL_PX))
        painter.setPen(QColor(self._theme.muted))
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for tick in self._axis.ticks:
            inner = self.height() - 2 * MARGIN_PX
            y = MARGIN_PX + inner * (1 - self._axis.fraction(tick.value))
            y = min(max(y, 6.0), self.height() - 6.0)
            place = QRectF(self.width() - TICK_WIDTH - 5, y - 7, TICK_WIDTH, 14)
            painter.drawText(place, align, tick.label)


class TimeScale(_Painted):
    """Seconds beneath a lane's charts; on that line a stroke a kill, and a bar a pause."""

    def __init__(self) -> None:
        super().__init__()
        self._marks = NO_MARKS
        self._small = self._font(LABEL_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        """One line."""
        return QSize(80, STROKE_PX + 13)

    def set_marks(self, marks: Marks) -> None:
        """Marks on the drawn scale; nothing happens when there were and are none."""
        if marks.count or self._marks.count:
            self.update(0, 0, self.width(), STROKE_PX)
        self._marks = marks

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Labels at their ticks, kept inside at both ends."""
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), QColor(self._theme.card))
            self._draw_marks(painter)
            if event.rect().bottom() >= STROKE_PX:
                self._draw_labels(painter)

    def _draw_labels(self, painter: QPainter) -> None:
        painter.setFont(self._small)
        painter.setPen(QColor(self._theme.muted))
        taken = QRect()
        for tick in self._axis.ticks:
            place = self._place(painter, tick.label, self._axis.fraction(tick.value))
            if not place.intersects(taken):
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, tick.label)
                taken = place.adjusted(0, 0, 8, 0)

    def _place(self, painter: QPainter, label: str, fraction: float) -> QRect:
        width = painter.fontMetrics().horizontalAdvance(label) + 2
        left = min(max(int(self.width() * fraction - width / 2), 0), self.width() - width)
        return QRect(left, STROKE_PX, width, self.height() - STROKE_PX)

    def _draw_marks(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawLine(0, 0, self.width(), 0)
        span_s = self._axis.high - self._axis.low
        for start, end in self._marks.pauses.T.tolist():
            left, right = (time_s * self.width() / span_s for time_s in (start, end))
            place = QRectF(left, 0, max(right - left, PAUSE_LEAST_PX), PAUSE_PX)
            painter.fillRect(place, QColor(self._theme.muted))
        painter.setPen(QPen(QColor(self._theme.text), 1))
        columns = pixel_columns(self._marks.kills, span_s, self.width())
        painter.drawLines([QLine(x, 0, x, STROKE_PX - 1) for x in columns])
