"""Small widgets that know nothing of the bench: labels that fit, buttons that name their key."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from bench_gui.window.theme import BASE_FONT_PX


def text_label(text: str, part: str, parent: QWidget | None = None) -> QLabel:
    """A label whose look is the stylesheet's `part`."""
    label = QLabel(text, parent)
    label.setProperty("part", part)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def type_share(widget: QWidget) -> float:
    """How many times larger than usual the program's type is; 1 at a zoom of 1."""
    pixels = widget.font().pixelSize()
    if pixels <= 0:  # a widget older than the first theme may still have a size in points
        pixels = QFontInfo(widget.font()).pixelSize()
    return pixels / BASE_FONT_PX


def type_px(widget: QWidget, pixels: float) -> int:
    """A type size of painted text, as large as the program's type is now.

    Args:
        pixels: the size at a zoom of 1.
    """
    return max(1, round(pixels * type_share(widget)))


TYPE_CHANGES = (QEvent.Type.FontChange, QEvent.Type.StyleChange)
"""What a widget is told when the type has another size."""

LONGEST_PROBLEM = 130


def show_problem(label: QLabel, sentence: str) -> None:
    """A problem with its sign, or nothing; of a long one its first part, the rest as tooltip."""
    shown = sentence if len(sentence) <= LONGEST_PROBLEM else sentence.partition("; ")[0]
    label.setText(f"\N{BLACK UP-POINTING TRIANGLE} {shown}" if sentence else "")
    label.setToolTip(sentence)
    label.setVisible(bool(sentence))


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Sets a property that the stylesheet looks at. Costs nothing when it is so already."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    for part in (widget, *widget.findChildren(QWidget)):
        part.style().unpolish(part)
        part.style().polish(part)
        QCoreApplication.sendEvent(part, QEvent(QEvent.Type.StyleChange))  # a frame has its width
        part.updateGeometry()


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
    """A number as large as its place allows, the same size for every number up to so many signs.

    It is painted here: a stylesheet would take the fitted font away with every change of state.

    Fields:
        signs_at_full_size: longer numbers are smaller.
    """

    SIGNS_AT_FULL_SIZE = 5
    LARGEST_PX = 72
    SMALLEST_PX = 12
    SIZE = QSize(60, 38)

    def __init__(self) -> None:
        super().__init__("0")
        self._ink = QColor()
        self.signs_at_full_size = self.SIGNS_AT_FULL_SIZE
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def set_ink(self, colour: str) -> None:
        """The number's colour, #RRGGBB."""
        self._ink = QColor(colour)
        self.update()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The font follows the place, never the other way round."""
        return self.SIZE

    def sizeHint(self) -> QSize:  # noqa: N802
        """As the minimum: what is more comes from the layout."""
        return self.SIZE

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The number at the left, its middle in the middle."""
        del event
        with QPainter(self) as painter:
            painter.setFont(self._fitting_font())
            painter.setPen(self._ink)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.text())

    def _fitting_font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        font.setPixelSize(100)
        metrics = QFontMetricsF(font)
        texts = (self.text(), "0" * self.signs_at_full_size)
        width = max(map(metrics.horizontalAdvance, texts))
        largest = self.LARGEST_PX * type_share(self)
        fitting = min(100 * self.width() / width, self.height() * 0.98, largest)
        font.setPixelSize(max(int(fitting), self.SMALLEST_PX))
        return font


class ShareLine(QWidget):
    """How much of something is done. (QProgressBar paints the whole window at every change.)"""

    HEIGHT_PX = 3

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self.setFixedHeight(self.HEIGHT_PX)

    def show_share(self, share: float) -> None:
        """`share` from 0 to 1."""
        if share != self._share:
            self._share = share
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """A groove, and the share of it that is done."""
        del event
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self.palette().mid())
            done = round(self.width() * self._share)
            painter.fillRect(0, 0, done, self.height(), self.palette().windowText())


SHORT_KEYS = (("Shift+", "\N{UPWARDS WHITE ARROW}"), ("Ctrl+", "^"))
"""On a small button there is no room for a modifier's name; the tooltip has it."""


class ActionButton(QPushButton):
    """A button that is an action: its name, tooltip and availability, with the key at its right.

    Args:
        main: the one that is looked for first. small: less high, its key shortened.
        keyless: the key is in the tooltip alone.
    """

    def __init__(
        self, action: QAction, *, main: bool = False, small: bool = False, keyless: bool = False
    ) -> None:
        super().__init__()
        self._action = action
        self.setObjectName(f"{action.objectName()}-button")
        self.setProperty("part", "action")
        self.setProperty("main", main)
        self.setProperty("small", small)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        shown = "" if keyless else action.shortcut().toString()
        for long, short in SHORT_KEYS if small else ():
            shown = shown.replace(long, short)
        key = self._key = text_label(shown, "key", self)
        key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._small = small
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 5 if small else 8, 0)
        layout.addStretch()
        layout.addWidget(key)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Larger type needs more room."""
        super().changeEvent(event)
        if event.type() in TYPE_CHANGES and hasattr(self, "_key"):
            self._make_room()

    def _make_room(self) -> None:
        """For its words, and for its key beside them."""
        words = self.fontMetrics().horizontalAdvance(self._action.iconText())
        key = self._key.sizeHint().width() + 10 if self._key.text() else 0
        self.setMinimumWidth(words + (16 if self._small else 20) + key)

    def _follow(self) -> None:
        self.setText(self._action.iconText())
        self._make_room()
        self.setToolTip(self._action.toolTip())
        self.setAccessibleName(self._action.text().replace("&", ""))
        self.setEnabled(self._action.isEnabled())


def keeps_escape(event: QEvent) -> bool:
    """Takes the Escape key for the widget that has the focus, before any shortcut of the window.

    Returns: whether it was that key.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() != Qt.Key.Key_Escape:
        return False
    event.accept()
    return True
