"""Whether motion is reduced: chosen by the user, remembered, and at first as the desktop asks."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QGuiApplication

from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands, States
from bench_gui.window.stored import load_flag

STORED = "reduced-motion"


def desktop_asks_for_calm() -> bool:
    """What the desktop says; no, where this Qt cannot tell."""
    hints = getattr(QGuiApplication.styleHints(), "accessibility", lambda: None)()
    asked = getattr(hints, "motionPreference", lambda: None)()
    return "reduce" in str(getattr(asked, "name", "")).lower()


class Calm(QObject):
    """The choice.

    Signals:
        changed: whether motion is reduced from now on.
    """

    changed = Signal(bool)

    def __init__(self, commands: Commands, store: QSettings) -> None:
        super().__init__()
        self._action = commands[Command.REDUCED_MOTION]
        self._store = store
        self._action.toggled.connect(self.changed)

    def states(self) -> States:
        """What its command does."""
        return {Command.REDUCED_MOTION: self._keep}

    def restore(self) -> None:
        """As it was chosen last."""
        self._action.setChecked(load_flag(self._store, STORED, desktop_asks_for_calm()))

    def _keep(self, reduced: bool) -> None:
        self._store.setValue(STORED, reduced)
