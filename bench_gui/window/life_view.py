"""The drawing of an event's life: one row an actor, time from left to right. Painted by hand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QToolTip, QWidget

from bench_gui.bench import faults
from bench_gui.bench.lifeline.model import LifeEvent, LifeKind, Lifeline
from bench_gui.window.fault_kinds import KINDS
from bench_gui.window.fault_signs import draw_sign
from bench_gui.window.life_layout import Actor, Drawing, Mark, Shape, lay_out
from bench_gui.window.palette import LIGHT, Theme, blended
from workers.lanes import Anomaly, lane_of

NAMES_PX = 172
ROW_LEAST_PX = 36
ROW_MOST_PX = 62
AXIS_PX = 30
TOP_PX = 8
MARK_PX = 9.0
SIGN_PX = 15.0
WORDS_PX = 10
NOT_TO_SCALE = "in order, not to scale"
NOTHING = "No moment of this event's life is on record."

SIGNS: dict[LifeKind, str] = {
    LifeKind.ENDED: faults.KILL,
    LifeKind.PAUSED: faults.PAUSE,
    LifeKind.EXPIRED: faults.EXPIRY,
    LifeKind.REQUEST_LOST: faults.REQUEST_LOSS,
    LifeKind.ACK_LOST: faults.ACK_LOSS,
}


class LifeView(QWidget):
    """Signals:
    picked: the place of an entry that was clicked.
    """

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("life-view")
        self.setAccessibleName("Life of the event, drawn; the list beneath says the same")
        self._theme = LIGHT
        self._life: Lifeline | None = None
        self._drawing = Drawing()
        self._chosen: int | None = None

    @property
    def drawing(self) -> Drawing:
        """What is drawn."""
        return self._drawing

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self.update()

    def show_life(self, life: Lifeline | None) -> None:
        """Another life, or none."""
        self._life, self._chosen = life, None
        metrics = QFontMetricsF(self._font(WORDS_PX))
        self._drawing = Drawing() if life is None else lay_out(life, metrics.horizontalAdvance)
        self.setMinimumSize(self.sizeHint())
        self.updateGeometry()
        self.update()

    def choose(self, entry: int | None) -> None:
        """Shows which entry is meant."""
        self._chosen = entry
        self.update()

    def x_of(self, entry: int) -> int | None:
        """Where an entry stands, None when it is not drawn."""
        return next((NAMES_PX + int(m.x) for m in self._drawing.marks if m.entry == entry), None)

    def sizeHint(self) -> QSize:  # noqa: N802
        """As large as its life."""
        rows = max(len(self._drawing.actors), 3)
        width = NAMES_PX + int(self._drawing.width)
        return QSize(max(width, 400), TOP_PX + rows * ROW_LEAST_PX + AXIS_PX)

    @property
    def _row_px(self) -> float:
        """Rows share the height that there is, up to a point."""
        room = (self.height() - TOP_PX - AXIS_PX) / max(len(self._drawing.actors), 1)
        return min(max(room, ROW_LEAST_PX), ROW_MOST_PX)

    @property
    def _left(self) -> float:
        """Where the visible part begins: names stay there when the drawing is scrolled."""
        return float(max(-self.x(), 0))

    # what the mouse says

    def _at(self, place: QPointF) -> Mark | None:
        """The mark whose arrow or words lie there."""
        near = [mark for mark in self._drawing.marks if self._place_of(mark).contains(place)]
        return min(near, key=lambda mark: abs(place.x() - NAMES_PX - mark.x), default=None)

    def _place_of(self, mark: Mark) -> QRectF:
        reach = self._row_px / 2
        ends = [self._y(mark.row), self._y(mark.row if mark.other is None else mark.other)]
        top, bottom = min(ends) - reach, max(ends) + reach
        return QRectF(NAMES_PX + mark.x - 12, top, 92, bottom - top)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Picks what is clicked."""
        mark = self._at(event.position())
        if mark is not None:
            self.picked.emit(mark.entry)

    def event(self, event: QEvent) -> bool:
        """Says all about what is under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            mark = self._at(QPointF(event.pos()))
            text = ""
            if mark is not None and self._life is not None:
                text = in_words(self._life.entries[mark.entry])
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Rows, lives of processes, arrows, marks, times."""
        del event
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._theme.card))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._life is None or not self._drawing.marks:
                self._draw_nothing(painter)
                return
            self._draw_chosen(painter)
            self._draw_rows(painter)
            self._draw_spans(painter)
            for mark in self._drawing.marks:
                self._draw_arrow(painter, mark)
            for mark in self._drawing.marks:
                self._draw_mark(painter, mark)
            self._draw_axis(painter)
            self._draw_names(painter)
            if not self.isEnabled():
                painter.fillRect(self.rect(), QColor(f"#A0{self._theme.card[1:]}"))

    def _font(self, pixels: int, *, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

    def _y(self, row: int) -> float:
        return TOP_PX + (row + 0.5) * self._row_px + 4

    def _draw_nothing(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._theme.muted))
        if self._life is not None:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, NOTHING)

    def _draw_chosen(self, painter: QPainter) -> None:
        for mark in self._drawing.marks:
            if mark.entry == self._chosen:
                band = QRectF(NAMES_PX + mark.x - 13, 0, 26, self._axis_y)
                painter.fillRect(band, QColor(blended(self._theme.text, self._theme.card, 0.1)))

    @property
    def _axis_y(self) -> float:
        return TOP_PX + len(self._drawing.actors) * self._row_px + 8

    def _draw_rows(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self._theme.grid), 1))
        for row in range(len(self._drawing.actors)):
            y = self._y(row)
            painter.drawLine(QPointF(NAMES_PX, y), QPointF(self.width(), y))

    def _draw_names(self, painter: QPainter) -> None:
        place = QRectF(self._left, 0, NAMES_PX - 6, self.height())
        painter.fillRect(place, QColor(self._theme.card))
        for row, actor in enumerate(self._drawing.actors):
            self._draw_name(painter, self._y(row), actor)
        painter.setPen(QColor(self._theme.muted))
        painter.setFont(self._font(WORDS_PX))
        painter.drawText(QPointF(self._left + 12, self._axis_y + 15), NOT_TO_SCALE)

    def _draw_name(self, painter: QPainter, y: float, actor: Actor) -> None:
        x = self._left + 12
        painter.setPen(QColor(self._theme.text))
        painter.setFont(self._font(12, bold=True))
        painter.drawText(QPointF(x, y - 1 if actor.subtitle else y + 4), actor.title)
        painter.setPen(QColor(self._theme.muted))
        painter.setFont(self._font(WORDS_PX))
        painter.drawText(QPointF(x, y + 12), actor.subtitle)

    def _draw_spans(self, painter: QPainter) -> None:
        """A process's line is thick while it lives."""
        for span in self._drawing.spans:
            pen = QPen(QColor(blended(self._theme.text, self._theme.card, 0.3)), 3)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            y, left = self._y(span.row), NAMES_PX + span.from_x - 10
            painter.drawLine(QPointF(left, y), QPointF(NAMES_PX + span.to_x, y))

    def _draw_arrow(self, painter: QPainter, mark: Mark) -> None:
        if mark.other is None or mark.other == mark.row:
            return
        x = NAMES_PX + mark.x
        start, end = self._y(mark.row), self._y(mark.other)
        if mark.inward:
            start, end = end, start
        ink = QColor(self._ink(mark))
        painter.setPen(QPen(ink, 1.4))
        down = 1 if end > start else -1
        tip = end - down * (MARK_PX / 2 + 1)
        painter.drawLine(QPointF(x, start), QPointF(x, tip - down * 3))
        painter.setBrush(ink)
        painter.setPen(Qt.PenStyle.NoPen)
        back = tip - down * 6
        painter.drawPolygon(
            QPolygonF([QPointF(x, tip), QPointF(x - 3.5, back), QPointF(x + 3.5, back)])
        )

    def _ink(self, mark: Mark) -> str:
        """The lane's colour for what became of the event; ink for what befell a process."""
        assert self._life is not None
        if mark.shape is Shape.SIGN:
            return self._theme.text
        forbidden = Anomaly.DUPLICATE in lane_of(self._life.lane).forbidden
        if mark.shape is Shape.DOUBLE and forbidden:
            return self._theme.alarm
        return self._theme.lane(self._life.lane)

    def _draw_mark(self, painter: QPainter, mark: Mark) -> None:
        assert self._life is not None
        place = QPointF(NAMES_PX + mark.x, self._y(mark.row))
        ink = QColor(self._ink(mark))
        if mark.shape is Shape.SIGN:
            side = SIGN_PX / 2
            box = QRectF(place - QPointF(side, side), place + QPointF(side, side))
            painter.fillRect(box, QColor(self._theme.card))
            kind = KINDS[SIGNS[self._life.entries[mark.entry].kind]]
            draw_sign(painter, box, kind.sign, ink.name())
        else:
            self._draw_shape(painter, place, mark, ink)
            if mark.other is not None and mark.other != mark.row:
                painter.setBrush(QColor(self._theme.card))
                painter.setPen(QPen(ink, 1.4))
                painter.drawEllipse(QPointF(place.x(), self._y(mark.other)), 3.0, 3.0)
        self._draw_words(painter, mark)

    def _draw_shape(self, painter: QPainter, place: QPointF, mark: Mark, ink: QColor) -> None:
        radius = MARK_PX / 2
        hollow = mark.shape in {Shape.RING, Shape.REFUSED}
        painter.setPen(QPen(ink, 1.6))
        painter.setBrush(QColor(self._theme.card) if hollow else ink)
        if mark.shape is Shape.DIAMOND:
            corners = ((0, -radius - 1), (radius + 1, 0), (0, radius + 1), (-radius - 1, 0))
            painter.drawPolygon(QPolygonF([place + QPointF(x, y) for x, y in corners]))
            return
        painter.drawEllipse(place, radius, radius)
        if mark.shape is Shape.DOUBLE:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(place, radius + 3, radius + 3)
        if mark.shape is Shape.REFUSED:
            painter.drawLine(place + QPointF(-3, 3), place + QPointF(3, -3))

    def _draw_words(self, painter: QPainter, mark: Mark) -> None:
        painter.setFont(self._font(WORDS_PX, bold=mark.decisive))
        metrics = QFontMetricsF(painter.font())
        y = self._y(mark.row) - 13
        place = QRectF(
            NAMES_PX + mark.x + 8, y - 6.5, metrics.horizontalAdvance(mark.label) + 8, 14
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.text if mark.decisive else self._theme.card))
        painter.drawRoundedRect(place, 3, 3)
        painter.setPen(QColor(self._theme.card if mark.decisive else self._theme.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, mark.label)

    def _draw_axis(self, painter: QPainter) -> None:
        y = self._axis_y
        painter.setFont(self._font(WORDS_PX))
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawLine(QPointF(NAMES_PX, y), QPointF(self.width(), y))
        painter.setPen(QColor(self._theme.muted))
        for moment in self._drawing.moments:
            x = NAMES_PX + moment.x
            painter.drawLine(QPointF(x, y), QPointF(x, y + 3))
            painter.drawText(QPointF(x - 6, y + 15), moment.label)


def in_words(entry: LifeEvent) -> str:
    """All about an entry."""
    when = "" if entry.t_s is None else f"{entry.t_s:.6f} s: "
    who = "" if entry.who is None else f" by {entry.who}"
    where = f", {entry.where}" if entry.where else ""
    more = f": {entry.text}" if entry.text else ""
    fault = f" [fault {entry.fault_id}]" if entry.fault_id is not None else ""
    return f"{when}{entry.kind.value}{who}{where}{more}{fault}"
