"""Undo and redo of the settings: notes every change of the panel, and fills in an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from bench_gui.bench.scenario import Scenario
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Acts, Commands
from bench_gui.window.explore.settings_history import Filled, SettingsHistory
from bench_gui.window.fields import FIELDS
from bench_gui.window.scenario_guide import ScenarioGuide
from bench_gui.window.settings_panel import SettingsPanel

TYPED = frozenset(field.key for field in FIELDS if not field.choices)


class Undoing(QObject):
    """The history of one panel and of the scenario whose story stands above the lanes.

    Signals:
        changed: something else can be taken back or done again.
    """

    changed = Signal()

    def __init__(self, commands: Commands, panel: SettingsPanel, guide: ScenarioGuide) -> None:
        super().__init__(panel)
        self._commands = commands
        self._panel = panel
        self._guide = guide
        self._held = False
        self._history = SettingsHistory(self._filled(), TYPED)
        panel.changed.connect(self._note)
        guide.changed.connect(self._note)
        guide.told_anew.connect(self._tell_anew)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._seal)
        self._show()

    @property
    def undoable(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._history.undo_title)

    @property
    def redoable(self) -> bool:
        """Whether something was taken back and nothing was changed since."""
        return bool(self._history.redo_title)

    def acts(self) -> Acts:
        """What the commands do."""
        return {
            Command.UNDO_SETTINGS: lambda: self._bring_back(self._history.undo()),
            Command.REDO_SETTINGS: lambda: self._bring_back(self._history.redo()),
        }

    @contextmanager
    def one_step(self, title: str) -> Iterator[None]:
        """Whatever changes inside is one step of this name: "the preset Storm"."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        self._note(title)

    def _filled(self) -> Filled:
        return Filled(self._panel.texts(), self._guide.scenario, self._panel.lanes.own)

    def _note(self, title: str = "") -> None:
        if not self._held:
            self._history.note(self._filled(), title)
            self._show()

    def _tell_anew(self, before: Scenario | None) -> None:
        """A script was written anew: what is taken back later belongs to what it says now."""
        scenario = self._guide.scenario
        if before is not None and scenario is not None:
            self._history.tell_anew(before, scenario)
            self._show()

    def _seal(self) -> None:
        """Another field, or another window."""
        self._history.seal()

    def _bring_back(self, filled: Filled | None) -> None:
        if filled is None:
            return
        self._held = True
        self._guide.recall(filled.scenario)
        self._panel.lanes.list_own(filled.own)
        self._panel.fill_in(filled.texts)
        self._held = False
        self._history.now = self._filled()
        self._show()

    def _show(self) -> None:
        """What is taken back stands in the menu."""
        undo, redo = self._history.undo_title, self._history.redo_title
        for command, word, title in (
            (Command.UNDO_SETTINGS, "&Undo", undo),
            (Command.REDO_SETTINGS, "&Redo", redo),
        ):
            self._commands[command].setText(f"{word}: {_plain(title)}" if title else word)
        self.changed.emit()


def _plain(title: str) -> str:
    """An ampersand would be taken for a mnemonic."""
    return title.replace("&", "&&")
