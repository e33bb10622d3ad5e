"""One setting to fill in: label, editor, and what is wrong with it right beneath."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QWidget,
)

from bench_gui.window.combo import LetterCombo
from bench_gui.window.fields import Field
from bench_gui.window.widgets import TYPE_CHANGES, restyle, show_problem, text_label, type_px

LABEL_WIDTH = 96
EDITOR_LEAST_PX = 24


def key_of(field: Field) -> QKeySequence:
    """What leads to the field."""
    if field.shortcut:
        return QKeySequence(field.shortcut)
    return QKeySequence.mnemonic(field.label)


LEAVING = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
"""Give the keyboard back to the window; in a dialog they are the dialog's."""
UNDOING = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


KEPT = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.SelectAll,
)
"""With Ctrl and a letter, what a field does itself all the same."""


class SettingEdit(QLineEdit):
    """Leaves undo, redo and Ctrl with a letter to the window; where it has no such command, or none
    that can be used now, the key is the field's own again."""

    def event(self, event: QEvent) -> bool:
        """Before the window's shortcuts are looked at."""
        overriding = event.type() == QEvent.Type.ShortcutOverride
        if overriding and isinstance(event, QKeyEvent) and _is_windows(event):
            event.ignore()
            return False
        return super().event(event)


def _is_windows(event: QKeyEvent) -> bool:
    if any(map(event.matches, UNDOING)):
        return True
    held = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
    letter = Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z
    commanding = letter and held == Qt.KeyboardModifier.ControlModifier
    return commanding and not any(map(event.matches, KEPT))


class FieldRow(QWidget):
    """A label, an editor and a line for the problem, which is there only while there is one.

    Args:
        beside: a button at the editor's right.
        name: the editor's object name; "field-" and the field's key when it is empty.
        more: a line at the end of its tooltip.
    """

    changed = Signal()

    def __init__(
        self, field: Field, beside: QPushButton | None = None, name: str = "", more: str = ""
    ) -> None:
        super().__init__()
        self._field = field
        self._more = more
        self._name = name or f"field-{field.key}"
        self._editor = self._make_editor()
        self._problem = text_label("", "problem")
        self._problem.setObjectName(self._name.replace("field-", "problem-"))
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._lay_out(beside)

    def _make_editor(self) -> QLineEdit | QComboBox:
        editor: QLineEdit | QComboBox
        if self._field.choices:
            editor = LetterCombo()
            editor.addItems(self._field.choices)
            editor.currentTextChanged.connect(self.changed)
        else:
            editor = SettingEdit()
            editor.textChanged.connect(self.changed)
        editor.installEventFilter(self)
        editor.setMinimumWidth(EDITOR_LEAST_PX)
        editor.setObjectName(self._name)
        editor.setAccessibleName(self._field.label.replace("&", ""))
        editor.setToolTip(self._tooltip())
        if self._field.shortcut:
            QShortcut(QKeySequence(self._field.shortcut), self).activated.connect(self.focus)
        return editor

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Esc and Enter leave the field."""
        window = self.window()
        if (
            isinstance(event, QKeyEvent)
            and event.key() in LEAVING
            and isinstance(window, QMainWindow)
        ):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                window.setFocus()
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """The label is as wide as its type is large."""
        super().changeEvent(event)
        if event.type() in TYPE_CHANGES and hasattr(self, "_label"):
            self._label.setFixedWidth(type_px(self, LABEL_WIDTH))

    def focus(self) -> None:
        """Takes the focus, as if its mnemonic had been pressed."""
        self._editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _lay_out(self, beside: QPushButton | None) -> None:
        label = self._label = QLabel(self._field.label)
        label.setBuddy(self._editor)
        label.setToolTip(self._tooltip())
        label.setFixedWidth(type_px(self, LABEL_WIDTH))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.addWidget(label, 0, 0)
        if self._field.wide:
            grid.addWidget(self._editor, 1, 0, 1, 3)
        else:
            grid.addWidget(self._editor, 0, 1)
        if beside is not None:
            grid.addWidget(beside, 0, 2)
        grid.addWidget(self._problem, 2, 0, 1, 2 if beside is None else 3)
        grid.setColumnStretch(1, 1)

    def _tooltip(self) -> str:
        shown = key_of(self._field).toString(QKeySequence.SequenceFormat.NativeText)
        more = f"<br>{self._more}" if self._more else ""
        return f"<b>{shown}</b>&nbsp; {self._field.help}<br><code>--{self._field.key}</code>{more}"

    @property
    def focused(self) -> bool:
        """Whether its editor has the focus."""
        return self._editor.hasFocus()

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

    def show_placeholder(self, text: str) -> None:
        """What an empty field stands for."""
        if isinstance(self._editor, QLineEdit):
            self._editor.setPlaceholderText(text)

    def show_problem(self, sentence: str) -> None:
        """Marks it, or with an empty sentence unmarks it."""
        restyle(self._editor, "wrong", bool(sentence))
        show_problem(self._problem, sentence)
