"""The views of a run, one at a time, and the switch between them. Knows no run.

A widget may serve several views (the board serves two): it is told which by `changed`.
"""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands
from bench_gui.window.widgets import ActionButton

STORED = "view"
BOLDER = 1.08


class View(Enum):
    """What the middle of the window shows. The value is that of the command that shows it."""

    PIPELINES = "pipelines-view"
    CHARTS = "charts-view"
    LINKS = "links-view"
    RESULTS = "results-view"


class Views(QWidget):
    """The views that were added, in that order, and a button for each above them.

    Signals:
        changed: another view is shown.
    """

    changed = Signal(View)

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setObjectName("views")
        self.view = View.PIPELINES
        self._commands = commands
        self._group = QActionGroup(self)
        self._widgets: dict[View, QWidget] = {}
        self._stack = QStackedWidget()
        self._switch = QHBoxLayout()
        self._switch.setContentsMargins(6, 5, 8, 0)
        self._switch.setSpacing(0)
        self._switch.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._switch)
        layout.addWidget(self._stack, 1)

    def add(self, view: View, widget: QWidget) -> None:
        """Another view, shown by the command of its name."""
        command = Command(view.value)
        action = self._commands[command]
        self._group.addAction(action)
        self._commands.bind({command: lambda: self._ask_for(view)})
        self._switch.insertWidget(self._switch.count() - 1, ViewButton(self._commands, command))
        self._widgets[view] = widget
        if self._stack.indexOf(widget) < 0:
            self._stack.addWidget(widget)
        action.setChecked(view is self.view)

    def has(self, view: View) -> bool:
        """Whether it was added."""
        return view in self._widgets

    def show_view(self, view: View) -> None:
        """Shows it, and says so; the first one instead of one that was not added."""
        view = view if view in self._widgets else next(iter(self._widgets))
        self._commands[Command(view.value)].setChecked(True)
        self._stack.setCurrentWidget(self._widgets[view])
        if view is not self.view:
            self.view = view
            self.changed.emit(view)

    def _ask_for(self, view: View) -> None:
        """By key or by mouse: what the keyboard can do there, it does at once."""
        self.show_view(view)
        widget = self._widgets[view]
        if widget.focusProxy() is not None:
            widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def remember(self, store: QSettings) -> None:
        """For the next start."""
        store.setValue(STORED, self.view.value)

    def restore(self, store: QSettings) -> None:
        """The view that was shown last."""
        names = {view.value: view for view in self._widgets}
        self.show_view(names.get(str(store.value(STORED, "")), View.PIPELINES))


class ViewButton(ActionButton):
    """One segment of the switch: pressed while its view is shown."""

    def __init__(self, commands: Commands, command: Command) -> None:
        super().__init__(commands[command], small=True)
        self.setProperty("segment", True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCheckable(True)
        commands[command].toggled.connect(self.setChecked)
        self.clicked.connect(lambda: self.setChecked(commands[command].isChecked()))

    def _make_room(self) -> None:
        """The words of the view that is shown are bold."""
        super()._make_room()
        self.setMinimumWidth(round(self.minimumWidth() * BOLDER))
