"""Leaving the program: a run that is going on is not cut off by a slip of the hand."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

QUESTION = "A run is going on; quit and cut it off?"
AGAIN = "Press Ctrl+Q again to quit; the run would be cut off"
KEY = "Ctrl+Q"
AGAIN_WITHIN_S = 3.0


class Quitting(QObject):
    """Asks before a run is cut off; in front of an audience the key is pressed twice instead.

    Args:
        window: closed when it is to be.
        running: whether a run is going on. presenting: whether an audience watches.
        toast: shows a key and a sentence to it.

    Fields:
        box: the question, while it stands.
    """

    def __init__(
        self,
        window: QWidget,
        running: Callable[[], bool],
        presenting: Callable[[], bool],
        toast: Callable[[str, str], None],
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._running = running
        self._presenting = presenting
        self._toast = toast
        self._clock_s = clock_s
        self._pressed_s: float | None = None
        self.box: QMessageBox | None = None

    def quit(self) -> None:
        """As the command asks for it."""
        if self.may():
            self._window.close()

    def may(self) -> bool:
        """Whether it can be left now; if not, the reader is told what it takes."""
        if not self._running():
            return True
        if self._presenting():
            now_s, before_s = self._clock_s(), self._pressed_s
            self._pressed_s = now_s
            if before_s is not None and now_s - before_s <= AGAIN_WITHIN_S:
                return True
            self._toast(KEY, AGAIN)
        elif self.box is None:
            self._ask()
        return False

    def _ask(self) -> None:
        buttons = QMessageBox.StandardButton
        box = self.box = QMessageBox(
            QMessageBox.Icon.Question, "Delivery Bench", QUESTION,
            buttons.Yes | buttons.No, self._window,
        )  # fmt: skip
        box.setObjectName("quit-question")
        box.setDefaultButton(buttons.No)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._answered)
        box.open()

    def _answered(self, button: int) -> None:
        self.box = None
        if button == QMessageBox.StandardButton.Yes.value:
            self._window.close()
