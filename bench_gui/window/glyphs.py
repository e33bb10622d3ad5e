"""Each lane's own shape, so that no one needs the colour to tell lanes apart."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from bench_gui.shapes import Corners, shape_of


def draw_glyph(painter: QPainter, place: QRectF, slug: str, colour: str) -> None:
    """Draws the lane's shape into `place`."""
    corners, filled = shape_of(slug)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    if not filled:
        width = place.width() * 0.14
        place = place.adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colour), width))
    if corners:
        painter.drawPolygon(_scaled(corners, place))
    else:
        painter.drawEllipse(place)
    painter.restore()


def _scaled(corners: Corners, place: QRectF) -> QPolygonF:
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

    def show_lane(self, slug: str, colour: str) -> None:
        """Another lane's shape."""
        self._slug = slug
        self.set_colour(colour)

    def set_colour(self, colour: str) -> None:
        """For another theme."""
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draws the shape."""
        del event
        with QPainter(self) as painter:
            draw_glyph(painter, QRectF(self.rect()), self._slug, self._colour)
