"""The whole run in one slim line: what is on the screen, what happened, and the bookmarks."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QLine, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from bench_gui.window.frame import Frame, whole_frame
from bench_gui.window.marks import NO_MARKS, Marks
from bench_gui.window.palette import LIGHT, Theme, blended
from bench_gui.window.place import KILL, OUTAGE, Place, columns_of, ground_of, place_of, runs_of
from bench_gui.window.timeline.bookmarks import Bookmark
from bench_gui.window.widgets import type_px

HEIGHT_PX = 26
FLAG_PX = 11
TRACK_TOP, TRACK_PX = 12, 12
NEAR_PX = 6
"""A press this near to a bookmark means the bookmark."""

HELP = (
    "The whole run. Drag to see a moment of it, turn the wheel to zoom, click twice for all of it. "
    "A stroke is a kill, a grey bar an outage, a flag a bookmark; the frame is what charts show."
)


class TimeTrack(QWidget):
    """Paints the run, and is dragged along it.

    Signals:
        scrubbed: to a moment, seconds since the start.
        zoomed: around a moment, by so many notches, positive away from the hand.
        whole: all of the run was asked for; whether the display was held before the first click.
    """

    scrubbed = Signal(float)
    zoomed = Signal(float, float)
    whole = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("time-track")
        self.setAccessibleName("The whole run")
        self.setToolTip(HELP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = LIGHT
        self._end_s = 0.0
        self._now_s = 0.0
        self._marks = NO_MARKS
        self._frame = whole_frame(1.0)
        self._held_s: float | None = None
        self._bookmarks: tuple[Bookmark, ...] = ()
        self._dragging = False
        self._was_held = False

    def sizeHint(self) -> QSize:  # noqa: N802
        """One line."""
        return QSize(200, HEIGHT_PX)

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self.update()

    def show_run(
        self,
        end_s: float,
        now_s: float,
        frame: Frame,
        held_s: float | None,
        marks: Marks,
        bookmarks: Iterable[Bookmark],
    ) -> None:
        """Where the run is and what is seen of it; times in seconds since its start.

        Args:
            end_s: its end, as far as is known; 0 for no run.
        """
        self._end_s, self._now_s, self._frame, self._held_s = end_s, now_s, frame, held_s
        self._marks, self._bookmarks = marks, tuple(bookmarks)
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The run, its marks, the stretch, the moment, the flags."""
        del event
        track = QRect(0, TRACK_TOP, self.width(), TRACK_PX)
        with QPainter(self) as painter:
            painter.fillRect(track, QColor(self._theme.line))
            if self._end_s <= 0:
                return
            place = self._place()
            so_far = QRect(0, TRACK_TOP, place.column(self._now_s), TRACK_PX)
            painter.fillRect(so_far, QColor(self._theme.card))
            self._paint_marks(painter, place)
            self._paint_stretch(painter, place)
            for mark in self._bookmarks:
                self._paint_flag(painter, place.column(mark.t_s), str(mark.number))
            if self._held_s is not None:
                self._paint_moment(painter, place.column(self._held_s))

    def _paint_marks(self, painter: QPainter, place: Place) -> None:
        ground = ground_of(self._marks, place, self._now_s)
        for left, right in runs_of(ground, OUTAGE):
            painter.fillRect(left, TRACK_TOP, right - left, TRACK_PX, QColor(self._theme.faint))
        painter.setPen(QPen(QColor(self._theme.muted), 1))
        bottom = TRACK_TOP + TRACK_PX - 1
        painter.drawLines([QLine(x, bottom - 4, x, bottom) for x in columns_of(ground, KILL)])

    def _paint_stretch(self, painter: QPainter, place: Place) -> None:
        left = max(place.column(self._frame.start_s), 0)
        right = min(place.column(self._frame.end_s), self.width())
        ink = QColor(self._theme.text)
        ink.setAlpha(26)
        box = QRect(left, TRACK_TOP, max(right - left, 3), TRACK_PX)
        painter.fillRect(box, ink)
        painter.setPen(QPen(QColor(self._theme.muted), 1))
        painter.drawRect(box.adjusted(0, 0, -1, -1))

    def _paint_flag(self, painter: QPainter, x: int, number: str) -> None:
        """A pole, and its number on a ground that leans to the right."""
        font = QFont(self.font())
        font.setPixelSize(min(type_px(self, 9), FLAG_PX))
        painter.setFont(font)
        wide = painter.fontMetrics().horizontalAdvance(number) + 6
        left = x if x + wide <= self.width() else x - wide
        painter.fillRect(QRect(x, 0, 1, HEIGHT_PX), QColor(self._theme.text))
        ground = QColor(blended(self._theme.text, self._theme.card, 0.85))
        painter.fillRect(QRect(left, 0, wide, FLAG_PX), ground)
        painter.setPen(QColor(self._theme.card))
        painter.drawText(QRect(left, 0, wide, FLAG_PX), Qt.AlignmentFlag.AlignCenter, number)

    def _paint_moment(self, painter: QPainter, x: int) -> None:
        ink = QColor(self._theme.text)
        painter.fillRect(QRect(x - 1, TRACK_TOP - 2, 2, TRACK_PX + 4), ink)
        painter.setBrush(ink)
        painter.setPen(Qt.PenStyle.NoPen)
        corners = ((x - 5, TRACK_TOP - 7), (x + 5, TRACK_TOP - 7), (x, TRACK_TOP))
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))

    # The mouse

    def _place(self) -> Place:
        return place_of(whole_frame(self._end_s), max(self.width(), 1))

    def _moment(self, x: float) -> float:
        """What is meant by a place: a bookmark when it is near one."""
        place = self._place()
        near = [mark for mark in self._bookmarks if abs(place.column(mark.t_s) - x) <= NEAR_PX]
        return near[0].t_s if near else min(max(place.time_s(x), 0.0), self._now_s)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Goes there."""
        if event.button() == Qt.MouseButton.LeftButton and self._end_s > 0:
            self._dragging = True
            self._was_held = self._held_s is not None
            self.scrubbed.emit(self._moment(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Goes along."""
        if self._dragging:
            self.scrubbed.emit(self._moment(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Stays there."""
        del event
        self._dragging = False

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zooms around the mouse."""
        notches = event.angleDelta().y() / 120
        if notches and self._end_s > 0:
            self.zoomed.emit(self._place().time_s(event.position().x()), notches)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """All of it."""
        del event
        self._dragging = False
        self.whole.emit(self._was_held)
