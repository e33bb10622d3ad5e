"""The cheat sheet: every key over the whole window, until any key or click."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.stage.sheet import Group, columns, groups, lines_of

HEADING = "Keys"
CLOSING = "any key closes this"
MARGIN = 0.03
"""Of the window's width."""
LARGEST_PX = 22
LINE_HEIGHT = 1.5
"""Of the type's size."""
GAP_PX = 28
MOST_COLUMNS = 5
BARE_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)


class CheatSheet(QWidget):
    """Painted in one go; as large as its type can be."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._theme = LIGHT
        self._back_to: QWidget | None = None
        self.setObjectName("cheat-sheet")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Cheat sheet: every key")
        self.setAccessibleDescription(
            ". ".join(f"{key}: {text}" for group in groups() for key, text in group.rows)
        )
        window.installEventFilter(self)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        self.update()

    def open(self) -> None:
        """Over the window."""
        self._back_to = self._window.focusWidget()
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def shut(self) -> None:
        """The focus goes back to where it was."""
        self.hide()
        (self._back_to or self._window).setFocus()

    def event(self, event: QEvent) -> bool:
        """Takes every key before the window's commands do."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Any key closes it; a modifier alone is none."""
        event.accept()
        if event.key() not in BARE_MODIFIERS:
            self.shut()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """So does a click."""
        event.accept()
        self.shut()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Covers a window that changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Ground, heading, and the columns beside each other."""
        del event
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._theme.window))
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        side = self.width() * MARGIN
        pixels, cut = self.layout_for(self.width(), self.height())
        head = pixels * 3.2
        self._write(painter, QRectF(side, side * 0.6, self.width(), head), HEADING, pixels * 1.6)
        closing = QRectF(side, side * 0.6, self.width() - 2 * side, head)
        self._write(painter, closing, CLOSING, pixels, muted=True, right=True)
        width = (self.width() - 2 * side - GAP_PX * (len(cut) - 1)) / len(cut)
        for number, column in enumerate(cut):
            left = side + number * (width + GAP_PX)
            self._draw_column(painter, column, QRectF(left, side * 0.6 + head, width, 0), pixels)

    def layout_for(self, width: int, height: int) -> tuple[float, list[list[Group]]]:
        """The type size, and the columns, that make the type largest in so much room."""
        return max((self._fitting(width, height, count) for count in range(2, MOST_COLUMNS + 1)),
                   key=lambda fit: fit[0])  # fmt: skip

    def _fitting(self, width: int, height: int, count: int) -> tuple[float, list[list[Group]]]:
        cut = columns(groups(), count)
        side = width * MARGIN
        lines = max(map(lines_of, cut))
        down = (height - 1.4 * side) / (lines * LINE_HEIGHT + 3.2)
        room = (width - 2 * side - GAP_PX * (len(cut) - 1)) / len(cut)
        needed = max(self._width_of(column) for column in cut)
        return min(down, 100 * room / needed, LARGEST_PX), cut

    def _width_of(self, column: list[Group]) -> float:
        """With type of 100 pixels."""
        keys, texts = self._metrics(100, bold=True), self._metrics(100)
        rows = [row for group in column for row in group.rows]
        return (
            max(keys.horizontalAdvance(key) for key, _ in rows)
            + max(texts.horizontalAdvance(text) for _, text in rows)
            + 100
        )

    def _draw_column(
        self, painter: QPainter, column: list[Group], place: QRectF, pixels: float
    ) -> None:
        line = pixels * LINE_HEIGHT
        metrics = self._metrics(pixels, bold=True)
        keys = max(metrics.horizontalAdvance(key) for group in column for key, _ in group.rows)
        indent = keys + pixels * 0.9
        y = place.y()
        for group in column:
            self._write(painter, QRectF(place.x(), y, place.width(), line), group.title, pixels,
                        muted=True, bold=True)  # fmt: skip
            y += line
            for key, text in group.rows:
                row = QRectF(place.x(), y, place.width(), line)
                self._write(painter, row, key, pixels, bold=True)
                self._write(painter, row.adjusted(indent, 0, 0, 0), text, pixels)
                y += line
            y += line

    def _write(
        self, painter: QPainter, place: QRectF, text: str, pixels: float, *,
        muted: bool = False, bold: bool = False, right: bool = False,
    ) -> None:  # fmt: skip
        painter.setFont(self._font(pixels, bold=bold))
        painter.setPen(QColor(self._theme.muted if muted else self._theme.text))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _font(self, pixels: float, *, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(1, int(pixels)))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

    def _metrics(self, pixels: float, *, bold: bool = False) -> QFontMetricsF:
        return QFontMetricsF(self._font(pixels, bold=bold))
