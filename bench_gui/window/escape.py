"""What Esc does: one key, one shortcut, and whoever can use it most. Knows no part of the window.

Several shortcuts of one key would be ambiguous, and then none of them acts.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


class Claim(QObject):
    """One use of Esc, for as long as it is held."""

    def __init__(self, escape: Escape, act: Callable[[], object]) -> None:
        super().__init__(escape)
        self._escape = escape
        self._act = act
        self._held = False

    @property
    def held(self) -> bool:
        """Whether Esc may do this now."""
        return self._held

    def hold(self, held: bool) -> None:
        """Esc may do this from now on, or no more."""
        self._held = held
        self._escape.refresh()

    def act(self) -> None:
        """What it does."""
        self._act()


class Escape(QObject):
    """The key. It is left to whoever has the focus while nobody claims it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._claims: list[tuple[int, Claim]] = []
        self._shortcut = QShortcut(QKeySequence(Qt.Key.Key_Escape), window)
        self._shortcut.setEnabled(False)
        self._shortcut.activated.connect(self._act)

    def claim(self, rank: int, act: Callable[[], object]) -> Claim:
        """A use of the key, not held yet. Of those held the one of the lowest rank acts."""
        claim = Claim(self, act)
        self._claims.append((rank, claim))
        self._claims.sort(key=lambda one: one[0])
        return claim

    def refresh(self) -> None:
        """Somebody holds it, or somebody no longer does."""
        self._shortcut.setEnabled(any(claim.held for _, claim in self._claims))

    def _act(self) -> None:
        first = next((claim for _, claim in self._claims if claim.held), None)
        if first is not None:
            first.act()
