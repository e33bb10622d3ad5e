"""One lane's time series of two runs over each other: the same scales in every lane. Painted.

Run A has the lane's colour and a solid line, run B the ink of text and a dashed one, so that
nobody needs the colour to tell them apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from bench_gui.bench.snapshot import LaneSample
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.scales import (
    Axis,
    error_axis,
    latency_axis,
    linear_axis,
    round_up,
    time_axis,
)
from bench_gui.window.series import Array, log_ns
from bench_gui.window.widgets import type_px

MOST_POINTS = 600
LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 50, 8, 20, 18
LATENCY_DECADES = (5, 8)
"""0.1 ms to 100 ms at the least."""
DASHES = [4.0, 3.0]
Value = Callable[[LaneSample], float]


@dataclass(frozen=True, slots=True)
class Row:
    """A chart: its title, and its curves' values; those below zero are drawn downwards."""

    title: str
    values: tuple[Value, ...]
    axis: Callable[[list[Array]], Axis]


@dataclass(frozen=True, slots=True)
class Curves:
    """One run's curves in one chart: times in seconds, and one array a curve."""

    t_s: Array
    values: tuple[Array, ...]


def curves_of(samples: Sequence[LaneSample], row: Row) -> Curves:
    """At most MOST_POINTS, every one of them a sample."""
    kept = samples[:: max(1, math.ceil(len(samples) / MOST_POINTS))]
    t_s = np.array([one.t_s for one in kept], dtype=np.float64)
    values = tuple(np.array([value(one) for one in kept], dtype=np.float64) for value in row.values)
    return Curves(t_s, values)


def _largest(arrays: Iterable[Array], least: float = 0.0) -> float:
    finite = [one[np.isfinite(one)] for one in arrays]
    return max((float(np.max(one)) for one in finite if one.size), default=least)


def _throughput_axis(arrays: list[Array]) -> Axis:
    return linear_axis(round_up(_largest(arrays), 10.0))


def _latency_axis(arrays: list[Array]) -> Axis:
    low, high = LATENCY_DECADES
    return latency_axis(low, max(high, math.ceil(_largest(arrays))))


def _error_axis(arrays: list[Array]) -> Axis:
    duplicates = round_up(_largest(arrays), 1.0)
    lost = round_up(_largest([-one for one in arrays]), 1.0)
    return error_axis(lost, duplicates)


ROWS: tuple[Row, ...] = (
    Row("Throughput, events/s", (lambda one: one.delivered_eps,), _throughput_axis),
    Row("Latency p99", (lambda one: log_ns(one.latency_p99_ns),), _latency_axis),
    Row(
        "Error: duplicates up, lost down",
        (lambda one: float(one.duplicates_total), lambda one: -float(one.lost_total)),
        _error_axis,
    ),
)


class CompareChart(QWidget):
    """Two runs of one lane in one row of charts."""

    SIZE = QSize(150, 120)

    def __init__(self, slug: str, row: Row) -> None:
        super().__init__()
        self._slug = slug
        self._row = row
        self._a = self._b = Curves(np.zeros(0), ())
        self._axis = linear_axis(1.0)
        self._time = time_axis(0.0, 1.0, None)
        self._theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(f"{row.title}, run A and run B")

    def sizeHint(self) -> QSize:  # noqa: N802
        """What is more comes from the layout."""
        return self.SIZE

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """As the hint."""
        return self.SIZE

    def show_curves(self, a: Curves, b: Curves, axis: Axis, end_s: float) -> None:
        """Both runs on ranges that all lanes share."""
        self._a, self._b, self._axis = a, b, axis
        self._time = time_axis(0.0, max(end_s, 0.1), None)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Rules, curves, words."""
        del event
        inside = QRectF(self.rect()).adjusted(LEFT_PX, TOP_PX, -RIGHT_PX, -BOTTOM_PX)
        with QPainter(self) as painter:
            font = painter.font()
            font.setPixelSize(type_px(self, 10))
            painter.setFont(font)
            self._paint_rules(painter, inside)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipRect(inside)
            self._paint_run(painter, inside, self._b, QPen(QColor(self._theme.text), 1.2), DASHES)
            self._paint_run(
                painter, inside, self._a, QPen(QColor(self._theme.lane(self._slug)), 1.8), None
            )

    def _paint_rules(self, painter: QPainter, inside: QRectF) -> None:
        rule, ink = QPen(QColor(self._theme.grid), 1), QPen(QColor(self._theme.muted))
        painter.setPen(ink)
        title = QRectF(inside.left(), 0, inside.width(), TOP_PX)
        painter.drawText(title, Qt.AlignmentFlag.AlignVCenter, self._row.title)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for tick in self._axis.ticks:
            y = inside.bottom() - self._axis.fraction(tick.value) * inside.height()
            painter.setPen(rule)
            painter.drawLine(QPointF(inside.left(), y), QPointF(inside.right(), y))
            painter.setPen(ink)
            painter.drawText(QRectF(0, y - 8, LEFT_PX - 5, 16), right, tick.label)
        for tick in self._time.ticks:
            x = inside.left() + self._time.fraction(tick.value) * inside.width()
            painter.drawText(
                QRectF(x - 30, inside.bottom() + 2, 60, BOTTOM_PX - 2),
                Qt.AlignmentFlag.AlignHCenter, tick.label,
            )  # fmt: skip

    def _paint_run(
        self, painter: QPainter, inside: QRectF, run: Curves, pen: QPen, dashes: list[float] | None
    ) -> None:
        if dashes is not None:
            pen.setDashPattern(dashes)
        painter.setPen(pen)
        x = inside.left() + run.t_s / self._time.high * inside.width()
        for values in run.values:
            share = (values - self._axis.low) / (self._axis.high - self._axis.low)
            y = inside.bottom() - share * inside.height()
            for points in _pieces(x, y):
                painter.drawPolyline(points)


def _pieces(x: Array, y: Array) -> list[QPolygonF]:
    """Lines between the values that exist."""
    if not x.size:
        return []
    breaks = np.flatnonzero(np.diff(np.isfinite(y).astype(np.int8))) + 1
    pieces = zip(np.split(x, breaks), np.split(y, breaks), strict=True)
    return [
        QPolygonF([QPointF(px, py) for px, py in zip(xs, ys, strict=True)])
        for xs, ys in pieces
        if np.isfinite(ys[0])
    ]
