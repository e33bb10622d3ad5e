"""Small widgets that know nothing of the bench: labels that fit, buttons that name their key."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget


def text_label(text: str, part: str, parent: QWidget | None = None) -> QLabel:
    """A label whose look is the stylesheet's `part`."""
    label = QLabel(text, parent)
    label.setProperty("part", part)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Sets a property that the stylesheet looks at. Costs nothing when it is so already."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    for part in (widget, *widget.findChildren(QWidget)):
        part.style().unpolish(part)
        part.style().polish(part)


class ElidedLabel(QLabel):
    """One line that ends in "..." when there is no room; the whole text is in the tooltip."""

    def __init__(self, text: str, part: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("part", part)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Any width will do."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draws what fits."""
        del event
        with QPainter(self) as painter:
            room = self.contentsRect()
            shown = self.fontMetrics().elidedText(
                self.text(), Qt.TextElideMode.ElideRight, room.width()
            )
            self.style().drawItemText(
                painter, room, self.alignment(), self.palette(), self.isEnabled(), shown,
                self.foregroundRole(),
            )  # fmt: skip


class NumberLabel(QLabel):
    """A number as large as its place allows, the same size for every number up to six signs."""

    SIGNS_AT_FULL_SIZE = 6
    LARGEST_PX = 46
    SMALLEST_PX = 12

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("0", parent)
        self.setProperty("part", "counter-number")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_number(self, text: str) -> None:
        """Shows `text`; the font changes only when the number of signs asks for it."""
        longer = len(text) != len(self.text())
        self.setText(text)
        if longer:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fits the font to the new place."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The font follows the place, never the other way round."""
        return QSize(20, 26)

    def sizeHint(self) -> QSize:  # noqa: N802
        """As the minimum: what is more comes from the layout."""
        return QSize(60, 34)

    def _fit(self) -> None:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        font.setPixelSize(100)
        signs = "0" * max(len(self.text()), self.SIGNS_AT_FULL_SIZE)
        width = max(QFontMetricsF(font).horizontalAdvance(signs), 1.0)
        fitting = min(100 * self.width() / width, self.height() * 0.92, self.LARGEST_PX)
        font.setPixelSize(max(int(fitting), self.SMALLEST_PX))
        self.setFont(font)


class ActionButton(QPushButton):
    """A button that is an action: its name, tooltip and availability, with the key at its right."""

    def __init__(self, action: QAction, *, main: bool = False) -> None:
        super().__init__()
        self._action = action
        self.setObjectName(f"{action.objectName()}-button")
        self.setProperty("part", "action")
        self.setProperty("main", main)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        key = text_label(action.shortcut().toString(), "key", self)
        key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.addStretch()
        layout.addWidget(key)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setText(self._action.iconText())
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())
