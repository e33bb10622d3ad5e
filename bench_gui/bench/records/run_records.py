"""What a run writes down while it goes on, and at its end: run.db's contents, in time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from bench_gui.bench.audit.audit_messages import AuditReport
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.faults import FaultLog
from bench_gui.bench.recording.recorder import Recorder
from bench_gui.bench.records.results import SummaryRow, summarize
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.scoreboard import Scoreboard
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport, LaneSample, RunState, Verdict
from workers.time_units import SECOND_NS

STORE_EVERY_NS = SECOND_NS


class RunRecords:
    """Writes samples and frames once a second, faults and anomalies at once, results at the end.

    Every method may raise EnvironmentProblem.
    """

    def __init__(
        self,
        store: RunStore,
        settings: RunSettings,
        board: Scoreboard,
        faults: FaultLog,
        recorder: Recorder,
    ) -> None:
        self._store = store
        self._settings = settings
        self._board = board
        self._faults = faults
        self._recorder = recorder
        self._samples: list[LaneSample] = []
        self._stored_ns = time.monotonic_ns()

    def keep_samples(self, samples: list[LaneSample]) -> None:
        """Keeps them for the next writing."""
        self._samples += samples

    def write_anomalies(self, report: AuditReport) -> None:
        """Writes those that are new in the report."""
        found = [anomaly for audit in report.lanes.values() for anomaly in audit.anomalies]
        if found:
            self._store.put_anomalies(found)

    def write_faults(self, faults: list[FaultReport]) -> None:
        """Writes reports that are new or changed: each once, and again only when it changes."""
        if faults:
            self._store.put_faults(faults)

    def write_in_time(self, run_id: str, duration_s: float) -> None:
        """Once a second: the samples and frames kept, and the results so far in case the run is cut
        off."""
        if time.monotonic_ns() - self._stored_ns >= STORE_EVERY_NS:
            with self._kept_unless_written(), self._store.together():
                self.write_samples()
                self._write_summary(run_id, duration_s)

    @contextmanager
    def _kept_unless_written(self) -> Iterator[None]:
        samples, frames = self._samples, self._recorder.rows
        try:
            yield
        except EnvironmentProblem:
            self._samples, self._recorder.rows = samples, frames
            raise

    def write_samples(self) -> None:
        """Writes the samples kept, and the frames, which count on them."""
        self._stored_ns = time.monotonic_ns()
        if self._samples:
            self._store.add_samples(self._samples)
            self._samples = []
        if self._recorder.rows:
            self._store.add_frames(self._recorder.rows)
            self._recorder.rows = []

    def write_results(self, run_id: str, duration_s: float, histograms: Mapping[str, str]) -> None:
        """Writes verdicts, histograms and the summary of every lane.

        Args:
            duration_s: how long the sources ran.
            histograms: by lane, as JSON; lanes without one have none.
        """
        self.write_samples()
        for slug in self._settings.lanes:
            shown = self._board.snapshot(slug, ())
            histogram = histograms.get(slug)
            self._store.set_lane(slug, shown.verdict, shown.verdict_reason, histogram)
        self._write_summary(run_id, duration_s)

    def _write_summary(self, run_id: str, duration_s: float) -> None:
        self._store.put_summary(
            self._summary(run_id, slug, duration_s) for slug in self._settings.lanes
        )

    def _summary(self, run_id: str, slug: str, duration_s: float) -> SummaryRow:
        audit = self._board.audit(slug)
        shown = self._board.snapshot(slug, ())
        verdict = shown.verdict
        return summarize(
            run_id,
            self._settings,
            slug,
            audit.counts,
            self._faults.tally(slug).totals(),
            audit.total,
            duration_s=duration_s,
            verdict=Verdict.NOT_TESTED if verdict is Verdict.PENDING else verdict,
            blocked_ms=shown.blocked_ms,
            blocked_max_ms=shown.blocked_max_ms,
            since_append=audit.since_append,
        )

    def write_end(self, state: RunState, disagreement: str | None) -> None:
        """Writes how the run ended, and its last frames."""
        ended_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._kept_unless_written(), self._store.together():
            self.write_samples()
            self._store.set_state(state, ended_at=ended_at, disagreement=disagreement)
