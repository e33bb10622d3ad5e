"""A measurement that only pretends: made-up runs on the caller's thread, and a real measure.db.

It stands in for `bench.measure.client.MeasureClient` where a test is about the window.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from threading import get_ident

from bench_gui.bench.measure.cells import CellResult, PlannedCell
from bench_gui.bench.measure.records import MeasureStore
from bench_gui.bench.measure.settings import MeasureSettings
from bench_gui.bench.measure.snapshot import MeasureSnapshot, MeasureState
from tests.measures import cells_of

RUN_S = 12.0


class FakeMeasureClient:
    """One run is done at each poll, as far as `allowed` lets it.

    Fields:
        allowed: so many runs may be done.
        change: makes each run what it is.
        deaf: as a process that was stopped: says nothing, obeys nothing, can only be ended.
        started, stops, closes: what was asked for, for a test to look at.
    """

    def __init__(self) -> None:
        self.allowed = 10_000
        self.change: Callable[[CellResult], CellResult] = lambda one: one
        self.deaf = False
        self.start_problem: Exception | None = None
        self.started: list[tuple[MeasureSettings, Path, str]] = []
        self.stops = self.closes = 0
        self.running = False
        self.failure: str | None = None
        self._stopped = False
        self._done = 0
        self._at_close = ExitStack()
        self._thread = get_ident()

    def start(self, settings: MeasureSettings, directory: Path, *, command_line: str = "") -> None:
        if self.start_problem is not None:
            raise self.start_problem
        self.started.append((settings, directory, command_line))
        self.running, self.failure, self._stopped, self._done = True, None, False, 0
        self._store = MeasureStore(directory, settings, command_line)
        self._at_close.callback(self._store.close)
        self._cells = cells_of(settings, self.change)

    def poll(self) -> list[MeasureSnapshot]:
        if not self.running or self.deaf:
            return []
        if self._stopped:
            total = len(self._cells)
            return [
                self._end(MeasureState.STOPPED, f"stopped: {self._done} of {total} runs are done")
            ]
        if self._done == len(self._cells):
            return [self._end(MeasureState.COMPLETE, "complete")]
        news = []
        if self._done < self.allowed:
            news.append(self._cells[self._done])
            self._store.add(news[0], None)
            self._done += 1
        return [self._measuring(tuple(news))]

    def _measuring(self, news: tuple[CellResult, ...]) -> MeasureSnapshot:
        left = self._cells[self._done :]
        current = None
        if left:
            one = left[0]
            current = PlannedCell(one.round, one.lane, one.condition, one.value or None)
        return MeasureSnapshot(
            MeasureState.MEASURING, "measuring", current, 1.0, self._done, len(self._cells),
            RUN_S * len(left), news,
        )  # fmt: skip

    def _end(self, state: MeasureState, message: str) -> MeasureSnapshot:
        self.running = False
        self._store.set_state(state, message)
        self._at_close.close()
        return MeasureSnapshot(state, message, None, 0.0, self._done, self._done, 0.0)

    def stop(self) -> None:
        self.stops += 1
        self._stopped = True

    def die(self) -> None:
        """As a process that was killed."""
        self.failure = "the measurement's process ended unexpectedly"
        self.running = False
        self._close_store()

    def close(self) -> None:
        self.closes += 1
        if self.deaf:
            self.deaf = False
            self.die()
        self.running = False
        self._close_store()

    def _close_store(self) -> None:
        """A process takes its database with it from whatever thread it is ended; a connection is
        closed where it was made, at the latest by the test's own thread."""
        if get_ident() == self._thread:
            self._at_close.close()
