"""A bar of the commands that are wanted most, for when the console is out of the way."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QToolBar

from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands

SHOWN: tuple[Command | None, ...] = (
    Command.START,
    Command.STOP,
    None,
    Command.KILL_PRODUCER,
    Command.KILL_CONSUMER,
    Command.PAUSE_CONSUMER,
    Command.KILL_AT_STEP,
    None,
    Command.PLAY_BACK,
    Command.EXPORT_VIEW,
    Command.REPORT,
    None,
    Command.PRESENT,
    Command.CONSOLE,
)
"""None is a line between."""


class Toolbar(QToolBar):
    """Comes when the console goes and goes when it comes, unless it was asked for."""

    def __init__(self, window: QMainWindow, commands: Commands) -> None:
        super().__init__("Toolbar")
        self.setObjectName("toolbar")
        self.setAccessibleName("Toolbar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._wanted = False
        for command in SHOWN:
            if command is None:
                self.addSeparator()
                continue
            action = commands[command]
            self.addAction(action)
            button = self.widgetForAction(action)
            button.setObjectName(f"{command.value}-tool")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(action.text().replace("&", ""))
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
        self.setVisible(self._wanted or not shown)
