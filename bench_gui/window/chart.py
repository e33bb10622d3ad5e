"""One chart: the only module that knows pyqtgraph. Draws what it is given, computes nothing.

Measured rules: fixed ranges, no axes of the library, no grid of the library, no antialiasing, pens
one pixel wide and opaque, one curve for all marks, nothing added or removed once it stands. The
library's own curve asks for its data's bounds several times a frame, and its scene has every chart
painted and flushed on its own. `Lines` has no bounds but the view's, and a chart asks Qt for a
repaint that all charts share: 8 ms of CPU a frame instead of 25 (16 charts, 1920x1080).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsView, QSizePolicy, QVBoxLayout, QWidget

from bench_gui.window.palette import Theme, blended
from bench_gui.window.run_model import NO_MARKS, Marks
from bench_gui.window.scales import Axis
from bench_gui.window.series import Array
from bench_gui.window.widgets import text_label

MARGIN_PX = 4
"""Above and below each chart; the gutter beside it keeps the same."""

FULL_HEIGHT_MARKS = 90
"""With more kills than this on screen their marks shrink to the lower edge."""


class Lines(pg.GraphicsObject):  # type: ignore[misc]
    """A curve, or many strokes, inside a rectangle known beforehand.

    Nothing here asks for a repaint: the chart does, once for all its lines.

    Args:
        connect: "all", "finite" (NaN is a gap) or "pairs" (two points a stroke).
    """

    def __init__(self, connect: str) -> None:
        super().__init__()
        self._connect = connect
        self._bounds = QRectF(0.0, 0.0, 1.0, 1.0)
        self._pen = _pen("#808080")
        self._path = QPainterPath()

    def set_bounds(self, bounds: QRectF) -> None:
        """Where the lines may be; what lies outside is clipped by the view."""
        self.prepareGeometryChange()
        self._bounds = bounds

    def set_colour(self, colour: str) -> None:
        """Other ink."""
        self._pen = _pen(colour)

    def set_points(self, x: Array, y: Array) -> None:
        """Other points; both of one length."""
        self._path = pg.arrayToQPath(x, y, self._connect, finiteCheck=self._connect == "finite")

    def boundingRect(self) -> QRectF:  # noqa: N802
        """The same whatever the data are."""
        return self._bounds

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draws the path as it is."""
        painter.setPen(self._pen)
        painter.drawPath(self._path)


