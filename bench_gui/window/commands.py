"""Everything the window can be told to do: one table, one row a command, and its QActions.

A command has one key, one tooltip and one availability, wherever it is shown (menu or button).
Single letters do not fire while a text field has the focus: a line edit takes them as typing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenuBar


class Command(Enum):
    """What can be asked for. The value is the QAction's object name."""

    START = "start"
    STOP = "stop"
    ABORT = "abort"
    KILL_PRODUCER = "kill-producer"
    KILL_CONSUMER = "kill-consumer"
    NEW_SEED = "new-seed"
    EXPORT = "export"
    OPEN_RUN = "open-run"
    COPY_COMMAND = "copy-command"
    DEFAULTS = "defaults"
    QUIT = "quit"
    DARK = "dark"
    CONSOLE = "console"
    EVENTS = "events"
    FULL_SCREEN = "full-screen"
    FOCUS_EVENTS = "focus-events"
    KEYS = "keys"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Spec:
    """One command.

    Fields:
        menu: where it is found. text: with its menu mnemonic. key: in Qt's portable form.
        help: what it does, for the tooltip. checkable: whether it is a state.
        short: its name on a button.
    """

    command: Command
    menu: str
    text: str
    key: str
    help: str
    checkable: bool = False
    short: str = ""


FILE, RUN, VIEW, HELP = "&File", "Ru&n", "&View", "&Help"

SPECS: tuple[Spec, ...] = (
    Spec(
        Command.EXPORT,
        FILE,
        "&Export CSV...",
        "Ctrl+E",
        "Write summary.csv, timeseries.csv, faults.csv, anomalies.csv and the latency histograms "
        "of this run to a folder.",
        short="Export CSV",
    ),
    Spec(Command.OPEN_RUN, FILE, "&Open run folder", "Ctrl+O", "Show this run's directory."),
    Spec(
        Command.COPY_COMMAND,
        FILE,
        "&Copy command line",
        "Ctrl+Shift+C",
        "Copy the command that repeats these settings without a window.",
    ),
    Spec(Command.QUIT, FILE, "&Quit", "Ctrl+Q", "End every process and close the window."),
    Spec(
        Command.START,
        RUN,
        "&Start",
        "F5",
        "Start every lane's producers and consumers as real processes, on the same events and "
        "the same kill schedule.",
        short="Start",
    ),
    Spec(
        Command.STOP,
        RUN,
        "S&top and drain",
        "F6",
        "Sources and kills stop, the workers finish what they have (drain), then the final count "
        "is made.",
        short="Stop",
    ),
    Spec(
        Command.ABORT,
        RUN,
        "&Cut off",
        "Shift+F6",
        "End every process at once, without drain or final count. The run says so.",
    ),
    Spec(
        Command.KILL_PRODUCER,
        RUN,
        "Kill a &producer now",
        "P",
        "SIGKILL to a random live producer in every lane, now.",
        short="Kill producer",
    ),
    Spec(
        Command.KILL_CONSUMER,
        RUN,
        "Kill a c&onsumer now",
        "C",
        "SIGKILL to a random live consumer in every lane, now.",
        short="Kill consumer",
    ),
    Spec(
        Command.NEW_SEED,
        RUN,
        "&New seed",
        "N",
        "Draw another seed: other events, other kills.",
        short="New",
    ),
    Spec(Command.DEFAULTS, RUN, "&Default settings", "Ctrl+D", "Set every field to its default."),
    Spec(Command.DARK, VIEW, "&Dark theme", "T", "Light or dark.", checkable=True),
    Spec(Command.CONSOLE, VIEW, "&Settings", "F9", "Show or hide the settings.", checkable=True),
    Spec(Command.EVENTS, VIEW, "&Faults", "F8", "Show or hide the list of faults.", checkable=True),
    Spec(Command.FOCUS_EVENTS, VIEW, "&Go to the faults", "F7", "Move the focus to the faults."),
    Spec(Command.FULL_SCREEN, VIEW, "F&ull screen", "F11", "Full screen.", checkable=True),
    Spec(Command.KEYS, HELP, "&Keys and words", "F1", "Every key, and what the words mean."),
    Spec(Command.ABOUT, HELP, "&About Delivery Bench", "Ctrl+F1", "What this program is."),
)

SEPARATED_BEFORE = {Command.QUIT, Command.KILL_PRODUCER, Command.NEW_SEED, Command.FULL_SCREEN}


class Commands:
    """The QActions of a window, by command."""

    def __init__(self, window: QMainWindow) -> None:
        self._specs = {spec.command: spec for spec in SPECS}
        self._actions = {spec.command: _action(spec, window) for spec in SPECS}

    def __getitem__(self, command: Command) -> QAction:
        return self._actions[command]

    def fill(self, bar: QMenuBar) -> None:
        """One menu a heading, in the table's order."""
        for heading in (FILE, RUN, VIEW, HELP):
            menu = bar.addMenu(heading)
            menu.setToolTipsVisible(True)
            for spec in SPECS:
                if spec.menu == heading:
                    if spec.command in SEPARATED_BEFORE:
                        menu.addSeparator()
                    menu.addAction(self._actions[spec.command])

    def allow(self, command: Command, reason: str = "") -> None:
        """Makes it available, or not with a sentence that says why."""
        action = self._actions[command]
        action.setEnabled(not reason)
        tip = tooltip(self._specs[command], reason)
        if tip != action.toolTip():
            action.setToolTip(tip)


def tooltip(spec: Spec, reason: str = "") -> str:
    """Help, key, and why it is not available."""
    key = QKeySequence(spec.key).toString(QKeySequence.SequenceFormat.NativeText)
    lines: Iterable[str] = (f"<b>{key}</b>&nbsp; {spec.help}", f"<i>Not now: {reason}</i>")
    return "<br>".join(lines if reason else list(lines)[:1])


def _action(spec: Spec, window: QMainWindow) -> QAction:
    action = QAction(spec.text, window)
    action.setObjectName(spec.command.value)
    action.setIconText(spec.short or spec.text.replace("&", ""))
    action.setShortcut(QKeySequence(spec.key))
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setAutoRepeat(False)
    action.setCheckable(spec.checkable)
    action.setToolTip(tooltip(spec))
    window.addAction(action)
    return action
