"""`measure` on the command line: its options, its progress and its end. Knows no Qt."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.measure.cells import PlannedCell
from bench_gui.bench.measure.records import is_measurement, read_measurement
from bench_gui.bench.measure.settings import DEFAULT_ROUNDS, MeasureSettings
from bench_gui.bench.measure.snapshot import MeasureSnapshot, MeasureState
from bench_gui.bench.measure.sweeps import DEFAULT_VALUES
from bench_gui.bench.measure.texts import (
    DEFAULT_WARM_UP,
    OWN,
    command_line,
    from_texts,
)
from bench_gui.headless import WAIT_S, Interrupts, Progress
from bench_gui.measure_report import (
    MeasureReport,
    cell_in_words,
    estimate_in_words,
    finished_line,
    progress_line,
)

THEMES = ("light", "dark")
STOP_NOTICE = "stopping: the runs that are done are kept; Ctrl-C again to end at once"
CLOSE_NOTICE = "ending the measurement"


class MeasureBench(Protocol):
    """What is needed of `bench_gui.bench.measure.client.MeasureClient`."""

    @property
    def running(self) -> bool: ...
    @property
    def failure(self) -> str | None: ...
    def start(
        self, settings: MeasureSettings, directory: Path, *, command_line: str = ""
    ) -> None: ...
    def wait(self, timeout_s: float) -> list[MeasureSnapshot]: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...


def add_measure_options(parser: argparse.ArgumentParser) -> None:
    """Those that a run has not."""
    sweeps = ", ".join(DEFAULT_VALUES)
    for key, metavar, meaning in (
        ("rounds", "N", f"runs of each lane in each condition (default {DEFAULT_ROUNDS})"),
        ("warm-up", "TIME", "uncounted run of each lane, and the start of each run that is cut off"
         f" (default {DEFAULT_WARM_UP})"),
        ("faults", "both|with|without", "conditions to measure in (default both; of a sweep,"
         " without)"),
        ("sweep", "NAME", f"turn one knob: {sweeps}"),
        ("values", "a,b,c", "the values of the sweep, instead of its own"),
    ):  # fmt: skip
        parser.add_argument(f"--{key}", metavar=metavar, help=meaning)
    parser.add_argument(
        "--theme", choices=THEMES, default=THEMES[0], help="of the drawing (default light)"
    )


def measure_settings(arguments: argparse.Namespace, texts: Mapping[str, str]) -> MeasureSettings:
    """What is asked for. `texts`: of the run's options. Raises SettingsError."""
    given = vars(arguments)
    own = {key: given[key.replace("-", "_")] for key in OWN}
    return from_texts({**texts, **{key: text for key, text in own.items() if text is not None}})


def measure_in(
    directory: Path, settings: MeasureSettings, bench: MeasureBench, progress: Progress
) -> MeasureReport:
    """Measures to the end, whatever the end is.

    Raises EnvironmentProblem when nothing could be started.
    """
    with Interrupts() as interrupts:
        try:
            bench.start(settings, directory, command_line=command_line(settings))
            last = _watch(bench, interrupts, progress, settings)
        finally:
            bench.close()
    failure = bench.failure
    if not is_measurement(directory):
        message = last.message if last is not None else None
        raise EnvironmentProblem(failure or message or "the measurement ended without a word")
    result = read_measurement(directory)
    if failure is None and result.state is MeasureState.FAILED and not result.cells:
        failure = result.message
    return MeasureReport(result, failure)


def _watch(
    bench: MeasureBench, interrupts: Interrupts, progress: Progress, settings: MeasureSettings
) -> MeasureSnapshot | None:
    """Waits for the end; the first interrupt stops with what is done, the second ends at once."""
    reactions: tuple[tuple[Callable[[], None], str], ...] = (
        (bench.stop, STOP_NOTICE),
        (bench.close, CLOSE_NOTICE),
    )
    last: MeasureSnapshot | None = None
    told = Told(progress, settings)
    heeded = 0
    running = True
    while running and not (last is not None and last.state.ended):
        if heeded < min(interrupts.count, len(reactions)):
            react, notice = reactions[heeded]
            progress.note(notice)
            react()
            heeded += 1
        running = bench.running
        for last in bench.wait(WAIT_S):
            told.take(last)
    progress.clear()
    return last


class Told:
    """Says how far a measurement is: one line rewritten in place, or else a line an event."""

    def __init__(self, progress: Progress, settings: MeasureSettings) -> None:
        """Says first what is to come."""
        self._progress = progress
        self._settings = settings
        self._warming: PlannedCell | None = None
        progress.note(estimate_in_words(settings))

    def take(self, snapshot: MeasureSnapshot) -> None:
        """The next snapshot."""
        if self._progress.shows:
            self._progress.show_line(lambda width: progress_line(snapshot, self._settings, width))
            return
        for cell in snapshot.cells:
            self._progress.note(finished_line(cell, snapshot))
        warming = snapshot.current if snapshot.state is MeasureState.WARMING_UP else None
        if warming is not None and warming != self._warming:
            self._progress.note(cell_in_words(warming, self._settings))
        self._warming = warming
