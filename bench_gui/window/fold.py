"""A part of the settings that is out of the way until it is asked for."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget


class Fold(QWidget):
    """A heading that opens and closes what is beneath it.

    Args:
        name: the heading's object name. title: what it says. key: in its portable form.
        help_: what is inside, for the tooltip.

    Signals:
        toggled: it was opened (True) or closed.
    """

    toggled = Signal(bool)

    def __init__(self, name: str, title: str, key: str, help_: str) -> None:
        super().__init__()
        self._title = title
        self._button = QToolButton()
        self._button.setObjectName(name)
        self._button.setProperty("part", "fold")
        self._button.setText(title)
        self._button.setShortcut(key)
        self._button.setCheckable(True)
        self._button.setArrowType(Qt.ArrowType.RightArrow)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.setToolTip(f"<b>{key}</b>&nbsp; {help_}")
        self._button.toggled.connect(self.unfold)
        self._body = QWidget()
        self._body.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._button)
        layout.addWidget(self._body)

    def fill(self, widgets: Iterable[QWidget]) -> None:
        """What is inside, from top to bottom."""
        layout = QVBoxLayout(self._body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in widgets:
            layout.addWidget(widget)

    @property
    def unfolded(self) -> bool:
        """Whether what is inside is shown."""
        return self._button.isChecked()

    def unfold(self, open_: bool) -> None:
        """Shows or hides what is inside."""
        self._button.setChecked(open_)
        self._button.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        self._body.setVisible(open_)
        self.toggled.emit(open_)

    def count(self, used: int) -> None:
        """How much inside is not at its default, said in the heading."""
        self._button.setText(f"{self._title}  ({used} SET)" if used else self._title)
