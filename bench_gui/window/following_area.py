"""A scroll area that brings what gets the focus into view, by whatever key it got it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QWidget

MARGIN_PX = 12


class FollowingArea(QScrollArea):
    """Qt follows the focus only when it moves by Tab; a field's own key moves it, too.

    Args:
        content: as wide as the area, and scrolled up and down alone.
        flowing: whether its height is mostly text that flows, and follows from its width.
    """

    def __init__(self, content: QWidget, *, flowing: bool = False) -> None:
        super().__init__()
        if not flowing:
            policy = content.sizePolicy()
            policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)  # scrolled rather than squeezed
            content.setSizePolicy(policy)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """What has the focus stays in view when the content grows or shrinks above it."""
        handled = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.Resize and watched is self.widget():
            self._follow(None, QApplication.focusWidget())
        return handled

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        del before
        content = self.widget()
        if now is not None and content is not None and content.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, MARGIN_PX)
