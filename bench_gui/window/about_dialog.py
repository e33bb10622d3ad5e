"""What this program is, and the versions of what it stands on, to be copied into a report."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bench_gui.versions import LICENCE, versions
from bench_gui.window.icon import program_icon
from bench_gui.window.widgets import text_label

QUESTION = "What does “delivered” actually mean, and what does each meaning cost?"
ANSWER = (
    "The same clicks run through several pipelines side by side, one a delivery semantic. Their "
    "real worker processes are really killed, paused and cut off from the log, on the same seeded "
    "schedule. What was lost and what was counted twice is counted from the durable files, never "
    "from what a worker says of itself."
)
ICON_PX = 64
WIDTH_PX = 460


def show_about(parent: QWidget) -> QDialog:
    """Opens it and returns at once."""
    dialog = AboutDialog(parent)
    dialog.open()
    return dialog


class AboutDialog(QDialog):
    """Icon, name, a few sentences, versions."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setWindowTitle("About Delivery Bench")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addLayout(_heading())
        answer = text_label(ANSWER, "muted")
        answer.setWordWrap(True)
        answer.setMinimumWidth(WIDTH_PX)
        layout.addWidget(answer)
        layout.addLayout(_listed())
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        copy = QPushButton("&Copy versions")
        copy.setObjectName("about-copy")
        copy.setToolTip("Copy the versions, for a bug report.")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(about_text()))
        close = QPushButton("C&lose")
        close.setObjectName("about-close")
        close.setToolTip("<b>Esc</b>&nbsp; Close.")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        close.setFocus()
        line = QHBoxLayout()
        line.addWidget(copy)
        line.addStretch()
        line.addWidget(close)
        return line


def about_text() -> str:
    """The versions as text."""
    return "\n".join(f"{name}: {value}" for name, value in versions())


def _heading() -> QHBoxLayout:
    picture = QLabel()
    picture.setPixmap(program_icon().pixmap(ICON_PX, ICON_PX))
    picture.setAccessibleName("The icon of Delivery Bench")
    words = QVBoxLayout()
    words.setSpacing(2)
    question = text_label(QUESTION, "muted")
    question.setWordWrap(True)
    for label in (text_label("Delivery Bench", "story-title"), question):
        words.addWidget(label)
    line = QHBoxLayout()
    line.setSpacing(16)
    line.addWidget(picture)
    line.addLayout(words, 1)
    return line


def _listed() -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(18)
    form.setVerticalSpacing(3)
    for name, value in (*versions(), ("licence", LICENCE)):
        label = QLabel(value)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setWordWrap(True)
        form.addRow(text_label(name, "muted"), label)
    return form
