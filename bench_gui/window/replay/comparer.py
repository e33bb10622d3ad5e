"""Compares the run on the screen with another: asks for it, reads both, shows them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.recording.about import RunView, find_run
from bench_gui.window.background import Background
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.replay.compare_window import CompareWindow
from bench_gui.window.session import Session
from bench_gui.window.tools import Tools


class Comparer(QObject):
    """One window, made when it is first needed.

    Args:
        complain: shows what is in the way.
    """

    def __init__(
        self,
        parent: QMainWindow,
        session: Session,
        tools: Tools,
        runs_root: Path,
        complain: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self._parent = parent
        self._session = session
        self._tools = tools
        self._runs_root = runs_root
        self._complain = complain
        self._background = Background(self)
        self._theme = LIGHT
        self._first: Path | None = None
        self._window: CompareWindow | None = None

    @property
    def window(self) -> CompareWindow:
        """Where two runs are shown."""
        if self._window is None:
            self._window = CompareWindow(self._parent, self._ask_again)
            self._window.set_theme(self._theme)
        return self._window

    def ask(self) -> None:
        """Compares the run on the screen with one that the user names."""
        self._first = self._session.run_dir
        self._ask_again()

    def _ask_again(self) -> None:
        chosen = self._tools.choose_run(self._parent, self._runs_root)
        if chosen is not None:
            self.compare(chosen)

    def compare(self, path: Path) -> None:
        """Compares the run on the screen with another, by its directory or its run.db."""
        first = self._first or self._session.run_dir
        if first is None:
            return
        try:
            second = find_run(path)
        except EnvironmentProblem as problem:
            self._complain(str(problem))
            return
        read = self._tools.read_view
        self._background.run(lambda: (read(first), read(second)), self._show, self._complain)

    def _show(self, runs: object) -> None:
        assert isinstance(runs, tuple)
        a, b = runs
        assert isinstance(a, RunView)
        assert isinstance(b, RunView)
        self.window.show_runs(a, b)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        if self._window is not None:
            self._window.set_theme(theme)

    def close(self) -> None:
        """Shows nothing any more."""
        if self._window is not None:
            self._window.close()
