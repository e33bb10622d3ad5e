"""One setting to fill in: label, editor, and what is wrong with it right beneath."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from bench_gui.bench.options import OPTION_BY_KEY
from bench_gui.window.fields import Field
from bench_gui.window.widgets import restyle, text_label

LABEL_WIDTH = 96
EDITOR_LEAST_PX = 24
NO_MODIFIER = Qt.KeyboardModifier.NoModifier


class _Combo(QComboBox):
    """Letters choose a value; they are no commands while it has the focus."""

    def event(self, event: QEvent) -> bool:
        """Takes letters before the window's shortcuts do."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            plain = event.modifiers() in {NO_MODIFIER, Qt.KeyboardModifier.ShiftModifier}
            if plain and event.text().isprintable() and event.text():
                event.accept()
                return True
        return super().event(event)


class FieldRow(QWidget):
    """A label, an editor and a line for the problem, which is there only while there is one."""

    changed = Signal()

    def __init__(self, field: Field, beside: QPushButton | None = None) -> None:
        super().__init__()
        self._field = field
        self._editor = self._make_editor()
        self._problem = text_label("", "problem")
        self._problem.setObjectName(f"problem-{field.key}")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._lay_out(beside)

    def _make_editor(self) -> QLineEdit | QComboBox:
        editor: QLineEdit | QComboBox
        if self._field.choices:
            editor = _Combo()
            editor.addItems(self._field.choices)
            editor.currentTextChanged.connect(self.changed)
        else:
            editor = QLineEdit()
            editor.textChanged.connect(self.changed)
        editor.setMinimumWidth(EDITOR_LEAST_PX)
        editor.setObjectName(f"field-{self._field.key}")
        editor.setAccessibleName(self._field.label.replace("&", ""))
        editor.setToolTip(self._tooltip())
        return editor

    def _lay_out(self, beside: QPushButton | None) -> None:
        label = QLabel(self._field.label)
        label.setBuddy(self._editor)
        label.setToolTip(self._tooltip())
        label.setFixedWidth(LABEL_WIDTH)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self._editor, 0, 1)
        if beside is not None:
            grid.addWidget(beside, 0, 2)
        grid.addWidget(self._problem, 1, 0, 1, 2 if beside is None else 3)
        grid.setColumnStretch(1, 1)

    def _tooltip(self) -> str:
        key = QKeySequence.mnemonic(self._field.label)
        shown = key.toString(QKeySequence.SequenceFormat.NativeText)
        option = OPTION_BY_KEY[self._field.key]
        return f"<b>{shown}</b>&nbsp; {self._field.help}<br><code>--{option.key}</code>"

    @property
    def text(self) -> str:
        """What is filled in."""
        if isinstance(self._editor, QComboBox):
            return self._editor.currentText()
        return self._editor.text()

    def show_text(self, text: str) -> None:
        """Fills it in; `changed` follows as if it had been typed."""
        if isinstance(self._editor, QComboBox):
            self._editor.setCurrentText(text)
        else:
            self._editor.setText(text)

    def show_problem(self, sentence: str) -> None:
        """Marks it, or with an empty sentence unmarks it."""
        restyle(self._editor, "wrong", bool(sentence))
        self._problem.setText(f"\N{BLACK UP-POINTING TRIANGLE} {sentence}" if sentence else "")
        self._problem.setVisible(bool(sentence))
