"""One sentence about a bug, its details folded away, and a report to copy."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bench_gui.window.problem_report import AGAIN
from bench_gui.window.widgets import text_label

ADVICE = (
    "Close this and go on. If something looks wrong afterwards, start the window again: a run that "
    "ended is kept. The report has what is needed to mend it; it names no file of yours."
)
WIDTH_PX = 460
DETAILS_PX = 220


class ProblemDialog(QDialog):
    """Stands beside the work and does not stop it.

    Args:
        report: the text to copy, asked for when it is needed.
    """

    def __init__(self, parent: QWidget, report: Callable[[], str]) -> None:
        super().__init__(parent)
        self._report = report
        self.setObjectName("problem")
        self.setWindowTitle("Something went wrong")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._sentence = text_label("", "refusal")
        self._sentence.setObjectName("problem-sentence")
        self._again = text_label("", "muted")
        self._again.setObjectName("problem-count")
        self._details = _details()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(8)
        for label in (self._sentence, self._again, advice := text_label(ADVICE, "muted")):
            label.setWordWrap(True)
            layout.addWidget(label)
        advice.setMinimumWidth(WIDTH_PX)
        layout.addWidget(self._details)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        self._unfold = _button("&Details", "problem-details", "What exactly went wrong.")
        self._unfold.setCheckable(True)
        self._unfold.toggled.connect(self._show_details)
        copy = _button("&Copy report", "problem-copy", "Copy versions, platform and what happened.")
        copy.clicked.connect(self._copy)
        close = _button("C&lose", "problem-close", "<b>Esc</b>&nbsp; Close this and go on.")
        close.setDefault(True)
        close.clicked.connect(self.reject)
        line = QHBoxLayout()
        line.addWidget(self._unfold)
        line.addWidget(copy)
        line.addStretch()
        line.addWidget(close)
        close.setFocus()
        return line

    def show_problem(self, sentence: str, count: int) -> None:
        """The newest, and how many there were since this was opened."""
        self._sentence.setText(f"\N{WARNING SIGN}  {sentence}")
        self._again.setText(AGAIN.format(count=count))
        self._again.setVisible(count > 1)
        if self._unfold.isChecked():
            self._details.setPlainText(self._report())

    def _show_details(self, shown: bool) -> None:
        self._details.setPlainText(self._report() if shown else "")
        self._details.setVisible(shown)
        self.adjustSize()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report())


def _details() -> QPlainTextEdit:
    details = QPlainTextEdit()
    details.setObjectName("problem-report")
    details.setAccessibleName("What exactly went wrong")
    details.setToolTip("What exactly went wrong.")
    details.setReadOnly(True)
    details.setTabChangesFocus(True)
    details.setMinimumSize(WIDTH_PX + 160, DETAILS_PX)
    details.hide()
    return details


def _button(text: str, name: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    return button
