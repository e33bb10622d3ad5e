"""Compares the run on the screen with another: asks for it, reads both, shows them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.progress import Progress
from bench_gui.bench.recording.about import RunView, find_run
from bench_gui.window.background import Background, Task
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.replay.compare_window import CompareWindow
from bench_gui.window.session import Session
from bench_gui.window.tools import Tools


class Comparer(QObject):
    """One window, made when it is first needed.

    Args:
        complain: shows what is in the way. say: tells one sentence.

    Signals:
        began: a Task.
    """

    began = Signal(Task)

    def __init__(
        self,
        parent: QMainWindow,
        session: Session,
        tools: Tools,
        runs_root: Path,
        complain: Callable[[str], None],
        say: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self._parent = parent
        self._session = session
        self._tools = tools
        self._runs_root = runs_root
        self._complain = complain
        self._say = say
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

        def work(progress: Progress) -> tuple[RunView, RunView]:
            progress(0.0)
            a = read(first)
            progress(0.5)
            b = read(second)
            progress(1.0)
            return a, b

        title = f"Reading {first.name} and {second.name}"
        task = self._background.start(title, work, self._show, self._complain)
        task.cancelled.connect(lambda: self._say("The comparison was cancelled"))
        self.began.emit(task)

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
        self._background.cancel()
        if self._window is not None:
            self._window.close()
