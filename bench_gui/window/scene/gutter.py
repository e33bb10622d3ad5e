"""Beside the lanes' pictures: the names of the stages, and what the shapes mean."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bench_gui.window.gutters import GUTTER_WIDTH
from bench_gui.window.palette import LIGHT, Theme, blended
from bench_gui.window.scene.layout import grown, stages_of
from bench_gui.window.scene.routes import Shape
from bench_gui.window.scene.sprites import draw_shape
from bench_gui.window.scene.words import sampling_words
from bench_gui.window.widgets import type_px, type_share

HELP = (
    "Events on their way, made of what was counted: a dot is an event (or as many as are written "
    "here), a hollow diamond an event that is delivered again, struck through where the sink "
    "refuses it, a cross an event that is lost. A bar is a partition of the log: from its high "
    "watermark down to the committed offset it is full, which is the lag; beneath that everything "
    "is consumed. Which process a dot passes is a guess; the numbers are not."
)
SHAPES: tuple[tuple[Shape, str], ...] = (
    (Shape.DOT, "event"),
    (Shape.DIAMOND, "again"),
    (Shape.CROSS, "lost"),
)
LINE_PX = 13.0
BAR_PX = (7.0, 13.0)
INDENT_PX = 20.0
KEY_LINES = len(SHAPES) + 3


class _Beside(QWidget):
    """Small text in the theme's colours, as wide as the scales."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self.setFixedWidth(GUTTER_WIDTH)
        self.setToolTip(f"<p>{HELP}</p>")

    def set_theme(self, theme: Theme) -> None:
        """Other colours, and perhaps type of another size."""
        self._theme = theme
        self.setFixedWidth(type_px(self, GUTTER_WIDTH))
        self.update()

    def _write(
        self, painter: QPainter, place: QRectF, words: str, ink: str, *, bold: bool = False
    ) -> None:
        font = QFont(self.font())
        font.setPixelSize(type_px(self, 11 if bold else 10))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        while QFontMetricsF(font).horizontalAdvance(words) > place.width() and font.pixelSize() > 8:
            font.setPixelSize(font.pixelSize() - 1)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)


class SceneGutter(_Beside):
    """As high as the pictures beside it, and shared out as they are.

    Args:
        top_px, bottom_px: what the pictures' frames take of the height.
    """

    def __init__(self, top_px: int, bottom_px: int) -> None:
        super().__init__()
        self._edges = (top_px, bottom_px)
        self._events_per_dot = 1
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._describe()

    def show_sampling(self, events_per_dot: int) -> None:
        """For how many events a dot stands."""
        if events_per_dot != self._events_per_dot:
            self._events_per_dot = events_per_dot
            self._describe()
            self.update()

    def _describe(self) -> None:
        words = sampling_words(self._events_per_dot)
        self.setAccessibleName(f"Producers, log, consumers, result; {words}")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """A name a stage; beneath the first what a dot stands for."""
        del event
        share = type_share(self)
        inside = self.height() - sum(self._edges)
        stages = stages_of(inside, grown(inside, share))
        line = LINE_PX * share
        with QPainter(self) as painter:
            for name, (top, tall) in (
                ("Producers", stages.producers),
                ("Log", stages.log),
                ("Consumers", stages.consumers),
                ("Result", stages.result),
            ):
                middle = top + (min(tall / 2, line) if name == "Producers" else tall / 2)
                place = QRectF(2, self._edges[0] + middle - line / 2, self.width() - 2, line)
                self._write(painter, place, name, self._theme.text, bold=True)
                if name == "Producers":
                    words = sampling_words(self._events_per_dot)
                    beneath = place.translated(0, line)
                    self._write(painter, beneath, words, self._theme.muted)


class SceneKey(_Beside):
    """What the shapes and the parts of a bar mean."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        words = ", ".join(f"{shape.value}: {word}" for shape, word in SHAPES)
        self.setAccessibleName(f"Key of the pictures. {words}")

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as its lines."""
        return QSize(type_px(self, GUTTER_WIDTH), round(KEY_LINES * LINE_PX * type_share(self)) + 4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """A line a shape, and a small bar with its parts named."""
        del event
        line = LINE_PX * type_share(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number, (shape, word) in enumerate(SHAPES):
                y = number * line
                draw_shape(
                    painter, QPointF(9, y + line / 2), shape, self._theme.muted, self._theme.window
                )
                self._line(painter, y, word, line)
            self._bar(painter, len(SHAPES) * line + 4, line)

    def _bar(self, painter: QPainter, top: float, line: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        theme, left, width = self._theme, BAR_PX[0] - 2, BAR_PX[1] - BAR_PX[0] + 4
        high, committed = top + line / 2, top + 2.5 * line
        painter.fillRect(QRectF(left, high, width, committed - high), QColor(theme.muted))
        pale = QColor(blended(theme.muted, theme.window, 0.25))
        painter.fillRect(QRectF(left, committed, width, line / 2), pale)
        for y in (high, committed):
            painter.fillRect(QRectF(left - 2, y - 1, width + 4, 2), QColor(theme.text))
        for number, word in enumerate(("high watermark", "lag", "committed")):
            self._line(painter, top + number * line, word, line)

    def _line(self, painter: QPainter, y: float, word: str, line: float) -> None:
        place = QRectF(INDENT_PX, y, self.width() - INDENT_PX, line)
        self._write(painter, place, word, self._theme.muted)
