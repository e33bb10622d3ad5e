"""One chart: the only module that knows pyqtgraph. Draws what it is given, computes nothing.

Measured rules: fixed ranges, nothing antialiased, pens one pixel wide and opaque, one widget that
paints a whole chart, and what a lane's charts have in common painted once for all of them. The
library's views keep a scene, ask every item for its bounds and paint each chart on its own: of its
plots 25 ms of CPU a frame, of one bare view a chart 8 ms, of plain widgets 3 ms (16 charts,
1920x1080). What is used of the library is its way from arrays to paths.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLine, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.curves import pixel_columns, thinned
from bench_gui.window.fault_kinds import fault_length_s
from bench_gui.window.palette import LIGHT, Theme, blended
from bench_gui.window.run_model import NO_MARKS, Marks
from bench_gui.window.scales import Axis
from bench_gui.window.series import Array

MARGIN_PX = 4
"""Above and below each chart; the gutter beside it keeps the same."""

FULL_HEIGHT_MARKS = 90
"""With more kills than this on screen their marks shrink to the lower edge."""

LOW_MARKS = 0.1
"""Share of the height that such marks have."""

SIZES_KEPT = 4
"""Charts of a lane differ by a pixel at the most. A picture is painted over and not made anew:
fresh memory is what costs."""

NOTHING = np.zeros(0)


class Backdrop:
    """What a lane's charts have behind their curves: kills as strokes, pauses as bands."""

    def __init__(self) -> None:
        self._marks = NO_MARKS
        self._width_s = 1.0
        self._pictures: dict[tuple[QSize, float], QPixmap] = {}
        self._painted: set[tuple[QSize, float]] = set()
        self.set_theme(LIGHT)

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._ground = QColor(theme.card)
        self._band = QColor(blended(theme.text, theme.card, 0.08))
        self._stroke = _pen(blended(theme.text, theme.card, 0.17))
        self._painted.clear()

    def show(self, marks: Marks, width_s: float) -> None:
        """Other marks.

        Args:
            marks: in seconds from the left edge. width_s: from edge to edge.
        """
        self._marks, self._width_s = marks, width_s
        self._painted.clear()

    def picture(self, size: QSize, ratio: float) -> QPixmap:
        """For charts of this size; painted when it is asked for the first time.

        Args:
            ratio: of the display's pixels to those of `size`.
        """
        key = (size, ratio)
        if key not in self._pictures:
            if len(self._pictures) >= SIZES_KEPT:
                self._pictures.clear()
                self._painted.clear()
            self._pictures[key] = QPixmap(size * ratio)
            self._pictures[key].setDevicePixelRatio(ratio)
        if key not in self._painted:
            self._paint(self._pictures[key], size)
            self._painted.add(key)
        return self._pictures[key]

    def _paint(self, picture: QPixmap, size: QSize) -> None:
        picture.fill(self._ground)
        width, height = size.width(), size.height()
        kills = self._marks.kills
        top = round(height * (1 - LOW_MARKS)) if len(kills) > FULL_HEIGHT_MARKS else 0
        with QPainter(picture) as painter:
            scale = width / self._width_s
            for start, end in self._marks.pauses.T.tolist():
                painter.fillRect(
                    QRectF(start * scale, 0, (end - start) * scale, height), self._band
                )
            painter.setPen(self._stroke)
            columns = pixel_columns(kills, self._width_s, width)
            painter.drawLines([QLine(x, top, x, height) for x in columns])


