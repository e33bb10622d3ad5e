"""Run directories with a recording, made up by the bench that only pretends."""

from __future__ import annotations

from pathlib import Path

from bench_gui.bench.recording.about import Film
from bench_gui.bench.recording.recorder import Recorder
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot, RunState
from tests.gui.fake_client import FakeRun
from tests.values import summary

START_NS = 5_000_000_000
NO_PROCESS = 2**22 + 1
"""A pid that no system gives."""


def record(
    run_dir: Path, settings: RunSettings, *, step_s: float = 0.05, upto_s: float | None = None
) -> list[RunSnapshot]:
    """A run as it would have been recorded; returns what was shown.

    Args:
        step_s: between two frames. upto_s: the bench is killed then.
    """
    run_dir.mkdir(parents=True, exist_ok=True)
    store = RunStore.create(
        run_dir,
        settings,
        run_id=f"fake-{settings.seed}",
        start_ns=START_NS,
        started_at_iso="2024-01-01T12:00:00+00:00",
        command_line="python main.py run",
        bench_pid=NO_PROCESS,
    )
    store.set_state(RunState.RUNNING)
    now_ns = [START_NS]
    recorder = Recorder(clock_ns=lambda: now_ns[0])
    run, shown = FakeRun(settings), list[RunSnapshot]()
    while not run.told and (upto_s is None or run.now_s < upto_s):
        now_ns[0] += round(step_s * 1e9)
        shown.append(run.snapshot((now_ns[0] - START_NS) / 1e9))
        store.add_samples(shown[-1].samples)
        store.put_faults(shown[-1].faults)
        recorder.note(len(shown[-1].samples), shown[-1].faults)
        recorder.take(shown[-1])
    with store.together():
        store.add_frames(recorder.rows)
        _write_results(store, settings, shown[-1], complete=upto_s is None)
    store.close()
    return shown


def _write_results(
    store: RunStore, settings: RunSettings, last: RunSnapshot, *, complete: bool
) -> None:
    for slug in settings.lanes:
        lane = last.lanes[slug]
        counts = lane.counts
        store.set_lane(slug, lane.verdict, lane.verdict_reason, None)
        row = summary(
            slug, seed=settings.seed, offered=counts.offered, lost=counts.lost,
            duplicates=counts.duplicates, verdict=lane.verdict.value, run_id=last.run_id,
            latency_p50_ns=lane.latency_p50_ns, latency_p99_ns=lane.latency_p99_ns,
        )  # fmt: skip
        store.put_summary([row])
    if complete:
        store.set_state(RunState.COMPLETE)


class Torn:
    """A film that tears at a frame."""

    def __init__(self, film: Film, at: int, error: Exception) -> None:
        self.about, self.times_s = film.about, film.times_s
        self._film, self._at, self._error = film, at, error

    def read(self, after: int, upto: int) -> RunSnapshot:
        if upto >= self._at:
            raise self._error
        return self._film.read(after, upto)

    def whole_before(self, number: int) -> int:
        return self._film.whole_before(number)

    def close(self) -> None:
        self._film.close()
