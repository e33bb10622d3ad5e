"""Each kind of fault as a small sign, so that the list can be read at a glance."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from bench_gui.window.fault_kinds import Stroke

SIZE_PX = 13


def draw_sign(painter: QPainter, place: QRectF, strokes: tuple[Stroke, ...], colour: str) -> None:
    """Draws the strokes into `place`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(colour), place.width() * 0.12)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    for stroke in strokes:
        points = [
            QPointF(place.x() + x * place.width(), place.y() + y * place.height())
            for x, y in stroke
        ]
        painter.drawPolyline(QPolygonF(points))
    painter.restore()


@lru_cache(maxsize=64)
def sign_icon(strokes: tuple[Stroke, ...], colour: str) -> QIcon:
    """The sign as an icon, sharp on dense displays too."""
    icon = QIcon()
    for ratio in (1, 2, 3):
        pixmap = QPixmap(SIZE_PX * ratio, SIZE_PX * ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            inside = QRectF(ratio, ratio, (SIZE_PX - 2) * ratio, (SIZE_PX - 2) * ratio)
            draw_sign(painter, inside, strokes, colour)
        pixmap.setDevicePixelRatio(ratio)
        icon.addPixmap(pixmap)
    return icon