class Canvas(QWidget):
    """Grid and curves before a backdrop.

    What is new is turned into pixels when it is painted: what is out of sight costs nothing.
    """

    def __init__(self, backdrop: Backdrop) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._backdrop = backdrop
        self._x: Array = NOTHING
        self._series: tuple[Array, ...] = ()
        self._width_s = 1.0
        self._y_axis = Axis(0.0, 1.0, ())
        self._lines: tuple[QPainterPath, ...] = ()
        self._built_for = QSize()
        self._start_s = 0.0
        self._line_px = 1
        self._highlight: tuple[float, float, bool] | None = None
        self.set_colours(LIGHT, ())

    def set_line_px(self, pixels: int) -> None:
        """How wide the curves are."""
        self._line_px = pixels
        for pen in self._curve_pens:
            pen.setWidth(pixels)
        self.update()

    def highlight(self, stretch: tuple[float, float, bool] | None) -> None:
        """Marks a stretch of time: from when until when in seconds, and whether strongly."""
        if stretch != self._highlight:
            self._highlight = stretch
            self.update()

    def set_colours(self, theme: Theme, curves: tuple[str, ...]) -> None:
        """The grid's by the theme; one a curve."""
        self._grid_pen = _pen(theme.grid)
        self._curve_pens = tuple(map(_pen, curves))
        self._ink = QColor(theme.text)
        self.set_line_px(self._line_px)

    def show_all(
        self,
        x: Array,
        series: tuple[Array, ...],
        width_s: float,
        y_axis: Axis,
        start_s: float = 0.0,
    ) -> None:
        """As `Chart.draw`."""
        self._start_s = start_s
        self._x, self._series, self._width_s, self._y_axis = x, series, width_s, y_axis
        self._built_for = QSize()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """From the ground up; the first curve lies on top."""
        del event
        if self._built_for != self.size():
            self._built_for = self.size()
            self._lines = tuple(map(self._line, self._series))
        with QPainter(self) as painter:
            ground = self._backdrop.picture(self.size(), self.devicePixelRatioF())
            painter.drawPixmap(0, 0, ground)
            painter.setPen(self._grid_pen)
            for tick in self._y_axis.ticks:
                y = int(self.height() * (1 - self._y_axis.fraction(tick.value)))
                painter.drawLine(0, y, self.width(), y)
            for number in reversed(range(len(self._lines))):
                painter.setPen(self._curve_pens[number])
                painter.drawPath(self._lines[number])
            self._draw_highlight(painter)

    def _draw_highlight(self, painter: QPainter) -> None:
        if self._highlight is None:
            return
        start_s, end_s, strongly = self._highlight
        scale = self.width() / self._width_s
        left, right = ((t_s - self._start_s) * scale for t_s in (start_s, end_s))
        ink = QColor(self._ink)
        if strongly and right > left + 1:
            ink.setAlpha(40)
            painter.fillRect(QRectF(left, 0, right - left, self.height()), ink)
        ink.setAlpha(255 if strongly else 90)
        painter.setPen(QPen(ink, 2 if strongly else 1))
        painter.drawLine(round(left), 0, round(left), self.height())

    def _line(self, values: Array) -> QPainterPath:
        x, y = thinned(self._x, values, max(self.width(), 1))
        axis = self._y_axis
        across = x * (self.width() / self._width_s)
        down = (axis.high - y) * (self.height() / (axis.high - axis.low))
        path: QPainterPath = pg.arrayToQPath(across, down, connect="finite")
        return path


class ReadOut(QLabel):
    """A few words on a chart. Painted here: it is painted with every frame, and a stylesheet's way
    takes three times as long."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("part", "readout")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_theme(LIGHT)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._ground, self._ink = QColor(theme.card), QColor(theme.text)

    def say(self, text: str) -> None:
        """Other words; hidden when there are none."""
        if text != self.text():
            self.setText(text)
            self.adjustSize()
            self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The words on their ground."""
        del event
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._ground)
            painter.setPen(self._ink)
            painter.drawText(self.contentsRect(), Qt.AlignmentFlag.AlignVCenter, self.text())


class Chart(QWidget):
    """Curves of one lane over a shared range, before the lane's backdrop.

    Args:
        slug: the lane. backdrop: shared by the lane's charts.
        curves: how many; the first is drawn on top in the lane's colour, the others paler beneath
            it, unless `equal`.
        equal: every curve in the lane's full colour.
    """

    def __init__(self, slug: str, backdrop: Backdrop, curves: int, *, equal: bool = False) -> None:
        super().__init__()
        self._slug = slug
        self._curves = curves
        self._equal = equal
        self._canvas = Canvas(backdrop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, MARGIN_PX, 1, MARGIN_PX)
        layout.addWidget(self._canvas)
        self._readout = ReadOut(self)
        self._readout.move(7, MARGIN_PX)
        self.setMinimumHeight(34)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    @property
    def canvas(self) -> QWidget:
        """What is painted anew when there is something new."""
        return self._canvas

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        lane = theme.lane(self._slug)
        pale = lane if self._equal else blended(lane, theme.card, 0.45)
        self._canvas.set_colours(theme, (lane, *(pale,) * (self._curves - 1)))
        self._readout.set_theme(theme)

    def set_line_px(self, pixels: int) -> None:
        """How wide the curves are."""
        self._canvas.set_line_px(pixels)

    def highlight(self, fault: FaultReport | None, *, own: bool) -> None:
        """Marks a fault's moment, and if it is the lane's `own` what followed until its end."""
        stretch = None if fault is None else (fault.t_s, fault.t_s + fault_length_s(fault), own)
        self._canvas.highlight(stretch)

    def draw(
        self,
        x: Array,
        series: tuple[Array, ...],
        width_s: float,
        y_axis: Axis,
        start_s: float = 0.0,
    ) -> None:
        """Draws everything anew, the backdrop too.

        Args:
            x: seconds from the left edge; series: one array a curve, all of one length, NaN for a
                gap. The arrays are kept, so they must stay as they are.
            width_s, y_axis: what is visible. start_s: the run's time at the left edge.
        """
        self._canvas.show_all(x, series, width_s, y_axis, start_s)

    def read_out(self, text: str) -> None:
        """The newest value in words, in the corner."""
        self._readout.say(text)

    def clear(self) -> None:
        """Empties every curve."""
        self._canvas.show_all(NOTHING, (), 1.0, Axis(0.0, 1.0, ()))


def _pen(colour: str) -> QPen:
    pen = QPen(QColor(colour), 1)
    pen.setCosmetic(True)
    return pen
