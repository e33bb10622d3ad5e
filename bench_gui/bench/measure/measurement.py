"""A measurement from its plan to its last run, in a process of its own.

It drives the bench as window and command line do, one run after the other, each of one lane alone.
What is done is written down run by run, so that whatever ends it leaves what it had.
"""

from __future__ import annotations

import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from bench_gui.bench.client import BenchClient
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.measure.cell_run import Bench, cell_settings, measured, watch_run
from bench_gui.bench.measure.cells import CellResult, PlannedCell
from bench_gui.bench.measure.records import MeasureStore
from bench_gui.bench.measure.reporter import Reporter
from bench_gui.bench.measure.settings import MeasureSettings
from bench_gui.bench.measure.snapshot import MeasureSnapshot, MeasureState
from bench_gui.bench.measure.time_left import TimeLeft
from bench_gui.bench.measure.walk import Walk
from workers.processes import Connection

FAREWELL_S = 4.0
RUNNING_DIRECTORY = "running"
"""Below the measurement's directory: the run that is going on, in a directory of its own, because
a bench that has just ended may still be tidying up after itself."""
KEPT_DIRECTORY = "cells"
"""Below it: the runs with which something is wrong, by number."""
FAILURES = 2
"""So many runs that failed one after the other end the measurement."""


class _Ended(Exception):
    """The watcher wants no more, or is gone."""


@dataclass(frozen=True, slots=True)
class MeasureOrder:
    """What the measurement's process is asked to do. `directory` exists and is empty."""

    settings: MeasureSettings
    directory: Path
    command_line: str


def measure_process(connection: Connection, order: MeasureOrder) -> None:
    """The process's main: one measurement, then the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reporter = Reporter(connection)
    bench = BenchClient()
    try:
        Measurement(order, reporter, bench).execute()
    except EnvironmentProblem as problem:
        failed = MeasureSnapshot(MeasureState.FAILED, str(problem))
        reporter.say_farewell(failed, FAREWELL_S)
    finally:
        bench.close()


class Measurement:
    """One measurement. `execute` does all of it."""

    def __init__(self, order: MeasureOrder, reporter: Reporter, bench: Bench) -> None:
        """Raises EnvironmentProblem when measure.db cannot be made."""
        self._settings = order.settings
        self._directory = order.directory
        self._reporter = reporter
        self._bench = bench
        self._store = MeasureStore(order.directory, order.settings, order.command_line)
        self._walk = Walk(order.settings)
        self._time_left = TimeLeft(order.settings)
        self._state, self._message = MeasureState.STARTING, "starting"
        self._current: PlannedCell | None = None
        self._current_t_s = 0.0
        self._warm_ups_left = 0
        self._made = self._done = self._failures = 0
        self._news: list[CellResult] = []

    def execute(self) -> None:
        """Runs to the end, whatever the end is; the last snapshot says which.

        Raises EnvironmentProblem when not even that can be written down.
        """
        try:
            self._warm_up()
            self._measure()
            self._end(MeasureState.COMPLETE, "complete")
        except _Ended:
            self._bench.close()
            self._end_early()
        except EnvironmentProblem as problem:
            self._bench.close()
            self._end(MeasureState.FAILED, str(problem))
        finally:
            self._remove_running()
            self._store.close()
        self._reporter.say_farewell(self._snapshot(), FAREWELL_S)

    def _warm_up(self) -> None:
        warm_ups = self._walk.warm_ups()
        self._enter(MeasureState.WARMING_UP, "a short run of each lane, which is not counted")
        for done, plan in enumerate(warm_ups):
            self._warm_ups_left = len(warm_ups) - done
            self._make(plan, 0)
        self._warm_ups_left = 0

    def _measure(self) -> None:
        self._enter(MeasureState.MEASURING, "measuring")
        while (plan := self._walk.next()) is not None:
            self._make(plan, self._done + 1)

    def _make(self, plan: PlannedCell, number: int) -> None:
        """One run, counted if it has a number."""
        run_dir = self._fresh_directory()
        began_s = time.monotonic()
        self._current, self._current_t_s = plan, 0.0
        run = cell_settings(self._settings, plan)
        watched = watch_run(self._bench, run, run_dir, self._settings.warm_up_s, self._tick)
        self._time_left.note(run.duration_s, time.monotonic() - began_s)
        self._current = None
        if number:
            failure = self._bench.failure
            found = measured(number, plan, self._settings, watched, run_dir, failure)
            if found is None:
                said = watched.last.message if watched.last is not None else None
                raise EnvironmentProblem(failure or said or "a run ended without a word")
            self._keep(found.result, found.histogram, run_dir)

    def _keep(self, result: CellResult, histogram: str | None, run_dir: Path) -> None:
        self._store.add(result, histogram)
        self._walk.note(result)
        self._news.append(result)
        self._done += 1
        if not result.fine:
            kept = self._directory / KEPT_DIRECTORY
            kept.mkdir(exist_ok=True)
            run_dir.rename(kept / f"{result.cell:04d}")
        self._failures = 0 if result.counts else self._failures + 1
        if self._failures == FAILURES:
            raise EnvironmentProblem(result.problem)

    def _tick(self, t_s: float) -> None:
        """Hears and answers the watcher while a run goes on."""
        self._current_t_s = t_s
        self._reporter.hear()
        if self._reporter.stopped or self._reporter.gone:
            raise _Ended
        if self._reporter.due:
            self._reporter.send(self._snapshot())

    def _snapshot(self) -> MeasureSnapshot:
        news, self._news = tuple(self._news), []
        left = 0 if self._state.ended else self._walk.left
        going_on = int(self._current is not None and self._current.round > 0)
        return MeasureSnapshot(
            state=self._state,
            message=self._message,
            current=self._current,
            current_t_s=self._current_t_s,
            done=self._done,
            planned=self._done + going_on + left,
            left_s=self._left_s(left),
            cells=news,
        )

    def _left_s(self, left: int) -> float:
        if self._state.ended:
            return 0.0
        return self._time_left.estimate_s(
            left, self._warm_ups_left, self._current, self._current_t_s
        )

    def _enter(self, state: MeasureState, message: str) -> None:
        self._state, self._message = state, message
        self._store.set_state(state, message)

    def _end_early(self) -> None:
        if self._reporter.gone:
            self._end(MeasureState.CUT_OFF, "cut off: the program that watched it ended")
            return
        done = f"{self._done} of {self._done + 1 + self._walk.left} runs are done"
        self._end(MeasureState.STOPPED, f"stopped: {done}")

    def _end(self, state: MeasureState, message: str) -> None:
        self._current = None
        self._enter(state, message)

    def _fresh_directory(self) -> Path:
        self._remove_running()
        self._made += 1
        directory = self._directory / RUNNING_DIRECTORY / str(self._made)
        try:
            directory.mkdir(parents=True)
        except OSError as error:
            raise EnvironmentProblem(f"{directory} cannot be made ({error.strerror})") from error
        return directory

    def _remove_running(self) -> None:
        shutil.rmtree(self._directory / RUNNING_DIRECTORY, ignore_errors=True)
