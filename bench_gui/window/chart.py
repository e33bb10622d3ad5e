"""One chart as a widget: its picture, what moves over it, and a few words in its corner."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.canvas import Canvas, Pointer
from bench_gui.window.fault_kinds import fault_length_s
from bench_gui.window.palette import LIGHT, Theme, blended
from bench_gui.window.picture import EMPTY, Drawing
from bench_gui.window.widgets import type_px

MARGIN_PX = 4
"""Above and below each chart; the gutter beside it keeps the same."""

WORDS_PX, BESIDE_SCALE_PX = 7, 50
"""Where the words begin, from the left edge."""


class ReadOut(QLabel):
    """A few words on a chart. Painted here: it is painted with every frame, and a stylesheet's way
    takes three times as long."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("part", "readout")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._strong = False
        self.set_theme(LIGHT)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._ground, self._ink = QColor(theme.card), QColor(theme.text)
        self._strong_ground = QColor(blended(theme.text, theme.card, 0.14))

    def say(self, text: str, *, strong: bool = False) -> None:
        """Other words; hidden when there are none.

        Args:
            strong: on another ground, since they are not about now.
        """
        if text != self.text() or strong != self._strong:
            self._strong = strong
            self.setText(text)
            self.adjustSize()
            self.setVisible(bool(text))
            self.update()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """The words may be larger now."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self.adjustSize()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The words on their ground."""
        del event
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._strong_ground if self._strong else self._ground)
            painter.setPen(self._ink)
            painter.drawText(self.contentsRect(), Qt.AlignmentFlag.AlignVCenter, self.text())


class Chart(QWidget):
    """Lines of one lane over a range and a stretch of time.

    Args:
        slug: the lane. pointer: told what the mouse does.
        curves: how many; the first is drawn on top in the lane's colour, the others paler beneath
            it, unless `equal`.
        equal: every line in the lane's full colour.
    """

    def __init__(self, slug: str, pointer: Pointer, curves: int, *, equal: bool = False) -> None:
        super().__init__()
        self._slug = slug
        self._curves = curves
        self._equal = equal
        self._newest = ("", "")
        self._at_cursor: tuple[str, str] | None = None
        self.canvas = Canvas(pointer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, MARGIN_PX, 1, MARGIN_PX)
        layout.addWidget(self.canvas)
        self._readout = ReadOut(self)
        self._readout.move(QPoint(WORDS_PX, MARGIN_PX))
        self.setMinimumHeight(34)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        lane = theme.lane(self._slug)
        pale = lane if self._equal else blended(lane, theme.card, 0.45)
        self.canvas.set_colours(theme, (lane, *(pale,) * (self._curves - 1)))
        self._readout.set_theme(theme)

    def set_line_px(self, pixels: int) -> None:
        """How wide the lines are."""
        self.canvas.picture.set_line_px(pixels)
        self.canvas.update()

    def highlight(self, fault: FaultReport | None, *, own: bool) -> None:
        """Marks a fault's moment, and if it is the lane's `own` what followed until its end."""
        self.canvas.highlight(stretch_of(fault, own=own))

    def draw(self, drawing: Drawing) -> None:
        """Another drawing."""
        self.canvas.show_drawing(drawing)

    def show_scale(self, shown: bool) -> None:
        """Whether the range's labels stand in the chart; the words then stand beside them."""
        self.canvas.show_scale(shown)
        self._place_words()

    def _place_words(self) -> None:
        """In the corner, or beside an own scale as far as there is room."""
        beside = type_px(self, BESIDE_SCALE_PX) if self.canvas.scale_shown else WORDS_PX
        room = self.width() - self._readout.width()
        self._readout.move(QPoint(max(min(beside, room), 1), MARGIN_PX))

    def read_out(self, text: str, brief: str = "") -> None:
        """The newest value in words, in the corner; `brief` where there is no room for them."""
        self._newest = text, brief
        self._say()

    def read_at_cursor(self, text: str | None, brief: str = "") -> None:
        """The value at the crosshair in words, in the place of the newest; None for none."""
        self._at_cursor = None if text is None else (text, brief)
        self._say()

    def _say(self) -> None:
        strong = self._at_cursor is not None
        text, brief = self._at_cursor or self._newest
        room = self.width() - (type_px(self, BESIDE_SCALE_PX) if self.canvas.scale_shown else 2)
        wide = self._readout.fontMetrics().horizontalAdvance(text) > room - WORDS_PX
        self._readout.say(brief if wide and brief else text, strong=strong)
        self._place_words()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """More or less room for words."""
        super().resizeEvent(event)
        self._say()

    @property
    def words(self) -> str:
        """What stands in the corner."""
        return self._readout.text()

    def clear(self) -> None:
        """Empties it."""
        self._at_cursor = None
        self.read_out("")
        self.canvas.show_drawing(EMPTY)


def stretch_of(fault: FaultReport | None, *, own: bool) -> tuple[float, float, bool] | None:
    """What of a fault is marked: from when until when, and whether strongly."""
    if fault is None:
        return None
    return fault.t_s, fault.t_s + fault_length_s(fault), own
