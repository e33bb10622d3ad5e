"""A chart's pixels, kept from one frame to the next. Draws what it is given, computes nothing.

Measured rules: fixed ranges, nothing antialiased, opaque pens, and nothing painted twice: what has
moved is scrolled, and only what is new is painted, which is a strip of a few pixels while a run
goes on. All of it is painted when the range, the stretch of time or the size is another. What is
used of the plotting library is its way from arrays to paths.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLine, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap

from bench_gui.window.curves import thinned
from bench_gui.window.frame import Frame, whole_frame
from bench_gui.window.marks import NO_MARKS, Marks
from bench_gui.window.palette import LIGHT, Theme, blended
from bench_gui.window.place import (
    KILL,
    OUTAGE,
    PAUSE,
    Codes,
    Place,
    columns_of,
    ground_of,
    place_of,
    runs_of,
    unchanged_until,
)
from bench_gui.window.scales import Axis
from bench_gui.window.series import Array

FULL_HEIGHT_MARKS = 90
"""With more kills than this in sight their marks shrink to the lower edge."""

LOW_MARKS = 0.1
"""Share of the height that such marks have."""

EDGE_PX = 2
"""By so much a line is wider than the place it goes through, and its cap longer."""

FEW_POINTS = 24
"""A path of fewer points is put together here: handing an array over takes longer."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What one chart shows.

    Fields:
        curves: times (ascending, seconds since the run's start) and as many values, NaN for a gap;
            the first lies on top. The arrays are kept, so they must stay as they are.
        frame, axis: what is visible.
        source: of one source the drawings differ only by what has come at the end.
    """

    curves: tuple[tuple[Array, Array], ...]
    frame: Frame
    axis: Axis
    marks: Marks = NO_MARKS
    source: object = None

    @property
    def now_s(self) -> float:
        """The newest sample's time."""
        newest = (float(times[-1]) for times, _ in self.curves if len(times))
        return max(newest, default=self.frame.start_s)

    @property
    def settled_s(self) -> float:
        """Until when nothing will change any more: a newest sample may not be complete."""
        settled = (float(times[-2]) for times, _ in self.curves if len(times) > 1)
        return min(settled, default=self.frame.start_s)


EMPTY = Drawing((), whole_frame(1.0), Axis(0.0, 1.0, ()))


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """What a picture has in it: a drawing, and where its times and marks fell.

    Fields:
        low_marks: whether there are so many kills that their marks are short.
    """

    drawing: Drawing
    place: Place
    ground: Codes

    low_marks: bool


def painted(drawing: Drawing, place: Place) -> Painted:
    """A drawing in a picture."""
    ground = ground_of(drawing.marks, place, drawing.now_s)
    kills = int(np.count_nonzero(ground & KILL))
    return Painted(drawing, place, ground, kills > FULL_HEIGHT_MARKS)


def fresh_part(old: Painted | None, new: Painted) -> tuple[int, int]:
    """How far the old picture is to be moved to the left, and from which column on it is new.

    Both are pixels; (0, 0) is a picture that is new from the left edge on.
    """
    if old is None or not _alike(old, new):
        return 0, 0
    shift = new.place.origin_px - old.place.origin_px
    if not 0 <= shift < new.place.width_px:
        return 0, 0
    same = unchanged_until(old.ground, new.ground, shift)
    return shift, max(min(same, new.place.column(old.drawing.settled_s) - EDGE_PX), 0)


def _alike(old: Painted, new: Painted) -> bool:
    return (
        old.drawing.source == new.drawing.source
        and old.drawing.axis == new.drawing.axis
        and len(old.drawing.curves) == len(new.drawing.curves)
        and old.place.px_per_s == new.place.px_per_s
        and old.place.width_px == new.place.width_px
        and old.low_marks == new.low_marks
    )


class Picture:
    """A chart without what moves over it."""

    def __init__(self) -> None:
        self._wanted = EMPTY
        self._painted: Painted | None = None
        self._pixmap = QPixmap()
        self._line_px = 1
        self._inks: tuple[str, ...] = ()
        self.set_colours(LIGHT, ())

    def set_colours(self, theme: Theme, inks: tuple[str, ...]) -> None:
        """The ground's by the theme; one ink a line."""
        self._card = QColor(theme.card)
        self._grid = _pen(theme.grid)
        self._kill = _pen(blended(theme.text, theme.card, 0.17))
        self._pause = QColor(blended(theme.text, theme.card, 0.08))
        self._outage = QColor(blended(theme.text, theme.card, 0.11))
        self._hatch = QBrush(
            QColor(blended(theme.text, theme.card, 0.34)), Qt.BrushStyle.BDiagPattern
        )
        self._inks = inks
        self.set_line_px(self._line_px)

    def set_line_px(self, pixels: int) -> None:
        """How wide the lines are."""
        self._line_px = pixels
        self._pens = tuple(_pen(ink, pixels) for ink in self._inks)
        self._painted = None

    def show(self, drawing: Drawing) -> None:
        """What is to be seen from now on. Costs nothing while nobody looks."""
        self._wanted = drawing

    def pixmap(self, size: QSize, ratio: float) -> QPixmap:
        """The picture as it is to be seen.

        Args:
            size: in the widget's pixels. ratio: of the display's pixels to those.
        """
        pixels = QSize(round(size.width() * ratio), round(size.height() * ratio))
        if self._pixmap.size() != pixels:
            self._pixmap = QPixmap(pixels)
            self._painted = None
        self._pixmap.setDevicePixelRatio(ratio)
        if self._painted is None or self._painted.drawing is not self._wanted:
            self._bring_up_to_date(pixels, ratio)
        return self._pixmap

    def _bring_up_to_date(self, pixels: QSize, ratio: float) -> None:
        drawing = self._wanted
        place = place_of(drawing.frame, max(pixels.width(), 1))
        new = painted(drawing, place)
        shift, first = fresh_part(self._painted, new)
        if shift:
            self._pixmap.scroll(-shift, 0, self._pixmap.rect())
        self._painted = new
        if first >= pixels.width() or pixels.isEmpty():
            return
        with QPainter(self._pixmap) as painter:
            painter.scale(1 / ratio, 1 / ratio)
            strip = QRect(first, 0, pixels.width() - first, pixels.height())
            if first:
                painter.setClipRect(strip)
            self._paint_ground(painter, new, strip)
            self._paint_lines(painter, new, strip)

    def _paint_ground(self, painter: QPainter, new: Painted, strip: QRect) -> None:
        painter.fillRect(strip, self._card)
        codes = new.ground[strip.left() :]
        if codes.any():
            self._paint_marks(painter, new, strip, codes)
        painter.setPen(self._grid)
        height, axis = strip.height(), new.drawing.axis
        for tick in axis.ticks:
            y = int(height * (1 - axis.fraction(tick.value)))
            painter.drawLine(strip.left(), y, strip.right() + 1, y)

    def _paint_marks(self, painter: QPainter, new: Painted, strip: QRect, codes: Codes) -> None:
        for bit, brush in ((PAUSE, QBrush(self._pause)), (OUTAGE, QBrush(self._outage))):
            for left, right in runs_of(codes, bit):
                band = QRect(strip.left() + left, 0, right - left, strip.height())
                painter.fillRect(band, brush)
                if bit == OUTAGE:
                    painter.setBrushOrigin(QPoint(-new.place.origin_px % 8, 0))
                    painter.fillRect(band, self._hatch)
        height = strip.height()
        painter.setPen(self._kill)
        top = round(height * (1 - LOW_MARKS)) if new.low_marks else 0
        kills = (strip.left() + x for x in columns_of(codes, KILL))
        painter.drawLines([QLine(x, top, x, height) for x in kills])

    def _paint_lines(self, painter: QPainter, new: Painted, strip: QRect) -> None:
        """The first line lies on top."""
        drawing, place = new.drawing, new.place
        from_s = place.time_s(strip.left() - EDGE_PX)
        for number in reversed(range(len(drawing.curves))):
            times, values = drawing.curves[number]
            first = max(int(np.searchsorted(times, from_s)) - 1, 0)
            times, values = times[first:], values[first:]
            x, y = thinned(times, values, _columns(times, place))
            down = (1 - drawing.axis.fractions(y)) * strip.height()
            painter.setPen(self._pens[number])
            painter.drawPath(path_of(place.x(x), down))


def _columns(times_s: Array, place: Place) -> int:
    """How many columns of pixels they take up; as dense in a strip as in the whole picture."""
    if not len(times_s):
        return 1
    return 1 + int((times_s[-1] - times_s[0]) * place.px_per_s)


def path_of(across: Array, down: Array) -> QPainterPath:
    """A line through points, broken where one is NaN."""
    if len(across) > FEW_POINTS:
        path: QPainterPath = pg.arrayToQPath(across, down, connect="finite")
        return path
    path = QPainterPath()
    drawing = False
    for x, y in zip(across.tolist(), down.tolist(), strict=True):
        if y != y:  # noqa: PLR0124
            drawing = False
        elif drawing:
            path.lineTo(x, y)
        else:
            path.moveTo(x, y)
            drawing = True
    return path


def _pen(colour: str, pixels: int = 1) -> QPen:
    pen = QPen(QColor(colour), pixels)
    pen.setCosmetic(True)
    return pen
