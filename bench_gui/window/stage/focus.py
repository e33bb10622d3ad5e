"""The lane in focus: faults by hand hit it, the board marks it, and a number key chooses it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from workers.lanes import lane_of

KEYED = 9
"""The first lanes of the run have a key each, their number."""

MENU_TEXT = "F&ocus a lane"
EVERY_HELP = "Faults by hand hit every lane, and no lane is marked."
LANE_HELP = "Faults by hand hit this lane alone, and the board marks it."


class LaneFocus(QObject):
    """Which lane is in focus.

    Fields:
        lane: its slug; None when every lane is.
        lanes: the slugs that can be, in the order of the board.

    Signals:
        changed: `lane` is another.
        lanes_changed: `lanes` are others; `lane` is one of them, or None.
    """

    changed = Signal()
    lanes_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lane: str | None = None
        self.lanes: tuple[str, ...] = ()

    def show_lanes(self, slugs: Iterable[str]) -> None:
        """The lanes of the run; one in focus stays there as long as it is among them."""
        wanted = tuple(slugs)
        if wanted == self.lanes:
            return
        self.lanes = wanted
        self.lanes_changed.emit()
        self.set(self.lane if self.lane in wanted else None)

    def set(self, slug: str | None) -> None:
        """Another lane, or None for every lane. A lane that is not in the run is left out."""
        if slug == self.lane or (slug is not None and slug not in self.lanes):
            return
        self.lane = slug
        self.changed.emit()

    @property
    def name(self) -> str:
        """For a reader."""
        return "every lane" if self.lane is None else lane_of(self.lane).name


class FocusKeys(QObject):
    """The number keys, and the menu that names them.

    Fields:
        menu: a line a lane of the run.
    """

    def __init__(self, window: QMainWindow, focus: LaneFocus) -> None:
        super().__init__(window)
        self._focus = focus
        self.menu = QMenu(MENU_TEXT, window)
        self.menu.setToolTipsVisible(True)
        self._actions = [self._action(window, number) for number in range(KEYED + 1)]
        self.menu.addActions([*self._actions[1:], self._actions[0]])
        focus.changed.connect(self._show)
        focus.lanes_changed.connect(self._show)
        self._show()

    def _action(self, window: QMainWindow, number: int) -> QAction:
        action = QAction(window)
        action.setObjectName(f"focus-{number}")
        action.setShortcut(QKeySequence(str(number)))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setAutoRepeat(False)
        action.setCheckable(True)
        action.setToolTip(f"<b>{number}</b>&nbsp; {LANE_HELP if number else EVERY_HELP}")
        action.triggered.connect(lambda: self._choose(number))
        window.addAction(action)
        return action

    def _choose(self, number: int) -> None:
        self._focus.set(self._slug(number))
        self._show()  # triggering toggles the tick, also of the one that was chosen already

    def _slug(self, number: int) -> str | None:
        """Of a key's lane; None for every lane, and for a key without one."""
        return self._focus.lanes[number - 1] if 0 < number <= len(self._focus.lanes) else None

    def _show(self) -> None:
        for number, action in enumerate(self._actions):
            slug = self._slug(number)
            there = slug is not None or not number
            action.setVisible(there)
            action.setEnabled(there)
            action.setChecked(there and slug == self._focus.lane)
            name = lane_of(slug).name if slug is not None else "Every lane"
            action.setText(f"&{number}  {name}")
