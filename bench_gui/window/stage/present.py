"""Present mode: the window as an audience sees it, and back exactly as it was.

Full screen; menus, tool bars, docks and the status bar away; the type of the stage; and a mouse
cursor that goes when nobody moves it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMainWindow, QToolBar, QWidget

CURSOR_PATIENCE_MS = 3000
CURSOR_LOOK_MS = 500


@dataclass(frozen=True, slots=True)
class Before:
    """The window before it was presented.

    Fields:
        shown: the parts that were not hidden and are now.
        layout: docks and tool bars, as QMainWindow.saveState.
        geometry: of a window that is neither maximized nor full screen. state: whether it is.
    """

    shown: tuple[QWidget, ...]
    layout: QByteArray
    geometry: QRect
    state: Qt.WindowState


class Presenting(QObject):
    """Switches present mode on and off.

    Fields:
        on: whether the window is presented now. No question that only confirms is asked then.
        cursor: the mouse cursor meanwhile.

    Signals:
        changed: `on` is another.
    """

    changed = Signal(bool)

    def __init__(self, window: QMainWindow, patience_ms: int = CURSOR_PATIENCE_MS) -> None:
        super().__init__(window)
        self._window = window
        self._before: Before | None = None
        self.cursor = RestingCursor(self, patience_ms)

    @property
    def on(self) -> bool:
        """As said above."""
        return self._before is not None

    def set(self, on: bool) -> None:
        """Begins or ends it; nothing happens when it is so already."""
        if on is self.on:
            return
        self.cursor.watch(on)
        if on:
            self._begin()
            self.changed.emit(True)
        else:
            before, self._before = self._before, None
            self.changed.emit(False)  # first, so that type is no longer too large for the window
            if before is not None:
                self._restore(before)

    def _begin(self) -> None:
        window = self._window
        away: list[QWidget] = [window.menuBar(), window.statusBar()]
        away += window.findChildren(QDockWidget)
        away += window.findChildren(QToolBar)
        shown = tuple(part for part in away if not part.isHidden())
        self._before = Before(shown, window.saveState(), window.geometry(), window.windowState())
        for part in shown:
            part.hide()
        window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)

    def _restore(self, before: Before) -> None:
        window = self._window
        window.setWindowState(before.state)
        for part in (window.menuBar(), window.statusBar()):
            part.setVisible(part in before.shown)
        window.restoreState(before.layout)
        layout = window.layout()
        if layout is not None:
            layout.activate()
        if not before.state & (Qt.WindowState.WindowFullScreen | Qt.WindowState.WindowMaximized):
            window.setGeometry(before.geometry)


class RestingCursor(QObject):
    """Hides the mouse cursor when it has not moved for a while. Asks where it is twice a second,
    which costs less than to be told of every movement.

    Signals:
        rested: it was hidden.
    """

    rested = Signal()

    def __init__(
        self,
        parent: QObject,
        patience_ms: int,
        place: Callable[[], QPoint] = QCursor.pos,
        look_ms: int = CURSOR_LOOK_MS,
    ) -> None:
        super().__init__(parent)
        self._place = place
        self._patience_ms = patience_ms
        self._rested_ms = 0
        self._last = QPoint()
        self._hidden = False
        self._timer = QTimer(self)
        self._timer.setInterval(look_ms)
        self._timer.timeout.connect(self._look)

    @property
    def hidden(self) -> bool:
        """Whether it cannot be seen now."""
        return self._hidden

    def watch(self, watched: bool) -> None:
        """Begins or ends; at the end it is shown."""
        self._rested_ms, self._last = 0, self._place()
        if watched:
            self._timer.start()
        else:
            self._timer.stop()
            self._hide(False)

    def _look(self) -> None:
        place = self._place()
        moved = place != self._last
        self._last = place
        self._rested_ms = 0 if moved else self._rested_ms + self._timer.interval()
        self._hide(self._rested_ms >= self._patience_ms)

    def _hide(self, hidden: bool) -> None:
        if hidden is self._hidden:
            return
        self._hidden = hidden
        if hidden:
            QGuiApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)
            self.rested.emit()
        else:
            QGuiApplication.restoreOverrideCursor()
