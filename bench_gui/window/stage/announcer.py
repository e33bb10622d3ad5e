"""The one hook that tells an audience which key was pressed and what it did."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow

from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.availability import BY_HAND, GOING_ON
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands
from bench_gui.window.stage.focus import LaneFocus
from bench_gui.window.stage.outcome import NAMES, title_of, told
from bench_gui.window.stage.toast import Toaster

FOCUS, SCENARIO = "focus-", "scenario-"
FAULTS = frozenset(command.value for command in BY_HAND)
SAID_BY_THEMSELVES = frozenset(
    command.value
    for command in (Command.NEXT_BEAT, Command.PREVIOUS_BEAT, Command.CHEAT_SHEET, Command.QUIT)
)
"""Their own words are better."""


class Announcer(QObject):
    """Toasts every command of the window while it is presented.

    Args:
        commands: for why one is not available. tell: shows a sentence while nobody watches.
    """

    def __init__(
        self,
        window: QMainWindow,
        commands: Commands,
        focus: LaneFocus,
        toaster: Toaster,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._commands = {command.value: command for command in Command}
        self._reasons = commands
        self._focus = focus
        self._toaster = toaster
        self._tell = tell
        self._known: set[QAction] = set()
        self._on = self._muted = False
        self._title = ""
        self._reports: dict[int, FaultReport] = {}
        self._seen: set[int] = set()
        window.installEventFilter(self)

    def set_on(self, on: bool) -> None:
        """Whether commands are announced."""
        self._on = on
        if on:
            self._listen()
        else:
            self._toaster.dismiss()

    def begin_run(self) -> None:
        """Faults are numbered anew."""
        self._seen.clear()
        self._forget()

    def take(self, faults: list[FaultReport]) -> None:
        """New and changed faults: whom the key hit that was pressed last."""
        by_hand = [one for one in faults if not one.scheduled and one.kind in NAMES]
        fresh = [one for one in by_hand if one.fault_id not in self._seen]
        self._seen.update(one.fault_id for one in fresh)
        if not fresh or not self._on or not self._title:
            return
        self._reports |= {one.fault_id: one for one in fresh}
        self._toaster.say(self._toaster.key, told(self._title, list(self._reports.values())))

    def say(self, key: str, words: str) -> None:
        """What a command says for itself."""
        if self._on:
            self._toaster.say(key, words)

    def mute(self, muted: bool) -> None:
        """Commands that a beat gives are no keys."""
        self._muted = muted

    def say_beat(self, key: str, words: str) -> None:
        """Which beat it is; what its faults hit is told with it when it is known."""
        self._forget()
        self._title = words
        self.say(key, words)

    def _forget(self) -> None:
        self._title = ""
        self._reports.clear()

    def _listen(self) -> None:
        for action in self._window.actions():
            if action not in self._known:
                self._known.add(action)
                action.triggered.connect(lambda *_, of=action: self._announce(of))

    def _announce(self, action: QAction) -> None:
        name = action.objectName()
        if not self._on or self._muted or name in SAID_BY_THEMSELVES:
            return
        self._forget()
        words = self._words(action)
        if name in FAULTS:
            self._title = words
            words = f"{words}, in {self._focus.name}"
        self._toaster.say(_key_of(action), words)

    def _words(self, action: QAction) -> str:
        name, words = action.objectName(), self._title_of(action)
        if name.startswith(FOCUS):
            return f"In focus: {self._focus.name}"
        if action.isCheckable():
            return f"{words}: {'on' if action.isChecked() else 'off'}"
        return words

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """A key that nobody wanted may be a command's that is not available now."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self._refuse(event)
        return super().eventFilter(watched, event)

    def _refuse(self, event: QKeyEvent) -> None:
        pressed = sequences_of(event)
        for action in self._window.actions():
            reason = self._reason(action)
            if not reason or action.isEnabled() or not pressed & {*action.shortcuts()}:
                continue
            words = f"{self._title_of(action)}: not now, {reason}"
            if self._on:
                self._toaster.say(_key_of(action), words)
            else:
                self._tell(words)

    def _reason(self, action: QAction) -> str:
        """Why it is not available, if it is not."""
        name = action.objectName()
        if name.startswith(SCENARIO):
            return GOING_ON
        command = self._commands.get(name)
        return self._reasons.reason(command) if command is not None else ""

    def _title_of(self, action: QAction) -> str:
        words = title_of(action.text())
        scenario = action.objectName().startswith(SCENARIO)
        return f"Scenario: {words.lstrip('0123456789 ')}" if scenario else words


def sequences_of(event: QKeyEvent) -> set[QKeySequence]:
    """What a key may stand for: a sign such as "<" needs Shift on one keyboard, none on another."""
    sequences = {QKeySequence(event.keyCombination())}
    if event.text().isprintable() and not event.text().isalnum():
        sequences.add(QKeySequence(event.key()))
    return sequences


def _key_of(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
