"""One of the three questions, and its two answers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from bench_gui.decide import Question
from bench_gui.window.boxes import RadioButton
from bench_gui.window.widgets import text_label, type_px

ANSWERS_PX = 190
UPWARDS = (Qt.Key.Key_Up, Qt.Key.Key_Left)
DOWNWARDS = (Qt.Key.Key_Down, Qt.Key.Key_Right)


class QuestionRow(QWidget):
    """The question at the left, yes and no at the right.

    Args:
        number: from 1; its key is the digit, which goes from one answer to the other.

    Signals:
        answered: another answer.
    """

    answered = Signal()

    def __init__(self, number: int, question: Question) -> None:
        super().__init__()
        self._yes = self._button(number, question, "yes", f"Yes, {question.yes}")
        self._no = self._button(number, question, "no", f"No, {question.no}")
        group = QButtonGroup(self)
        for button in (self._yes, self._no):
            group.addButton(button)
            button.toggled.connect(self._on_toggled)
            button.installEventFilter(self)
        title = text_label(f"{number}  {question.text}", "question")
        about = text_label(question.help, "muted")
        about.setWordWrap(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(2)
        grid.addWidget(title, 0, 0)
        grid.addWidget(about, 1, 0)
        grid.addWidget(self._yes, 0, 1)
        grid.addWidget(self._no, 1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(1, type_px(self, ANSWERS_PX))
        QShortcut(QKeySequence(str(number)), self).activated.connect(self._turn)

    def _button(self, number: int, question: Question, answer: str, label: str) -> RadioButton:
        button = RadioButton(label)
        button.setObjectName(f"{question.key}-{answer}")
        button.setAccessibleName(f"{question.text} {label}")
        button.setToolTip(f"<b>{number}</b>&nbsp; {question.help}")
        return button

    @property
    def answer(self) -> bool | None:
        """Yes (True) or no; None while it is not answered."""
        if self._yes.isChecked():
            return True
        return False if self._no.isChecked() else None

    def show_answer(self, answer: bool) -> None:
        """As if it had been given by hand."""
        (self._yes if answer else self._no).setChecked(True)

    def focus(self) -> None:
        """The answer that was given takes the keyboard, or the first one."""
        button = self._no if self.answer is False else self._yes
        button.setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Arrows choose, also where nothing was chosen yet."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() not in (*UPWARDS, *DOWNWARDS):
            return super().eventFilter(watched, event)
        self.show_answer(event.key() in UPWARDS)
        self.focus()
        return True

    def _turn(self) -> None:
        self.show_answer(not self.answer)

    def _on_toggled(self, checked: bool) -> None:
        if checked:
            self.answered.emit()
