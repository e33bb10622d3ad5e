"""Lists of values that look and behave alike everywhere."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
ARROW_PX = 3.5


class Combo(QComboBox):
    """With an arrow in the colour of its text: a stylesheet would want a picture for it."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The box, and the arrow at its right."""
        super().paintEvent(event)
        middle = QPointF(self.width() - 11, self.height() / 2)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.palette().placeholderText(), 1.4))
            painter.drawPolyline(
                [
                    middle + QPointF(-ARROW_PX, -ARROW_PX / 2),
                    middle + QPointF(0, ARROW_PX / 2),
                    middle + QPointF(ARROW_PX, -ARROW_PX / 2),
                ]
            )


class LetterCombo(Combo):
    """Letters choose a value; they are no commands while it has the focus."""

    def event(self, event: QEvent) -> bool:
        """Takes letters before the window's shortcuts do."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            plain = event.modifiers() in {NO_MODIFIER, Qt.KeyboardModifier.ShiftModifier}
            if plain and event.text().isprintable() and event.text():
                event.accept()
                return True
        return super().event(event)
