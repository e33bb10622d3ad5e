"""Work away from the window's thread, its outcome delivered on the window's thread."""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Event

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
from bench_gui.bench.progress import Cancelled, Progress

LOOK_MS = 20
"""Between two looks whether everything is done."""

LEAST_STEP = 0.01
"""Of progress: less is not told to the window."""

OURS = "That did not work: {what}, an error of this program."


class Outcome(QObject):
    """Signals:
    done: the work's result.
    failed: one sentence.
    broke: the exception, when it is a fault of our own; `failed` comes too.
    cancelled: the work stopped because it was asked to.
    progressed: the share that is done, from 0 to 1.
    """

    done = Signal(object)
    failed = Signal(str)
    broke = Signal(object)
    cancelled = Signal()
    progressed = Signal(float)


class Task(QObject):
    """Work that can be watched and stopped.

    Fields:
        title: what is being done, in a few words.
        share: how much of it is done, 0 to 1.

    Signals:
        progressed: `share` is another.
        cancelled: it stopped because it was asked to.
        ended: it is done, failed or cancelled, and that was told.
    """

    progressed = Signal(float)
    cancelled = Signal()
    ended = Signal()

    def __init__(
        self,
        title: str,
        parent: QObject,
        done: Callable[[object], None] | None,
        failed: Callable[[str], None] | None,
    ) -> None:
        """See `Background.start`."""
        super().__init__(parent)
        self.title = title
        self._on_done = done
        self._on_failed = failed
        self.share = 0.0
        self._told = 0.0
        self._unwanted = Event()
        self.outcome = Outcome(self)
        self.outcome.progressed.connect(self._advance)
        self.outcome.done.connect(self._done)
        self.outcome.failed.connect(self._failed)
        self.outcome.cancelled.connect(self._cancelled)
        self.outcome.broke.connect(_tell_of)

    @property
    def unwanted(self) -> bool:
        """Whether it was asked to stop."""
        return self._unwanted.is_set()

    def cancel(self) -> None:
        """It stops when it next tells how far it is, and leaves nothing half-done."""
        self._unwanted.set()

    def tell(self, share: float) -> None:
        """On the work's own thread. Raises Cancelled."""
        if self.unwanted:
            raise Cancelled
        if share - self._told >= LEAST_STEP or share >= 1.0:
            self._told = share
            self.outcome.progressed.emit(share)

    def _advance(self, share: float) -> None:
        self.share = share
        self.progressed.emit(share)

    def _done(self, result: object) -> None:
        """Whoever waits for the end finds the outcome told."""
        if self._on_done is not None:
            self._on_done(result)
        self._end()

    def _failed(self, sentence: str) -> None:
        if self._on_failed is not None:
            self._on_failed(sentence)
        self._end()

    def _cancelled(self) -> None:
        self.cancelled.emit()
        self._end()

    def _end(self) -> None:
        self.ended.emit()
        self.deleteLater()


class _Run(QRunnable):
    def __init__(self, work: Callable[[], object], outcome: Outcome) -> None:
        super().__init__()
        self._work = work
        self._outcome = outcome

    def run(self) -> None:
        """On a thread of the pool."""
        try:
            result = self._work()
        except Cancelled:
            self._outcome.cancelled.emit()
        except (EnvironmentProblem, OSError) as problem:
            self._outcome.failed.emit(str(problem))
        except Exception as bug:  # noqa: BLE001  a thread has no excepthook of its own to reach
            self._outcome.broke.emit(bug)
            self._outcome.failed.emit(OURS.format(what=type(bug).__name__))
        else:
            self._outcome.done.emit(result)


class Background:
    """A few threads, waited for before the program ends."""

    def __init__(self, parent: QObject) -> None:
        self._parent = parent
        self._pool = QThreadPool(parent)
        self._pool.setMaxThreadCount(2)
        self._tasks: list[Task] = []

    def run(
        self,
        work: Callable[[], object],
        done: Callable[[object], None] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Starts `work`; `done` or `failed` is called later, on the window's thread."""
        outcome = Outcome(self._parent)
        _connect(outcome, done, failed)
        for over in (outcome.done, outcome.failed, outcome.cancelled):
            over.connect(outcome.deleteLater)
        self._pool.start(_Run(work, outcome))

    def start(
        self,
        title: str,
        work: Callable[[Progress], object],
        done: Callable[[object], None] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> Task:
        """As `run`, of work that tells how far it is and that can be cancelled.

        A cancelled task calls neither `done` nor `failed`.
        """
        task = Task(title, self._parent, done, failed)
        self._tasks.append(task)
        task.ended.connect(lambda: self._tasks.remove(task))
        self._pool.start(_Run(lambda: work(task.tell), task.outcome))
        return task

    def cancel(self) -> None:
        """Every task that is going on."""
        for task in self._tasks:
            task.cancel()

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


def _connect(
    outcome: Outcome,
    done: Callable[[object], None] | None,
    failed: Callable[[str], None] | None,
) -> None:
    if done is not None:
        outcome.done.connect(done)
    if failed is not None:
        outcome.failed.connect(failed)
    outcome.broke.connect(_tell_of)


def _tell_of(bug: Exception) -> None:
    """As of a bug on the window's own thread."""
    sys.excepthook(type(bug), bug, bug.__traceback__)
