"""A bar of the commands that are wanted most, for when the console is out of the way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QToolBar, QToolButton

from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands

TOOLS: tuple[tuple[Command, str] | None, ...] = (
    (Command.START, "Start"),
    (Command.STOP, "Stop"),
    None,
    (Command.KILL_PRODUCER, "Kill a producer"),
    (Command.KILL_CONSUMER, "Kill a consumer"),
    (Command.KILL_AT_WORST, "Kill at the worst step"),
    (Command.PAUSE_CONSUMER, "Pause a consumer"),
    None,
    (Command.PLAY_BACK, "Play back"),
    (Command.EXPORT_VIEW, "Picture"),
    (Command.REPORT, "Report"),
    None,
    (Command.PRESENT, "Present"),
    (Command.CONSOLE, "Settings"),
)
"""A command, and its name here, where no heading says whom it hits. None is a line between."""


class Toolbar(QToolBar):
    """Comes when the console goes and goes when it comes, unless it was asked for.

    Args:
        presenting: whether there is an audience, which needs no toolbar.
    """

    def __init__(
        self, window: QMainWindow, commands: Commands, presenting: Callable[[], bool]
    ) -> None:
        super().__init__("Toolbar")
        self.setObjectName("toolbar")
        self.setAccessibleName("Toolbar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._wanted = False
        self._presenting = presenting
        for tool in TOOLS:
            if tool is None:
                self.addSeparator()
            else:
                self.addWidget(Tool(commands[tool[0]], tool[1]))
        window.addToolBar(Qt.ToolBarArea.TopToolBarArea, self)
        self.hide()
        commands.bind_states({Command.TOOLBAR: self.want, Command.CONSOLE: self.follow_console})
        self.visibilityChanged.connect(commands[Command.TOOLBAR].setChecked)

    def want(self, wanted: bool) -> None:
        """Shown or not, whatever the console does, until it comes or goes again."""
        self._wanted = wanted
        self.setVisible(wanted)

    def follow_console(self, shown: bool) -> None:
        """The user has shown or hidden the console, which has the same buttons."""
        if not self._presenting():
            self.setVisible(self._wanted or not shown)


class Tool(QToolButton):
    """A command under a name of its own; its state, tooltip and availability are the command's."""

    def __init__(self, action: QAction, text: str) -> None:
        super().__init__()
        self._action = action
        self.setObjectName(f"{action.objectName()}-tool")
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCheckable(action.isCheckable())
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setChecked(self._action.isChecked())
        self.setToolTip(self._action.toolTip())
        self.setAccessibleName(self._action.text().replace("&", ""))
