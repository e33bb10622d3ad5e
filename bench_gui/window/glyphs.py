"""Each lane's own shape, so that no one needs the colour to tell lanes apart."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

TRIANGLE_DOWN = ((0.0, 0.1), (1.0, 0.1), (0.5, 0.96))
SQUARE = ((0.08, 0.08), (0.92, 0.08), (0.92, 0.92), (0.08, 0.92))
DIAMOND = ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5))
HEXAGON = ((0.25, 0.07), (0.75, 0.07), (1.0, 0.5), (0.75, 0.93), (0.25, 0.93), (0.0, 0.5))

SHAPES = {
    "at-most-once": TRIANGLE_DOWN,
    "at-least-once": SQUARE,
    "idempotent-consumer": DIAMOND,
}
"""Corners in the unit square, by lane; `exactly-once` is a circle, a lane not named a hexagon."""


def draw_glyph(painter: QPainter, place: QRectF, slug: str, colour: str) -> None:
    """Fills the lane's shape into `place`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    if slug == "exactly-once":
        painter.drawEllipse(place)
    else:
        painter.drawPolygon(_scaled(SHAPES.get(slug, HEXAGON), place))
    painter.restore()


def _scaled(corners: tuple[tuple[float, float], ...], place: QRectF) -> QPolygonF:
    points = [
        QPointF(place.x() + x * place.width(), place.y() + y * place.height()) for x, y in corners
    ]
    return QPolygonF(points)


@lru_cache(maxsize=64)
def glyph_icon(slug: str, colour: str, size: int = 11) -> QIcon:
    """The lane's shape as an icon, sharp on dense displays too."""
    icon = QIcon()
    for ratio in (1, 2, 3):
        pixmap = QPixmap(size * ratio, size * ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            draw_glyph(painter, QRectF(0, 0, size * ratio, size * ratio), slug, colour)
        pixmap.setDevicePixelRatio(ratio)
        icon.addPixmap(pixmap)
    return icon


class Glyph(QWidget):
    """The lane's shape as a widget."""

    SIZE = 12

    def __init__(self, slug: str) -> None:
        super().__init__()
        self._slug = slug
        self._colour = "#808080"
        self.setFixedSize(self.SIZE, self.SIZE)

    def set_colour(self, colour: str) -> None:
        """For another theme."""
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draws the shape."""
        del event
        with QPainter(self) as painter:
            draw_glyph(painter, QRectF(self.rect()), self._slug, self._colour)
