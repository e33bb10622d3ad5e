"""What of a lane's picture moves: bars that fill, shapes on their way, deaths and arrivals."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from bench_gui.window.palette import blended
from bench_gui.window.scene.ground import box_of
from bench_gui.window.scene.layout import Layout, Rect, Row
from bench_gui.window.scene.lives import DEATH_S, STANDS_S, SlotView
from bench_gui.window.scene.model import DotView, PartitionView, Picture, Telling
from bench_gui.window.scene.paths import STOPS_AT, place_of
from bench_gui.window.scene.routes import Route
from bench_gui.window.scene.sprites import Sprites
from bench_gui.window.scene.words import telling_words

HEAD_ROOM = 0.08
"""Share of a bar above the high watermark."""
TICKS = 4
SLIDE_PX = 34.0
SLIDE_SHARE = 0.35
"""The part of an arrival in which the box comes in; after it a ring goes out."""
STANDS = STANDS_S / DEATH_S
FALL_PX = 40.0
RING_PX = 9.0


class Motion:
    """Paints it over the ground."""

    def __init__(self, sprites: Sprites) -> None:
        self._sprites = sprites

    def paint(
        self, painter: QPainter, layout: Layout, picture: Picture, span: float, *, reduced: bool
    ) -> None:
        """Everything that moves.

        Args:
            span: offsets from a bar's head to its foot, above 0.
            reduced: deaths and arrivals are marks that stand still.
        """
        if picture.started:
            for one, bar in zip(picture.partitions, layout.bars, strict=False):
                self._bar(painter, bar, one, span)
        for dot in picture.dots:
            self._dot(painter, layout, dot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, views in (
            (layout.producers, picture.producers),
            (layout.consumers, picture.consumers),
        ):
            self._row(painter, row, views, layout.stages.lines, reduced)
        for number, telling in enumerate(picture.tellings):
            self._telling(painter, layout, telling, number)

    def _bar(self, painter: QPainter, bar: Rect, one: PartitionView, span: float) -> None:
        """From the head down: not yet stable, lag, consumed; ticks that go with the offsets."""
        theme, colour = self._sprites.theme, self._sprites.colour
        scale = bar.h * (1 - HEAD_ROOM) / span
        head = bar.y + bar.h * HEAD_ROOM

        def y_of(offset: float) -> float:
            return min(head + (one.high_watermark - offset) * scale, bar.bottom)

        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        stable, committed, first = (
            y_of(one.last_stable_offset), y_of(one.committed_offset), y_of(0),
        )  # fmt: skip
        left, width = bar.x + 1, bar.w - 1
        for top, bottom, share in (
            (head, stable, 0.55),
            (stable, committed, 1.0),
            (committed, first, 0.2),
        ):
            if bottom > top:
                fill = colour if share == 1.0 else blended(colour, theme.card, share)
                painter.fillRect(QRectF(left, top, width, bottom - top), QColor(fill))
        self._ticks(painter, bar, one.high_watermark, span, head, first)
        ink = QColor(theme.text)
        painter.fillRect(QRectF(bar.x - 2, head - 1, bar.w + 4, 2), ink)
        if committed < bar.bottom:
            painter.fillRect(QRectF(bar.x - 2, committed - 1, bar.w + 4, 2), ink)
        if stable - head > 2:
            painter.setPen(QPen(ink, 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(bar.x, stable), QPointF(bar.x + bar.w, stable))

    def _ticks(
        self, painter: QPainter, bar: Rect, high: float, span: float, head: float, first: float
    ) -> None:
        step = span / TICKS
        scale = bar.h * (1 - HEAD_ROOM) / span
        offset = (high // step) * step
        ink = QColor(self._sprites.theme.card)
        while offset > 0 and high - offset < span:
            y = head + (high - offset) * scale
            if y < first:
                painter.fillRect(QRectF(bar.x + 1, y, bar.w - 1, 1), ink)
            offset -= step

    def _dot(self, painter: QPainter, layout: Layout, dot: DotView) -> None:
        x, y = place_of(layout, dot)
        struck = dot.route is Route.REFUSED and dot.way >= STOPS_AT
        sprite = self._sprites.shape(dot.route, struck=struck)
        half = sprite.deviceIndependentSize().width() / 2
        painter.drawPixmap(QPointF(x - half, y - half), sprite)

    def _row(
        self, painter: QPainter, row: Row, views: tuple[SlotView, ...], lines: int, reduced: bool
    ) -> None:
        for view, place in zip(views, row.boxes, strict=False):
            if view.death is not None:
                self._death(painter, place, view, reduced)
            if view.arrival:
                self._arrival(painter, place, view, lines, view.arrival, reduced)
        for view in views[len(row.boxes) :]:
            if view.death is not None and row.more is not None:
                self._death(painter, row.more, view, reduced)

    def _arrival(
        self, painter: QPainter, place: Rect, view: SlotView, lines: int, age: float, reduced: bool
    ) -> None:
        """In from the side; then a ring goes out from it."""
        coming = 1.0 if reduced else min(age / SLIDE_SHARE, 1.0)
        eased = 1 - (1 - coming) ** 3
        painter.setOpacity(0.25 + 0.75 * eased)
        sprite = self._sprites.slot(view, place.w, place.h, lines)
        x = place.x - (1 - eased) * SLIDE_PX
        painter.drawPixmap(QPointF(round(x) if coming == 1.0 else x, round(place.y)), sprite)
        painter.setOpacity(1.0)
        if coming < 1.0:
            return
        going = 0.25 if reduced else (age - SLIDE_SHARE) / (1 - SLIDE_SHARE)
        theme = self._sprites.theme
        ink = blended(self._sprites.colour, theme.card, 1 - going * 0.9)
        painter.setPen(QPen(QColor(ink), 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        out = 1.0 + going * RING_PX
        painter.drawRoundedRect(box_of(place).adjusted(-out, -out, out, out), 5, 5)

    def _death(self, painter: QPainter, place: Rect, view: SlotView, reduced: bool) -> None:
        """Crossed out; it stands a moment, then falls and fades."""
        assert view.death is not None
        death = view.death
        falling = 0.0 if reduced else max(0.0, (death.age - STANDS) / (1 - STANDS))
        painter.setOpacity(1.0 - falling**1.5)
        sprite = self._sprites.dead(death.pid, death.word, place.w, place.h)
        painter.drawPixmap(QPointF(round(place.x), place.y + FALL_PX * falling**2), sprite)
        painter.setOpacity(1.0)

    def _telling(self, painter: QPainter, layout: Layout, telling: Telling, number: int) -> None:
        """Beneath the box that it is about, still inside the picture."""
        row = layout.producers if telling.route.before_log else layout.consumers
        place = row.place(telling.slot)
        sprite = self._sprites.label(telling_words(telling))
        size = sprite.deviceIndependentSize()
        x = min(max(place.middle - size.width() / 2, 2.0), layout.width - size.width() - 2)
        y = place.bottom + 1 + (number % 2) * (size.height() + 1)
        painter.setOpacity(min(1.0, (1 - telling.age) * 3))
        painter.drawPixmap(QPointF(round(x), round(y)), sprite)
        painter.setOpacity(1.0)
