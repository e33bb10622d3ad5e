"""Work away from the window's thread, its outcome delivered on the window's thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QDeadlineTimer,
    QEventLoop,
    QObject,
    QRunnable,
    QThreadPool,
    QTimer,
    Signal,
)

from bench_gui.bench.errors import EnvironmentProblem

LOOK_MS = 20
"""Between two looks whether everything is done."""


class Outcome(QObject):
    """Signals:
    done: the work's result.
    failed: one sentence.
    """

    done = Signal(object)
    failed = Signal(str)


class _Task(QRunnable):
    def __init__(self, work: Callable[[], object], outcome: Outcome) -> None:
        super().__init__()
        self._work = work
        self._outcome = outcome

    def run(self) -> None:
        """On a thread of the pool."""
        try:
            result = self._work()
        except (EnvironmentProblem, OSError) as problem:
            self._outcome.failed.emit(str(problem))
        except Exception as bug:  # noqa: BLE001  a thread has no excepthook of its own to reach
            self._outcome.failed.emit(f"{type(bug).__name__}: {bug}")
        else:
            self._outcome.done.emit(result)


class Background:
    """A few threads, waited for before the program ends."""

    def __init__(self, parent: QObject) -> None:
        self._parent = parent
        self._pool = QThreadPool(parent)
        self._pool.setMaxThreadCount(2)

    def run(
        self,
        work: Callable[[], object],
        done: Callable[[object], None] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Starts `work`; `done` or `failed` is called later, on the window's thread."""
        outcome = Outcome(self._parent)
        if done is not None:
            outcome.done.connect(done)
        if failed is not None:
            outcome.failed.connect(failed)
        outcome.done.connect(outcome.deleteLater)
        outcome.failed.connect(outcome.deleteLater)
        self._pool.start(_Task(work, outcome))

    def wait(self, most_ms: int) -> bool:
        """Whether everything is done within `most_ms`."""
        return self._pool.waitForDone(most_ms)

    def finish(self, most_ms: int) -> bool:
        """As `wait`, but meanwhile the window's thread handles its events."""
        deadline = QDeadlineTimer(most_ms)
        loop = QEventLoop()
        timer = QTimer(interval=LOOK_MS)
        timer.timeout.connect(
            lambda: loop.quit() if self.wait(0) or deadline.hasExpired() else None
        )
        timer.start()
        loop.exec()
        timer.stop()
        return self.wait(max(0, deadline.remainingTime()))  # a program that is quitting has no loop
