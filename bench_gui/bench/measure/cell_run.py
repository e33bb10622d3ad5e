"""Makes one run of one lane and takes its figures: the bench as window and command line have it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from bench_gui.bench.measure.cells import (
    CellResult,
    PlannedCell,
    Window,
    result_of,
    window_of,
)
from bench_gui.bench.measure.settings import MeasureSettings
from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.settings import BOUNDS, RunSettings
from bench_gui.bench.snapshot import LaneSample, RunSnapshot, RunState

WAIT_S = 0.1
"""How long a stop may wait to be acted on."""
LEAST_SHARE = 0.8
"""Of the time that was to be measured; a shorter window is a problem of its run."""


class Bench(Protocol):
    """What is needed of `bench_gui.bench.client.BenchClient`."""

    @property
    def running(self) -> bool: ...
    @property
    def failure(self) -> str | None: ...
    def start(
        self,
        settings: RunSettings,
        run_dir: Path,
        *,
        keep_data: bool = False,
        command_line: str = "",
        cut_s: float = 0.0,
    ) -> None: ...
    def wait(self, timeout_s: float) -> list[RunSnapshot]: ...
    def close(self) -> None: ...


@dataclass
class Watched:
    """What a run has told so far."""

    samples: list[LaneSample] = field(default_factory=list)
    last: RunSnapshot | None = None

    def take(self, snapshot: RunSnapshot) -> None:
        """The next snapshot."""
        self.samples += snapshot.samples
        self.last = snapshot


@dataclass(frozen=True, slots=True)
class Measured:
    """A counted run and its latency histogram as JSON, None without one."""

    result: CellResult
    histogram: str | None


def cell_settings(settings: MeasureSettings, plan: PlannedCell) -> RunSettings:
    """What the bench is told: this lane alone, in this condition, at this value."""
    run = settings.run_settings(plan.condition, plan.value, max(1, plan.round), plan.lane)
    if plan.round:
        return run
    least_s = BOUNDS["duration_s"][0]
    return replace(run, duration_s=max(least_s, settings.warm_up_s))


def watch_run(
    bench: Bench, settings: RunSettings, run_dir: Path, cut_s: float,
    on_tick: Callable[[float], None],
) -> Watched:  # fmt: skip
    """Runs to the end.

    Args:
        run_dir: exists and is empty.
        on_tick: called at least every WAIT_S with the run's time in seconds; may raise to end it.

    Raises EnvironmentProblem.
    """
    watched = Watched()
    bench.start(settings, run_dir, cut_s=cut_s)
    running = True
    while running:
        on_tick(max(0.0, watched.last.t_s) if watched.last is not None else 0.0)
        running = bench.running  # asked first: what is new after the end is then all there is
        for snapshot in bench.wait(WAIT_S):
            watched.take(snapshot)
        running = running and not (watched.last is not None and watched.last.state.ended)
    return watched


def measured(
    number: int,
    plan: PlannedCell,
    settings: MeasureSettings,
    watched: Watched,
    run_dir: Path,
    failure: str | None,
) -> Measured | None:
    """A finished run as one cell; None when it left nothing that could be one.

    Args:
        failure: one sentence when the bench's process ended without a word.
    """
    last = watched.last
    if last is None or not last.lanes or not (run_dir / "run.db").exists():
        return None
    with closing(RunStore.open(run_dir)) as run:
        rows: list[SummaryRow] = run.summary()
        histogram: str | None = run.lanes()[0]["histogram"]
    if not rows:
        return None
    until_s = settings.warm_up_s + settings.run.duration_s
    window = window_of(watched.samples, settings.warm_up_s, until_s)
    sweep = settings.sweep.name if settings.sweep is not None else ""
    problem = _problem(last, failure) or _short(window, settings.run.duration_s)
    state = last.state if last.state.ended else RunState.FAILED
    return Measured(result_of(number, plan, sweep, rows[0], window, state, problem), histogram)


def _problem(last: RunSnapshot, failure: str | None) -> str:
    if last.disagreement is not None:
        return f"the counts disagree: {last.disagreement}"
    if last.state is RunState.COMPLETE:
        return ""
    return failure or last.message


def _short(window: Window, wanted_s: float) -> str:
    """One sentence when the window is much shorter than it was to be, else ""."""
    if window.length_s >= LEAST_SHARE * wanted_s:
        return ""
    return (
        f"only {window.length_s:.3g} s of {wanted_s:g} s were measured, in whole buckets of the"
        " time series; measure for longer"
    )
