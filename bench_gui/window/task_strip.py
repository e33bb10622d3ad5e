"""Work that takes a while, in the status bar: what it is, how far it is, and a way to stop it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from bench_gui.window.background import Task
from bench_gui.window.escape import Claim, Escape
from bench_gui.window.widgets import ShareLine, text_label

LINE_PX = 110
ESCAPE_RANK = 20


class TaskStrip(QWidget):
    """Hidden while there is nothing going on. Of several tasks it shows the newest."""

    def __init__(self, escape: Escape) -> None:
        super().__init__()
        self.setObjectName("task-strip")
        self._tasks: list[Task] = []
        self._escape: Claim = escape.claim(ESCAPE_RANK, self.cancel)
        self._title = text_label("", "status")
        self._title.setObjectName("task-title")
        self._line = ShareLine()
        self._line.setFixedWidth(LINE_PX)
        self._cancel = QToolButton()
        self._cancel.setObjectName("task-cancel")
        self._cancel.setProperty("part", "remove")
        self._cancel.setText("Cancel")
        self._cancel.setToolTip("<b>Esc</b>&nbsp; Stop it; nothing half-written is left.")
        self._cancel.clicked.connect(self.cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self._title, self._line, self._cancel):
            layout.addWidget(widget)
        self.hide()

    def follow(self, task: Task) -> None:
        """Shows it until it ends."""
        self._tasks.append(task)
        task.progressed.connect(self._show)
        task.ended.connect(lambda: self._drop(task))
        self._show()

    def cancel(self) -> None:
        """The newest."""
        if self._tasks:
            self._tasks[-1].cancel()

    def _drop(self, task: Task) -> None:
        self._tasks.remove(task)
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._tasks))
        self._escape.hold(bool(self._tasks))
        if self._tasks:
            task = self._tasks[-1]
            self._title.setText(f"{task.title} {task.share:.0%}")
            self._line.show_share(task.share)
