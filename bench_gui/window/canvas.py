"""The picture of a chart as a widget, and what moves over it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QIcon,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from bench_gui.window.curves import value_at
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.picture import EMPTY, Drawing, Picture
from bench_gui.window.place import Place, place_of
from bench_gui.window.scales import fitting_ticks
from bench_gui.window.widgets import type_px

CURSOR_PX = 3
"""On each side of the crosshair's line: its dots."""

SIGN_PX, SIGNS_APART_PX = 9, 150
"""How large a lane's sign is on its curve, and how far it is to its next one."""

LABEL_PX = 10
LABELS_APART_PX = 13


class Pointer(QObject):
    """What the mouse does over any chart.

    Signals:
        moved: the moment beneath it, seconds since the run's start; None where there is none.
        wheeled: that moment, and how many notches, positive away from the hand.
        double_clicked.
    """

    moved = Signal(object)
    wheeled = Signal(float, float)
    double_clicked = Signal()


class Canvas(QWidget):
    """The picture, and over it the crosshair, the held moment, a fault and an own scale.

    What is new is turned into pixels when it is painted: what is out of sight costs nothing.
    """

    def __init__(self, pointer: Pointer) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.picture = Picture()
        self._pointer = pointer
        self._drawing = EMPTY
        self._cursor_s: float | None = None
        self._held_s: float | None = None
        self._stretch: tuple[float, float, bool] | None = None
        self._scale: QPixmap | None = None
        self._signs: tuple[QIcon, ...] = ()
        self.scale_shown = False
        self.set_colours(LIGHT, ())

    def set_colours(self, theme: Theme, inks: tuple[str, ...]) -> None:
        """The ground's by the theme; one ink a line."""
        self.picture.set_colours(theme, inks)
        self._inks = tuple(map(QColor, inks))
        self._text, self._card, self._muted = map(QColor, (theme.text, theme.card, theme.muted))
        self._veil = QColor(theme.card)
        self._veil.setAlpha(150)
        self._scale = None
        self.update()

    def set_signs(self, signs: tuple[QIcon, ...]) -> None:
        """What stands on the first curves here and there, so that no colour is needed."""
        self._signs = signs
        self.update()

    def show_drawing(self, drawing: Drawing) -> None:
        """Another drawing."""
        if drawing.axis != self._drawing.axis:
            self._scale = None
        self._drawing = drawing
        self.picture.show(drawing)
        self.update()

    def show_scale(self, shown: bool) -> None:
        """Whether the range's labels stand in the picture, since it is this chart's own."""
        if shown != self.scale_shown:
            self.scale_shown = shown
            self.update()

    def set_cursor(self, t_s: float | None) -> None:
        """The crosshair's moment; only what was and what will be beneath it is painted."""
        if t_s == self._cursor_s:
            return
        self._update_beneath_the_cursor()
        self._cursor_s = t_s
        self._update_beneath_the_cursor()

    def _update_beneath_the_cursor(self) -> None:
        if self._cursor_s is not None:
            x = self._place().column(self._cursor_s)
            self.update(x - CURSOR_PX - 1, 0, 2 * CURSOR_PX + 3, self.height())

    def set_held(self, t_s: float | None) -> None:
        """The moment that is held: what came later is paler."""
        if t_s != self._held_s:
            self._held_s = t_s
            self.update()

    def highlight(self, stretch: tuple[float, float, bool] | None) -> None:
        """Marks a stretch of time: from when until when in seconds, and whether strongly."""
        if stretch != self._stretch:
            self._stretch = stretch
            self.update()

    def _place(self) -> Place:
        return place_of(self._drawing.frame, max(self.width(), 1))

    # What Qt asks for

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The picture, and what moves over it."""
        with QPainter(self) as painter:
            pixmap = self.picture.pixmap(self.size(), self.devicePixelRatioF())
            painter.setClipRect(event.rect())
            painter.drawPixmap(0, 0, pixmap)
            self._paint_signs(painter)
            self._paint_held(painter)
            self._paint_highlight(painter)
            self._paint_cursor(painter)
            if self.scale_shown:
                painter.drawPixmap(0, 0, self._scale_labels())

    def _paint_signs(self, painter: QPainter) -> None:
        size = type_px(self, SIGN_PX)
        for number, x, y in self.signs():
            place = QRect(x - size // 2, y - size // 2, size, size)
            self._signs[number].paint(painter, place)

    def signs(self) -> list[tuple[int, int, int]]:
        """Where signs stand now: of which curve, and how far across and down, in pixels.

        They move with their curves, and those of different curves do not stand one above the other.
        """
        place, drawing = self._place(), self._drawing
        found = []
        for number in range(min(len(self._signs), len(drawing.curves))):
            begin = round(SIGNS_APART_PX * (number + 0.5) / len(self._signs)) - place.origin_px
            for x in range(begin % SIGNS_APART_PX, self.width(), SIGNS_APART_PX):
                share = drawing.axis.fraction(value_at(*drawing.curves[number], place.time_s(x)))
                if share == share:  # noqa: PLR0124
                    found.append((number, x, round((1 - share) * self.height())))
        return found

    def _paint_held(self, painter: QPainter) -> None:
        if self._held_s is None:
            return
        x = self._place().column(self._held_s)
        painter.fillRect(QRect(x + 1, 0, self.width() - x, self.height()), self._veil)
        painter.fillRect(QRect(x - 1, 0, 2, self.height()), self._text)

    def _paint_highlight(self, painter: QPainter) -> None:
        if self._stretch is None:
            return
        start_s, end_s, strongly = self._stretch
        left, right = (self._place().column(t_s) for t_s in (start_s, end_s))
        ink = QColor(self._text)
        if strongly and right > left + 1:
            ink.setAlpha(45)
            painter.fillRect(QRect(left, 0, right - left, self.height()), ink)
        ink.setAlpha(255 if strongly else 110)
        wide = 2 if strongly else 1
        painter.fillRect(QRect(left, 0, wide, self.height()), ink)

    def _paint_cursor(self, painter: QPainter) -> None:
        if self._cursor_s is None:
            return
        place, drawing = self._place(), self._drawing
        x = place.column(self._cursor_s)
        painter.fillRect(QRect(x, 0, 1, self.height()), self._muted)
        for number in reversed(range(len(drawing.curves))):
            fraction = drawing.axis.fraction(value_at(*drawing.curves[number], self._cursor_s))
            if fraction == fraction:  # noqa: PLR0124
                y = round((1 - fraction) * self.height())
                painter.fillRect(QRect(x - 3, y - 3, 7, 7), self._card)
                painter.fillRect(QRect(x - 2, y - 2, 5, 5), self._inks[number])

    def _scale_labels(self) -> QPixmap:
        """The range's labels at the left edge, painted once."""
        if self._scale is None or self._scale.deviceIndependentSize().toSize() != self.size():
            ratio = self.devicePixelRatioF()
            self._scale = QPixmap(self.size() * ratio)
            self._scale.setDevicePixelRatio(ratio)
            self._scale.fill(Qt.GlobalColor.transparent)
            with QPainter(self._scale) as painter:
                self._paint_scale(painter)
        return self._scale

    def _paint_scale(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setPixelSize(type_px(self, LABEL_PX))
        painter.setFont(font)
        apart = type_px(self, LABELS_APART_PX)
        axis = self._drawing.axis
        for tick in fitting_ticks(axis, self.height(), apart):
            y = (1 - axis.fraction(tick.value)) * self.height()
            y = min(max(y, apart / 2), self.height() - apart / 2)
            width = painter.fontMetrics().horizontalAdvance(tick.label) + 6
            place = QRectF(0, y - apart / 2, width, apart)
            painter.fillRect(place, self._veil)
            painter.setPen(self._muted)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, tick.label)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The moment beneath the mouse."""
        self._pointer.moved.emit(self._place().time_s(event.position().x()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """No moment."""
        self._pointer.moved.emit(None)
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zooms around the mouse."""
        notches = event.angleDelta().y() / 120
        if notches:
            self._pointer.wheeled.emit(self._place().time_s(event.position().x()), notches)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The whole run."""
        del event
        self._pointer.double_clicked.emit()
