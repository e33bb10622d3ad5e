"""A few check boxes of which some must be chosen, and what is wrong with the choice beneath."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QLabel, QVBoxLayout, QWidget

from bench_gui.window.widgets import text_label

LABEL_PX = 150
"""Room for a label; the tooltip has all of it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One check box: what it stands for, its label, its key (portable form) and its tooltip."""

    value: str
    label: str
    key: str
    help: str


class Choices(QWidget):
    """Check boxes in the order given.

    Signals:
        changed: a box was checked or unchecked.
    """

    changed = Signal()

    def __init__(self, name: str, choices: Collection[Choice], title: str = "") -> None:
        super().__init__()
        self._boxes = {choice.value: self._box(name, choice) for choice in choices}
        self._problem = text_label("", "problem")
        self._problem.setObjectName(f"problem-{name}")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._lay_out(title)

    def _box(self, name: str, choice: Choice) -> QCheckBox:
        box = QCheckBox()
        box.setText(
            box.fontMetrics().elidedText(choice.label, Qt.TextElideMode.ElideRight, LABEL_PX)
        )
        box.setAccessibleName(choice.label)
        box.setObjectName(f"{name}-{choice.value}")
        box.setChecked(True)
        sequence = QKeySequence(choice.key)
        box.setShortcut(sequence)
        shown = sequence.toString(QKeySequence.SequenceFormat.NativeText)
        box.setToolTip(f"<b>{shown}</b>&nbsp; {choice.help}")
        box.toggled.connect(self.changed)
        return box

    def _lay_out(self, title: str) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        boxes: QBoxLayout = QBoxLayout(
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
        self._problem.setText(f"\N{BLACK UP-POINTING TRIANGLE} {sentence}" if sentence else "")
        self._problem.setVisible(bool(sentence))
