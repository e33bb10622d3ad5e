"""What the window's own commands do: those that belong to no part of it. Knows no signal."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from bench_gui.bench.options import command_line
from bench_gui.window.about_dialog import show_about
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Acts, States
from bench_gui.window.help_dialog import show_help
from bench_gui.window.palette import DARK, LIGHT
from bench_gui.window.settings_dialogs import choose_steps, compose_lane

if TYPE_CHECKING:
    from bench_gui.window.main_window import MainWindow

SEEDS = 1_000_000


class WindowActs:
    """The acts of a window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def run_acts(self) -> Acts:
        """Of the run and of the settings of the next one."""
        window = self._window
        return {
            Command.START: window.start,
            Command.STOP: window.session.stop,
            Command.ABORT: window.session.abort,
            Command.MEASURE: window.measurer.open,
            Command.COMPOSE: lambda: compose_lane(window, window.panel),
            Command.CHOOSE_STEPS: lambda: choose_steps(window, window.panel),
            Command.NEW_SEED: self._new_seed,
        }

    def file_acts(self) -> Acts:
        """Of what is kept of a run."""
        return {
            Command.OPEN_RUN: self._open_run,
            Command.COPY_COMMAND: self._copy_command,
            Command.QUIT: self._window.quitting.quit,
        }

    def help_acts(self) -> Acts:
        """Of what is looked up, and of the window itself."""
        window = self._window
        return {
            Command.FOCUS_EVENTS: window.faults.focus,
            Command.FILTER_EVENTS: window.faults.focus_filter,
            Command.RESET_LAYOUT: window.reset_layout,
            Command.EXPLAIN_FAULT: self._explain_fault,
            Command.EXPLAIN_EVENT: window.explainer.ask,
            Command.KEYS: lambda: show_help(window),
            Command.ABOUT: lambda: show_about(window),
        }

    def view_states(self) -> States:
        """Of what is shown or hidden."""
        window = self._window
        return {
            Command.DARK: lambda dark: window.set_theme(DARK if dark else LIGHT),
            Command.CONSOLE: window.console_dock.setVisible,
            Command.EVENTS: window.faults.setVisible,
            Command.FULL_SCREEN: self._set_full_screen,
            Command.STORY: window.scenarios.show_story,
        }

    def show_wrong_field(self) -> None:
        """Why no run can start: in words, and where."""
        self._window.console_dock.show()
        self._window.panel.go_to_problem()
        self._window.status.say(f"The run cannot start: {self._window.panel.problem()}")

    def _new_seed(self) -> None:
        self._window.panel.show_texts({"seed": str(random.SystemRandom().randrange(SEEDS))})

    def _explain_fault(self) -> None:
        fault = self._window.faults.fault
        if fault is not None:
            self._window.explainer.explain_fault(fault)

    def _set_full_screen(self, full: bool) -> None:
        state = Qt.WindowState.WindowFullScreen
        kept = self._window.windowState() & ~state  # maximized stays maximized
        self._window.setWindowState(kept | state if full else kept)

    def _open_run(self) -> None:
        run_dir = self._window.session.run_dir
        if run_dir is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(run_dir)))

    def _copy_command(self) -> None:
        """Of the run that is shown, whatever is filled in for the next one."""
        of_run = self._window.session.settings
        settings = of_run or self._window.panel.reading.settings
        if settings is not None:
            QGuiApplication.clipboard().setText(command_line(settings))
            whose = "the run on the screen" if of_run is not None else "the settings"
            self._window.status.say(f"The command line of {whose} is on the clipboard")
