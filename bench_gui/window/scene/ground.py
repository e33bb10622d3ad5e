"""What of a lane's picture stands still between two snapshots: pipes, boxes, numbers."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from bench_gui.window.palette import blended
from bench_gui.window.scene.layout import Layout, Rect
from bench_gui.window.scene.lives import SlotView
from bench_gui.window.scene.model import Picture
from bench_gui.window.scene.sprites import CENTRED, SMALL_PX, USUAL_PX, Sprites
from bench_gui.window.scene.words import (
    more_words,
    result_word,
    short_number,
)
from workers.lanes import Lane

RATE_LEAST_PX = 14.0
"""A gap lower than this has no room for a rate in words."""
RATE_BAR_PX = 3.0


def box_of(rect: Rect) -> QRectF:
    """For Qt."""
    return QRectF(rect.x, rect.y, rect.w, rect.h)


class Ground:
    """Paints it."""

    def __init__(self, lane: Lane, sprites: Sprites) -> None:
        self._lane = lane
        self._sprites = sprites

    def paint(self, painter: QPainter, layout: Layout, picture: Picture, *, reduced: bool) -> None:
        """Everything that does not move.

        Args:
            reduced: rates in numbers stand where events would move.
        """
        painter.fillRect(
            QRectF(0, 0, layout.width, layout.height), QColor(self._sprites.theme.card)
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._pipes(painter, layout, picture)
        self._log(painter, layout, picture)
        for row, views in (
            (layout.producers, picture.producers),
            (layout.consumers, picture.consumers),
        ):
            for view, place in zip(views, row.boxes, strict=False):
                if view.arrival is None:
                    self._slot(painter, place, view, layout.stages.lines)
            if row.more is not None:
                self._more(painter, row.more, views, row.left_over)
        self._result(painter, layout, picture)
        if reduced and picture.started:
            self._rates(painter, layout, picture)

    def _pipes(self, painter: QPainter, layout: Layout, picture: Picture) -> None:
        """From every producer to the log, from every bar to its home, from there to the result."""
        theme = self._sprites.theme
        painter.setPen(QPen(QColor(blended(theme.faint, theme.card, 0.55)), 1))
        log, result = layout.log, layout.result
        for box in layout.producers.boxes:
            for bar in layout.bars or (log,):
                painter.drawLine(QPointF(box.middle, box.bottom), QPointF(bar.middle, log.y))
        homes = max(len(picture.consumers), 1)
        for number, bar in enumerate(layout.bars or (log,)):
            for slot in range(homes) if not layout.bars else (number % homes,):
                home = layout.consumers.place(slot)
                painter.drawLine(QPointF(bar.middle, log.bottom), QPointF(home.middle, home.y))
        for box in layout.consumers.boxes:
            painter.drawLine(QPointF(box.middle, box.bottom), QPointF(result.middle, result.y))

    def _slot(self, painter: QPainter, place: Rect, view: SlotView, lines: int) -> None:
        sprite = self._sprites.slot(view, place.w, place.h, lines)
        painter.drawPixmap(QPointF(round(place.x), round(place.y)), sprite)

    def _more(
        self, painter: QPainter, place: Rect, views: tuple[SlotView, ...], left_over: int
    ) -> None:
        theme = self._sprites.theme
        painter.setPen(QPen(QColor(theme.muted), 1.2, Qt.PenStyle.DotLine))
        painter.setBrush(QColor(theme.card))
        painter.drawRoundedRect(box_of(place).adjusted(1, 1, -1, -1), 4, 4)
        many, how = more_words(views, left_over)
        usual = QFontMetricsF(self._sprites.font(USUAL_PX))
        many = many if usual.horizontalAdvance(many) < place.w - 2 else f"+{left_over}"
        halves = self._halves(place) if place.h > 30 else (box_of(place), None)
        self._write(painter, halves[0], many, theme.text, USUAL_PX)
        if halves[1] is not None:
            self._write(painter, halves[1], how, theme.muted, SMALL_PX)

    @staticmethod
    def _halves(place: Rect) -> tuple[QRectF, QRectF]:
        half = place.h / 2
        return (
            QRectF(place.x, place.y + 2, place.w, half - 2),
            QRectF(place.x, place.y + half - 1, place.w, half - 1),
        )

    def _log(self, painter: QPainter, layout: Layout, picture: Picture) -> None:
        theme = self._sprites.theme
        if not layout.bars:
            painter.setPen(QPen(QColor(theme.faint), 1.2))
            painter.setBrush(QColor(theme.panel))
            painter.drawRoundedRect(box_of(layout.log), 4, 4)
            words = f"log  {short_number(picture.counts.appended)}   lag {picture.lag:,}"
            self._write(painter, box_of(layout.log), words, theme.text, USUAL_PX)
            return
        painter.setPen(QPen(QColor(theme.faint), 1))
        painter.setBrush(QColor(theme.panel))
        for bar in layout.bars:
            painter.drawRect(box_of(bar))
        if layout.written and picture.started:
            self._offsets(painter, layout, picture)

    def _offsets(self, painter: QPainter, layout: Layout, picture: Picture) -> None:
        theme = self._sprites.theme
        pitch = layout.log.w / len(layout.bars)
        line = layout.bars[0].y - layout.log.y
        for one, bar in zip(picture.partitions, layout.bars, strict=False):
            for number, top, ink in (
                (one.high_watermark, bar.y - line, theme.text),
                (one.committed_offset, bar.bottom, theme.text),
            ):
                room = QRectF(bar.middle - pitch / 2, top, pitch, line)
                self._write(painter, room, short_number(number), ink, SMALL_PX)

    def _result(self, painter: QPainter, layout: Layout, picture: Picture) -> None:
        theme = self._sprites.theme
        place = box_of(layout.result).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(self._sprites.colour), 1.4))
        painter.setBrush(QColor(blended(self._sprites.colour, theme.card, 0.12)))
        painter.drawRect(place)
        word = result_word(self._lane)
        number = f"{picture.counts.effects:,}" if picture.started else "\N{EN DASH}"
        bold = self._sprites.font(USUAL_PX + 1, bold=True)
        both = f"{word}  {number}"
        if QFontMetricsF(bold).horizontalAdvance(both) > place.width() - 6:
            both = number
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        painter.drawText(place, CENTRED, both)
        if layout.doubt is not None:
            self._doubt(painter, layout.doubt, picture)

    def _doubt(self, painter: QPainter, place: Rect, picture: Picture) -> None:
        """What is prepared and not decided: filled while there was any."""
        theme = self._sprites.theme
        box = box_of(place).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(self._sprites.colour), 1.4, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(theme.line if picture.in_doubt else theme.card))
        painter.drawRect(box)
        small = QFontMetricsF(self._sprites.font(SMALL_PX))
        words = "in doubt" if small.horizontalAdvance("in doubt") < box.width() - 2 else "doubt"
        self._write(painter, box, words, theme.text if picture.in_doubt else theme.muted,
                    SMALL_PX)  # fmt: skip

    def _rates(self, painter: QPainter, layout: Layout, picture: Picture) -> None:
        """With reduced motion: a bar and a number where events would move."""
        most = max(picture.rates.appended, picture.rates.delivered, 1.0)
        stages = layout.stages
        for rate, top, bottom in (
            (picture.rates.appended, sum(stages.producers), stages.log[0]),
            (picture.rates.delivered, sum(stages.log), stages.consumers[0]),
            (picture.rates.delivered, sum(stages.consumers), stages.result[0]),
        ):
            width = max(layout.width * 0.4 * rate / most, 1.0)
            y = (top + bottom) / 2
            bar = QRectF((layout.width - width) / 2, y - RATE_BAR_PX / 2, width, RATE_BAR_PX)
            worded = bottom - top >= RATE_LEAST_PX
            if worded:
                bar.moveTop(bottom - RATE_BAR_PX - 1)
                self._label(painter, layout.width / 2, (top + bottom) / 2 - 2, f"{rate:,.0f}/s")
            painter.fillRect(bar, QColor(self._sprites.colour))

    def _label(self, painter: QPainter, x: float, y: float, words: str) -> None:
        theme = self._sprites.theme
        metrics = QFontMetricsF(self._sprites.font(SMALL_PX))
        width, height = metrics.horizontalAdvance(words) + 8, metrics.height()
        room = QRectF(x - width / 2, y - height / 2, width, height)
        painter.fillRect(room, QColor(theme.card))
        self._write(painter, room, words, theme.text, SMALL_PX)

    def _write(self, painter: QPainter, room: QRectF, text: str, ink: str, pixels: float) -> None:
        font = self._sprites.font(pixels)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, CENTRED, shown)
