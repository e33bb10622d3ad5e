"""What a run writes down while it goes on, and at its end: run.db's contents, in time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from bench_gui.bench.audit.audit_messages import AuditReport
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.recording.recorder import Recorder
from bench_gui.bench.records.results import rows_stored
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import LaneSample, RunSnapshot
from workers.time_units import SECOND_NS

STORE_EVERY_NS = SECOND_NS


class RunRecords:
    """Writes samples, frames and results once a second and at the end, anomalies at once.

    Every method may raise EnvironmentProblem.
    """

    def __init__(
        self,
        store: RunStore,
        settings: RunSettings,
        recorder: Recorder,
    ) -> None:
        self._store = store
        self._settings = settings
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

    @property
    def due(self) -> bool:
        """Whether the second is over after which `write_now` is wanted."""
        return time.monotonic_ns() - self._stored_ns >= STORE_EVERY_NS

    def write_now(self, shown: RunSnapshot) -> None:
        """The samples and frames kept, and the results so far, in case the run is cut off.

        The newest frame and the results are of the same moment, whatever becomes of the bench.

        Args:
            shown: the run now.
        """
        with self._kept_unless_written(), self._store.together():
            self._write_moment(shown)

    @contextmanager
    def _kept_unless_written(self) -> Iterator[None]:
        samples, frames = self._samples, self._recorder.rows
        try:
            yield
        except EnvironmentProblem:
            self._samples, self._recorder.rows = samples, frames
            raise

    def _write_kept(self) -> None:
        """Writes the samples kept, and the frames, which count on them."""
        self._stored_ns = time.monotonic_ns()
        if self._samples:
            self._store.add_samples(self._samples)
            self._samples = []
        if self._recorder.rows:
            self._store.add_frames(self._recorder.rows)
            self._recorder.rows = []

    def write_end(
        self, shown: RunSnapshot, histograms: Mapping[str, str], *, begun: bool = True
    ) -> None:
        """Writes how the run ended, with its last frame and every lane's result.

        Args:
            shown: the run at its end.
            histograms: by lane, as JSON; lanes without one have none.
            begun: whether its sources had started: there is no result otherwise.
        """
        ended_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._kept_unless_written(), self._store.together():
            self._write_moment(shown, begun=begun)
            for slug, lane in shown.lanes.items() if begun else ():
                histogram = histograms.get(slug)
                self._store.set_lane(slug, lane.verdict, lane.verdict_reason, histogram)
            self._store.set_state(shown.state, ended_at=ended_at, disagreement=shown.disagreement)

    def _write_moment(self, shown: RunSnapshot, *, begun: bool = True) -> None:
        """Newest frame and results of one moment, and all that came before."""
        self._recorder.take_for_now(shown)
        self._write_kept()
        if begun:
            self._store.put_summary(rows_stored(shown, self._settings))
