"""Our own bugs on screen: one sentence with folded details, never a traceback.

The first opens a dialog; what follows while it is open only counts there. On a stage nothing may
stand in front of the picture: there it is a line across the window.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from bench_gui.window.banner import Banner
from bench_gui.window.problem_dialog import ProblemDialog
from bench_gui.window.problem_report import MOST_DETAILS, Problem, problem_of, report_text


class ProblemHook(QObject):
    """A `sys.excepthook` that tells the reader, and the terminal for who wants to mend it.

    Args:
        presenting: whether the window is on a stage. run_id: of the run on screen, or "".

    Signals:
        happened: a Problem, from whatever thread.
    """

    happened = Signal(object)

    def __init__(
        self,
        window: QWidget,
        banner: Banner,
        run_id: Callable[[], str] = str,
        presenting: Callable[[], bool] = bool,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._banner = banner
        self._run_id = run_id
        self._presenting = presenting
        self._dialog: ProblemDialog | None = None
        self._problems: list[Problem] = []
        self._count = 0
        self.happened.connect(self._show)

    def install(self) -> None:
        """For every thread of the program."""
        sys.excepthook = self
        threading.excepthook = lambda args: self(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def __call__(
        self, kind: type[BaseException], problem: BaseException, trace: TracebackType | None
    ) -> None:
        """Called by Python for what nobody caught."""
        told = problem_of(kind, problem, trace)
        if sys.stderr is not None:
            sys.stderr.write(told.trace)
        if issubclass(kind, Exception):
            self.happened.emit(told)

    def report(self) -> str:
        """What happened since the dialog was opened, for a bug report."""
        return report_text(tuple(self._problems), self._count, self._run_id())

    def _show(self, problem: Problem) -> None:
        if self._dialog is None:
            self._problems, self._count = [], 0
        self._count += 1
        if problem not in self._problems and len(self._problems) < MOST_DETAILS:
            self._problems.append(problem)
        if self._presenting():
            self._banner.alarm(problem.sentence, self.report())
            return
        if self._dialog is None:
            self._dialog = ProblemDialog(self._window, self.report)
            self._dialog.finished.connect(self._closed)
            self._dialog.show()
        self._dialog.show_problem(problem.sentence, self._count)

    def _closed(self) -> None:
        self._dialog = None
