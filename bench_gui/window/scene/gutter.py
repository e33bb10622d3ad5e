"""The names of the stages beside the lanes' pictures, and what the shapes mean."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bench_gui.window.gutters import GUTTER_WIDTH
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.scene.layout import stages_of
from bench_gui.window.scene.routes import Shape
from bench_gui.window.scene.sprites import draw_shape
from bench_gui.window.widgets import type_px, type_share

HELP = (
    "Events on their way, made of what was counted: a dot is an event (or as many as stand in the "
    "corner), a hollow diamond an event that is delivered again, struck through where the sink "
    "refuses it, a cross an event that is lost. A bar is a partition of the log: from its high "
    "watermark down to the committed offset it is full, which is the lag; beneath that everything "
    "is consumed. Which process a dot passes is a guess; the numbers are not."
)
KEY: tuple[tuple[Shape, str], ...] = (
    (Shape.DOT, "event"),
    (Shape.DIAMOND, "again"),
    (Shape.CROSS, "lost"),
)
MARKS = ("\N{EM DASH} high watermark", "\N{BLACK SQUARE} lag", "\N{EM DASH} committed")
LINE_PX = 13.0


class SceneGutter(QWidget):
    """As high as the pictures beside it, and shared out as they are.

    Args:
        top_px, bottom_px: what the pictures' frames take of the height.
    """

    def __init__(self, top_px: int, bottom_px: int) -> None:
        super().__init__()
        self._theme = LIGHT
        self._edges = (top_px, bottom_px)
        self.setFixedWidth(GUTTER_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setToolTip(f"<p>{HELP}</p>")
        self.setAccessibleName("Stages of a pipeline: producers, log, consumers, result")

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """A name a stage, and the key of the shapes beside the log."""
        del event
        share = type_share(self)
        stages = stages_of(self.height() - sum(self._edges), share)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for name, (top, height) in (
                ("Producers", stages.producers),
                ("Log", stages.log),
                ("Consumers", stages.consumers),
                ("Result", stages.result),
            ):
                low = height if name != "Log" else min(height, LINE_PX * share + 4)
                self._name(painter, name, self._edges[0] + top, low)
            self._key(painter, self._edges[0] + stages.log[0], stages.log[1], share)

    def _name(self, painter: QPainter, name: str, top: float, height: float) -> None:
        painter.setFont(self._font(11, bold=True))
        painter.setPen(QColor(self._theme.text))
        room = QRectF(2, top, self.width() - 4, height)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)

    def _key(self, painter: QPainter, top: float, height: float, share: float) -> None:
        line = LINE_PX * share
        painter.setFont(self._font(10))
        room = int((height - line - 4) // line)
        if room < len(KEY):
            return
        y = top + line + 6
        for shape, word in KEY:
            draw_shape(
                painter, QPointF(9, y + line / 2), shape, self._theme.muted, self._theme.window
            )
            self._write(painter, 20, y, word, line)
            y += line
        for words in MARKS if room >= len(KEY) + len(MARKS) else ():
            self._write(painter, 3, y, words, line)
            y += line

    def _write(self, painter: QPainter, x: float, y: float, words: str, line: float) -> None:
        painter.setPen(QColor(self._theme.muted))
        room = QRectF(x, y, self.width() - x, line)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def _font(self, pixels: int, *, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(type_px(self, pixels))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font
