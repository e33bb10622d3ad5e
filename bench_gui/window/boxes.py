"""Check boxes and radio buttons whose empty state can be seen on a dark background too."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
)

CORNER_PX = 2.5


class CheckBox(QCheckBox):
    """With a rim of its own: the style's is darker than what it lies on."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The box, and its rim."""
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        part = QStyle.SubElement.SE_CheckBoxIndicator
        place = QRectF(self.style().subElementRect(part, option, self)).adjusted(
            0.5, 0.5, -0.5, -0.5
        )
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(_rim(self), 1))
            painter.drawRoundedRect(place, CORNER_PX, CORNER_PX)


class RadioButton(QRadioButton):
    """As CheckBox."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The button, and its rim."""
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        part = QStyle.SubElement.SE_RadioButtonIndicator
        place = QRectF(self.style().subElementRect(part, option, self)).adjusted(
            0.5, 0.5, -0.5, -0.5
        )
        side = min(place.width(), place.height())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(_rim(self), 1))
            painter.drawEllipse(place.center(), side / 2, side / 2)


def _rim(box: QCheckBox | QRadioButton) -> QColor:
    """Quieter while it cannot be used; as the text while it has the focus."""
    if box.hasFocus():
        return box.palette().windowText().color()
    return (
        box.palette().placeholderText().color()
        if box.isEnabled()
        else box.palette().buttonText().color()
    )
