"""Paints a table's cells: a shape, a number, a small bar."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from bench_gui.window.glyphs import draw_glyph
from bench_gui.window.grid.cells import Bar, Cell, Mark
from bench_gui.window.grid.model import PAINT_ROLE
from bench_gui.window.palette import LIGHT, Theme, blended

PAD_PX = 6
SLACK_PX = 4
"""What a text takes is no whole number of pixels, and a style of type may be broader."""
GLYPH_SHARE = 10 / 12
"""Of the type's size."""
GLYPH_ROOM_PX = 24
BAR_ROOM_PX = 46
"""The least that a bar takes."""
BAR_PX = 7
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
LOUD = (Mark.EXPECTED, Mark.FORBIDDEN)
LEAST_HOLLOW_PX = 3
"""A narrower bar would not be seen to be hollow."""


def emphasised(font: QFont) -> QFont:
    """Of numbers that matter."""
    loud = QFont(font)
    loud.setWeight(QFont.Weight.DemiBold)
    return loud


class CellPainter(QStyledItemDelegate):
    """Of both halves of a table."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme

    def width_of(self, cell: Cell, text_px: int) -> int:
        """Pixels that a cell needs, whose text takes so many."""
        bar = BAR_ROOM_PX if cell.bar is not None else 0
        return text_px + SLACK_PX + 2 * PAD_PX + bar + (GLYPH_ROOM_PX if cell.glyph else 0)

    def sizeHint(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """By hand too."""
        cell: Cell = index.data(PAINT_ROLE)[0]
        width = option.fontMetrics.horizontalAdvance(cell.text)
        return QSize(self.width_of(cell, width), option.fontMetrics.height() + 8)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Everything in the cell. What is neither chosen nor last has the view's own ground."""
        cell: Cell
        cell, last, words = index.data(PAINT_ROLE)
        place: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = self._ground(chosen=chosen, last=last)
        if chosen or last:
            painter.fillRect(place, QColor(ground))
        inside = place.adjusted(PAD_PX, 0, -PAD_PX, 0)
        if cell.bar is not None:
            inside = self._paint_bar(painter, inside, cell, cell.bar, ground)
        if cell.glyph:
            size = QFontInfo(option.font).pixelSize() * GLYPH_SHARE
            top = inside.center().y() - size / 2 + 1
            shape = QRectF(inside.left(), top, size, size)
            draw_glyph(painter, shape, cell.lane, self._theme.lane(cell.lane))
            inside.setLeft(round(inside.left() + size + 6))
        self._paint_text(painter, inside, cell, option.font, LEFT if words else RIGHT)

    def _ground(self, *, chosen: bool, last: bool) -> str:
        if chosen:
            return blended(self._theme.text, self._theme.card, 0.1)
        return self._theme.panel if last else self._theme.card

    def _paint_text(
        self, painter: QPainter, place: QRect, cell: Cell, font: QFont, alignment: int
    ) -> None:
        loud = cell.mark in LOUD
        painter.setFont(emphasised(font) if loud else font)
        metrics, text = painter.fontMetrics(), cell.text
        width = metrics.horizontalAdvance(text)
        if width > place.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        if cell.mark is Mark.FORBIDDEN:
            wide, high = min(width, place.width()) + 8, metrics.height() + 2
            left = place.left() - 4 if alignment == LEFT else place.right() - wide + 5
            ground = QRect(left, place.center().y() - high // 2, wide, high)
            painter.fillRect(ground, QColor(self._theme.alarm))
        painter.setPen(QColor(self._ink(cell)))
        painter.drawText(place, alignment, text)

    def _ink(self, cell: Cell) -> str:
        if cell.mark is Mark.PLAIN:
            return self._theme.text
        if cell.mark is Mark.CALM:
            return blended(self._theme.muted, self._theme.card, 0.85)
        if cell.mark is Mark.EXPECTED and cell.lane:
            return self._theme.lane(cell.lane)
        return self._theme.on_alarm if cell.mark is Mark.FORBIDDEN else self._theme.text

    def _paint_bar(
        self, painter: QPainter, place: QRect, cell: Cell, bar: Bar, ground: str
    ) -> QRect:
        """Returns what is left of the place for the number."""
        metrics = painter.fontMetrics()
        number = metrics.horizontalAdvance(cell.text) + 10
        width = max(BAR_ROOM_PX - 6, min(place.width() - number, place.width() * 6 // 10))
        middle, half = place.left() + width / 2, width / 2 - 1
        top = place.center().y() - BAR_PX / 2 + 1
        axis = blended(self._theme.text, ground, 0.3)
        painter.fillRect(QRectF(middle - 0.5, top - 2, 1, BAR_PX + 4), QColor(axis))
        reach = half * bar.wrong
        if reach:
            colour = QColor(self._theme.lane(cell.lane))
            painter.fillRect(QRectF(middle + min(reach, 0.0), top, abs(reach), BAR_PX), colour)
        wide = half * bar.waiting
        if wide >= LEAST_HOLLOW_PX:
            right = middle + min(reach, 0.0)
            left = max(right - wide, place.left() + 0.5)
            painter.setPen(QPen(QColor(self._theme.muted), 1))
            painter.drawRect(QRectF(left, top + 0.5, right - left - 0.5, BAR_PX - 1))
        rest = QRect(place)
        rest.setLeft(round(place.left() + width + 4))
        return rest
