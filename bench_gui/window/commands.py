"""The commands of the table as QActions and menus.

Single letters do not fire while a text field has the focus: a line edit takes them as typing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar

from bench_gui.window.command_table import MENUS, SPECS, Command, Spec

Acts = Mapping[Command, Callable[[], object]]
"""What is done when a command is given."""

States = Mapping[Command, Callable[[bool], object]]
"""What is done when a state is switched on or off."""


class Commands:
    """The QActions of a window, by command."""

    def __init__(self, window: QMainWindow) -> None:
        self._specs = {spec.command: spec for spec in SPECS}
        self._actions = {spec.command: _action(spec, window) for spec in SPECS}
        self._menus: dict[str, QMenu] = {}
        self._reasons: dict[Command, str] = {}

    def __getitem__(self, command: Command) -> QAction:
        return self._actions[command]

    def fill(self, bar: QMenuBar) -> None:
        """One menu a heading, in the table's order."""
        for heading in MENUS:
            menu = bar.addMenu(heading)
            menu.setToolTipsVisible(True)
            self._menus[heading] = menu
            for spec in SPECS:
                if spec.menu == heading:
                    if spec.first:
                        menu.addSeparator()
                    menu.addAction(self._actions[spec.command])

    def put_first(self, heading: str, actions: Iterable[QAction]) -> None:
        """More actions at the top of a menu."""
        menu = self._menus[heading]
        menu.insertActions(menu.actions()[0], list(actions))

    def put_after(self, command: Command, action: QAction) -> None:
        """One more action in the menu of a command, below it."""
        menu = self._menus[self._specs[command].menu]
        places = menu.actions()
        place = places.index(self._actions[command]) + 1
        if place < len(places):
            menu.insertAction(places[place], action)
        else:
            menu.addAction(action)

    def bind(self, acts: Acts) -> None:
        """What commands do from now on."""
        for command, act in acts.items():
            self._actions[command].triggered.connect(_without_arguments(act))

    def bind_states(self, states: States) -> None:
        """What commands that are checkable do from now on."""
        for command, show in states.items():
            self._actions[command].triggered.connect(_with_state(show))

    def reason(self, command: Command) -> str:
        """Why it is not available now; empty when it is."""
        return self._reasons.get(command, "")

    def allow(self, command: Command, reason: str = "") -> None:
        """Makes it available, or not with a sentence that says why."""
        action = self._actions[command]
        self._reasons[command] = reason
        action.setEnabled(not reason)
        tip = tooltip(self._specs[command], reason)
        if tip != action.toolTip():
            action.setToolTip(tip)


def tooltip(spec: Spec, reason: str = "") -> str:
    """Help, key, and why it is not available."""
    key = QKeySequence(spec.key).toString(QKeySequence.SequenceFormat.NativeText)
    lines: Iterable[str] = (f"<b>{escape(key)}</b>&nbsp; {spec.help}", f"<i>Not now: {reason}</i>")
    return "<br>".join(lines if reason else list(lines)[:1])


def _action(spec: Spec, window: QMainWindow) -> QAction:
    action = QAction(spec.text, window)
    action.setObjectName(spec.command.value)
    action.setIconText(spec.short or spec.text.replace("&", ""))
    action.setShortcuts([QKeySequence(key) for key in (spec.key, *spec.more_keys)])
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setAutoRepeat(spec.repeats)
    action.setCheckable(spec.checkable)
    action.setToolTip(tooltip(spec))
    window.addAction(action)
    return action


def _without_arguments(act: Callable[[], object]) -> Callable[..., None]:
    """`triggered` passes whether the action is checked; most do not care."""

    def triggered(*_: object) -> None:
        act()

    return triggered


def _with_state(show: Callable[[bool], object]) -> Callable[[bool], None]:
    """A method of Qt's own connected as it is would be called without the state."""

    def triggered(on: bool) -> None:
        show(on)

    return triggered
