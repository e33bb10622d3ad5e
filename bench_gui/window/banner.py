"""One sentence across the window that cannot be missed, with details folded away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMessageBox, QToolButton

from bench_gui.window.escape import Escape
from bench_gui.window.widgets import restyle, text_label

ESCAPE_RANK = 30


class Banner(QFrame):
    """Hidden while there is nothing to say.

    Args:
        escape: the key that dismisses it.
    """

    def __init__(self, escape: Escape) -> None:
        super().__init__()
        self._escape = escape.claim(ESCAPE_RANK, self.dismiss)
        self.setObjectName("banner")
        self._sentence = text_label("", "banner-text")
        self._sentence.setObjectName("banner-text")
        self._sentence.setWordWrap(True)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._details = self._standing = ""
        self._more = _button(
            "Details...",
            "Ctrl+I",
            "<b>Ctrl+I</b>&nbsp; What exactly went wrong.",
            self._show_details,
        )
        self._dismiss = _button(
            "\N{MULTIPLICATION X}", "", "<b>Esc</b>&nbsp; Dismiss.", self.dismiss
        )
        self._dismiss.setAccessibleName("Dismiss")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 7, 8, 7)
        layout.addWidget(self._sentence, 1)
        layout.addWidget(self._more)
        layout.addWidget(self._dismiss)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown, empty when hidden."""
        return "" if self.isHidden() else self._sentence.text()

    def alarm(self, sentence: str, details: str = "") -> None:
        """Something that must not be missed."""
        self._show("alarm", f"\N{WARNING SIGN}  {sentence}", details)

    def stand(self, sentence: str) -> None:
        """An alarm that stays for as long as its run is on screen; others only cover it."""
        self._standing = sentence
        self.alarm(sentence)
        self._dismiss.hide()
        self._escape.hold(False)

    def dismiss(self) -> None:
        """Read and done with."""
        if self._standing:
            self.stand(self._standing)
        else:
            self._vanish()

    def notice(self, sentence: str) -> None:
        """Something that the reader should know and may dismiss."""
        self._show("notice", sentence, "")

    def clear(self) -> None:
        """For a new run."""
        self._standing = ""
        self._vanish()

    def _vanish(self) -> None:
        self.hide()
        self._escape.hold(False)

    def _show(self, kind: str, sentence: str, details: str) -> None:
        restyle(self, "banner", kind)
        self._sentence.setText(sentence)
        self._details = details
        self._more.setVisible(bool(details))
        self._dismiss.show()
        self._escape.hold(True)
        self.show()

    def _show_details(self) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, "Delivery Bench", self._sentence.text())
        box.setDetailedText(self._details)
        box.setParent(self.window(), Qt.WindowType.Dialog)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


def _button(text: str, key: str, help_: str, action: object) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setShortcut(key)
    button.setToolTip(help_)
    button.clicked.connect(action)
    return button
