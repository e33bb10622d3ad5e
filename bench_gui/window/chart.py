"""One chart: the only module that knows pyqtgraph. Draws what it is given, computes nothing.

Measured rules: fixed ranges, no axes of the library, no grid of the library, no antialiasing, pens
one pixel wide and opaque, one curve for all marks, nothing added or removed once it stands.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from bench_gui.window.palette import Theme, blended
from bench_gui.window.scales import Axis
from bench_gui.window.series import Array
from bench_gui.window.widgets import text_label

MARGIN_PX = 4
"""Above and below each chart; the gutter beside it keeps the same."""

FULL_HEIGHT_MARKS = 90
"""With more kills than this on screen their marks shrink to the lower edge."""


class Chart(QWidget):
    """Curves of one lane over a shared range, with a grid of its own and the kills as marks.

    Args:
        curves: how many; the first is drawn in the lane's colour, the others paler beneath it,
            unless `equal`.
        gaps: whether values may be NaN (a gap in the line).
        equal: every curve in the lane's full colour.
    """

    def __init__(self, slug: str, curves: int, *, gaps: bool = False, equal: bool = False) -> None:
        super().__init__()
        self._slug = slug
        self._gaps = gaps
        self._equal = equal
        self._plot = _bare_plot()
        self._grid = self._add_curve("pairs")
        self._marks = self._add_curve("pairs")
        self._curves = [self._add_curve("finite" if gaps else "all") for _ in range(curves)][::-1]
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

    def _add_curve(self, connect: str) -> Any:
        curve = pg.PlotCurveItem(connect=connect, antialias=False)
        self._plot.addItem(curve)
        return curve

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        lane = theme.lane(self._slug)
        self._plot.setBackground(theme.card)
        self._grid.setPen(_pen(theme.grid))
        self._marks.setPen(_pen(blended(theme.text, theme.card, 0.17)))
        pale = lane if self._equal else blended(lane, theme.card, 0.45)
        for number, curve in enumerate(self._curves):
            curve.setPen(_pen(pale if number else lane))

    def set_axes(self, x_range: tuple[float, float], y_axis: Axis) -> None:
        """Moves the range; nothing happens when it is the same."""
        if y_axis == self._y and x_range == self._x:
            return
        self._x, self._y = x_range, y_axis
        view = self._plot.getViewBox()
        view.setRange(
            QRectF(x_range[0], y_axis.low, x_range[1] - x_range[0], y_axis.high - y_axis.low),
            padding=0,
            disableAutoRange=True,
        )
        values = np.repeat([tick.value for tick in y_axis.ticks], 2)
        ends = np.tile(np.array(x_range), len(y_axis.ticks))
        self._grid.setData(ends, values, connect="pairs", skipFiniteCheck=True)

    def draw(self, x: Array, series: tuple[Array, ...]) -> None:
        """Draws every curve; x in seconds, one array a curve, all of one length."""
        for curve, values in zip(self._curves, series, strict=True):
            if self._gaps:
                curve.setData(x, values, connect="finite")
            else:
                curve.setData(x, values, connect="all", skipFiniteCheck=True)

    def read_out(self, text: str) -> None:
        """The newest value in words, in the corner."""
        if text != self._readout.text():
            self._readout.setText(text)
            self._readout.adjustSize()
            self._readout.setVisible(bool(text))

    def mark(self, times: Array) -> None:
        """Draws the kills; x in seconds."""
        many = len(times) > FULL_HEIGHT_MARKS
        span = self._y.high - self._y.low
        top = self._y.low + span * (0.1 if many else 1.0)
        x = np.repeat(times, 2)
        y = np.tile([self._y.low, top], len(times))
        self._marks.setData(x, y, connect="pairs", skipFiniteCheck=True)

    def clear(self) -> None:
        """Empties every curve; the items stay."""
        none = np.zeros(0)
        for curve in (*self._curves, self._marks):
            curve.setData(none, none)

    def close_plot(self) -> None:
        """Before the program ends, or Qt deletes the scene under pyqtgraph's feet."""
        self._plot.close()


def _bare_plot() -> Any:
    plot = pg.PlotWidget()
    plot.setAntialiasing(False)
    plot.setFrameStyle(0)
    plot.setMenuEnabled(False)
    plot.setMouseEnabled(x=False, y=False)
    plot.hideButtons()
    for axis in ("left", "bottom"):
        plot.hideAxis(axis)
    item = plot.getPlotItem()
    item.layout.setContentsMargins(0, 0, 0, 0)
    item.setContentsMargins(0, 0, 0, 0)
    plot.centralWidget.layout.setContentsMargins(0, 0, 0, 0)
    view = plot.getViewBox()
    view.disableAutoRange()
    view.setDefaultPadding(0)
    plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.viewport().setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return plot


def _pen(colour: str) -> Any:
    return pg.mkPen(QColor(colour), width=1)
