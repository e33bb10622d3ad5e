"""A few check boxes of which some must be chosen, and what is wrong with the choice beneath."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bench_gui.window.boxes import CheckBox
from bench_gui.window.widgets import TYPE_CHANGES, show_problem, text_label, type_px

LABEL_PX = 154
"""Room for a label; the tooltip has all of it."""

REMOVE_PX = 20
"""Less of it where a box can be taken away."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One check box: what it stands for, its label and its tooltip.

    Fields:
        key: in its portable form; empty: it is reached with Tab.
        name: what is read aloud; empty: the label.
    """

    value: str
    label: str
    key: str
    help: str
    name: str = ""


class ElidedBox(CheckBox):
    """A check box whose label is cut where there is no room for it.

    Args:
        room_px: for the label, at a zoom of 1.
    """

    def __init__(self, label: str, room_px: int) -> None:
        super().__init__()
        self._label = label
        self._room_px = room_px
        self._fit_type()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """The room grows with the type."""
        super().changeEvent(event)
        if event.type() in TYPE_CHANGES and hasattr(self, "_label"):
            self._fit_type()

    def _fit_type(self) -> None:
        room = type_px(self, self._room_px)
        cut = self.fontMetrics().elidedText(self._label, Qt.TextElideMode.ElideRight, room)
        if cut != self.text():
            key = self.shortcut()
            self.setText(cut)
            self.setShortcut(key)  # a new text takes it away


class Choices(QWidget):
    """Check boxes in the order given.

    Signals:
        changed: a box was checked or unchecked.
        unwanted: the user takes away the box of this value.
    """

    changed = Signal()
    unwanted = Signal(str)

    def __init__(self, name: str, choices: Collection[Choice], title: str = "") -> None:
        super().__init__()
        self._name = name
        self._boxes = {choice.value: self._box(choice, LABEL_PX) for choice in choices}
        self._lines: dict[str, QWidget] = {}
        self._problem = text_label("", "problem")
        self._problem.setObjectName(f"problem-{name}")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._lay_out(title)

    def _box(self, choice: Choice, room_px: int) -> QCheckBox:
        box = ElidedBox(choice.label, room_px)
        box.setAccessibleName(choice.name or choice.label)
        box.setObjectName(f"{self._name}-{choice.value}")
        box.setChecked(True)
        sequence = QKeySequence(choice.key)
        box.setShortcut(sequence)
        shown = sequence.toString(QKeySequence.SequenceFormat.NativeText) or "Space"
        box.setToolTip(f"<b>{shown}</b>&nbsp; {choice.help}")
        box.toggled.connect(self.changed)
        return box

    def _lay_out(self, title: str) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        self._places = boxes = QBoxLayout(
            QBoxLayout.Direction.LeftToRight if title else QBoxLayout.Direction.TopToBottom
        )
        boxes.setSpacing(10 if title else 3)
        if title:
            boxes.addWidget(QLabel(title))
        for box in self._boxes.values():
            boxes.addWidget(box)
        if title:
            boxes.addStretch()
        layout.addLayout(boxes)
        layout.addWidget(self._problem)

    def add(self, choice: Choice) -> None:
        """One more box at the end, unchecked, which can be taken away again."""
        box = self._box(choice, LABEL_PX - REMOVE_PX)
        box.setChecked(False)
        self._boxes[choice.value] = box
        self._lines[choice.value] = line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(box, 1)
        layout.addWidget(self._remover(choice, box))
        self._places.addWidget(line)

    def _remover(self, choice: Choice, box: QCheckBox) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"remove-{choice.value}")
        button.setProperty("part", "remove")
        button.setText("\N{MULTIPLICATION X}")
        button.setAccessibleName(f"Remove {choice.label}")
        button.setToolTip(f"<b>Delete</b>&nbsp; Take {choice.label} off the list.")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self.unwanted.emit(choice.value))
        key = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), box)
        key.setContext(Qt.ShortcutContext.WidgetShortcut)
        key.activated.connect(button.click)
        return button

    def key_of(self, value: str) -> str:
        """The key of a box in its portable form, empty when it has none."""
        return self._boxes[value].shortcut().toString(QKeySequence.SequenceFormat.PortableText)

    def take_away(self, value: str) -> None:
        """Removes a box that was added."""
        del self._boxes[value]
        line = self._lines.pop(value)
        self._places.removeWidget(line)
        line.hide()
        line.deleteLater()

    def chosen(self) -> list[str]:
        """The values whose box is checked, in the boxes' order."""
        return [value for value, box in self._boxes.items() if box.isChecked()]

    def choose(self, values: Collection[str]) -> None:
        """Checks exactly these."""
        for value, box in self._boxes.items():
            box.setChecked(value in values)

    def set_icon(self, value: str, icon: QIcon) -> None:
        """A picture before a label."""
        self._boxes[value].setIcon(icon)

    def show_problem(self, sentence: str) -> None:
        """Says what is wrong with the choice, or with an empty sentence nothing."""
        show_problem(self._problem, sentence)
