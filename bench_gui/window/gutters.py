"""The scales at the rim: what a row shows and its values, and the time beneath the charts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from bench_gui.window.canvas import LABELS_APART_PX
from bench_gui.window.chart import MARGIN_PX
from bench_gui.window.frame import Frame, whole_frame
from bench_gui.window.marks import NO_MARKS, Marks
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.place import KILL, OUTAGE, PAUSE, Codes, ground_of, place_of
from bench_gui.window.scales import Axis, Tick, fitting_ticks, moment_label
from bench_gui.window.widgets import type_px

GUTTER_WIDTH = 116
TITLE_PX = 11
LABEL_PX = 10
APART_PX = 4
"""Between words and a value beside them."""
STROKE_PX = 5
PAUSE_PX = 3
BARS = ((0, PAUSE_PX, PAUSE | OUTAGE), (PAUSE_PX, STROKE_PX - PAUSE_PX, OUTAGE))
"""Parts of the line: top and height, and the bands that are seen in it; kills go through both."""

NO_AXIS = Axis(0.0, 1.0, ())
MARKS_HELP = (
    "The time. A stroke is a kill, a low bar a pause, a high bar an outage: a role without any "
    "live process; in the charts it is hatched."
)
OWN_SCALE = "own (Y)"
"""Each lane has a range of its own, and a key takes that away."""


class _Painted(QWidget):
    """Small text in the theme's colours."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self.update()

    def _font(self, pixels: int, *, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(type_px(self, pixels))
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
        self._axis = NO_AXIS
        self._own = False
        self.setFixedWidth(GUTTER_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setToolTip(help_)

    def set_theme(self, theme: Theme) -> None:
        """Other colours, and perhaps type of another size."""
        self.setFixedWidth(type_px(self, GUTTER_WIDTH))
        super().set_theme(theme)

    @property
    def labels(self) -> list[str]:
        """The values beside the row, from below; none while every lane has its own."""
        return [] if self._own else [tick.label for tick in self._fitting()]

    def show_scale(self, axis: Axis, unit: str, *, own: bool) -> None:
        """Other values; nothing happens when they are the same.

        Args:
            own: every lane has a range of its own, which its chart tells.
        """
        if (axis, unit, own) != (self._axis, self._unit, self._own):
            self._axis, self._unit, self._own = axis, unit, own
            self.update()

    def _fitting(self) -> tuple[Tick, ...]:
        inner = self.height() - 2 * MARGIN_PX
        return fitting_ticks(self._axis, inner, type_px(self, LABELS_APART_PX))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Title and legend at the left, values at the right."""
        del event
        with QPainter(self) as painter:
            self._draw_title(painter)
            self._draw_legend(painter)
            if self._own:
                self._draw_own(painter)
            else:
                self._draw_ticks(painter)

    def _draw_own(self, painter: QPainter) -> None:
        painter.setFont(self._font(LABEL_PX))
        painter.setPen(QColor(self._theme.muted))
        place = QRectF(0, 0, self.width() - 5, self.height() - 3)
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        painter.drawText(place, align, OWN_SCALE)

    def _draw_title(self, painter: QPainter) -> None:
        painter.setFont(self._font(TITLE_PX, bold=True))
        painter.setPen(QColor(self._theme.text))
        painter.drawText(QPointF(2, type_px(self, 14)), self._title)
        painter.setFont(self._font(LABEL_PX))
        if type_px(self, 27) <= self.height():
            self._say(painter, 2, type_px(self, 27), self._unit)

    def _draw_legend(self, painter: QPainter) -> None:
        for number, word in enumerate(self._legend):
            y = type_px(self, 41 + 13 * number)
            if y > self.height():
                return
            if not self._equal:
                ink = self._theme.faint if number else self._theme.text
                painter.setPen(QPen(QColor(ink), 2))
                painter.drawLine(QPointF(3, y - 3.5), QPointF(13, y - 3.5))
            self._say(painter, 2 if self._equal else 18, y, word)

    def _draw_ticks(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._theme.muted))
        for place, label in self._ticks(painter):
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, label)

    def _ticks(self, painter: QPainter) -> list[tuple[QRectF, str]]:
        """Where the values stand."""
        if self._own:
            return []
        painter.setFont(self._font(LABEL_PX))
        half, inner = type_px(self, LABELS_APART_PX) / 2, self.height() - 2 * MARGIN_PX
        found: list[tuple[QRectF, str]] = []
        for tick in self._fitting():
            y = MARGIN_PX + inner * (1 - self._axis.fraction(tick.value))
            y = min(max(y, half), self.height() - half)
            wide = painter.fontMetrics().horizontalAdvance(tick.label) + 2
            found.append((QRectF(self.width() - wide - 5, y - half, wide, 2 * half), tick.label))
        return found

    def _say(self, painter: QPainter, x: float, y: float, words: str) -> None:
        """Small words that end where a value stands beside them."""
        high = type_px(self, LABEL_PX)
        line = QRectF(x, y - high + 2, self.width() - x, high)
        beside = [place.left() for place, _ in self._ticks(painter) if place.intersects(line)]
        room = min(beside, default=float(self.width())) - x - APART_PX
        elide = Qt.TextElideMode.ElideRight
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(QPointF(x, y), painter.fontMetrics().elidedText(words, elide, int(room)))


class TimeScale(_Painted):
    """Seconds beneath charts; on that line a stroke a kill, and a bar a pause or an outage."""

    def __init__(self) -> None:
        super().__init__()
        self._frame = whole_frame(1.0)
        self._axis = NO_AXIS
        self._marks = NO_MARKS
        self._now_s = 0.0
        self._held_s: float | None = None
        self._cursor_s: float | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(MARKS_HELP)

    def sizeHint(self) -> QSize:  # noqa: N802
        """One line."""
        return QSize(80, STROKE_PX + type_px(self, 13))

    def show_time(self, frame: Frame, marks: Marks, now_s: float) -> None:
        """Another stretch and other marks; what stays as it was is not painted.

        Args:
            now_s: the newest sample's time.
        """
        if frame.axis != self._axis:
            self.update()
        elif marks.count or self._marks.count:
            self.update(0, 0, self.width(), STROKE_PX)
        self._frame, self._axis, self._marks, self._now_s = frame, frame.axis, marks, now_s

    def clear(self) -> None:
        """As before a run."""
        self._axis, self._marks = NO_AXIS, NO_MARKS
        self._held_s = self._cursor_s = None
        self.update()

    def set_held(self, t_s: float | None) -> None:
        """The moment that is held: its time stands on the scale."""
        if t_s != self._held_s:
            self._held_s = t_s
            self.update()

    def set_cursor(self, t_s: float | None) -> None:
        """The crosshair's moment."""
        if t_s != self._cursor_s:
            self._cursor_s = t_s
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Labels at their ticks, kept inside at both ends."""
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), QColor(self._theme.card))
            self._draw_marks(painter)
            if event.rect().bottom() >= STROKE_PX:
                self._draw_labels(painter)

    def _draw_labels(self, painter: QPainter) -> None:
        painter.setFont(self._font(LABEL_PX))
        taken: list[QRect] = []
        for t_s, ground in ((self._held_s, self._theme.text), (self._cursor_s, self._theme.muted)):
            if t_s is not None:
                self._draw_tag(painter, t_s, ground, taken)
        painter.setPen(QColor(self._theme.muted))
        for tick in self._axis.ticks:
            place = self._place(painter, tick.label, self._axis.fraction(tick.value))
            if not any(place.adjusted(-4, 0, 4, 0).intersects(one) for one in taken):
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, tick.label)
                taken.append(place)

    def _draw_tag(self, painter: QPainter, t_s: float, ground: str, taken: list[QRect]) -> None:
        """A moment's time on a ground of its own."""
        fraction = (t_s - self._frame.start_s) / self._frame.width_s
        if not 0 <= fraction <= 1:
            return
        place = self._place(painter, moment_label(t_s), fraction).adjusted(-2, 0, 2, 0)
        for other in taken:
            if place.intersects(other):
                before = place.center().x() < other.center().x() and other.left() > place.width()
                place.moveLeft(other.left() - place.width() if before else other.right() + 1)
        painter.fillRect(place, QColor(ground))
        painter.setPen(QColor(self._theme.card))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, moment_label(t_s))
        taken.append(place)

    def _place(self, painter: QPainter, label: str, fraction: float) -> QRect:
        width = painter.fontMetrics().horizontalAdvance(label) + 2
        left = min(max(int(self.width() * fraction - width / 2), 0), self.width() - width)
        return QRect(left, STROKE_PX, width, self.height() - STROKE_PX)

    def _draw_marks(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawLine(0, 0, self.width(), 0)
        place = place_of(self._frame, max(round(self.width() * self.devicePixelRatioF()), 1))
        ground = ground_of(self._marks, place, self._now_s)
        if ground.any():
            for top, height, bands in BARS:
                row = self._row(ground, bands)
                image = QImage(row.data, len(row), 1, QImage.Format.Format_ARGB32)
                painter.drawImage(QRect(0, top, self.width(), height), image)

    def _row(self, ground: Codes, bands: int) -> NDArray[np.uint32]:
        """One colour a column of pixels; as an image, since strokes by the hundred take longer."""
        inks = np.zeros(8, dtype=np.uint32)
        inks[[code for code in range(8) if code & bands]] = QColor(self._theme.muted).rgba()
        inks[[code for code in range(8) if code & KILL]] = QColor(self._theme.text).rgba()
        row: NDArray[np.uint32] = inks[ground]
        return row
