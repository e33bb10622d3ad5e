"""How the window is laid out: kept for the next start, and put back to how it was at the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QByteArray, QRect, QSettings, QSize, Qt
from PySide6.QtWidgets import QApplication, QMainWindow

from bench_gui.window import stored
from bench_gui.window.fold import Fold

FIRST_SIZE = QSize(1280, 720)
LEAST_IN_SIGHT = QSize(160, 60)
"""Of a window that can still be taken hold of."""


class Layout:
    """Size, place, docks and what is unfolded.

    Args:
        folds: by the name they are stored under.
        others: puts back what others lay out: the view, the size of the type.
    """

    def __init__(
        self,
        window: QMainWindow,
        store: QSettings,
        folds: Mapping[str, Fold],
        others: Callable[[], object],
    ) -> None:
        self._window = window
        self._store = store
        self._folds = folds
        self._others = others
        self._first = QByteArray()

    def restore(self) -> None:
        """As it was left, on a screen that is there; at the first start as it was made."""
        self._first = self._window.saveState(stored.LAYOUT_VERSION)
        if not stored.load_layout(self._store, self._window):
            self._window.resize(FIRST_SIZE)
        for name, fold in self._folds.items():
            fold.unfold(stored.load_flag(self._store, name, False))
        self._keep_on_screen()

    def remember(self) -> None:
        """For the next start."""
        stored.save_layout(self._store, self._window)
        for name, fold in self._folds.items():
            self._store.setValue(name, fold.unfolded)

    def reset(self) -> None:
        """As at the first start."""
        self._window.setWindowState(Qt.WindowState.WindowNoState)
        self._window.restoreState(self._first, stored.LAYOUT_VERSION)
        self._others()
        for fold in self._folds.values():
            fold.unfold(False)
        self._window.resize(FIRST_SIZE)
        self._keep_on_screen()

    def _keep_on_screen(self) -> None:
        screens = [screen.availableGeometry() for screen in QApplication.screens()]
        place = self._window.geometry()
        wanted = in_sight(place, screens)
        if wanted != place:
            self._window.setGeometry(wanted)


def in_sight(place: QRect, screens: list[QRect]) -> QRect:
    """The place, or one on the first screen where too little of it would be seen.

    Args:
        screens: what can be used of each, at least one.
    """
    for screen in screens:
        seen = screen.intersected(place)
        if seen.width() >= LEAST_IN_SIGHT.width() and seen.height() >= LEAST_IN_SIGHT.height():
            return place
    first = screens[0]
    moved = QRect(place.topLeft(), place.size().boundedTo(first.size()))
    moved.moveCenter(first.center())
    return moved
