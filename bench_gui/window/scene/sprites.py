"""Small pictures that are painted once and then only copied: shapes, boxes, labels."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap, QPolygonF

from bench_gui.window.palette import LIGHT, Theme, blended
from bench_gui.window.scene.lives import Mood, SlotView
from bench_gui.window.scene.routes import Route, Shape
from bench_gui.window.scene.words import slot_name, slot_words

KEPT = 160
DOT_PX = 7.0
SHAPE_PX = 12.0
SMALL_PX, USUAL_PX = 10.0, 11.0
CENTRED = Qt.AlignmentFlag.AlignCenter


class Sprites:
    """Pictures by what they show, for one lane, theme, type size and display."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, QPixmap] = OrderedDict()
        self.dress(LIGHT, LIGHT.text, QFont(), 1.0, 1.0)

    def dress(
        self, theme: Theme, colour: str, font: QFont, type_share: float, ratio: float
    ) -> None:
        """Other colours or sizes: everything is painted anew.

        Args:
            colour: the lane's. type_share: how many times larger than usual type is.
            ratio: of the display's pixels to those of a size.
        """
        self.theme, self.colour = theme, colour
        self._base, self._type_share, self._ratio = QFont(font), type_share, ratio
        self._kept.clear()

    def font(self, pixels: float, *, bold: bool = False) -> QFont:
        """A type size."""
        font = QFont(self._base)
        font.setPixelSize(max(1, round(pixels * self._type_share)))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

    def _painted(
        self, key: Hashable, size: QSize, paint: Callable[[QPainter, QRectF], None]
    ) -> QPixmap:
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        picture = QPixmap(size * self._ratio)
        picture.setDevicePixelRatio(self._ratio)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint(painter, QRectF(0, 0, size.width(), size.height()))
        self._kept[key] = picture
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return picture

    def shape(self, route: Route, *, struck: bool = False) -> QPixmap:
        """An event of a route; `struck` when it was refused."""
        side = round(SHAPE_PX + 4)

        def paint(painter: QPainter, place: QRectF) -> None:
            draw_shape(painter, place.center(), route.shape, self.colour, self.theme.card)
            if struck:
                strike(painter, place.center(), self.theme.text)

        return self._painted((route.shape, struck), QSize(side, side), paint)

    def slot(self, view: SlotView, width: float, height: float, lines: int) -> QPixmap:
        """A slot's box with its process."""
        worker = view.worker
        key = (worker.role, worker.slot, worker.pid, worker.state, worker.step, width, height)
        return self._painted(
            key,
            QSize(round(width), round(height)),
            lambda painter, place: self._paint_slot(painter, place, view, lines),
        )

    def _paint_slot(self, painter: QPainter, place: QRectF, view: SlotView, lines: int) -> None:
        theme = self.theme
        box = place.adjusted(1, 1, -1, -1)
        alive = view.mood is Mood.UP
        edge = self.colour if alive else theme.muted
        pen = QPen(QColor(edge), 1.4)
        if view.mood is Mood.EMPTY:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(
            QColor(theme.line if view.mood is Mood.PAUSED else theme.card)
            if view.mood is not Mood.EMPTY
            else Qt.BrushStyle.NoBrush
        )
        painter.drawRoundedRect(box, 4, 4)
        if view.mood is Mood.PAUSED:
            box = self._paint_bars(painter, box)
        painter.setPen(QColor(theme.text if alive else theme.muted))
        self._write_slot(painter, box.adjusted(3, 0, -3, 0), view, lines)

    def _paint_bars(self, painter: QPainter, box: QRectF) -> QRectF:
        """Two bars at the left of a paused one. Returns the room that is left."""
        height = min(box.height() * 0.5, 12.0)
        for number in range(2):
            bar = QRectF(box.x() + 4 + 4 * number, box.center().y() - height / 2, 2.4, height)
            painter.fillRect(bar, QColor(self.theme.text))
        return box.adjusted(10, 0, 0, 0)

    def _write_slot(self, painter: QPainter, room: QRectF, view: SlotView, lines: int) -> None:
        name, words = slot_name(view), slot_words(view)
        bold = self.font(USUAL_PX, bold=True)
        both = f"{name} {words}"
        fits = QFontMetricsF(bold).horizontalAdvance(both) <= room.width()
        if lines == 1:
            self._write(painter, room, both if fits else name, bold)
            return
        state = "paused" if view.mood is Mood.PAUSED else view.worker.step
        if view.mood not in {Mood.UP, Mood.PAUSED}:
            state = ""
        if fits and not state:
            self._write(painter, room, both, bold)
            return
        upper = QRectF(room.x(), room.y() + 2, room.width(), room.height() / 2 - 2)
        lower = QRectF(room.x(), room.center().y() - 1, room.width(), room.height() / 2 - 1)
        self._write(painter, upper, both if fits else name, bold)
        painter.setPen(QColor(self.theme.muted))
        self._write(painter, lower, state if fits else words, self.font(SMALL_PX))

    @staticmethod
    def _write(painter: QPainter, room: QRectF, text: str, font: QFont) -> None:
        painter.setFont(font)
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, CENTRED, shown)

    def dead(self, pid: int, word: str, width: float, height: float) -> QPixmap:
        """A process that is gone: grey, crossed out, with its pid."""

        def paint(painter: QPainter, place: QRectF) -> None:
            box = place.adjusted(1, 1, -1, -1)
            painter.setPen(QPen(QColor(self.theme.muted), 1.2))
            painter.setBrush(QColor(self.theme.line))
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(QPen(QColor(blended(self.theme.text, self.theme.line, 0.45)), 1.6))
            painter.drawLines(
                [QLineF(box.topLeft(), box.bottomRight()), QLineF(box.topRight(), box.bottomLeft())]
            )
            painter.setPen(QColor(self.theme.text))
            bold = self.font(USUAL_PX, bold=True)
            said = f"{word} {pid}"
            if QFontMetricsF(bold).horizontalAdvance(said) > box.width() - 4:
                said = word
            self._write(painter, box, said, bold)

        key = ("dead", pid, word, width, height)
        return self._painted(key, QSize(round(width), round(height)), paint)

    def label(self, words: str) -> QPixmap:
        """A few words on a ground of ink."""
        font = self.font(USUAL_PX, bold=True)
        metrics = QFontMetricsF(font)
        size = QSize(round(metrics.horizontalAdvance(words)) + 12, round(metrics.height()) + 2)

        def paint(painter: QPainter, place: QRectF) -> None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.text))
            painter.drawRoundedRect(place, 4, 4)
            painter.setPen(QColor(self.theme.card))
            painter.setFont(font)
            painter.drawText(place, CENTRED, words)

        return self._painted(("label", words), size, paint)


def draw_shape(painter: QPainter, middle: QPointF, shape: Shape, colour: str, ground: str) -> None:
    """A dot, a hollow diamond or a cross."""
    if shape is Shape.DOT:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawEllipse(middle, DOT_PX / 2, DOT_PX / 2)
        return
    half = SHAPE_PX / 2 - 1
    if shape is Shape.DIAMOND:
        painter.setPen(QPen(QColor(colour), 2.0))
        painter.setBrush(QColor(ground))
        corners = ((0, -half), (half, 0), (0, half), (-half, 0))
        painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in corners]))
        return
    for ink, width in ((ground, 5.0), (colour, 2.6)):
        painter.setPen(QPen(QColor(ink), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        arm = half - 1
        painter.drawLine(middle + QPointF(-arm, -arm), middle + QPointF(arm, arm))
        painter.drawLine(middle + QPointF(-arm, arm), middle + QPointF(arm, -arm))


def strike(painter: QPainter, middle: QPointF, ink: str) -> None:
    """A line across a shape that was refused."""
    painter.setPen(QPen(QColor(ink), 2.0))
    half = SHAPE_PX / 2 + 1
    painter.drawLine(middle + QPointF(-half, 0), middle + QPointF(half, 0))
