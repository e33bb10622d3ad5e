"""A few words at the bottom of the window for those who watch: which key, and what it did."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from bench_gui.window.widgets import ElidedLabel, text_label

SHOWN_MS = 4000
ABOVE_BOTTOM_PX = 2
"""There it covers the time bar, which says the least meanwhile."""
MOST_OF_WIDTH = 0.94


class Toaster(QFrame):
    """One toast at a time; a newer one takes the place of the one before. Takes no click, no key.

    Fields:
        key: the key it names; empty when it names none. words: what it says.
    """

    def __init__(self, window: QWidget, shown_ms: int = SHOWN_MS) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("toast")
        self.key = self.words = ""
        self._cap = text_label("", "toast-key")
        self._text = ElidedLabel("", "toast-words")
        self._text.setObjectName("toast-words")
        self._text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        layout = self._layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 16, 6)
        layout.setSpacing(12)
        layout.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._text, 1)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(shown_ms)
        self._timer.timeout.connect(self.hide)
        window.installEventFilter(self)
        self.hide()

    def say(self, key: str, words: str) -> None:
        """Shows them for a few seconds.

        Args:
            key: as it stands on the keyboard; empty for none. words: one short sentence.
        """
        self.key, self.words = key, words
        self._cap.setText(key)
        self._cap.setVisible(bool(key))
        self._text.setText(words)
        self.setAccessibleName(f"{key} {words}".strip())
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def dismiss(self) -> None:
        """Nothing more to say."""
        self._timer.stop()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stays at the bottom of a window that changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        """In the middle of the bottom, one line as wide as its words, as far as there is room."""
        window = self._window
        hint = self._layout.totalSizeHint()
        size = QSize(min(hint.width(), int(window.width() * MOST_OF_WIDTH)), hint.height())
        bottom = window.height() - ABOVE_BOTTOM_PX
        left = (window.width() - size.width()) // 2
        self.setGeometry(QRect(QPoint(left, bottom - size.height()), size))