class Ground(Lines):
    """The grid, and beneath it bands: stretches of time, as high as the view.

    One item for both: every item costs something in every frame.
    """

    def __init__(self) -> None:
        super().__init__("pairs")
        self._brush = QColor("#808080")
        self._stretches: tuple[tuple[float, float], ...] = ()

    def set_band_colour(self, colour: str) -> None:
        """Other paint."""
        self._brush = QColor(colour)

    def set_bands(self, from_until: Array) -> None:
        """Shape (2, count)."""
        self._stretches = tuple((start, end) for start, end in from_until.T.tolist())

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draws them as they are."""
        for start, end in self._stretches:
            place = QRectF(start, self._bounds.y(), end - start, self._bounds.height())
            painter.fillRect(place, self._brush)
        super().paint(painter)


class Chart(QWidget):
    """Curves of one lane over a shared range, with a grid of its own; kills as strokes, pauses as
    bands.

    Args:
        curves: how many; the first is drawn in the lane's colour, the others paler beneath it,
            unless `equal`.
        gaps: whether values may be NaN (a gap in the line).
        equal: every curve in the lane's full colour.
    """

    def __init__(self, slug: str, curves: int, *, gaps: bool = False, equal: bool = False) -> None:
        super().__init__()
        self._slug = slug
        self._equal = equal
        self._plot, self._view = _bare_plot()
        self._ground = Ground()
        self._view.addItem(self._ground, ignoreBounds=True)
        self._strokes = self._add_lines("pairs")
        self._curves = [self._add_lines("finite" if gaps else "all") for _ in range(curves)][::-1]
        self._marks = NO_MARKS
        self._y = Axis(0.0, 1.0, ())
        self._x = (0.0, 1.0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, MARGIN_PX, 1, MARGIN_PX)
        layout.addWidget(self._plot)
        self._readout = text_label("", "readout", self)
        self._readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._readout.hide()
        self._readout.move(7, MARGIN_PX)
        self.setMinimumHeight(34)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def _add_lines(self, connect: str) -> Lines:
        lines = Lines(connect)
        self._view.addItem(lines, ignoreBounds=True)
        return lines

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        lane = theme.lane(self._slug)
        self._plot.setBackground(theme.card)
        self._ground.set_colour(theme.grid)
        self._ground.set_band_colour(blended(theme.text, theme.card, 0.08))
        self._strokes.set_colour(blended(theme.text, theme.card, 0.17))
        pale = lane if self._equal else blended(lane, theme.card, 0.45)
        for number, curve in enumerate(self._curves):
            curve.set_colour(pale if number else lane)
        self.repaint_later()

    def set_axes(self, x_range: tuple[float, float], y_axis: Axis) -> None:
        """Moves the range; nothing happens when it is the same."""
        if y_axis == self._y and x_range == self._x:
            return
        self._x, self._y = x_range, y_axis
        bounds = QRectF(x_range[0], y_axis.low, x_range[1] - x_range[0], y_axis.high - y_axis.low)
        self._view.setRange(bounds, padding=0, disableAutoRange=True)
        for lines in (self._ground, self._strokes, *self._curves):
            lines.set_bounds(bounds)
        values = np.repeat([tick.value for tick in y_axis.ticks], 2)
        ends = np.tile(np.array(x_range), len(y_axis.ticks))
        self._ground.set_points(ends, values)
        self._mark_again()

    def draw(self, x: Array, series: tuple[Array, ...]) -> None:
        """Draws every curve; x in seconds, one array a curve, all of one length."""
        for curve, values in zip(self._curves, series, strict=True):
            curve.set_points(x, values)
        self.repaint_later()

    def repaint_later(self) -> None:
        """Together with every other chart that has something new."""
        self._plot.viewport().update()

    def read_out(self, text: str) -> None:
        """The newest value in words, in the corner."""
        if text != self._readout.text():
            self._readout.setText(text)
            self._readout.adjustSize()
            self._readout.setVisible(bool(text))

    def mark(self, marks: Marks) -> None:
        """Shows when workers were hit; x in seconds."""
        before, self._marks = self._marks, marks
        if not np.array_equal(marks.pauses, before.pauses):
            self._ground.set_bands(marks.pauses)
            self.repaint_later()
        if not np.array_equal(marks.kills, before.kills):
            self._mark_again()

    def _mark_again(self) -> None:
        kills = self._marks.kills
        span = self._y.high - self._y.low
        top = self._y.low + span * (0.1 if len(kills) > FULL_HEIGHT_MARKS else 1.0)
        self._strokes.set_points(np.repeat(kills, 2), np.tile([self._y.low, top], len(kills)))
        self.repaint_later()

    def clear(self) -> None:
        """Empties every curve; the items stay."""
        none = np.zeros(0)
        for curve in self._curves:
            curve.set_points(none, none)
        self.mark(NO_MARKS)
        self.repaint_later()

    def close_plot(self) -> None:
        """Before the program ends, or Qt deletes the scene under pyqtgraph's feet."""
        self._plot.close()


def _bare_plot() -> tuple[Any, Any]:
    """The library's view and its view box, with nothing else in the scene."""
    plot = pg.GraphicsView()
    plot.setAntialiasing(False)
    plot.setFrameStyle(0)
    plot.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
    plot.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.NoViewportUpdate)
    view = pg.ViewBox(enableMenu=False, defaultPadding=0)
    view.setMouseEnabled(x=False, y=False)
    view.disableAutoRange()
    plot.setCentralItem(view)
    plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
    plot.viewport().setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return plot, view


def _pen(colour: str) -> Any:
    return pg.mkPen(QColor(colour), width=1)
